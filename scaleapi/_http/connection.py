"""urllib3's connections with the deadline of the call around them.

A socket timeout bounds one wait for some bytes. A service that sends one byte now and then, or
endless headers, would hold a call for as long as it likes. So each step looks at the call under
way in its thread and waits no longer than the call has left:

- connecting (name lookup, addresses, proxy, TLS handshake) runs in a thread of its own that the
  caller stops waiting for, since nothing can interrupt a name lookup;
- sending and receiving cut the socket timeout before each operation.

The sockets are made by urllib3, at the moment of the call. Code that replaces sockets, guards
them or makes them cooperative is obeyed whenever it was installed. The one private hook is
``_new_conn``, in which urllib3 makes a TCP connection: it shares the time among addresses.
"""

from __future__ import annotations

import io
import math
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar, copy_context
from functools import cache
from http.client import HTTPResponse
from queue import Empty, Full
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import InvalidHeader, LocationParseError, ProtocolError

from .call import Call, Cancellation, now
from .interruption import Interruption, interruption, is_interrupt
from .policy import RETRYABLE_STATUSES, needs_new_connection

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["BoundedConnection", "bounded_pool", "current_call"]

#: Bytes that are sent at once, and when little time is left: small pieces show that they move.
_PIECE = 64 * 1024
_SMALL_PIECE = 8 * 1024

#: Seconds that are little time for one piece.
_LITTLE_TIME = 60.0

#: How many addresses of a host are tried when the deadline is shorter than the connect timeout.
_ADDRESSES = 3

#: Seconds after which a thread that connects looks whether its call was cancelled.
_CANCELLATION_CHECK = 0.2

#: The call that this thread is making, if any.
current_call: ContextVar[Call | None] = ContextVar("scaleapi_call", default=None)


