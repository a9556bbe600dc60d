"""Connections that keep every wait on the network inside the deadline of the call.

A timeout of a socket bounds one wait for some bytes. A service that sends one byte now and
then, endless headers or ``100 Continue`` for ever would hold a call for as long as it likes.
So each operation of a socket first looks at the attempt under way in its thread, and waits
for no longer than the call has left.
"""

from __future__ import annotations

import socket
import ssl
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from .call import Attempt

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["POOL_CLASSES", "DeadlineSSLSocket", "current_attempt"]

#: The attempt that this thread is making, if any.
current_attempt: ContextVar[Attempt | None] = ContextVar("scaleapi_attempt", default=None)


def _shorten_timeout(sock: socket.socket) -> None:
    """Let the next operation wait no longer than the call has left."""
    attempt = current_attempt.get()
    if attempt is None:
        return
    left = attempt.call.deadline.left()
    if left <= 0.0 or attempt.call.cancelled:
        raise TimeoutError("the deadline of the call has passed")
    timeout = sock.gettimeout()
    if timeout is None or left < timeout:
        sock.settimeout(left if left != float("inf") else None)


class DeadlineSocket(socket.socket):
    """A plain socket whose operations end with the call."""

    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:
        _shorten_timeout(self)
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: Buffer, flags: int = 0) -> int:
        _shorten_timeout(self)
        return super().send(data, flags)

    def sendall(self, data: Buffer, flags: int = 0) -> None:
        _shorten_timeout(self)
        super().sendall(data, flags)


class DeadlineSSLSocket(ssl.SSLSocket):
    """A TLS socket whose handshake and operations end with the call."""

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        _shorten_timeout(self)
        return super().recv(buflen, flags)

    def recv_into(self, buffer: Buffer, nbytes: int | None = None, flags: int = 0) -> int:
        _shorten_timeout(self)
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: Buffer, flags: int = 0) -> int:
        _shorten_timeout(self)
        return super().send(data, flags)

    def do_handshake(self, block: bool = False) -> None:
        _shorten_timeout(self)
        attempt = current_attempt.get()
        if attempt is not None:
            attempt.call.watch(self)
        super().do_handshake(block)


class _Tracked(HTTPConnection):
    """Tell the attempt under way how far it has come."""

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        timeout = sock.gettimeout()
        deadlined = DeadlineSocket(sock.family, sock.type, sock.proto, fileno=sock.detach())
        deadlined.settimeout(timeout)
        attempt = current_attempt.get()
        if attempt is not None:
            attempt.call.watch(deadlined)
        return deadlined

    def connect(self) -> None:
        attempt = current_attempt.get()
        if attempt is not None and attempt.reached is None:
            attempt.reached = False
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        # Connected first, so that a failure to connect is known to have sent nothing.
        if self.sock is None:
            self.connect()
        attempt = current_attempt.get()
        if attempt is not None:
            attempt.reached = True
            # A service may pause while it takes a large body: that is reading time.
            self.timeout = attempt.call.options.read_timeout
            attempt.call.watch(self.sock)
        super().request(*args, **kwargs)


class TrackedHTTPConnection(_Tracked):
    """An HTTP connection of the pool."""


class TrackedHTTPSConnection(_Tracked, HTTPSConnection):
    """An HTTPS connection of the pool."""


class _FreshIfAsked(HTTPConnectionPool):
    """Give an attempt that must not use a kept connection a new one."""

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)
        attempt = current_attempt.get()
        if attempt is not None and attempt.fresh:
            connection.close()  # it connects again by itself
        return connection

    def _put_conn(self, conn: Any) -> None:
        attempt = current_attempt.get()
        if attempt is not None:
            attempt.call.watch(None)  # from here on another call may be using it
        super()._put_conn(conn)


class TrackedHTTPPool(_FreshIfAsked):
    """The pool of one ``http://`` host."""

    # pyright takes the attributes of urllib3's own classes for too narrow.
    ConnectionCls = TrackedHTTPConnection  # pyright: ignore[reportAssignmentType]


class TrackedHTTPSPool(_FreshIfAsked, HTTPSConnectionPool):
    """The pool of one ``https://`` host."""

    ConnectionCls = TrackedHTTPSConnection  # pyright: ignore[reportAssignmentType]


POOL_CLASSES: dict[str, type[HTTPConnectionPool]] = {
    "http": TrackedHTTPPool,
    "https": TrackedHTTPSPool,
}
