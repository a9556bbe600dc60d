"""The headers that a callback needs, out of every form that frameworks have for headers."""

from __future__ import annotations

from collections.abc import Iterable
from email.header import Header
from typing import Any, NamedTuple, Protocol, TypeAlias

from ..exceptions import CallbackVerificationError

__all__ = ["AUTH_HEADER", "CallbackHeaders", "Headers", "read_headers"]

#: Carries the callback auth key.
AUTH_HEADER = "scale-callback-auth"

#: The two headers by all their names: the last of each is the one in a WSGI environment.
_AUTH_NAMES = {AUTH_HEADER, "http_scale_callback_auth"}
_TYPE_NAMES = {"content-type", "content_type"}


class SupportsItems(Protocol):
    """A mapping, or what has names and values like one."""

    def items(self) -> Iterable[tuple[object, object]]:
        """Return names and values."""
        ...


#: What has headers in it: a mapping or pairs.
Headers: TypeAlias = SupportsItems | Iterable[tuple[object, object]]


class CallbackHeaders(NamedTuple):
    """The headers that matter; a missing one is ``None``."""

    secret: str | None
    content_type: str | None


def read_headers(headers: Headers) -> CallbackHeaders:
    """Find the headers that matter.

    Repeated headers are joined by commas, as HTTP has it, so a secret beside another is unknown
    whatever their order.

    Args:
        headers: A mapping, or pairs of names and values. Names are in any case. Names and values
            may be bytes, and a value may be a list of values.

    Raises:
        CallbackVerificationError: If the headers have another form.
    """
    secrets: list[str] = []
    types: list[str] = []
    for name, value in _pairs(headers):
        lowered = _text(name).lower() if isinstance(name, (str, bytes)) else ""
        if lowered in _AUTH_NAMES:
            secrets += _texts(value)
        elif lowered in _TYPE_NAMES:
            types += _texts(value)
    return CallbackHeaders(*(", ".join(found) if found else None for found in (secrets, types)))


def _pairs(headers: Headers) -> list[tuple[object, object]]:
    items = getattr(headers, "items", None)
    try:
        pairs: Any = items() if callable(items) else headers
        return [(name, value) for name, value in pairs]
    except Exception as error:  # parsers of malformed headers raise IndexError and many others
        raise CallbackVerificationError(
            "the headers cannot be read: expected a mapping or pairs of names and values,"
            f" got {type(headers).__name__}",
            400,
        ) from error


def _texts(value: object) -> list[str]:
    """Return the values of one header."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return [_text(one) for one in values if one is not None]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("latin-1")
    if isinstance(value, Header):  # email.message makes one of text outside ASCII
        return str(value)
    raise CallbackVerificationError(
        f"a header must be text or bytes, got {type(value).__name__}", 400
    )