class BoundedConnection(HTTPConnection):
    """A connection whose every operation ends with the call that uses it.

    Mixed into the connection classes of urllib3.
    """

    #: What may end the call that uses the connection, or used it last. Not the call itself: an
    #: idle connection would hold what it sent.
    _cancellation: Cancellation | None = None
    #: When the last response on this connection began, ``None`` before the first.
    _responded_at: float | None = None
    #: Whether that response was one of a service that is well.
    _succeeded = False
    #: The response that is being read, and whether bytes had come after the last one.
    _response: HTTPResponse | None = None
    _surplus = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The garbage collector may cancel a call in the very thread that holds it.
        self._cancellation_lock = threading.RLock()

    @property
    def is_connected(self) -> bool:
        """Whether the connection can be used; urllib3 asks when it takes a kept one."""
        call = current_call.get()
        self._belong_to(call)
        if self._has_surplus():
            return False
        if call is not None and self._responded_at is not None:
            idle = now() - self._responded_at
            if needs_new_connection(call.idempotent, call.attempts[-1], idle):
                return False
        return super().is_connected

    def _has_surplus(self) -> bool:
        """Return whether bytes came after the last response: the next call would take them."""
        pending = getattr(self.sock, "pending", None)  # of TLS, which polling does not see
        in_tls = pending is not None and pending() > 0
        return in_tls or self._surplus

    def _note_surplus(self, surplus: bool) -> None:
        self._surplus = surplus

    def _belong_to(self, call: Call | None) -> None:
        with self._cancellation_lock:
            self._cancellation = None if call is None else call.cancellation

    def shut(self, cancellation: Cancellation) -> None:
        """End what goes on, if it is still what this cancellation is for."""
        with self._cancellation_lock:
            if self._cancellation is cancellation and self.sock is not None:
                with suppress(OSError, ValueError):
                    _shut_down(self.sock)

    def connect(self) -> None:
        """Connect within the deadline of the call."""
        call = current_call.get()
        if call is None:
            super().connect()
            return
        call.wait_limit(None)  # raises if it is over
        attempt = call.attempts[-1]
        if attempt.reached is None:
            attempt.reached = False
        self._responded_at, self._succeeded, self._surplus = None, False, False
        _within_deadline(call, super().connect, self.close)

    def _new_conn(self) -> socket.socket:
        """Make the TCP connection; a dead address of the host leaves time for the next."""
        call, timeout = current_call.get(), self.timeout
        if call is not None:
            share = max(call.deadline.left(), 0.001) / _ADDRESSES
            self.timeout = min(timeout or math.inf, share)
            if self.timeout == math.inf:
                self.timeout = None
        try:
            sock = super()._new_conn()
        except UnicodeError:
            raise LocationParseError(f"{self.host!r} is not the name of a host") from None
        finally:
            self.timeout = timeout
        sock.settimeout(timeout)
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request, and note in the attempt that it may have reached the service."""
        call = current_call.get()
        try:
            if call is not None:
                self._begin(call)
            super().request(*args, **kwargs)
        except OSError as error:
            # urllib3 swallows some errors of sending, to read a response that came early.
            interrupting = interruption(error)
            if interrupting is not None:
                raise Interruption(interrupting) from None
            raise

    def _begin(self, call: Call) -> None:
        attempt = call.attempts[-1]
        # Connected first, so that a failure to connect is known to have sent nothing.
        if self.sock is None:
            self.connect()
        attempt.kept = self._succeeded
        attempt.reached = True
        self.timeout = call.options.read_timeout
        self._belong_to(call)
        if call.cancellation is not None:
            call.cancellation.watch(self)

    def send(self, data: Any) -> None:
        """Send bytes; while those of a large body move, the deadline waits."""
        call = current_call.get()
        if call is None or self.sock is None or not hasattr(self.sock, "send"):
            super().send(data)
            return
        view = memoryview(data)
        while view:
            limit = call.wait_limit(self.timeout)
            if limit != self.timeout:
                self.sock.settimeout(limit)
            much = limit is None or limit > _LITTLE_TIME
            begun = now()
            sent = self.sock.send(view[: _PIECE if much else _SMALL_PIECE])
            if not isinstance(call.body, bytes):  # an upload
                call.deadline.uploaded(sent, now() - begun)
            view = view[sent:]

    def response_class(  # type: ignore[override]  # http.client only ever calls it
        self, sock: socket.socket, *args: Any, **kwargs: Any
    ) -> HTTPResponse:
        """Return a response that is read within the deadline of the call."""
        call = current_call.get()
        if call is None:
            return HTTPResponse(sock, *args, **kwargs)
        reader = _BoundedReader(sock, call, self.timeout)
        incoming = _Incoming(_IncomingFile(reader, self._note_surplus))
        # Of a socket it uses makefile() only.
        self._response = HTTPResponse(incoming, *args, **kwargs)  # type: ignore[arg-type]
        return self._response

    def getresponse(self) -> Any:
        """Return the response, and note how the service is."""
        try:
            response = super().getresponse()
        except InvalidHeader:
            # http.client may have handed the socket over to a response that nobody gets.
            if self._response is not None:
                self._response.close()
            raise
        if response.status < 200:
            # http.client skips 100 only. After any other the response is still to come, and
            # another call would take it for its own.
            self.close()
            raise ProtocolError(f"unexpected interim response {response.status}")
        self._responded_at = now()
        self._succeeded = response.status not in RETRYABLE_STATUSES
        return response


class _Incoming:
    """What ``http.client`` needs of a socket to read a response.

    Args:
        file: The bytes that come.
    """

    def __init__(self, file: io.BufferedIOBase) -> None:
        self._file = file

    def makefile(self, mode: str) -> io.BufferedIOBase:
        """Return the bytes that come, as a file."""
        return self._file


class _IncomingFile(io.BufferedReader):
    """The bytes of one response.

    Args:
        reader: Where they come from.
        note: Told at the end whether further bytes had come.
    """

    def __init__(self, reader: _BoundedReader, note: Callable[[bool], None]) -> None:
        super().__init__(reader)
        self._reader = reader
        self._note = note

    def close(self) -> None:
        if not self.closed:
            self._reader.at_end = True
            self._note(bool(self.peek(1)))
        super().close()


class _BoundedReader(io.RawIOBase):
    """The bytes that come on a socket, each read within the deadline of the call."""

    def __init__(self, sock: socket.socket, call: Call, timeout: float | None) -> None:
        # The file keeps the socket open when the connection is closed before the body is read.
        self._file = sock.makefile("rb", buffering=0)
        self._sock = sock
        self._call = call
        self._timeout = timeout
        self.at_end = False  # nothing more is read from the socket

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        if self.at_end:
            return 0
        limit = self._call.wait_limit(self._timeout)
        if limit != self._timeout:
            self._sock.settimeout(limit)
        return self._file.readinto(buffer)

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _shut_down(sock: Any) -> None:
    """End a connection, so that every thread that waits for it goes on."""
    # TLS inside of the TLS of a proxy is an object of urllib3 around its socket.
    sock = getattr(sock, "socket", sock)
    if isinstance(sock, ssl.SSLSocket):
        # Its own shutdown() would first take the TLS off, and a thread could send in the open.
        super(ssl.SSLSocket, sock).shutdown(socket.SHUT_RDWR)
    else:
        sock.shutdown(socket.SHUT_RDWR)


def _within_deadline(call: Call, connect: Callable[[], None], close: Callable[[], None]) -> None:
    """Run ``connect`` in a thread of its own, and wait for it no longer than the call has left.

    Without a thread to be had (at exit, at a limit of the system) it runs in this one, bounded
    by the connect timeout alone.

    Args:
        call: The call.
        connect: Connects.
        close: Closes the connection that ``connect`` made after nobody waited for it any more.

    Raises:
        TimeoutError: The deadline has passed.
    """
    failure: list[BaseException] = []
    finished = threading.Lock()
    finished.acquire()
    abandoned = False

    def run() -> None:
        try:
            connect()
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failure.append(error)
        finally:
            finished.release()
        if abandoned:
            close()

    try:
        try:
            threading.Thread(
                target=copy_context().run, args=(run,), name="scaleapi-connect", daemon=True
            ).start()
        except RuntimeError as error:
            # Ctrl-C or a signal handler in the middle of start() breaks what it waits for.
            if is_interrupt(error.__context__):
                raise error.__context__ from None
            connect()
            return
        while not finished.acquire(timeout=_patience(call)):
            call.wait_limit(None)  # raises if it is over
    except BaseException:
        abandoned = True
        raise
    if failure:
        try:
            raise failure[0]
        finally:
            failure.clear()  # or the traceback would hold itself


def _patience(call: Call) -> float:
    """Return the seconds until a wait is to be looked at again."""
    left = min(max(call.deadline.left(), 0.0), threading.TIMEOUT_MAX)
    return left if call.cancellation is None else min(left, _CANCELLATION_CHECK)


@cache
def _bounded(base: type[HTTPConnection]) -> type[HTTPConnection]:
    return type(f"Bounded{base.__name__}", (BoundedConnection, base), {})


class _ConnectionClass:
    """The bounded form of the connection class that a pool class has at this moment.

    Tools that record or block HTTP put a class of their own there while they work; theirs is
    then used as it is.
    """

    def __init__(self, base: type[HTTPConnectionPool]) -> None:
        self._base = base

    def __get__(self, pool: object, owner: object) -> type[Any]:
        present: type[Any] = self._base.ConnectionCls
        if not issubclass(present, HTTPConnection):
            return present
        return _bounded(present)  # type: ignore[arg-type]  # mypy: a class as a key of a cache


@cache
def bounded_pool(base: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    """Return a pool class whose connections keep to the deadline of the call.

    Args:
        base: A pool class of urllib3.
    """
    parts = {"ConnectionCls": _ConnectionClass(base), "QueueCls": _Stack}
    return type(f"Bounded{base.__name__}", (base,), parts)


class _Stack:
    """The kept connections of a pool, the last one first.

    The standard library's queue has a lock of Python code. A signal handler that raises between
    taking and using it leaves it locked, and every later call hangs. What is used here cannot
    be interrupted.

    Args:
        maxsize: How many there may be.
    """

    def __init__(self, maxsize: int) -> None:
        self._maxsize = maxsize
        self._items: deque[Any] = deque()

    def qsize(self) -> int:
        """Return how many there are."""
        return len(self._items)

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Add one, or raise ``queue.Full``."""
        if len(self._items) >= self._maxsize:
            raise Full
        self._items.append(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the one that was added last, or raise ``queue.Empty``."""
        try:
            return self._items.pop()
        except IndexError:
            raise Empty from None
