"""The head of an HTTP/1.1 response."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache


class Response:
    """Status and headers from ``start_response``."""

    __slots__ = ("headers", "status")

    def __init__(self) -> None:
        self.status = "500 Internal Server Error"
        self.headers: list[tuple[str, str]] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], _exc_info: object = None
    ) -> Callable[[bytes], object]:
        """Record status and headers; this is WSGI's ``start_response``."""
        self.status = status
        self.headers = headers
        return _no_write


def _no_write(_data: bytes) -> object:
    raise NotImplementedError("this server does not support the write() callable")


def response_head(status: str, headers: list[tuple[str, str]], *, keep: bool) -> bytes:
    """Return the bytes of a response head; ``keep`` leaves the connection open."""
    date = _date(int(time.time()))
    lines = [f"HTTP/1.1 {status}\r\nDate: {date}\r\nServer: scaleapi-sandbox\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in headers]
    lines.append("\r\n" if keep else "Connection: close\r\n\r\n")
    # A header that cannot be sent must not end the connection without a response.
    return "".join(lines).encode("latin-1", "replace")


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    """Return a ``Date`` header, formatted once per second."""
    return formatdate(second, usegmt=True)
