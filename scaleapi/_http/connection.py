"""urllib3 connections whose operations are limited by the deadline of the call.

A socket timeout limits a single operation. If a service sends one byte now and then, or endless
headers, a call could take arbitrarily long. So each operation is limited to the remaining time of
the call that is in progress in its thread:

- Connecting (name lookup, TCP, proxy, TLS handshake) runs in a separate thread, which the caller
  stops waiting for at the deadline, because a name lookup cannot be interrupted.
- Each send and receive is limited to the remaining time.

Headers and a small body are sent at once: one TLS record and one system call instead of two. It
matters most with many threads, because each system call hands the interpreter to another thread.

urllib3 creates the sockets, at the time of the call. So tools that replace sockets (gevent,
pytest-socket, vcrpy) work regardless of when they were installed. The only private method that is
overridden is ``_new_conn``, which opens a TCP connection, to share the time between addresses.
"""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar, copy_context
from http.client import HTTPResponse
from typing import Any

from urllib3.connection import HTTPConnection
from urllib3.exceptions import LocationParseError, ProtocolError

from .._interruption import Interruption, interruption
from .background import start_thread
from .bounded_socket import PIECE, has_unread, send, shut_down
from .call import Call, Cancellation, now
from .policy import RETRYABLE_STATUSES, needs_new_connection
from .reader import BoundedReader, BoundedResponse, Incoming

__all__ = ["BoundedConnection", "current_call"]

#: Number of addresses of a host to try when the deadline is shorter than the connect timeout.
_ADDRESSES = 3

#: Seconds between checks for a canceled call while connecting.
_CANCELLATION_CHECK = 0.2

#: The call that is in progress in this thread.
current_call: ContextVar[Call | None] = ContextVar("scaleapi_call", default=None)


