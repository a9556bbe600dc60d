"""A call: its request, limits and attempts."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from requests import PreparedRequest

from .policy import Attempt, may_have_been_applied

if TYPE_CHECKING:
    from .connection import BoundedConnection
    from .url import Url

__all__ = ["MAX_BODY", "Call", "Cancellation", "Deadline", "Options", "cancellation", "now"]

#: Default maximum size of a response, in bytes.
MAX_BODY = 256 * 1024 * 1024

#: Bytes per second. The deadline is extended for uploads that are at least this fast.
_SLOWEST_UPLOAD = 1024.0


#: Returns the monotonic time in seconds, even if a tool such as freezegun freezes time. It replaces
#: the functions of ``time`` wherever a module has one, but not inside of another object.
now: Callable[[], float] = (
    partial(time.monotonic)
    if sys.platform == "win32"
    else partial(time.clock_gettime, time.CLOCK_MONOTONIC)
)


class Deadline:
    """The time by which a call must be finished.

    Args:
        seconds: Seconds from now; ``None`` for no limit.
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
        """Return the remaining seconds; negative after the deadline."""
        return self._end - now()

    def uploaded(self, size: int, seconds: float) -> None:
        """Extend the deadline by the time spent sending a part of an upload.

        Args:
            size: Number of bytes sent.
            seconds: How long that took.
        """
        self._end += min(seconds, size / _SLOWEST_UPLOAD)


class Options(NamedTuple):
    """The limits of a client's calls.

    Attributes:
        connect_timeout: Timeout for making a connection, in seconds; ``None`` for no limit.
        read_timeout: Timeout for sending or receiving bytes, in seconds; ``None`` for no limit.
        deadline: Maximum duration of a call in seconds, including retries and waits; ``None`` for
            no limit.
        max_retries: Maximum number of retries of a call.
        max_body: Maximum size of a decompressed response in bytes. Larger ones are rejected.
    """

    connect_timeout: float | None = 10.0
    read_timeout: float | None = 120.0
    deadline: float | None = 600.0
    max_retries: int = 3
    max_body: int = MAX_BODY


class Cancellation:
    """Cancel a call from another thread, including its waits, retries and current attempt.

    The garbage collector may call this at any point in any thread, so no method waits for a lock
    that is held for longer than an assignment.
    """

    def __init__(self) -> None:
        self.cancelled = False
        self._pid = os.getpid()
        self._connection: BoundedConnection | None = None
        # Held until the call is canceled.
        self._gate = threading.Lock()
        self._gate.acquire()

    def wait(self, seconds: float) -> None:
        """Sleep until the time is over or the call is canceled."""
        if self._gate.acquire(timeout=seconds):
            self._gate.release()

    def watch(self, connection: BoundedConnection | None) -> None:
        """Set the connection that the call uses; ``None`` after the response has been read."""
        self._connection = connection
        if self.cancelled and connection is not None:
            connection.shut(self)

    def cancel(self, getpid: Callable[[], int] = os.getpid) -> None:
        """Cancel the call. It raises an error in its own thread.

        Args:
            getpid: Bound as a default, because modules may be gone at interpreter shutdown.
        """
        if self.cancelled or self._pid != getpid():
            return  # in a forked child: the call belongs to the parent
        self.cancelled = True
        self._gate.release()
        connection = self._connection
        if connection is not None:
            connection.shut(self)


#: Allows another thread to cancel the calls made in this context.
cancellation: ContextVar[Cancellation | None] = ContextVar("scaleapi_cancellation", default=None)


class Call(PreparedRequest):
    """A prepared request with its limits and attempts.

    Args:
        method: ``"GET"``, ``"POST"``, ...
        url: The parsed URL of the request. It is not parsed again.
        proxy: The URL of the proxy; ``None`` for no proxy.
        options: The limits of the call.
        idempotent: Whether the request may be sent twice.
        deadline: The deadline of the call.

    Attributes:
        cancellation: Allows another thread to cancel the call.
        attempts: The outcome of each attempt. The last one may be in progress.
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
        """Whether another thread has canceled the call."""
        return self.cancellation is not None and self.cancellation.cancelled

    @property
    def may_have_been_applied(self) -> bool:
        """Whether the service may have processed a failed attempt."""
        return any(map(may_have_been_applied, self.attempts))

    def wait_limit(self, timeout: float | None) -> float | None:
        """Return the timeout of the next socket operation in seconds; ``None`` for no limit.

        Args:
            timeout: The timeout without regard to the deadline.

        Raises:
            TimeoutError: If the deadline has passed, or if the call was canceled.
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
