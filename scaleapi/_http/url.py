"""URLs, parsed once with the parser that is also used to connect, and paths of endpoints."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, urljoin

import urllib3.util
from urllib3.exceptions import LocationParseError

from .._arguments import text_of
from ..exceptions import ScaleArgumentError

__all__ = ["Origin", "Url", "parse_link", "path", "redirect_target", "url_parts"]

#: The characters that end the authority part of a URL.
_AUTHORITY_END = re.compile(r"[/?#]")

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_PORTS = {"http": 80, "https": 443}

_NOT_CLEAN = "it must not contain spaces, backslashes or control characters"

#: Statuses of redirects.
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Origin(NamedTuple):
    """The origin of a URL. The key of a client is sent only to its own origin.

    Attributes:
        scheme: ``"http"`` or ``"https"``.
        host: The host in lower case; IPv6 addresses are in brackets.
        port: The port.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        standard = self.port == _PORTS[self.scheme]
        return f"{self.scheme}://{self.host}" + ("" if standard else f":{self.port}")

    @property
    def netloc(self) -> str:
        """Host and port, for messages."""
        return f"{self.host}:{self.port}"


class Url(NamedTuple):
    """A parsed URL.

    Attributes:
        origin: Scheme, host and port.
        path: The path and query, as in the request line.
    """

    origin: Origin
    path: str

    @property
    def text(self) -> str:
        """The whole URL."""
        return f"{self.origin}{self.path}"

    def at(self, path: str) -> Url:
        """Return this URL with a path appended.

        Args:
            path: A quoted path that begins with ``/``, possibly with a query.
        """
        return Url(self.origin, self.path.removesuffix("/") + path)


def parse_link(link: object) -> Url:
    """Parse a URL.

    Returns:
        The URL without its fragment.

    Raises:
        ValueError: If this is not an ``http`` or ``https`` URL, or if parsers could interpret it
            differently, because it has a backslash, space, control character or user name.
    """
    if not isinstance(link, str) or not _is_clean(link):
        raise ValueError(_NOT_CLEAN)
    scheme, separator, rest = link.partition("://")
    if not separator or scheme.lower() not in _PORTS or rest.startswith("/"):
        raise ValueError("it must begin with http:// or https://")
    if "@" in _AUTHORITY_END.split(rest, maxsplit=1)[0]:
        raise ValueError("it must not contain a user name or password")
    parts = url_parts(link)
    if parts is None:
        raise ValueError("it cannot be parsed")
    if parts.scheme is None or not parts.host or parts.port == 0:
        raise ValueError("it has no host, or an invalid port")
    host = parts.host.lower()
    if not host.isascii() or ("%" in host and not host.startswith("[")):
        raise ValueError("its host is neither a name nor an address")
    port = parts.port or _PORTS[parts.scheme]
    query = "" if parts.query is None else f"?{parts.query}"
    return Url(Origin(parts.scheme, host, port), (parts.path or "/") + query)


def url_parts(url: str) -> urllib3.util.Url | None:
    """Return the parts of a URL; ``None`` if it cannot be parsed.

    urllib3's error has the URL in its text and with it passwords, so it must not become the
    context of another.
    """
    try:
        return urllib3.util.parse_url(url)
    except LocationParseError:
        return None


def redirect_target(here: Url, status: int, location: str | None) -> Url | None:
    """Return the target of a redirect; ``None`` if the response is not a redirect.

    Args:
        here: The URL of the request.
        status: The HTTP status of the response.
        location: The ``Location`` header of the response.

    Raises:
        ValueError: If the header is not a valid URL, or redirects from HTTPS to HTTP.
    """
    if status not in _REDIRECTS or location is None:
        return None
    with suppress(UnicodeError):  # headers are decoded as Latin-1, but services send UTF-8
        location = location.encode("latin-1").decode()
    if not location or not _is_clean(location):
        raise ValueError(_NOT_CLEAN)
    if location.startswith("//"):
        location = f"{here.origin.scheme}:{location}"
    elif not _SCHEME.match(location):
        location = urljoin(here.text, location)
    target = parse_link(location)
    if here.origin.scheme == "https" and target.origin.scheme != "https":
        raise ValueError("it redirects from HTTPS to HTTP")
    return target


def _is_clean(text: str) -> bool:
    """Return whether all parsers interpret the characters of a URL in the same way."""
    return text.isprintable() and " " not in text and "\\" not in text


def path(template: str, **names: object) -> str:
    """Fill in a path template, quoting each name as a single path segment.

    Args:
        template: For example ``"task/{task_id}/tags"``.
        **names: A string or enum member for each placeholder.

    Raises:
        ScaleArgumentError: If a name is not a string, is empty, or is ``.`` or ``..``, which HTTP
            clients and proxies would resolve.

    Example:
        >>> path("batches/{batch_name}", batch_name="a bc/def")
        'batches/a%20bc%2Fdef'
    """
    return template.format(**{key: _segment(key, value) for key, value in names.items()})


def _segment(argument: str, value: object) -> str:
    text = text_of(argument, value)
    if text in (".", ".."):
        raise ScaleArgumentError(argument, f"must not be {text!r}")
    return quote(text, safe="")
