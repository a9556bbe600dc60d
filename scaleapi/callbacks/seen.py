"""Which callbacks were handled before."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from ..exceptions import CallbackVerificationError
from .callback import Callback

__all__ = ["SeenCallbacks"]


class SeenCallbacks:
    """Remember which callbacks were handled, as the same one may come more than once.

    It is the memory of one process. Work that must not be done twice across processes belongs
    into a database, under :attr:`Callback.identity` as a unique key.

    Args:
        capacity: How many callbacks to remember; the oldest are forgotten first.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._handled: dict[tuple[str, ...], bool] = {}
        self._lock = threading.Lock()

    @contextmanager
    def handling(self, callback: Callback) -> Generator[bool]:
        """Give whether a callback is new, and remember it unless handling it raises.

        Raises:
            CallbackVerificationError: It is being handled at this moment. It must come again, as
                that may fail; ``code`` is 503.

        Example:
            >>> with seen.handling(callback) as new:
            ...     if new:
            ...         store(callback.task)
        """
        identity = callback.identity
        if self._is_handled(identity):
            yield False
            return
        try:
            yield True
        except BaseException:
            with self._lock:
                self._handled.pop(identity, None)
            raise
        with self._lock:
            if identity in self._handled:
                self._handled[identity] = True

    def _is_handled(self, identity: tuple[str, ...]) -> bool:
        """Tell whether a callback was handled; if it was not, it is under way from now on."""
        with self._lock:
            handled = self._handled.get(identity)
            if handled is None:
                self._handled[identity] = False
                if len(self._handled) > self._capacity:
                    del self._handled[next(iter(self._handled))]
        if handled is False:
            raise CallbackVerificationError("the callback is being handled", 503)
        return handled is True
