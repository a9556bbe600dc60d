"""One logical call: its limits, and what became of each attempt."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import NamedTuple

from requests import PreparedRequest

from .policy import Outcome, RepeatSafety, may_have_been_applied

__all__ = ["MAX_BODY", "Attempt", "Call", "CallRequest", "Cancellation", "Deadline", "Options"]

#: Bytes of one answer by default.
MAX_BODY = 256 * 1024 * 1024


class Deadline:
    """A point in time that a whole call must not pass, by the monotonic clock.

    Args:
        seconds: From now; ``None`` for no limit.
    """

    __slots__ = ("_started", "seconds")

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._started = time.monotonic()

    def elapsed(self) -> float:
        """Return the seconds since the call began."""
        return time.monotonic() - self._started

    def limit(self, timeout: float | None, parts: int = 1) -> float | None:
        """Return a timeout cut to what is left, or to one of so many equal parts of that."""
        left = max(0.001, self.left() / parts)
        shortest = left if timeout is None else min(timeout, left)
        return None if shortest == float("inf") else shortest

    def left(self) -> float:
        """Return the seconds that are left; negative when it has passed."""
        return float("inf") if self.seconds is None else self.seconds - self.elapsed()


class Options(NamedTuple):
    """The limits that every call of a client has.

    Attributes:
        connect_timeout: Seconds for each connection to be made, ``None`` for no limit.
        read_timeout: Seconds for the service to send or take some bytes, ``None`` for no limit.
        deadline: Seconds for a whole call, with all its attempts and waits; ``None`` for none.
        max_retries: How many times a call may be sent again.
        max_body: Bytes of one answer, unpacked. What is larger is refused rather than held.
    """

    connect_timeout: float | None = 5.0
    read_timeout: float | None = 60.0
    deadline: float | None = 120.0
    max_retries: int = 3
    max_body: int = MAX_BODY


class Cancellation:
    """Let another thread end a call: its waits, its retries and the exchange under way."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._socket: socket.socket | None = None
        # The garbage collector may cancel in the very thread that is naming its socket.
        self._lock = threading.RLock()

    @property
    def cancelled(self) -> bool:
        """Whether the call is to end."""
        return self._cancelled.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, but not past a cancellation."""
        self._cancelled.wait(seconds)

    def watch(self, sock: socket.socket | None) -> None:
        """Name the socket that the call now waits on; ``None`` once others may use it."""
        with self._lock:
            self._socket = sock
            if self.cancelled:
                self._shut()

    def cancel(self) -> None:
        """End the call as soon as possible; it raises in its own thread."""
        self._cancelled.set()
        with self._lock:
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # the call may have ended by itself meanwhile
                # The plain shutdown wakes a blocked read; the one of SSLSocket would also
                # take the TLS state away under the reading thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Attempt:
    """One time that the call is sent.

    Args:
        call: The call that it belongs to.
        fresh: Whether it must not use a kept connection.

    Attributes:
        reached: Whether the request may have reached the service. ``None`` until known: a
            connection of an unknown kind never says.
        kept: Whether it was sent on a connection of an earlier call that succeeded.
    """

    __slots__ = ("call", "fresh", "kept", "reached")

    def __init__(self, call: Call, fresh: bool) -> None:
        self.call = call
        self.fresh = fresh
        self.reached: bool | None = None
        self.kept = False


class Call:
    """What the transport needs to know of a call besides its request, and what it found out.

    Args:
        repeat: How safe it is to send it again.
        options: Its limits.
        deadline: When it must be over.
        cancellation: How another thread may end it, if it may.

    Attributes:
        outcomes: How each attempt so far ended.
    """

    __slots__ = ("cancellation", "deadline", "options", "outcomes", "repeat")

    def __init__(
        self,
        repeat: RepeatSafety,
        options: Options,
        deadline: Deadline,
        cancellation: Cancellation | None = None,
    ) -> None:
        self.repeat = repeat
        self.options = options
        self.deadline = deadline
        self.cancellation = cancellation
        self.outcomes: list[Outcome] = []

    @property
    def cancelled(self) -> bool:
        """Whether another thread asked it to end."""
        return self.cancellation is not None and self.cancellation.cancelled

    def watch(self, sock: socket.socket | None) -> None:
        """Let a cancellation end what goes on on a socket."""
        if self.cancellation is not None:
            self.cancellation.watch(sock)

    @property
    def may_have_been_applied(self) -> bool:
        """Whether an attempt that failed may nevertheless have been carried out."""
        return any(map(may_have_been_applied, self.outcomes))

    def sleep(self, seconds: float) -> None:
        """Wait before the next attempt."""
        if self.cancellation is not None:
            self.cancellation.wait(seconds)
        elif seconds > 0.0:
            time.sleep(seconds)


class CallRequest(PreparedRequest):
    """A prepared request that knows which call it belongs to.

    Attributes:
        call: The call.
        origin: Scheme, host and port of its URL, as ``https://api.scale.com``.
        target: The rest of its URL, which the request line names.
    """

    call: Call
    origin: str
    target: str
