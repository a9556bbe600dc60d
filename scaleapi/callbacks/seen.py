"""Which callbacks were handled before."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from ..exceptions import CallbackVerificationError, ScaleArgumentError
from .callback import Callback

__all__ = ["CallbackStore", "SeenCallbacks", "check_store"]


class CallbackStore(Protocol):
    """What remembers which callbacks were handled.

    :class:`SeenCallbacks` does so in the memory of one process. A class of your own with this
    method, over a database, does so for all your processes.
    """

    def handling(self, callback: Callback) -> AbstractContextManager[bool]:
        """Return a context manager for the time in which a callback is handled.

        Its value is whether the callback is to be handled: ``False`` if it was handled before. When
        the ``with`` block ends, the callback counts as handled; when it raises, it does not.

        Raises:
            CallbackVerificationError: On entering, with the status 503, if the callback is being
                handled at this moment. Scale will send it again.
        """
        ...


class SeenCallbacks:
    """Remember which callbacks were handled, in the memory of one process.

    It may be shared by threads and by receivers.

    Args:
        capacity: How many handled callbacks to remember, at least 1; the ones that were handled
            first are forgotten first. Those that are being handled do not count.

    Raises:
        ScaleArgumentError: If the capacity is not a whole number of at least 1.

    Example:
        >>> seen = SeenCallbacks()
        >>> with seen.handling(callback) as new:
        ...     if new:
        ...         store(callback.task)
    """

    def __init__(self, capacity: int = 10_000) -> None:
        if not isinstance(capacity, int) or isinstance(capacity, bool) or capacity < 1:
            raise ScaleArgumentError("capacity", "must be a whole number of at least 1")
        self._capacity = capacity
        self._under_way: set[str] = set()
        self._handled: dict[str, None] = {}  # a set that keeps its order
        # Reentrant, as an abandoned coroutine may be collected, and so ended, in any line.
        self._lock = threading.RLock()

    @contextmanager
    def handling(self, callback: Callback) -> Generator[bool]:
        """Yield whether a callback is new, and remember it unless the ``with`` block raises.

        Raises:
            CallbackVerificationError: If the callback is being handled at this moment; ``code`` is
                503. It has to come again, as that may fail.
        """
        identity = callback.identity
        if not self._begin(identity):
            yield False
            return
        handled = False
        try:
            yield True
            handled = True
        finally:
            self._end(identity, handled)

    def _begin(self, identity: str) -> bool:
        with self._lock:
            if identity in self._handled:
                return False
            if identity in self._under_way:
                raise CallbackVerificationError("the callback is being handled", 503)
            self._under_way.add(identity)
            return True

    def _end(self, identity: str, handled: bool) -> None:
        with self._lock:
            self._under_way.discard(identity)
            if handled:
                self._handled[identity] = None
            if len(self._handled) > self._capacity:
                del self._handled[next(iter(self._handled))]


def check_store(seen: CallbackStore | None) -> CallbackStore:
    """Return the store that was given, or a new one."""
    if seen is None:
        return SeenCallbacks()
    if not callable(getattr(seen, "handling", None)):
        raise ScaleArgumentError(
            "seen", f"must have a method handling, like SeenCallbacks, got {type(seen).__name__}"
        )
    return seen
