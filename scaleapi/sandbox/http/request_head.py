"""The head of an HTTP/1.1 request: request line and headers."""

from __future__ import annotations

import io
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

LINE_LIMIT = 65_536
"""Longest accepted line, in bytes."""

HEADER_LIMIT = 100
"""Most headers of a request."""

_SECRET_HEADERS = ("Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key")

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class MalformedRequest(Exception):
    """A request is malformed; holds the error text and the status of the response."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


class Head(NamedTuple):
    """The head of a request.

    Attributes:
        method: The HTTP verb.
        target: The path and query, as sent.
        version: ``HTTP/1.1`` or ``HTTP/1.0``.
        fields: The headers, with the names of a WSGI environment.
    """

    method: str
    target: str
    version: str
    fields: dict[str, str]

    @property
    def headers(self) -> dict[str, str]:
        """The headers with their usual names, without keys and cookies."""
        named = {
            field.removeprefix("HTTP_").replace("_", "-").title(): value
            for field, value in self.fields.items()
        }
        return named | {name: _hidden(named[name]) for name in _SECRET_HEADERS if name in named}

    @property
    def keeps_alive(self) -> bool:
        """Whether the connection stays open after the response."""
        option = self.fields.get("HTTP_CONNECTION", "").lower()
        return "keep-alive" in option if self.version == "HTTP/1.0" else "close" not in option

    @property
    def body_length(self) -> int | None:
        """Length of the body in bytes; None if it is sent in chunks.

        Raises:
            MalformedRequest: If it is invalid (400) or the encoding is not supported (501).
        """
        length = self.fields.get("CONTENT_LENGTH")
        encoding = self.fields.get("HTTP_TRANSFER_ENCODING")
        if encoding is not None:
            # Whoever disagrees about the end of a body can smuggle a request into it.
            if length is not None or self.version == "HTTP/1.0":
                raise MalformedRequest("A body in chunks needs HTTP/1.1 and no Content-Length.")
            if encoding.lower() != "chunked":
                raise MalformedRequest("The only supported Transfer-Encoding is chunked.", 501)
            return None
        if length is None:
            return 0
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            raise MalformedRequest("The Content-Length must be one number of bytes.")
        return int(length)


def _hidden(value: str) -> str:
    """Return the scheme of credentials without the rest."""
    scheme, space, _ = value.partition(" ")
    return f"{scheme} [not shown]" if space else "[not shown]"


def read_head(stream: io.BufferedIOBase) -> Head | None:
    """Read a request line and headers; return None at the end of the stream."""
    line = stream.readline(LINE_LIMIT)
    if line in (b"\r\n", b"\n"):
        line = stream.readline(LINE_LIMIT)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3 or not _TOKEN.issuperset(parts[0]) or not line.endswith(b"\n"):
        raise MalformedRequest("The request line must be a method, a path and a version.")
    method, target, version = parts
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise MalformedRequest("The sandbox supports HTTP/1.1 and HTTP/1.0 only.")
    if target.startswith(("http://", "https://")):
        target = "/" + target.split("//", 1)[1].partition("/")[2]
    if not target.startswith("/"):
        raise MalformedRequest("The path must start with a slash.")
    fields = _read_fields(stream)
    if version == "HTTP/1.1" and "HTTP_HOST" not in fields:
        raise MalformedRequest("The Host header is missing.")
    return Head(method, target, version, fields)


def _read_fields(stream: io.BufferedIOBase) -> dict[str, str]:
    fields: dict[str, str] = {}
    for _ in range(HEADER_LIMIT + 1):
        line = stream.readline(LINE_LIMIT)
        if line in (b"\r\n", b"\n"):
            return fields
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or not _TOKEN.issuperset(name) or not value.endswith("\n"):
            raise MalformedRequest("A header must be a name, a colon and a value on one line.")
        # In WSGI names, an underscore is indistinguishable from a dash.
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_LENGTH", "CONTENT_TYPE"):
            key = "HTTP_" + key
        value = value.strip()
        if key in fields:
            if key in ("CONTENT_LENGTH", "HTTP_HOST"):
                raise MalformedRequest(f"The {name} header must be given once.")
            value = f"{fields[key]},{value}"
        fields[key] = value
    raise MalformedRequest(f"A request may have at most {HEADER_LIMIT} headers.")


def path_info(path: str) -> str:
    """Decode ``path`` except for escaped slashes and percent signs.

    That keeps a name with a slash in one segment; routing decodes each segment once more.
    """
    if "%" not in path:
        return path
    kept = path.replace("%25", "%2525").replace("%2F", "%252F").replace("%2f", "%252F")
    return unquote_to_bytes(kept.encode("latin-1")).decode("latin-1")
