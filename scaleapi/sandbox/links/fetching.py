"""Fetching files that are imported by URL."""

from __future__ import annotations

import ipaddress
import time
import urllib.request
from http.client import HTTPException, HTTPResponse
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit

from ..base.errors import bad_request

_SECONDS = 10.0
_PROBE_SECONDS = 2.0
_PIECE = 65_536


class Fetched(NamedTuple):
    """A file that was fetched.

    Attributes:
        content: Its bytes.
        mime_type: Its type, if the answer names one.
    """

    content: bytes
    mime_type: str | None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follow no redirect, which could lead off this machine."""

    def redirect_request(self, *args: object, **named: object) -> None:
        """Refuse to go on; the redirect becomes an error."""


# Nothing here goes through a proxy: that would reach a host other than the one named.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine and nothing else."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_loopback_url(url: str) -> bool:
    """Tell whether ``url`` names this machine."""
    return is_loopback(urlsplit(url).hostname or "")


def fetch(url: str, limit: int) -> Fetched:
    """Fetch an HTTP URL.

    Args:
        url: What to fetch.
        limit: Largest file that is taken, in bytes.

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


def status_of(url: str) -> int:
    """Return the status that a URL of this machine answers; 504 if it does not answer in time."""
    try:
        with _opener.open(url, timeout=_PROBE_SECONDS) as response:
            return int(response.status)
    except HTTPError as error:
        error.close()
        return error.code
    except (OSError, HTTPException, ValueError):
        return 504


def _read(response: HTTPResponse, most: int) -> bytes:
    """Read up to ``most`` bytes, for a limited time however slowly they come."""
    end = time.monotonic() + _SECONDS
    content = bytearray()
    while piece := response.read1(min(_PIECE, most - len(content))):
        content += piece
        if time.monotonic() > end:
            raise TimeoutError("it takes too long")
    return bytes(content)
