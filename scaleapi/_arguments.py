"""Checks of what a caller gives, made before anything is sent.

One rule for all of them: what converts to the form of the wire without loss is converted, and
the rest is a ScaleArgumentError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any
from uuid import UUID

from .exceptions import ScaleArgumentError

__all__ = [
    "Check",
    "count_of",
    "flag_of",
    "is_given",
    "iso_text",
    "object_of",
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

#: Characters of a value that an error shows.
_SHOWN = 100


def shown(value: object) -> str:
    """Return a value as an error shows it."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - of a class of the caller's, or a number of many digits
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def is_given(value: object) -> bool:
    """Return whether an option is given: ``None``, ``""`` and an empty list mean that it is not."""
    if value is None:
        return False
    empty = isinstance(value, Sized) and not isinstance(value, Mapping) and len(value) == 0
    return not empty


def text_of(argument: str, value: object) -> str:
    """Return a name, id or value as text.

    Args:
        argument: The argument's name, for the error.
        value: A string, an enum member, a whole number, a UUID, or bytes in UTF-8.

    Raises:
        ScaleArgumentError: It is something else, or is empty.
    """
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, UUID):
        value = str(value)
    elif isinstance(value, bytes):
        value = value.decode("utf-8", "surrogateescape")  # rejected below
    elif not isinstance(value, (str, bool)) and hasattr(value, "__index__"):
        value = _digits(value)
    if not isinstance(value, str):
        raise ScaleArgumentError(argument, f"must be a string, not {type(value).__name__}")
    if not value:
        raise ScaleArgumentError(argument, "must not be empty")
    return unicode_of(argument, value)


def _digits(value: Any) -> str | None:
    try:
        return str(int(value))
    except (TypeError, ValueError):
        return None


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


def strings_of(argument: str, values: Iterable[object]) -> list[str]:
    """Return a list of strings.

    Raises:
        ScaleArgumentError: It is a single string, is not a list, or has an item that is not
            a string.
    """
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise ScaleArgumentError(argument, f"must be a list of strings, not {shown(values)}")
    return [text_of(f"each of {argument}", value) for value in values]


def flag_of(argument: str, value: object) -> bool:
    """Return a bool, given as one, as 0 or 1, or as the text ``"true"`` or ``"false"``.

    Raises:
        ScaleArgumentError: It is something else.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        flag = {"true": True, "false": False}.get(value.strip().lower())
        if flag is not None:
            return flag
    elif value is not None and not isinstance(value, (bytes, Iterable)):
        number = whole_number(value) if hasattr(value, "__index__") else _boolean(value)
        if number in (0, 1):
            return bool(number)
    raise ScaleArgumentError(argument, f"must be True or False, not {shown(value)}")


def _boolean(value: object) -> int | None:
    """Return a number that is 0 or 1, or a bool of another library such as numpy."""
    for number in (0, 1):
        if value == number:
            return number
    return None


def object_of(argument: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        ScaleArgumentError: It is something else.
    """
    if not isinstance(value, Mapping):
        raise ScaleArgumentError(argument, f"must be a dict, not {type(value).__name__}")
    return dict(value)


def whole_number(value: Any) -> int | None:
    """Return a number, or text of one, as an int if that loses nothing; else ``None``."""
    if isinstance(value, (bool, bytes, bytearray)):
        return None
    try:
        number = int(value)
        return number if isinstance(value, str) or number == value else None
    except (TypeError, ValueError, OverflowError):
        return None


def page_size_of(argument: str, value: object) -> int | None:
    """Return how many objects a page is to have, from 1 to 100; ``None`` for 0, the default.

    Raises:
        ScaleArgumentError: It is something else.
    """
    number = whole_number(value)
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
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        values = [values]
    return [text_of(argument, one) for one in values]


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
        value: Text, a date or datetime, or what a library such as numpy or pandas has for it.

    Raises:
        ScaleArgumentError: It is something else.
    """
    if isinstance(value, date):
        return iso_text(value)
    if isinstance(value, (str, bytes)):
        return text_of(argument, value)
    if type(value).__name__ == "datetime64":
        return text_of(argument, str(value))
    raise ScaleArgumentError(
        argument, f"must be ISO 8601 text, a date or datetime, not {shown(value)}"
    )


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
        if not is_given(value):
            continue
        if wire_name in query:
            raise ScaleArgumentError(name, f"and {wire_name} are the same; give one of them")
        query[wire_name] = checks[wire_name](name, value)
    return query
