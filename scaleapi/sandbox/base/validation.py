"""Reading parameters of requests. An invalid one raises a `Refusal` that names it."""

from __future__ import annotations

import base64
import binascii
import difflib
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NoReturn, Protocol, cast
from urllib.parse import urlsplit

from .clock import parse_stamp, stamp
from .documents import JsonObject, dumps, is_array, is_object
from .errors import Refusal, bad_request

METADATA_LIMIT = 10 * 1024
"""Largest metadata of a task or batch, in bytes of JSON."""

TAG_LIMIT = 5

LEVEL_LIMIT = 500
"""Levels of a JSON body. Python's own limit is about 1,000, less what the call stack has used: a
body that one route can read, another could not."""

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,19}(\.[0-9]{1,19})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_INT64 = 2**63 - 1


def invalid(name: str, reason: str) -> Refusal:
    """Return a refusal (400) for one parameter; ``reason`` follows its name."""
    return bad_request(f'Parameter is invalid, reason: "{name}" {reason}')


def parse_json(content: bytes) -> object:
    """Decode a JSON body.

    Raises:
        Refusal: If it is empty, not JSON in UTF-8, or nested too deeply.
    """
    if not content.strip():
        raise bad_request("The request needs a JSON body.")
    try:
        value: object = json.loads(
            content.decode(), parse_constant=_no_constant, parse_float=_finite
        )
        if b"\\u" in content:
            # An unpaired surrogate is valid JSON, but cannot be encoded to be stored.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise bad_request("The request body is not valid JSON.") from None
    if content.count(b"{") + content.count(b"[") > LEVEL_LIMIT:
        _check_levels(value, "The request body")
    return value


def check_json(value: object, what: str) -> None:
    """Reject what Python code gives and JSON cannot say, or what is nested too deeply."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise bad_request(f"{what} must be JSON.") from None
    _check_levels(value, what)


def _check_levels(value: object, what: str) -> None:
    level = [value]
    for _ in range(LEVEL_LIMIT):
        level = [
            below
            for one in level
            if isinstance(one, (dict, list))
            for below in (one.values() if isinstance(one, dict) else one)
        ]
    if level:
        raise bad_request(f"{what} is nested more than {LEVEL_LIMIT} levels deep.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    """Parse a number; reject one that overflows to infinity, which JSON cannot represent."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value


def check_names(given: Iterable[object], known: Collection[str], what: str) -> None:
    """Reject a name that is not known, with the closest known one as a suggestion."""
    for name in given:
        if name not in known:
            raise bad_request(f'There is no "{name}" in {what}{suggestion(name, known)}.')


def check_spelling(given: Iterable[str], known: Collection[str], what: str) -> None:
    """Reject a name that is nearly a known one; any other may be meant."""
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(str(name).lower(), known, n=1, cutoff=0.8)
            if close:
                raise bad_request(f'There is no "{name}" in {what} (did you mean "{close[0]}"?).')


def suggestion(name: object, known: Collection[str]) -> str:
    """Return the closest known name as a question in parentheses, or else all known names."""
    close = difflib.get_close_matches(str(name), known, n=1)
    return f' (did you mean "{close[0]}"?)' if close else f", only {', '.join(known) or 'nothing'}"


def json_object(value: object, what: str = "The request body") -> JsonObject:
    """Return ``value`` if it is a JSON object."""
    if not is_object(value):
        raise bad_request(f"{what} must be a JSON object.")
    return value


def text(body: Mapping[str, Any], name: str) -> str | None:
    """Return a string field of ``body``; null counts as absent."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(name, "must be a string")
    return value


def required_text(body: Mapping[str, Any], name: str) -> str:
    """Return a string field of ``body`` that must be present and not empty."""
    value = text(body, name)
    if not value:
        raise invalid(name, "is required")
    return value


def time(body: Mapping[str, Any], name: str) -> str | None:
    """Return an ISO 8601 time field of ``body``, normalized to the format of responses."""
    value = text(body, name)
    if value is None:
        return None
    try:
        return stamp(parse_stamp(value))
    except ValueError:
        raise invalid(name, "must be an ISO 8601 date or time") from None


def binary(body: Mapping[str, Any], name: str) -> bytes:
    """Return the bytes of a base64 field of ``body``."""
    try:
        return base64.b64decode(required_text(body, name), validate=True)
    except (binascii.Error, ValueError):
        raise invalid(name, "must be the bytes of the file in base64") from None


def boolean(body: Mapping[str, Any], name: str) -> bool:
    """Return a boolean field of ``body``; false if absent."""
    value = body.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise invalid(name, "must be true or false")
    return value


def integer(value: object, name: str, low: int = -_INT64, high: int = _INT64) -> int:
    """Return a whole number; like the real API, accept numeric strings."""
    number = value
    numeric = isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value.strip())
    if numeric or (isinstance(value, float) and value.is_integer()):
        number = int(cast(str, value))
    if not isinstance(number, int) or isinstance(number, bool):
        raise invalid(name, "must be a whole number")
    if not low <= number <= high:
        raise invalid(name, f"must be between {low} and {high}")
    return number


def number(value: object, name: str) -> float:
    """Return a number; like the real API, accept numeric strings."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        parsed = float(value)
        return int(parsed) if parsed.is_integer() else parsed
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise invalid(name, "must be a number")
    return value


