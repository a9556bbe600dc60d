"""The HTTP request that delivers a callback."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from ..links.connection import connect
from .delivery import Try

SECONDS = 30.0
"""Timeout of a receiver, in seconds."""

_READ = 65_536
_SAFE = "!#$%&'()*+,/:;=?@[]~"
"""Characters of a URL that are sent unchanged, existing escapes included."""


class HttpPost:
    """A POST request that another thread can abort. It follows no redirect and uses no proxy.

    Args:
        url: An HTTP URL.
        body: The JSON payload.
        secret: The callback secret, which authenticates the sender.
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
        """Seconds until the timeout."""
        return self._end - time.monotonic()

    def send(self, now: str) -> Try:
        """Send the request and wait for the response."""
        start = time.perf_counter()
        status, error = None, None
        try:
            status = self._send()
        except (OSError, HTTPException, ValueError) as fault:
            late = self._aborted or isinstance(fault, TimeoutError)
            error = f"no response within {SECONDS:g} seconds" if late else _describe(fault)
        finally:
            if self._connection is not None:
                self._connection.close()
        return Try(now, status, error, round((time.perf_counter() - start) * 1000, 3))

    def _send(self) -> int:
        connection = self._connect()
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
        # After an abort, the closed connection looks like the end of the response head.
        self._check()
        # Closing with unread data would reset the connection.
        with suppress(OSError, HTTPException):
            response.read(_READ)
        return response.status

    def _connect(self) -> HTTPConnection:
        """Return a connection to the host of the URL, which `abort` can end."""
        parts = urlsplit(self._url)
        host, tls = parts.hostname or "", parts.scheme == "https"
        self._connection = (HTTPSConnection if tls else HTTPConnection)(host, parts.port)
        self._connection.sock = connect(host, self._connection.port, SECONDS)
        if tls:
            self._check()
            context = ssl.create_default_context()
            self._connection.sock = context.wrap_socket(self._connection.sock, server_hostname=host)
        return self._connection

    def _check(self) -> None:
        if self._aborted:
            raise TimeoutError

    def abort(self) -> None:
        """Abort the request, whatever it is doing."""
        self._aborted = True
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError, AttributeError):  # The connection may be closed already.
                connection.sock.shutdown(socket.SHUT_RDWR)


def _target(url: str) -> str:
    parts = urlsplit(url)
    path = quote(parts.path or "/", _SAFE)
    return f"{path}?{quote(parts.query, _SAFE)}" if parts.query else path


def _describe(fault: Exception) -> str:
    text = (isinstance(fault, OSError) and fault.strerror) or str(fault)
    return text or type(fault).__name__
