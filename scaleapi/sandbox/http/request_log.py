"""An entry of the request log."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..base.documents import JsonObject
from .request_body import BODY_KEPT


class Request(NamedTuple):
    """An entry of the request log.

    Attributes:
        method: The HTTP verb.
        path: The path and query, as sent.
        status: The status of the response; 0 if there was none.
        milliseconds: Time from the end of the request head to the start of the response.
        sent: The first 4,096 bytes of the request body.
        response: The first 4,096 bytes of the response body.
        number: Its number among all requests, from 1.
        time: When its response was sent, on the sandbox's clock.
        headers: The headers of the request, without keys and cookies.
        response_headers: The headers of the response.
    """

    method: str
    path: str
    status: int
    milliseconds: float
    sent: bytes = b""
    response: bytes = b""
    number: int = 0
    time: str = ""
    headers: Mapping[str, str] = MappingProxyType({})
    response_headers: Mapping[str, str] = MappingProxyType({})

    def as_json(self) -> JsonObject:
        """Return it as JSON: a body as text, or in base64 if it is not text."""
        shown: JsonObject = {}
        for name, value in self._asdict().items():
            if isinstance(value, Mapping):
                shown[name] = dict(value)
            elif not isinstance(value, bytes):
                shown[name] = value
            elif (text := _text(value)) is not None:
                shown[name] = text
            else:
                shown[f"{name}_base64"] = base64.b64encode(value).decode()
        return shown


def _text(start: bytes) -> str | None:
    """Return the start of a body as text, or None; at its end, a letter may be cut."""
    whole = len(start) < BODY_KEPT
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(start, final=whole)
    except UnicodeDecodeError:
        return None
