"""URLs, each parsed once and by the parser that also connects, and paths of the API."""

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

#: What ends the authority of a URL.
_AUTHORITY_END = re.compile(r"[/?#]")

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_PORTS = {"http": 80, "https": 443}

#: Statuses that lead somewhere else.
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Origin(NamedTuple):
    """Where a connection leads: only there may the key of this origin be sent.

    Attributes:
        scheme: ``"http"`` or ``"https"``.
        host: The host in lower case; an IPv6 address has its brackets.
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
        """Host and port, for people."""
        return f"{self.host}:{self.port}"


class Url(NamedTuple):
    """A URL as it is connected to.

    Attributes:
        origin: Scheme, host and port.
        path: What the request line names: path and query.
    """

    origin: Origin
    path: str

    @property
    def text(self) -> str:
        """The whole URL."""
        return f"{self.origin}{self.path}"

    def at(self, path: str) -> Url:
        """Return another path below this URL.

        Args:
            path: A quoted path that begins with ``/``, and a query.
        """
        return Url(self.origin, self.path.removesuffix("/") + path)


def parse_link(link: object) -> Url:
    """Parse a URL.

    Returns:
        The URL without its fragment.

    Raises:
        ValueError: It is not an ``http`` or ``https`` URL, or parsers could disagree about it:
            it has a backslash, a space, a control character, or a user name.
    """
    if not isinstance(link, str) or not link.isprintable() or " " in link or "\\" in link:
        raise ValueError("it must not contain spaces, backslashes or control characters")
    scheme, separator, rest = link.partition("://")
    if not separator or scheme.lower() not in _PORTS or rest.startswith("/"):
        raise ValueError("it must begin with http:// or https://")
    if "@" in _AUTHORITY_END.split(rest, maxsplit=1)[0]:
        raise ValueError("it must not contain a user name or password")
    parts = url_parts(link)
    if parts is None:
        raise ValueError("it cannot be parsed")
    if parts.scheme is None or not parts.host or parts.port == 0:
        raise ValueError("it has no host, or an impossible port")
    host = parts.host.lower()
    if not host.isascii() or ("%" in host and not host.startswith("[")):
        raise ValueError("its host is not a name or an address")
    port = parts.port or _PORTS[parts.scheme]
    query = "" if parts.query is None else f"?{parts.query}"
    return Url(Origin(parts.scheme, host, port), (parts.path or "/") + query)


def url_parts(url: str) -> urllib3.util.Url | None:
    """Return the parts of a URL, ``None`` if it has none.

    urllib3's error has the URL in its text and with it passwords, so it must not become the
    context of another.
    """
    try:
        return urllib3.util.parse_url(url)
    except LocationParseError:
        return None


def redirect_target(here: Url, status: int, location: str | None) -> Url | None:
    """Return where a response redirects to, ``None`` if it does not.

    Args:
        here: What was requested.
        status: The HTTP status of the response.
        location: Its ``Location`` header.

    Raises:
        ValueError: The header is not a URL that can be followed, or leads from HTTPS to HTTP.
    """
    if status not in _REDIRECTS or location is None:
        return None
    with suppress(UnicodeError):  # headers are read as Latin-1, and services write UTF-8
        location = location.encode("latin-1").decode()
    if not location or not location.isprintable() or " " in location or "\\" in location:
        raise ValueError("it must not contain spaces, backslashes or control characters")
    if location.startswith("//"):
        location = f"{here.origin.scheme}:{location}"
    elif not _SCHEME.match(location):
        location = urljoin(here.text, location)
    target = parse_link(location)
    if here.origin.scheme == "https" and target.origin.scheme != "https":
        raise ValueError("it leads from HTTPS to HTTP")
    return target


def path(template: str, **names: object) -> str:
    """Fill a path template, quoting each name so that it stays one segment.

    Args:
        template: For example ``"task/{task_id}/tags"``.
        **names: A string or enum member for each placeholder.

    Raises:
        ScaleArgumentError: A name is not a string, is empty, or is ``.`` or ``..``, which HTTP
            clients and proxies take for a step through the path.

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
