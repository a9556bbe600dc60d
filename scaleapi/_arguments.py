"""Checks of what a caller gives, made before anything is sent.

One rule for all of them: what converts to the form of the wire without loss is converted, and
the rest is a ScaleArgumentError.
"""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date, datetime, time, timezone
from decimal import Decimal
from enum import Enum
from numbers import Real
from operator import index
from typing import Any
from uuid import UUID

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
    "query_of",
    "shown",
    "strings_of",
    "text_of",
    "texts_of",
    "time_of",
    "unicode_of",
    "whole_number",
]

#: Take an argument's name and what the caller gave; return what is sent.
Check = Callable[[str, Any], Any]

#: Characters of a value that an error shows; of the value, no more is written out either.
_SHOWN = 100
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxlong = _REPR.maxother = _SHOWN

#: What str() makes of values that stand for something missing: float, Decimal, numpy, pandas.
_MISSING = re.compile(r"[+-]?(s?nan\d*|inf(inity)?|nat)", re.IGNORECASE)

#: The end of a whole number with a decimal point.
_NO_FRACTION = re.compile(r"\.0*\s*$")

#: Decimals can be so large that int() does not end.
_LARGE = 10**30

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def shown(value: object) -> str:
    """Return a value as an error shows it."""
    try:
        text = _REPR.repr(value)
    except Exception:  # noqa: BLE001 - of a class of the caller's, or a number of many digits
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def is_given(value: object) -> bool:
    """Return whether an option is given: ``None``, ``""`` and an empty list mean that it is not."""
    if value is None:
        return False
    if not isinstance(value, Sized) or isinstance(value, Mapping):
        return True
    try:
        return len(value) > 0
    except Exception:  # noqa: BLE001 - a numpy scalar that is an array, or a class of the caller's
        return True


def _plain(value: object) -> object:
    """Return the value of an enum member, the text of bytes, and anything else as it is."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "surrogateescape")  # rejected as text that has no encoding
    return value


def is_bool(value: object) -> bool:
    """Return whether a value is a bool, of Python or of numpy."""
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _text(value: object) -> str | None:
    """Return what a value is as text, ``None`` if it is not a text, number, time or UUID."""
    value = _plain(value)
    if isinstance(value, str):
        return str.__str__(value)
    if is_bool(value):
        return None
    try:
        if isinstance(value, (UUID, date, time, Real, Decimal)) or _is_datetime64(value):
            text = str(value)
        else:
            text = str(index(value))  # type: ignore[arg-type]  # what is not an integer fails
    except Exception:  # noqa: BLE001 - of a class of the caller's, or a number of many digits
        return None
    return None if _MISSING.fullmatch(text) else text


def _is_datetime64(value: object) -> bool:
    return type(value).__name__ == "datetime64"  # of numpy, which need not be installed


def text_of(argument: str, value: object) -> str:
    """Return a name, id or value as text.

    Args:
        argument: The argument's name, for the error.
        value: A string, an enum member, a number, a date, a UUID, or bytes in UTF-8.

    Raises:
        ScaleArgumentError: It is something else, or is empty.
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
    """Return a text that has an encoding: half a character, a lone surrogate, has none.

    Raises:
        ScaleArgumentError: It has none.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ScaleArgumentError(argument, "must be valid Unicode text") from None
    return text


def items_of(values: object) -> list[Any] | None:
    """Return the items of a list, tuple, set, array or generator, ``None`` for anything else."""
    if isinstance(values, (str, bytes, bytearray, memoryview, Mapping)):
        return None
    if not isinstance(values, Iterable):
        return None
    try:
        return list(values)
    except TypeError:  # an array of numpy without a dimension
        return None


def strings_of(argument: str, values: Iterable[object]) -> list[str]:
    """Return a list of strings.

    Raises:
        ScaleArgumentError: It is a single string, is not a list, or has an item that is not
            a string.
    """
    items = items_of(values)
    if items is None:
        raise ScaleArgumentError(argument, f"must be a list of strings, not {shown(values)}")
    return [text_of(f"each of {argument}", item) for item in items]


def flag_of(argument: str, value: object, default: bool | None = None) -> bool:
    """Return a bool, given as one, as 0 or 1, or as the text of one.

    Args:
        argument: The argument's name, for the error.
        value: What the caller gave.
        default: What ``None``, ``""`` and ``[]`` mean; ``None`` if it must be given.

    Raises:
        ScaleArgumentError: It is something else.
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
    """Return a value as JSON.

    Raises:
        ScaleArgumentError: It cannot be JSON: a type that JSON does not have, NaN, a number of
            too many digits, a list that contains itself.
    """
    try:
        return json.dumps(value, allow_nan=False)
    except Exception as error:  # also what a class of the caller's raises
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ScaleArgumentError(argument, f"must be JSON: {reason}") from error


