"""Validation of arguments, before anything is sent.

Values that can be converted to the wire format without loss are converted. All others raise
ScaleArgumentError.
"""

from __future__ import annotations

import json
import re
import reprlib
from collections import UserString
from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date, datetime, time, timezone
from decimal import Decimal
from enum import Enum
from numbers import Real
from operator import index
from pathlib import PurePath
from typing import Any, SupportsIndex
from uuid import UUID

from ._interruption import raise_interruption
from .exceptions import ScaleArgumentError

__all__ = [
    "Check",
    "count_of",
    "flag_of",
    "is_bool",
    "is_given",
    "iso_text",
    "items_of",
    "json_text",
    "object_of",
    "one_or_several",
    "page_size_of",
    "pairs_of",
    "query_of",
    "shown",
    "strings_of",
    "text_of",
    "texts_of",
    "time_of",
    "unicode_of",
    "whole_number",
]

#: Takes the name and value of an argument, and returns the value to send.
Check = Callable[[str, Any], Any]

#: Number of characters of a value to show in an error.
_SHOWN = 100
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxlong = _REPR.maxother = _SHOWN

#: How float, Decimal, numpy and pandas write missing values.
_MISSING = re.compile(r"[+-]?(s?nan\d*|inf(inity)?|nat)", re.IGNORECASE)

#: What the text of an object has that only describes it, such as ``Task(id=5)`` or ``<object>``.
_DESCRIPTION = re.compile(r"[()<>\[\]{}]")

#: The fraction of a whole number, as in "10.0".
_NO_FRACTION = re.compile(r"\.0*\s*$")

#: Larger decimals are rejected, because int() of a huge exponent would never finish.
_LARGE = 10**30

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def shown(value: object) -> str:
    """Return the short form of a value for an error."""
    try:
        text = _REPR.repr(value)
    except Exception as error:  # noqa: BLE001 - a user-defined repr, or a number with too many digits
        raise_interruption(error)
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def is_given(value: object) -> bool:
    """Return whether an option is given, that is, not ``None``, ``""`` or an empty list."""
    if value is None:
        return False
    if not isinstance(value, Sized) or isinstance(value, Mapping):
        return True
    try:
        return len(value) > 0
    except Exception as error:  # noqa: BLE001 - a zero-dimensional numpy array, or a user-defined len()
        raise_interruption(error)
        return True


def _plain(value: object) -> object:
    """Unwrap an enum member or a path, decode bytes, and return anything else unchanged."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (PurePath, UserString)):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "surrogateescape")  # invalid UTF-8 is rejected later
    return value


def is_bool(value: object) -> bool:
    """Return whether a value is a Python or numpy bool."""
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _text(value: object) -> str | None:
    """Convert a string, number, time, UUID or similar to text; ``None`` for other values."""
    if type(value) is str:  # usually
        return value
    value = _plain(value)
    if isinstance(value, str):
        return str.__str__(value)
    if is_bool(value):
        return None
    try:
        if isinstance(value, (UUID, date, time, Real, Decimal)) or _is_datetime64(value):
            text = str(value)
        elif isinstance(value, SupportsIndex):
            text = str(index(value))
        else:
            return _own_text(value)
    except Exception as error:  # noqa: BLE001 - a user-defined class, or a number with too many digits
        raise_interruption(error)
        return None
    return None if _MISSING.fullmatch(text) else text


def _own_text(value: object) -> str | None:
    """Return the text of an object that stands for one, such as an ObjectId of MongoDB or a URL.

    Its class defines how it is written. ``None`` for containers, exceptions, and objects whose text
    only describes them.
    """
    if type(value).__str__ is object.__str__ or isinstance(value, (Iterable, BaseException)):
        return None
    text = str(value)
    return None if text == repr(value) or _DESCRIPTION.search(text) else text


def _is_datetime64(value: object) -> bool:
    return type(value).__name__ == "datetime64"  # by name, because numpy may not be installed


def text_of(argument: str, value: object) -> str:
    """Convert a name, id or other value to text.

    Args:
        argument: The name of the argument, for the error.
        value: A string, an enum member, a number, a date, a UUID, a path, bytes in UTF-8, or an
            object that is written as text, such as an ObjectId.

    Raises:
        ScaleArgumentError: If the value is of another type or empty.
    """
    text = _text(value)
    if text is None:
        number = isinstance(value, (Real, Decimal)) and not is_bool(value)
        what = shown(value) if number else type(value).__name__
        raise ScaleArgumentError(argument, f"must be a string, not {what}")
    if not text:
        raise ScaleArgumentError(argument, "must not be empty")
    return unicode_of(argument, text)


def unicode_of(argument: str, text: str) -> str:
    """Return a text after checking that it has no lone surrogates.

    Raises:
        ScaleArgumentError: If the text cannot be encoded.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ScaleArgumentError(argument, "must be valid Unicode text") from None
    return text