class BoundedConnection(HTTPConnection):
    """A mixin for urllib3 connections that limits each operation to the deadline of the call."""

    #: The cancellation of the call that uses the connection, or used it last. Not the call itself,
    #: because an idle connection would keep the request in memory.
    _cancellation: Cancellation | None = None
    #: When the last response on this connection began; ``None`` before the first.
    _responded_at: float | None = None
    #: Whether the last response had a status that is not retryable.
    _succeeded = False
    #: The response that is being read with its reader, and whether there may be bytes after it.
    _response: HTTPResponse | None = None
    _reader: BoundedReader | None = None
    _surplus = False
    #: The request that is being put together, to be sent at once; ``None`` if it is sent in parts.
    _unsent: bytes | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Reentrant, because the garbage collector may cancel a call in the thread that holds it.
        self._cancellation_lock = threading.RLock()

    @property
    def is_connected(self) -> bool:
        """Whether a kept connection can be reused. urllib3 checks this before reusing it."""
        try:
            return self._can_be_reused(current_call.get()) and super().is_connected
        except BaseException:
            self.close()  # it has left the pool
            raise

    def _can_be_reused(self, call: Call | None) -> bool:
        self._belong_to(call)
        if self._surplus or has_unread(self.sock):
            return False  # the call would read those bytes as its response
        if call is None or self._responded_at is None:
            return True
        idle = now() - self._responded_at
        return not needs_new_connection(call.idempotent, call.attempts[-1], idle)

    def _note_surplus(self, surplus: bool) -> None:
        self._surplus = surplus

    def _belong_to(self, call: Call | None) -> None:
        with self._cancellation_lock:
            self._cancellation = None if call is None else call.cancellation

    def shut(self, cancellation: Cancellation) -> None:
        """Shut the socket down if the connection still belongs to this cancellation."""
        with self._cancellation_lock:
            if self._cancellation is cancellation and self.sock is not None:
                with suppress(OSError, ValueError):
                    shut_down(self.sock)

    def connect(self) -> None:
        """Connect within the deadline of the call."""
        call = current_call.get()
        if call is None:
            super().connect()
            return
        attempt = call.attempts[-1]
        if attempt.reached is None:
            attempt.reached = False
        call.wait_limit(None)  # raises if the deadline has passed
        self._responded_at, self._succeeded, self._surplus = None, False, False
        _within_deadline(call, super().connect, self.close)

    def _new_conn(self) -> socket.socket:
        """Open the TCP connection. An address that does not respond leaves time for the others."""
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

    def request(self, method: str, url: str, body: Any = None, *args: Any, **kwargs: Any) -> None:
        """Send a request, and record in the attempt that it may have reached the service."""
        call = current_call.get()
        try:
            if call is not None:
                self._begin(call)
                self._unsent = b"" if _is_small(body) else None
            super().request(method, url, body, *args, **kwargs)
            self._send_unsent()
        except OSError as error:
            # urllib3 suppresses some errors while sending, in order to read an early response.
            interrupting = interruption(error)
            if interrupting is not None:
                raise Interruption(interrupting) from None
            raise
        finally:
            self._unsent = None

    def _send_unsent(self) -> None:
        whole, self._unsent = self._unsent, None
        if whole:
            self.send(whole)

    def _begin(self, call: Call) -> None:
        attempt = call.attempts[-1]
        # Connect first, so that after a connection failure it is certain that nothing was sent.
        if self.sock is None:
            self.connect()
        attempt.kept = self._succeeded
        attempt.reached = True
        self.timeout = call.options.read_timeout
        self._belong_to(call)
        if call.cancellation is not None:
            call.cancellation.watch(self)

    def send(self, data: Any) -> None:
        """Send bytes. The time spent sending an upload extends the deadline."""
        if self._unsent is not None:
            self._unsent += data
            return
        call = current_call.get()
        if call is None or self.sock is None or not hasattr(self.sock, "send"):
            super().send(data)
            return
        view = memoryview(data)
        while view:
            begun = now()
            sent = send(self.sock, view, call, self.timeout)
            if not isinstance(call.body, bytes):  # an upload
                call.deadline.uploaded(sent, now() - begun)
            view = view[sent:]

    def response_class(  # type: ignore[override]  # http.client only calls it, so a method works
        self, sock: socket.socket, *args: Any, **kwargs: Any
    ) -> HTTPResponse:
        """Create a response that is read within the deadline of the call."""
        call = current_call.get()
        if call is None:
            return HTTPResponse(sock, *args, **kwargs)
        self._surplus = True  # until the response has been read to its end
        self._reader = BoundedReader(sock, call, self.timeout)
        incoming = Incoming(self._reader)
        incoming.reader, incoming.note = self._reader, self._note_surplus
        # HTTPResponse uses only the makefile() method of the socket.
        self._response = BoundedResponse(incoming, *args, **kwargs)  # type: ignore[arg-type]
        return self._response

    def getresponse(self) -> Any:
        """Return the response, and record when it began and whether it is a success."""
        try:
            response = super().getresponse()
            self._check_headers(response.status)
        except BaseException:
            # http.client may have moved the socket to this response, which is never returned.
            if self._response is not None:
                self._response.close()
            self.close()
            raise
        self._responded_at = now()
        self._succeeded = response.status not in RETRYABLE_STATUSES
        return response

    def _check_headers(self, status: int) -> None:
        """Check that the headers are complete, and those of the final response."""
        reader, self._reader = self._reader, None  # it has the request, which is not kept
        if reader is not None and reader.ended:
            # http.client takes what came before as all headers, and the body as empty.
            raise ProtocolError("the response ended in the middle of its headers")
        if status < 200:
            # Another protocol follows, which was not asked for.
            raise ProtocolError(f"unexpected interim response {status}")


def _is_small(body: object) -> bool:
    """Return whether a body is sent together with the headers."""
    return isinstance(body, bytes) and 0 < len(body) <= PIECE


def _within_deadline(call: Call, connect: Callable[[], None], close: Callable[[], None]) -> None:
    """Run ``connect`` in a separate thread, and wait for it until the deadline of the call.

    If no thread can be started, run it in this thread, limited only by the connect timeout.

    Args:
        call: The call.
        connect: A function that connects.
        close: A function that closes the connection. Called if ``connect`` finishes too late.

    Raises:
        TimeoutError: If the deadline has passed.
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
        thread = start_thread("scaleapi-connect", copy_context(), run)
        if thread is None:
            connect()
            return
        while not finished.acquire(timeout=_next_check(call)):
            call.wait_limit(None)  # raises if the deadline has passed
        # While a thread ends, OpenSSL holds a lock. A child that was forked then would hang when
        # it exits. (Until Python 3.12, join() returns a little earlier.)
        thread.join()
    except BaseException:
        abandoned = True
        raise
    if failure:
        try:
            raise failure[0]
        finally:
            failure.clear()  # avoids a reference cycle with the traceback


def _next_check(call: Call) -> float:
    """Return the seconds until the next check of the deadline and for cancellation."""
    left = min(max(call.deadline.left(), 0.0), threading.TIMEOUT_MAX)
    return left if call.cancellation is None else min(left, _CANCELLATION_CHECK)
