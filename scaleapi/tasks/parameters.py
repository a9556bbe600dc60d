"""What is said of parameters that are probably mistakes: before they are sent, and on a 400."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .._http.response import JSONObject
from ..api import Resource
from ..exceptions import ScaleArgumentError, ScaleInvalidRequest, ScaleParameterWarning

if TYPE_CHECKING:
    from ..params.mistakes import Suggestion

__all__ = ["ParameterCheck"]


class ParameterCheck:
    """A check of the parameters of one call. A call with many rows warns once of each mistake.

    Args:
        resource: The client, which may be strict.
        task_type: The task type; ``None`` if it is not known.
        also: Names that the call knows besides.
        is_project: Whether they are those of a project, which need not be complete.
    """

    def __init__(
        self,
        resource: Resource,
        task_type: object,
        *,
        also: frozenset[str] = frozenset(),
        is_project: bool = False,
    ) -> None:
        self._resource = resource
        self._task_type = task_type
        self._also = also
        self._is_project = is_project
        self._warned: set[str] = set()

    def prepare(self, params: Mapping[str, Any]) -> JSONObject:
        """Return the body of a task, after all checks that are made before anything is sent.

        Args:
            params: The parameters.

        Raises:
            ScaleArgumentError: If the client is strict, and a name is probably a mistake.
        """
        self.check(params)
        return dict(params)

    def check(self, params: Mapping[str, Any]) -> None:
        """Warn of names that are probably mistakes.

        Args:
            params: The parameters.

        Raises:
            ScaleArgumentError: If the client is strict, and there is such a name.
        """
        found = self._suggestions(params)
        if not found:
            return
        hide = self._resource.api.hide
        if self._resource.strict_parameters:
            others = "".join(f"; {one}" for one in found[1:])
            raise ScaleArgumentError(hide(found[0].name), hide(found[0].problem + others))
        level = _caller_level()
        for text in [hide(str(one)) for one in found]:
            if text not in self._warned:
                warnings.warn(text, ScaleParameterWarning, stacklevel=level)
                self._warned.add(text)  # not if the warning is an error, as every row has it then

    @contextmanager
    def explained(self, params: Mapping[str, Any]) -> Generator[None, None, None]:
        """Say in an error that the service rejects which names are probably mistakes."""
        try:
            yield
        except ScaleInvalidRequest as error:
            if error.status == 400:
                for one in self._suggestions(params, is_rejected=True):
                    error.add_hint(self._resource.api.hide(f"Note: {one}"))
            raise

    def _suggestions(
        self, params: Mapping[str, Any], is_rejected: bool = False
    ) -> list[Suggestion]:
        # The tables are made when a program creates its first task, not when it imports scaleapi.
        from ..params.mistakes import suggestions  # noqa: PLC0415

        return suggestions(self._task_type, params, self._also, self._is_project, is_rejected)


def _caller_level() -> int:
    """Return the stack level, for the caller of this, of the code that called this package."""
    level, frame = 1, sys._getframe(1)
    package = __name__.partition(".")[0]
    while frame.f_back is not None and _package(frame) == package:
        level, frame = level + 1, frame.f_back
    return level


def _package(frame: Any) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