def items_of(values: object) -> list[Any] | None:
    """Return the items of a list, tuple, set, array or generator; ``None`` for other values."""
    if isinstance(values, (str, bytes, bytearray, memoryview, Mapping)):
        return None
    if not isinstance(values, Iterable):
        return None
    try:
        return list(values)
    except TypeError:  # a zero-dimensional numpy array
        return None


def pairs_of(argument: str, fields: object) -> list[tuple[Any, Any]]:
    """Return the names and values of a mapping or of a list of pairs, as in requests.

    Raises:
        ScaleArgumentError: If the value is neither.
    """
    try:
        pairs: Any = fields.items() if isinstance(fields, Mapping) else items_of(fields)
        return [(name, value) for name, value in pairs]
    except (TypeError, ValueError) as error:
        raise_interruption(error)
        raise ScaleArgumentError(
            argument, f"must be a dict or a list of pairs, not {shown(fields)}"
        ) from None


def strings_of(argument: str, values: Iterable[object]) -> list[str]:
    """Convert a list of values to a list of strings.

    Raises:
        ScaleArgumentError: If the value is a single string or not a list, or if an item cannot be
            converted.
    """
    items = items_of(values)
    if items is None:
        raise ScaleArgumentError(argument, f"must be a list of strings, not {shown(values)}")
    return [text_of(f"each of {argument}", item) for item in items]


def flag_of(argument: str, value: object, default: bool | None = None) -> bool:
    """Convert a flag to a bool.

    Args:
        argument: The name of the argument, for the error.
        value: A bool, 0 or 1, or the text "true", "false", "1" or "0".
        default: The result for ``None``, ``""`` and ``[]``; ``None`` if the flag is required.

    Raises:
        ScaleArgumentError: If the value is none of these.
    """
    if default is not None and not is_given(value):
        return default
    plain, flag = _plain(value), None
    if is_bool(plain):
        return bool(plain)
    if isinstance(plain, str):
        flag = _FLAGS.get(plain.strip().lower())
    else:
        number = whole_number(plain)
        flag = bool(number) if number in (0, 1) else None
    if flag is None:
        raise ScaleArgumentError(argument, f"must be True or False, not {shown(value)}")
    return flag


def json_text(argument: str, value: object) -> str:
    """Encode a value as JSON.

    Raises:
        ScaleArgumentError: If the value cannot be encoded: it has a type that JSON does not have,
            NaN, a number with too many digits, or a list that contains itself.
    """
    try:
        return json.dumps(value, allow_nan=False)
    except Exception as error:  # user-defined classes may raise anything
        raise_interruption(error)
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ScaleArgumentError(argument, f"must be JSON: {reason}") from error


def object_of(argument: str, value: object) -> dict[str, Any]:
    """Return a mapping as a dict, after checking that it can be encoded as JSON.

    Raises:
        ScaleArgumentError: If the value is not a mapping, or cannot be encoded.
    """
    if not isinstance(value, Mapping):
        raise ScaleArgumentError(argument, f"must be a dict, not {type(value).__name__}")
    json_object = dict(value)
    json_text(argument, json_object)
    return json_object