def metadata(value: object, name: str = "metadata") -> JsonObject:
    """Return metadata: any JSON object of at most 10 KB."""
    if not is_object(value):
        raise invalid(name, "must be an object")
    if len(dumps(value).encode()) > METADATA_LIMIT:
        raise invalid(name, f"must not be larger than {METADATA_LIMIT} bytes")
    return value


def tags(value: object) -> list[str]:
    """Return tags without duplicates, in the given order."""
    if not is_array(value) or not all(isinstance(tag, str) and tag for tag in value):
        raise invalid("tags", "must be an array of strings that are not empty")
    return list(dict.fromkeys(value))


def check_tag_count(tags: Collection[str]) -> None:
    """Reject more tags than a task can have."""
    if len(tags) > TAG_LIMIT:
        raise invalid("tags", f"must not have more than {TAG_LIMIT} entries")


def callback(body: Mapping[str, Any], name: str) -> str | None:
    """Return a callback target: an HTTP URL or an email address; empty counts as absent."""
    value = text(body, name)
    if not value:
        return None
    if not (is_http(value) or is_email(value)):
        raise invalid(name, "must be an http or https URL or an email address")
    return value


def is_http(url: str) -> bool:
    """Return whether ``url`` is an HTTP URL with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def is_email(text: str) -> bool:
    """Return whether ``text`` is an email address."""
    return _EMAIL.fullmatch(text) is not None


class _Values(Protocol):
    """The decoded query string, in which a name may be repeated."""

    def get(self, key: str, /) -> str | None: ...

    def getlist(self, key: str, /) -> list[str]: ...


class Query:
    """The query parameters of a request; an empty value counts as absent."""

    def __init__(self, values: _Values) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        """Return a string."""
        return self._values.get(name) or None

    def required_text(self, name: str) -> str:
        """Return a required string."""
        value = self.text(name)
        if value is None:
            raise invalid(name, "is required")
        return value

    def texts(self, name: str) -> list[str]:
        """Return every value of a repeated parameter."""
        return [value for value in self._values.getlist(name) if value]

    def flag(self, name: str) -> bool:
        """Return a boolean in any spelling (``True``, ``false``, ``1``); false if absent."""
        return bool(self.choice_of_flag(name))

    def choice_of_flag(self, name: str) -> bool | None:
        """Return a boolean in any spelling, or None if absent."""
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in _BOOLEANS:
            raise invalid(name, "must be true or false")
        return _BOOLEANS[value.lower()]

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        value = self.text(name)
        return default if value is None else integer(value, name, low, high)

    def time(self, name: str) -> str | None:
        """Return an ISO 8601 time, normalized to the format of responses."""
        return time({name: self.text(name)}, name)

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        """Return one of ``choices``."""
        value = self.text(name)
        if value is not None and value not in choices:
            raise invalid(name, f"must be one of: {', '.join(choices)}")
        return value

    def each(self, name: str, choices: Collection[str]) -> list[str]:
        """Return values of a repeated parameter, each one of ``choices``."""
        return _some_of(choices, self.texts(name), name)

    def choices(self, name: str, choices: Collection[str]) -> list[str]:
        """Return values of a repeated or comma-separated parameter, each one of ``choices``."""
        values = [part.strip() for value in self.texts(name) for part in value.split(",")]
        return _some_of(choices, values, name)


def _some_of(choices: Collection[str], values: list[str], name: str) -> list[str]:
    if not set(values) <= set(choices):
        raise invalid(name, f"must be one or more of: {', '.join(choices)}")
    return values
