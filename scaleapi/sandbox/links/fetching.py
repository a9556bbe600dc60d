"""HTTP requests of the sandbox: importing files and probing attachments."""

from __future__ import annotations

import socket
import ssl
import threading
import time
import urllib.request
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from ..base.errors import bad_request
from .connection import connect

_SECONDS = 10.0
_PIECE = 65_536


class Fetched(NamedTuple):
    """A fetched file.

    Attributes:
        content: Its bytes.
        mime_type: Its MIME type, if the response names one.
    """

    content: bytes
    mime_type: str | None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Do not follow redirects, which could lead to another host."""

    def redirect_request(self, *args: object, **named: object) -> None:
        """Return no request, which turns the redirect into an error."""


class _Connection(HTTPConnection):
    """A connection that takes every name of loopback to loopback."""

    def connect(self) -> None:
        """Connect."""
        self.sock = connect(self.host, self.port, self.timeout or _SECONDS)


class _TlsConnection(HTTPSConnection):
    """The same with TLS."""

    def connect(self) -> None:
        """Connect, and check the certificate."""
        raw = connect(self.host, self.port, self.timeout or _SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Uses these connections."""

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        """Request an ``http`` URL."""
        return self.do_open(_Connection, req)

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        """Request an ``https`` URL."""
        return self.do_open(_TlsConnection, req)


# No proxies: they would reach hosts other than the one in the URL.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects, _Handler)


def fetch(url: str, limit: int) -> Fetched:
    """Fetch an HTTP URL.

    Args:
        url: The URL.
        limit: Largest accepted file, in bytes.

    Raises:
        Refusal: If it cannot be fetched within ten seconds or is too large (400).
    """
    try:
        with _opener.open(url, timeout=_SECONDS) as response:
            content = _read(response, limit + 1)
            declared = (
                response.headers.get_content_type() if response.headers["Content-Type"] else None
            )
    except (OSError, HTTPException, ValueError) as error:
        raise bad_request(f"The file at {url} cannot be fetched: {error}.") from None
    if len(content) > limit:
        raise bad_request(f"The file at {url} is larger than {limit} bytes.")
    return Fetched(content, declared)


def status_of(url: str, seconds: float) -> int:
    """Return the status of a GET of a local URL; 504 if there is no response in that many seconds.

    Certificates of local servers are not verified.
    """
    end = time.monotonic() + seconds
    try:
        parts = urlsplit(url)
        host, tls = parts.hostname or "", parts.scheme.lower() == "https"
        connection = (HTTPSConnection if tls else HTTPConnection)(host, parts.port)
        connection.sock = connect(host, connection.port, seconds)
    except (OSError, HTTPException, ValueError):
        return 504
    # The timeout of the connection is that of each read only.
    timer = threading.Timer(end - time.monotonic(), _shut, [connection])
    timer.daemon = True
    timer.start()
    try:
        if tls:
            connection.sock = _unverified().wrap_socket(connection.sock, server_hostname=host)
        connection.request("GET", urlunsplit(("", "", parts.path or "/", parts.query, "")))
        status = connection.getresponse().status
        # After the end of the time, the closed connection looks like the end of the response head.
        return status if time.monotonic() < end else 504
    except (OSError, HTTPException, ValueError):
        return 504
    finally:
        timer.cancel()
        connection.close()


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _shut(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):  # It may be closed already.
            connection.sock.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse, most: int) -> bytes:
    """Read up to ``most`` bytes, for at most ten seconds in total."""
    end = time.monotonic() + _SECONDS
    content = bytearray()
    while piece := response.read1(min(_PIECE, most - len(content))):
        content += piece
        if time.monotonic() > end:
            raise TimeoutError("it takes longer than ten seconds")
    return bytes(content)
