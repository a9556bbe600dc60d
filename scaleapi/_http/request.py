"""The headers, query and body of a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from requests.structures import CaseInsensitiveDict
from requests.utils import requote_uri

from .._arguments import (
    is_bool,
    iso_text,
    items_of,
    json_text,
    pairs_of,
    shown,
    text_of,
    unicode_of,
)
from ..exceptions import ScaleArgumentError
from .call import Call
from .multipart import Multipart

__all__ = [
    "Query",
    "check_headers",
    "endpoint_path",
    "headers_for",
    "json_bytes",
    "set_body",
]

#: Query parameters: a dict, a list of pairs or a whole query, as in requests. A list as a value is
#: sent as a repeated key; ``None`` is omitted.
Query = Mapping[str, Any] | Iterable[tuple[str, Any]] | str | bytes

_QUOTED = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]-]|%[0-9A-Fa-f]{2})*")

#: A valid header name (RFC 9110, section 5.6.2).
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def headers_for(
    user_agent: str, authorization: str | None, more: Mapping[str, str] | None = None
) -> CaseInsensitiveDict[str]:
    """Return the headers of a request.

    Args:
        user_agent: The value of the User-Agent header.
        authorization: The credentials; ``None`` for hosts that must not get them.
        more: Additional headers.
    """
    fields = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
    if authorization is not None:
        fields["Authorization"] = authorization
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict(fields)
    if more:
        headers.update(more)
    return headers


def check_headers(argument: str, headers: object) -> None:
    """Validate additional headers.

    Raises:
        ScaleArgumentError: If a header is invalid.
    """
    what = "must be a dict of strings that are printable ASCII"
    if not isinstance(headers, Mapping):
        raise ScaleArgumentError(argument, f"{what}, not {type(headers).__name__}")
    for name, value in headers.items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ScaleArgumentError(argument, f"{what}; {shown(name)} is not a header name")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise ScaleArgumentError(argument, f"{what}; the value of {name!r} is not")
        if name.lower() == "transfer-encoding":
            raise ScaleArgumentError(argument, f"must not contain {name}: bodies have a length")


def endpoint_path(endpoint: object, params: Query | None) -> str:
    """Return the path and query for the request line.

    Args:
        endpoint: The path relative to the base URL, possibly with a query. Characters that need
            quoting are quoted.
        params: The query parameters.

    Raises:
        ScaleArgumentError: If the endpoint or a parameter is invalid.
    """
    if not isinstance(endpoint, str):
        raise ScaleArgumentError("endpoint", f"must be a string, not {type(endpoint).__name__}")
    endpoint = _quoted("endpoint", endpoint)
    query = _query_string(params) if params else ""
    if query:
        return f"/{endpoint}{'&' if '?' in endpoint else '?'}{query}"
    return f"/{endpoint}"


def set_body(call: Call, body: object, multipart: Multipart | None) -> None:
    """Set the body of a call.

    Args:
        call: The call.
        body: The JSON body; ``None`` for no body. ``{}`` and ``[]`` are sent.
        multipart: A multipart body to send instead.

    Raises:
        ScaleArgumentError: If the body cannot be encoded as JSON.
    """
    if multipart is not None:
        call.body = multipart  # type: ignore[assignment]  # urllib3 sends any object with read()
        call.headers["Content-Type"] = multipart.content_type
        call.headers["Content-Length"] = str(len(multipart))
    else:
        call.body = content = b"" if body is None else json_bytes(body)
        call.headers["Content-Type"] = "application/json"
        call.headers["Content-Length"] = str(len(content))


def _quoted(argument: str, text: str) -> str:
    """Quote the characters of a path or query that need it."""
    if _QUOTED.fullmatch(text):
        return text
    if not text.isprintable() or "#" in text:
        raise ScaleArgumentError(argument, "must not contain '#' or control characters")
    return requote_uri(unicode_of(argument, text).replace("\\", "%5C"))


def _query_string(params: Query) -> str:
    if isinstance(params, (str, bytes)):
        return _quoted("params", text_of("params", params))
    pairs: list[tuple[str, str]] = []
    for key, value in pairs_of("params", params):
        name, items = text_of("params", key), items_of(value)
        values = [value] if items is None else items
        pairs += [(name, _query_text(name, one)) for one in values if one is not None]
    return urlencode(pairs)


def _query_text(argument: str, value: object) -> str:
    if is_bool(value):
        return str(bool(value))
    if isinstance(value, str) and not value:
        return ""
    return iso_text(value) if isinstance(value, date) else text_of(argument, value)


def json_bytes(body: object) -> bytes:
    """Encode a body as JSON.

    Raises:
        ScaleArgumentError: If the body cannot be encoded. The error names the invalid key.
    """
    try:
        return json_text("body", body).encode()
    except ScaleArgumentError as error:
        invalid = error
    # Outside the except clause, or the error of the body would be the context of that of its key.
    for name, value in body.items() if isinstance(body, dict) else ():
        json_text(name if isinstance(name, str) else "body", value)
    raise invalid
