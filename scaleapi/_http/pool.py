"""urllib3's connection pools with bounded connections."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from functools import cache
from queue import Empty, Full
from typing import Any

from urllib3 import BaseHTTPResponse, HTTPConnectionPool
from urllib3.connection import HTTPConnection

from .connection import BoundedConnection

__all__ = ["bounded_pool"]


@cache
def _bounded(base: type[HTTPConnection]) -> type[HTTPConnection]:
    return type(f"Bounded{base.__name__}", (BoundedConnection, base), {})


class _ConnectionClass:
    """A descriptor for ``ConnectionCls`` that mixes BoundedConnection into the current class.

    Tools that record or block HTTP temporarily replace ``ConnectionCls``. If their class is not an
    HTTPConnection, it is used unchanged.
    """

    def __init__(self, base: type[HTTPConnectionPool]) -> None:
        self._base = base

    def __get__(self, pool: object, owner: object) -> type[Any]:
        present: type[Any] = self._base.ConnectionCls
        if not issubclass(present, HTTPConnection):
            return present
        return _bounded(present)  # type: ignore[arg-type]  # mypy: a class is not Hashable


@cache
def bounded_pool(base: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    """Return a subclass of a pool class whose connections are limited by the deadline.

    Args:
        base: A pool class of urllib3.
    """
    parts = {"ConnectionCls": _ConnectionClass(base), "QueueCls": _Stack}
    return type(f"Bounded{base.__name__}", (_PlainHeaders, base), parts)


class _PlainHeaders(HTTPConnectionPool):
    """A mixin for pools: the headers are in a plain dict, as urllib3 reads them several times.

    Those of requests are slow to read and to copy. A small GET takes 9 % less time without them.
    """

    def urlopen(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> BaseHTTPResponse:
        # With those of a proxy, urllib3 merges them, for which names must be case-insensitive.
        if headers is not None and not self.proxy_headers:
            headers = dict(headers)
        return super().urlopen(method, url, body, headers, *args, **kwargs)


class _Stack:
    """The kept connections of a pool, as a LIFO queue.

    Unlike ``queue.LifoQueue``, this class is safe to interrupt. That queue's lock is acquired in
    Python code, so a signal handler that raises an exception can leave it locked, and every later
    call would hang.

    Args:
        maxsize: Maximum number of connections.
    """

    def __init__(self, maxsize: int) -> None:
        self._maxsize = maxsize
        self._items: deque[Any] = deque()

    def qsize(self) -> int:
        """Return the number of connections."""
        return len(self._items)

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Add a connection, or raise ``queue.Full``."""
        if len(self._items) >= self._maxsize:
            raise Full
        self._items.append(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Remove and return the connection added last, or raise ``queue.Empty``."""
        try:
            return self._items.pop()
        except IndexError:
            raise Empty from None
