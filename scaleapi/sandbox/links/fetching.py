"""HTTP requests of the sandbox: importing files and probing attachments."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
import urllib.request
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from ..base.errors import bad_request

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


# No proxies: they would reach hosts other than the one in the URL.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is a loopback address or localhost."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_loopback_url(url: str) -> bool:
    """Return whether the host of ``url`` is a loopback address or localhost."""
    return is_loopback(urlsplit(url).hostname or "")


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
    """Return the status of a GET; 504 if there is no response within that many seconds."""
    try:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme.lower() == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    except ValueError:
        return 504
    end = time.monotonic() + seconds
    # The timeout of the connection is that of each read only.
    timer = threading.Timer(seconds, _shut, [connection])
    timer.daemon = True
    timer.start()
    try:
        connection.request("GET", urlunsplit(("", "", parts.path or "/", parts.query, "")))
        status = connection.getresponse().status
        # After the end of the time, the closed connection looks like the end of the response head.
        return status if time.monotonic() < end else 504
    except (OSError, HTTPException, ValueError):
        return 504
    finally:
        timer.cancel()
        connection.close()


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
