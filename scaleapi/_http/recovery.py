"""Recovery of a lost response to a change that can be made only once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .._interruption import raise_interruption, suppressed
from ..exceptions import ScaleDuplicateResource, ScaleException, ScaleResourceNotFound
from .response import possibly_applied

__all__ = ["get_or_create", "recover_change"]

_T = TypeVar("_T")

#: Maximum number of attempts to get or create a resource.
_TRIES = 3


def recover_change(
    change: Callable[[], _T],
    look_up: Callable[[], _T | None],
) -> _T:
    """Make a change that can be made only once, and recover its result if the response is lost.

    If the response to the first attempt was lost, the service rejects the retry, because the
    change has been made. In that case, return the result of the change.

    Args:
        change: Makes the change.
        look_up: Returns the result of the change; ``None`` if the change has not been made.

    Raises:
        ScaleException: If the change failed.
    """
    try:
        return change()
    except ScaleException as error:
        raise_interruption(error)
        rejected = error.status is not None and 400 <= error.status < 500
        if not (rejected and error.may_have_been_applied):
            raise
        rejection = error
    # Outside the except clause, so that errors of look_up() do not get the rejection as context.
    try:
        found = look_up()
    except ScaleException as error:
        raise_interruption(error)
        raise rejection from error
    if found is None:
        raise rejection
    return found


def get_or_create(get: Callable[[], _T], create: Callable[[], _T]) -> _T:
    """Return a resource with a unique name, and create it if it does not exist.

    Several programs may do this at once. Only one of them creates the resource. The others learn
    that the name is taken, and get the resource.

    Args:
        get: Returns the resource, or raises ScaleResourceNotFound.
        create: Creates the resource. The service rejects a second one with the same name.

    Raises:
        ScaleException: If the resource can neither be found nor created.
    """
    failures: list[ScaleException] = []
    try:
        for _ in range(_TRIES):
            with suppressed(ScaleResourceNotFound):
                return get()
            try:
                return create()
            except ScaleException as error:
                raise_interruption(error)
                failures.append(error)
                if not (isinstance(error, ScaleDuplicateResource) or error.may_have_been_applied):
                    raise
        try:
            return get()
        except ScaleResourceNotFound:
            raise failures[-1] from None
    except ScaleException as error:
        if any(failure.may_have_been_applied for failure in failures):
            possibly_applied(error)
        raise
