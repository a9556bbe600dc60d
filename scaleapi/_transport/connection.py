"""Connections that keep every wait on the network inside the deadline of the call.

A timeout of a socket bounds one wait for some bytes. A service that sends one byte now and
then, endless headers or ``100 Continue`` for ever would hold a call for as long as it likes.
So each operation of a socket first looks at the attempt under way in its thread, and waits
for no longer than the call has left.
"""

from __future__ import annotations

import socket
import ssl
import sys
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    InvalidHeader,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.util.connection import allowed_gai_family

from .call import Attempt, Call
from .policy import RETRYABLE_STATUSES, RepeatSafety

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["POOL_CLASSES", "DeadlineSSLSocket", "current_attempt"]

#: Seconds after which a kept connection is no longer used for a call that may not be repeated:
#: the service may be closing it just as the request leaves. Servers keep them for 5 or more.
FRESH_FOR = 2.0

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

    def connect(self, address: Any) -> None:
        _shorten_timeout(self)
        super().connect(address)

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
    """Tell the attempt under way how far it has come.

    Attributes:
        kept_at: When it was last put back into the pool, by the monotonic clock.
        sound: Whether the last answer that came on it was one of a service that is well.
    """

    kept_at = 0.0
    sound = False

    def _new_conn(self) -> socket.socket:
        try:
            sock = self._connect_to_any()
        except UnicodeError:
            raise LocationParseError(f"{self.host!r} is no name of a host") from None
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"connecting to {self.host} took too long") from error
        except OSError as error:
            raise NewConnectionError(self, f"Failed to connect: {error}") from error
        sys.audit("http.client.connect", self, self.host, self.port)
        return sock

    def _connect_to_any(self) -> socket.socket:
        """Connect to the first address of the host that can be reached.

        Each has the connect timeout, but at most its share of what the call has left: one that
        is dead must leave time for the next.
        """
        name = self._dns_host.strip("[]")
        found = socket.getaddrinfo(name, self.port, allowed_gai_family(), socket.SOCK_STREAM)
        fault = OSError("the host has no address")
        for behind, (family, kind, protocol, _, address) in enumerate(found):
            try:
                sock = DeadlineSocket(family, kind, protocol)
                self._connect(sock, address, len(found) - behind)
                return sock
            except OSError as error:
                fault = error
        raise fault

    def _connect(self, sock: socket.socket, address: Any, share: int) -> None:
        attempt = current_attempt.get()
        try:
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(self.timeout)
            if attempt is not None:
                sock.settimeout(attempt.call.deadline.limit(self.timeout, share))
                attempt.call.watch(sock)
            sock.connect(address)
        except BaseException:
            sock.close()
            raise
        sock.settimeout(self.timeout)

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
            attempt.kept = self.sound and attempt.reached is None  # it did not have to connect
            attempt.reached = True
            # A service may pause while it takes a large body: that is reading time.
            self.timeout = attempt.call.options.read_timeout
            attempt.call.watch(self.sock)
        super().request(*args, **kwargs)

    def getresponse(self) -> Any:
        sock = self.sock
        try:
            response = super().getresponse()
        except InvalidHeader:
            # An answer that ends with its connection has the socket by now, and is forgotten.
            socket.close(sock.detach())
            raise
        self.sound = response.status not in RETRYABLE_STATUSES
        return response


class TrackedHTTPConnection(_Tracked):
    """An HTTP connection of the pool."""


class TrackedHTTPSConnection(_Tracked, HTTPSConnection):
    """An HTTPS connection of the pool."""


class _FreshIfAsked(HTTPConnectionPool):
    """Give an attempt that must not use a kept connection a new one.

    One that is known to be closed is never used: urllib3 looks just before. What remains is one
    that is closed while the request is on its way.
    """

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)
        attempt = current_attempt.get()
        if attempt is not None and (attempt.fresh or _is_risky(connection, attempt.call)):
            connection.close()  # it connects again by itself
        return connection

    def _put_conn(self, conn: Any) -> None:
        attempt = current_attempt.get()
        if attempt is not None:
            attempt.call.watch(None)  # from here on another call may be using it
        if conn is not None:
            conn.kept_at = time.monotonic()
        super()._put_conn(conn)


def _is_risky(connection: Any, call: Call) -> bool:
    idle = time.monotonic() - connection.kept_at
    return call.repeat is RepeatSafety.IF_UNSENT and idle > FRESH_FOR


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
