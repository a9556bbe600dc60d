"""The request of a call: its URL, headers and body."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from requests.structures import CaseInsensitiveDict

from ._arguments import unicode_of
from ._transport.call import CallRequest
from ._transport.multipart import Multipart
from .exceptions import ScaleArgumentError

__all__ = ["Query", "new_request", "query_string", "set_body"]

#: Values of a query; a list is sent as a repeated key, ``None`` is left out.
Query = Mapping[str, Any]


class _Headers(CaseInsensitiveDict[str]):
    """Headers that are copied and read as a whole; what is inherited does it one by one."""

    _store: OrderedDict[str, tuple[str, str]]  # the base class's

    def copy(self) -> _Headers:
        other = object.__new__(_Headers)
        other._store = self._store.copy()
        return other

    def items(self) -> ItemsView[str, str]:
        return dict(self._store.values()).items()


@lru_cache
def _common_headers(user_agent: str) -> _Headers:
    return _Headers({"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"})


def new_request(
    method: str, url: str, user_agent: str, headers: Mapping[str, str] | None = None
) -> CallRequest:
    """Return a request without a body.

    Args:
        method: ``"GET"``, ``"POST"``, ...
        url: The whole URL, quoted.
        user_agent: Who sends it.
        headers: Further headers.
    """
    request = CallRequest()
    request.method = method
    request.url = url
    path = url.find("/", url.index("://") + 3)
    request.origin, request.target = (url[:path], url[path:]) if path > 0 else (url, "/")
    request.headers = _common_headers(user_agent).copy()  # urllib3 makes another copy
    for name, value in (headers or {}).items():
        request.headers[name] = value
    return request


def set_body(request: CallRequest, body: object, multipart: Multipart | None) -> None:
    """Give a request its body.

    Args:
        request: The request.
        body: What is sent as JSON; ``None`` for no body. ``{}`` and ``[]`` are bodies.
        multipart: What is sent instead of JSON.

    Raises:
        ScaleArgumentError: The body cannot be JSON.
    """
    if multipart is not None:
        request.body = multipart  # type: ignore[assignment]  # any object with read() is sent
        request.headers["Content-Type"] = multipart.content_type
        request.headers["Content-Length"] = str(len(multipart))
    else:
        request.body = b"" if body is None else _json_bytes(body)
        request.headers["Content-Type"] = "application/json"
        request.headers["Content-Length"] = str(len(request.body))


def query_string(params: Query) -> str:
    """Return a query as the service takes it: ``True``/``False``, lists as repeated keys.

    Raises:
        ScaleArgumentError: A value cannot be part of a query.
    """
    pairs: list[tuple[str, str]] = []
    for key, value in params.items():
        several = isinstance(value, Iterable) and not isinstance(value, (str, Mapping))
        values = list(value) if several else [value]
        pairs += [(key, _query_text(key, one)) for one in values if one is not None]
    return f"?{urlencode(pairs)}" if pairs else ""


def _query_text(argument: str, value: object) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int, float)):
        return unicode_of(argument, str(value))
    raise ScaleArgumentError(
        argument, f"must be a string, number, bool, date or a list of these, not {value!r}"
    )


def _json_bytes(body: object) -> bytes:
    try:
        return json.dumps(body, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ScaleArgumentError(_not_json(body), f"must be JSON: {error}") from error


def _not_json(body: object) -> str:
    """Return the name of what cannot be JSON: of one value of an object if possible."""
    for name, value in body.items() if isinstance(body, dict) else ():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            return str(name)
    return "body"
