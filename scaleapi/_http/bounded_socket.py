"""Socket operations that are limited to the deadline of a call.

The timeout of a socket that is implemented in C limits an operation as a whole. TLS that is
implemented in Python (gevent, and TLS inside TLS through a proxy) reads a record in pieces instead,
and each piece may take the whole timeout. Such a socket does not block here, and the time is
checked between the pieces.
"""

from __future__ import annotations

import socket
import ssl
from _socket import SocketType
from collections.abc import Callable
from typing import Any, TypeVar

from urllib3.util import wait_for_read, wait_for_write
from urllib3.util.ssltransport import SSLTransport

from .call import Call

__all__ = ["PIECE", "has_unread", "receive", "send", "shut_down"]

#: Maximum number of bytes to send at once.
PIECE = 64 * 1024

#: With less time left than this many seconds, fewer bytes are sent at once, to notice progress.
_LITTLE_TIME = 60.0
_SMALL_PIECE = 8 * 1024

#: Seconds. The longest time that poll() can wait is a little longer.
_LONGEST_WAIT = 2e6

_Result = TypeVar("_Result")


def receive(
    sock: Any, read: Callable[[], int | None], call: Call, timeout: float | None
) -> int | None:
    """Read from a socket.

    Args:
        sock: The socket.
        read: A function that reads from it.
        call: The call.
        timeout: Timeout in seconds; ``None`` for no limit.

    Returns:
        What ``read`` returns.

    Raises:
        TimeoutError: If the time is over, or if the call was canceled.
    """
    limit = call.wait_limit(timeout)
    if isinstance(sock, SSLTransport) or _is_python_tls(sock):
        return _without_blocking(sock, read, call, timeout)
    _set_timeout(sock, limit)
    return read()


def send(sock: Any, data: memoryview, call: Call, timeout: float | None) -> int:
    """Send a part of some bytes.

    Args:
        sock: The socket.
        data: The bytes.
        call: The call.
        timeout: Timeout in seconds; ``None`` for no limit.

    Returns:
        The number of bytes sent.

    Raises:
        OSError: If it is not known how many bytes were sent.
        TimeoutError: If the time is over, or if the call was canceled.
    """
    limit = call.wait_limit(timeout)
    piece = data[: PIECE if limit is None or limit > _LITTLE_TIME else _SMALL_PIECE]

    def write() -> object:
        sent = sock.send(piece)
        if sent == 0:
            raise ssl.SSLWantWriteError  # gevent does not raise it
        return sent

    sent: object
    if _is_python_tls(sock):
        sent = _without_blocking(sock, write, call, timeout)
    else:  # also TLS inside TLS, whose outer socket sends in one operation
        _set_timeout(sock, limit)
        sent = sock.send(piece)
    if not isinstance(sent, int) or not 0 < sent <= len(piece):
        # A replaced socket. What it has sent is not known, and must not be sent again.
        raise OSError(f"send() of a {type(sock).__name__} returned {sent!r}")
    return sent


def _is_python_tls(sock: object) -> bool:
    """Return whether a TLS socket is implemented in Python, as those of gevent are."""
    return isinstance(sock, ssl.SSLSocket) and not isinstance(sock, SocketType)


def _without_blocking(
    sock: Any, operation: Callable[[], _Result], call: Call, timeout: float | None
) -> _Result:
    """Return the result of an operation, and wait here whenever it would have to wait."""
    usual = sock.gettimeout()
    sock.settimeout(0.0)
    try:
        while True:
            try:
                return operation()
            except ssl.SSLWantReadError:
                wait = wait_for_read
            except ssl.SSLWantWriteError:
                wait = wait_for_write
            limit = call.wait_limit(timeout)
            if not wait(sock, None if limit is None else min(limit, _LONGEST_WAIT)):
                raise TimeoutError("timed out")
    finally:
        sock.settimeout(usual)


def _set_timeout(sock: Any, seconds: float | None) -> None:
    if sock.gettimeout() != seconds:  # which saves a system call
        sock.settimeout(seconds)


def has_unread(sock: Any) -> bool:
    """Return whether a socket has, or may have, decrypted bytes, which polling does not show."""
    if isinstance(sock, SSLTransport):
        return sock.sslobj.pending() > 0 or sock.incoming.pending > 0 or has_unread(sock.socket)
    if isinstance(sock, ssl.SSLSocket):
        return sock.pending() > 0
    return not isinstance(sock, socket.socket)  # a socket of an unknown kind


def shut_down(sock: Any) -> None:
    """Shut a socket down, which wakes up every thread that waits for it."""
    if isinstance(sock, SSLTransport):
        sock = sock.socket
    if isinstance(sock, ssl.SSLSocket):
        # SSLSocket.shutdown() would first remove the TLS layer, so a thread could send plain text.
        super(ssl.SSLSocket, sock).shutdown(socket.SHUT_RDWR)
    else:
        sock.shutdown(socket.SHUT_RDWR)
