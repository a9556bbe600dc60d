"""What is said of parameters that are probably mistakes: before they are sent, and on a 400."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from ..exceptions import ScaleArgumentError, ScaleInvalidRequest, ScaleParameterWarning

__all__ = ["check_names", "explained"]


def check_names(
    task_type: object,
    body: Mapping[str, Any],
    *,
    strict: bool = False,
    also: frozenset[str] = frozenset(),
    is_project: bool = False,
) -> None:
    """Warn of names that are probably mistakes.

    Args:
        task_type: The task type; ``None`` if it is not known.
        body: The parameters.
        strict: Whether to raise instead.
        also: Names that the call knows besides.
        is_project: Whether they are those of a project, which need not be complete.

    Raises:
        ScaleArgumentError: If ``strict``, and there is such a name.
    """
    # The tables are made when a program creates its first task, not when it imports scaleapi.
    from ..params.mistakes import suggestions  # noqa: PLC0415

    found = suggestions(task_type, body, also, is_project)
    if not found:
        return
    if strict:
        others = "".join(f"; {one}" for one in found[1:])
        raise ScaleArgumentError(found[0].name, found[0].problem + others)
    level = _caller_level()
    for one in found:
        warnings.warn(str(one), ScaleParameterWarning, stacklevel=level)


@contextmanager
def explained(
    task_type: object,
    body: Mapping[str, Any],
    also: frozenset[str] = frozenset(),
    is_project: bool = False,
) -> Generator[None, None, None]:
    """Say in an error that the service rejects parameters which names are probably mistakes."""
    try:
        yield
    except ScaleInvalidRequest as error:
        if error.status == 400:
            from ..params.mistakes import suggestions  # noqa: PLC0415 - as in check_names()

            for one in suggestions(task_type, body, also, is_project, is_rejected=True):
                error.add_hint(f"Note: {one}")
        raise


def _caller_level() -> int:
    """Return the stack level, for the caller of this, of the code that called this package."""
    level, frame = 1, sys._getframe(1)
    package = __name__.partition(".")[0]
    while frame.f_back is not None and _package(frame) == package:
        level, frame = level + 1, frame.f_back
    return level


def _package(frame: Any) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
