"""One POST of a callback."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from .outbox import Try

SECONDS = 30.0
"""How long a receiver may take."""

_READ = 65_536
_SAFE = "!#$%&'()*+,/:;=?@[]~"
"""Characters of a URL that are sent as they are, escapes among them."""


class HttpPost:
    """A POST that another thread may end. No redirect is followed, and no proxy asked.

    Args:
        url: An HTTP URL.
        body: The JSON to post.
        secret: What tells the receiver who sends it.
    """

    def __init__(self, url: str, body: str, secret: str) -> None:
        self._url = url
        self._body = body.encode()
        self._secret = secret
        self._connection: HTTPConnection | None = None
        self._aborted = False
        self._end = time.monotonic() + SECONDS

    @property
    def seconds_left(self) -> float:
        """Seconds until the receiver has taken too long."""
        return self._end - time.monotonic()

    def send(self, now: str) -> Try:
        """Send it, and wait for the answer."""
        start = time.perf_counter()
        status, error = None, None
        try:
            status = self._send()
        except (OSError, HTTPException, ValueError) as fault:
            late = self._aborted or isinstance(fault, TimeoutError)
            error = f"no answer within {SECONDS:g} seconds" if late else _describe(fault)
        finally:
            if self._connection is not None:
                self._connection.close()
        return Try(now, status, error, round((time.perf_counter() - start) * 1000, 3))

    def _send(self) -> int:
        self._connection = connection = _connection(self._url)
        connection.connect()
        self._check()
        connection.request(
            "POST",
            _target(self._url),
            self._body,
            {
                "Content-Type": "application/json",
                "scale-callback-auth": self._secret,
                "User-Agent": "scaleapi-sandbox",
                "Connection": "close",
            },
        )
        response = connection.getresponse()
        # An end that comes from this side looks like one of the head.
        self._check()
        # Closing on unread bytes would be an error to the receiver.
        with suppress(OSError, HTTPException):
            response.read(_READ)
        return response.status

    def _check(self) -> None:
        if self._aborted:
            raise TimeoutError

    def abort(self) -> None:
        """End it now, wherever it is."""
        self._aborted = True
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError, AttributeError):  # It may have ended by now.
                connection.sock.shutdown(socket.SHUT_RDWR)


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(host, parts.port, timeout=SECONDS, context=context)
    return HTTPConnection(host, parts.port, timeout=SECONDS)


def _target(url: str) -> str:
    parts = urlsplit(url)
    path = quote(parts.path or "/", _SAFE)
    return f"{path}?{quote(parts.query, _SAFE)}" if parts.query else path


def _describe(fault: Exception) -> str:
    text = (isinstance(fault, OSError) and fault.strerror) or str(fault)
    return text or type(fault).__name__
