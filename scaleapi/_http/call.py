"""One call: its request, its limits and its attempts."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

from requests import PreparedRequest

from .policy import Attempt, may_have_been_applied

if TYPE_CHECKING:
    from .connection import BoundedConnection
    from .url import Url

__all__ = ["MAX_BODY", "Call", "Cancellation", "Deadline", "Options", "cancellation", "now"]

#: Bytes of one response by default.
MAX_BODY = 256 * 1024 * 1024

#: Bytes per second. An upload that moves more slowly than this is not moving.
_SLOWEST_UPLOAD = 1024.0


def now(clock: Callable[[], float] = time.monotonic) -> float:
    """Return the time in seconds, also while a tool such as freezegun freezes time.

    Args:
        clock: Used where the system has no other. As a default it is hidden from those tools.
    """
    if sys.platform == "win32":
        return clock()
    return time.clock_gettime(time.CLOCK_MONOTONIC)


class Deadline:
    """A point in time that a whole call must not pass.

    Args:
        seconds: From now; ``None`` for no limit.
    """

    __slots__ = ("_begun", "_end", "seconds")

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._begun = now()
        self._end = math.inf if seconds is None else self._begun + seconds

    def elapsed(self) -> float:
        """Return the seconds since the call began."""
        return now() - self._begun

    def left(self) -> float:
        """Return the seconds that are left; negative once it has passed."""
        return self._end - now()

    def uploaded(self, size: int, seconds: float) -> None:
        """Do not count the time in which the bytes of an upload moved.

        Args:
            size: The bytes that were sent.
            seconds: How long that took.
        """
        self._end += min(seconds, size / _SLOWEST_UPLOAD)


class Options(NamedTuple):
    """The limits that every call of a client has.

    Attributes:
        connect_timeout: Seconds for each connection to be made, ``None`` for no limit.
        read_timeout: Seconds for the service to send or take some bytes, ``None`` for no limit.
        deadline: Seconds for a whole call with all its attempts and waits; ``None`` for none.
        max_retries: How many times a call may be sent again.
        max_body: Bytes of one response, unpacked. A larger one is rejected instead of held.
    """

    connect_timeout: float | None = 10.0
    read_timeout: float | None = 120.0
    deadline: float | None = 600.0
    max_retries: int = 3
    max_body: int = MAX_BODY


class Cancellation:
    """End a call from another thread: its waits, its retries and the exchange under way.

    The garbage collector may cancel from any point of any thread, so nothing here waits for a
    lock that is held for longer than an assignment.
    """

    def __init__(self) -> None:
        self.cancelled = False
        self._pid = os.getpid()
        self._connection: BoundedConnection | None = None
        # Held until the call is cancelled.
        self._gate = threading.Lock()
        self._gate.acquire()

    def wait(self, seconds: float) -> None:
        """Sleep, but not past the cancellation."""
        if self._gate.acquire(timeout=seconds):
            self._gate.release()

    def watch(self, connection: BoundedConnection | None) -> None:
        """Name the connection that the call uses from now on, ``None`` when it has its response."""
        self._connection = connection
        if self.cancelled and connection is not None:
            connection.shut(self)

    def cancel(self, getpid: Callable[[], int] = os.getpid) -> None:
        """End the call as soon as possible; it raises in its own thread.

        Args:
            getpid: Bound here, since the modules are gone when the interpreter ends.
        """
        if self.cancelled or self._pid != getpid():
            return  # a forked child shares the connection, and the call is its parent's
        self.cancelled = True
        self._gate.release()
        connection = self._connection
        if connection is not None:
            connection.shut(self)


#: How another thread may end the calls that are made in this context.
cancellation: ContextVar[Cancellation | None] = ContextVar("scaleapi_cancellation", default=None)


class Call(PreparedRequest):
    """A prepared request with its limits, and what became of its attempts.

    Args:
        method: ``"GET"``, ``"POST"``, ...
        url: Where it goes. Nothing parses its text again.
        proxy: The URL of the proxy that it goes through.
        options: Its limits.
        idempotent: Whether it may be sent twice.
        deadline: When it must be over.

    Attributes:
        cancellation: How another thread may end it.
        attempts: How each attempt ended; the last may be under way.
    """

    def __init__(
        self,
        method: str,
        url: Url,
        proxy: str | None,
        options: Options,
        idempotent: bool,
        deadline: Deadline,
    ) -> None:
        super().__init__()
        self.method = method
        self.url = url.text
        self.target = url
        self.proxy = proxy
        self.options = options
        self.idempotent = idempotent
        self.deadline = deadline
        self.cancellation = cancellation.get()
        self.attempts: list[Attempt] = []

    @property
    def cancelled(self) -> bool:
        """Whether another thread asked it to end."""
        return self.cancellation is not None and self.cancellation.cancelled

    @property
    def may_have_been_applied(self) -> bool:
        """Whether an attempt that failed may nevertheless have been carried out."""
        return any(map(may_have_been_applied, self.attempts))

    def wait_limit(self, timeout: float | None) -> float | None:
        """Return the seconds that the next socket operation may take, ``None`` for no limit.

        Args:
            timeout: Those that it could take if there were no deadline.

        Raises:
            TimeoutError: The deadline has passed, or the call was cancelled.
        """
        left = self.deadline.left()
        if left <= 0.0 or self.cancelled:
            raise TimeoutError("the deadline of the call has passed")
        if timeout is None:
            return None if left == math.inf else left
        return min(timeout, left)

    def sleep(self, seconds: float) -> None:
        """Wait before the next attempt."""
        if self.cancellation is not None:
            self.cancellation.wait(seconds)
        elif seconds > 0.0:
            time.sleep(seconds)