def object_of(argument: str, value: object) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        ScaleArgumentError: It is something else, or has a value that is not JSON.
    """
    if not isinstance(value, Mapping):
        raise ScaleArgumentError(argument, f"must be a dict, not {type(value).__name__}")
    json_object = dict(value)
    json_text(argument, json_object)
    return json_object


def whole_number(value: Any) -> int | None:
    """Return a number, or text of one, as an int if that loses nothing; else ``None``."""
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
    except Exception:  # noqa: BLE001 - not a number, or of a class of the caller's
        return None


def page_size_of(argument: str, value: object) -> int | None:
    """Return how many objects a page is to have, from 1 to 100; ``None`` for 0, the default.

    Raises:
        ScaleArgumentError: It is something else.
    """
    number = 0 if value is False else whole_number(value)
    if number is None or not 0 <= number <= 100:
        raise ScaleArgumentError(
            argument, f"must be a whole number from 1 to 100, not {shown(value)}"
        )
    return number or None


def count_of(argument: str, value: object, least: int = 0) -> int:
    """Return a whole number that is not below the least.

    Raises:
        ScaleArgumentError: It is something else.
    """
    number = whole_number(value)
    if number is None or number < least:
        raise ScaleArgumentError(
            argument, f"must be a whole number from {least}, not {shown(value)}"
        )
    return number


def texts_of(argument: str, values: object) -> list[str]:
    """Return one or several strings as a list.

    Raises:
        ScaleArgumentError: There is something else among them.
    """
    items = items_of(values)
    return [text_of(argument, item) for item in ([values] if items is None else items)]


def one_or_several(argument: str, value: object) -> str | list[str]:
    """Return a string, or the strings of a list, for which a key of the query is repeated.

    Raises:
        ScaleArgumentError: There is something else among them.
    """
    items = items_of(value)
    return text_of(argument, value) if items is None else texts_of(argument, items)


def iso_text(value: date, timespec: str = "auto") -> str:
    """Return a date or datetime as ISO 8601 text. A time without a zone is UTC.

    Args:
        value: The date or datetime.
        timespec: How exact a time is, as for ``datetime.isoformat()``.
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    zoned = value.replace(tzinfo=timezone.utc) if value.utcoffset() is None else value
    return zoned.isoformat(timespec=timespec)


def time_of(argument: str, value: object) -> str:
    """Return a point in time as ISO 8601 text. A datetime without a zone is UTC.

    Args:
        argument: The argument's name, for the error.
        value: Text, a year, a date or datetime, or what a library such as numpy or pandas has
            for it.

    Raises:
        ScaleArgumentError: It is something else.
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
    """Return the query for a list.

    Args:
        method: The method that the caller used, for the error.
        filters: Filter names and values; ``None``, ``""`` and ``[]`` for one that is not used.
        wire_names: The wire's name of each filter that the client calls otherwise.
        checks: The check of each filter, by its name on the wire.

    Raises:
        ScaleArgumentError: A filter is unknown, is given twice or has a bad value.
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