def whole_number(value: Any) -> int | None:
    """Convert a number or numeric text to an int; return ``None`` if that is not exact."""
    value = _plain(value)
    if is_bool(value):
        return None
    try:
        if isinstance(value, str):
            return int(_NO_FRACTION.sub("", value))
        if isinstance(value, Decimal) and abs(value) > _LARGE:
            return None
        number = int(value)
        return number if bool(number == value) else None
    except Exception as error:  # noqa: BLE001 - not a number, or a user-defined class
        raise_interruption(error)
        return None


def page_size_of(argument: str, value: object) -> int | None:
    """Return a page size from 1 to 100, or ``None`` for 0, which means the default.

    Raises:
        ScaleArgumentError: If the value is not a whole number in this range.
    """
    number = 0 if value is False else whole_number(value)
    if number is None or not 0 <= number <= 100:
        raise ScaleArgumentError(
            argument, f"must be a whole number from 1 to 100, not {shown(value)}"
        )
    return number or None


def count_of(argument: str, value: object, least: int = 0) -> int:
    """Return a whole number of at least ``least``.

    Raises:
        ScaleArgumentError: If the value is smaller, or not a whole number.
    """
    number = whole_number(value)
    if number is None or number < least:
        raise ScaleArgumentError(
            argument, f"must be a whole number from {least}, not {shown(value)}"
        )
    return number


def texts_of(argument: str, values: object) -> list[str]:
    """Convert one value or a list of values to a list of strings.

    Items that are ``None``, ``""`` or ``[]`` are omitted.

    Raises:
        ScaleArgumentError: If a value cannot be converted.
    """
    items = items_of(values)
    given = [values] if items is None else filter(is_given, items)
    return [text_of(argument, item) for item in given]


def one_or_several(argument: str, value: object) -> str | list[str]:
    """Convert a value to a string, or a list to strings, which repeat the key in a query.

    Raises:
        ScaleArgumentError: If a value cannot be converted.
    """
    items = items_of(value)
    return text_of(argument, value) if items is None else texts_of(argument, items)


def iso_text(value: date, timespec: str = "auto") -> str:
    """Format a date or datetime as ISO 8601. A datetime without a time zone is UTC.

    Args:
        value: The date or datetime.
        timespec: The precision, as for ``datetime.isoformat()``.
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    zoned = value.replace(tzinfo=timezone.utc) if value.utcoffset() is None else value
    return zoned.isoformat(timespec=timespec)


def time_of(argument: str, value: object) -> str:
    """Convert a point in time to ISO 8601 text. A datetime without a time zone is UTC.

    Args:
        argument: The name of the argument, for the error.
        value: Text, a year, a date or datetime, or a time of numpy or pandas.

    Raises:
        ScaleArgumentError: If the value is of another type.
    """
    if _text(value) is None:
        raise ScaleArgumentError(
            argument, f"must be ISO 8601 text, a date or datetime, not {shown(value)}"
        )
    return iso_text(value) if isinstance(value, date) else text_of(argument, value)


def query_of(
    method: str,
    filters: Mapping[str, Any],
    wire_names: Mapping[str, str],
    checks: Mapping[str, Check],
) -> dict[str, Any]:
    """Build the query of a list endpoint.

    Args:
        method: The name of the calling method, for the error.
        filters: Filter names and values. Values of ``None``, ``""`` and ``[]`` are ignored.
        wire_names: The wire name of each filter that the client names differently.
        checks: The check of each filter, by its wire name.

    Raises:
        ScaleArgumentError: If a filter is unknown, is given twice or has an invalid value.
    """
    query: dict[str, Any] = {}
    for name, value in filters.items():
        wire_name = wire_names.get(name, name)
        if wire_name not in checks:
            raise ScaleArgumentError(name, f"is an illegal parameter for ScaleClient.{method}()")
        if not is_given(value) or (isinstance(value, Mapping) and not value):
            continue
        if wire_name in query:
            raise ScaleArgumentError(name, f"and {wire_name} are the same; give one of them")
        query[wire_name] = checks[wire_name](name, value)
    return query
