"""Checks of what a caller gives, made before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any

from .exceptions import ScaleArgumentError

__all__ = [
    "Check",
    "count_of",
    "flag_of",
    "object_of",
    "page_size_of",
    "query_of",
    "strings_of",
    "text_of",
    "texts_of",
    "time_of",
    "unicode_of",
]

#: Take an argument's name and what the caller gave; return what is to be sent.
Check = Callable[[str, Any], Any]


def text_of(argument: str, value: object) -> str:
    """Return a name, id or value given as a string or an enum member.

    Args:
        argument: The argument's name, for the error.
        value: What the caller gave.

    Raises:
        ScaleArgumentError: It is not a string, or is empty.
    """
    if isinstance(value, Enum):
        value = value.value
    if not isinstance(value, str):
        raise ScaleArgumentError(argument, f"must be a string, not {type(value).__name__}")
    if not value:
        raise ScaleArgumentError(argument, "must not be empty")
    return unicode_of(argument, value)


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
        ScaleArgumentError: It is a single string, no list, or one of its items is no string.
    """
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise ScaleArgumentError(argument, f"must be a list of strings, not {values!r}")
    return [text_of(f"each of {argument}", value) for value in values]


def flag_of(argument: str, value: object) -> bool:
    """Return a bool; ``"false"`` is none.

    Raises:
        ScaleArgumentError: It is something else.
    """
    if not isinstance(value, bool):
        raise ScaleArgumentError(argument, f"must be True or False, not {value!r}")
    return value


def object_of(argument: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        ScaleArgumentError: It is something else.
    """
    if not isinstance(value, Mapping):
        raise ScaleArgumentError(argument, f"must be a dict, not {type(value).__name__}")
    return dict(value)


def page_size_of(argument: str, value: object) -> int:
    """Return how many objects a page is to have, from 1 to 100.

    Raises:
        ScaleArgumentError: It is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
        raise ScaleArgumentError(argument, f"must be a whole number from 1 to 100, not {value!r}")
    return value


def count_of(argument: str, value: object, least: int = 0) -> int:
    """Return a whole number that is not below the least.

    Raises:
        ScaleArgumentError: It is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ScaleArgumentError(argument, f"must be a whole number from {least}, not {value!r}")
    return value


def texts_of(argument: str, values: object) -> list[str]:
    """Return one or several strings as a list. Whole numbers, which ids may be, are taken too.

    Raises:
        ScaleArgumentError: There is something else among them.
    """
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        values = [values]
    return [text_of(argument, str(one) if type(one) is int else one) for one in values]


def time_of(argument: str, value: object) -> str:
    """Return a point in time as ISO 8601 text.

    Raises:
        ScaleArgumentError: It is neither text nor a date or datetime.
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return text_of(argument, value)
    raise ScaleArgumentError(argument, f"must be ISO 8601 text, a date or datetime, not {value!r}")


def query_of(
    method: str,
    filters: Mapping[str, Any],
    wire_names: Mapping[str, str],
    checks: Mapping[str, Check],
) -> dict[str, Any]:
    """Return the query for a list.

    Args:
        method: The method that the caller used, for the error.
        filters: Filter names and values; ``None`` for a filter that is not used.
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
        if value is None:
            continue
        if wire_name in query:
            raise ScaleArgumentError(name, f"and {wire_name} are the same; give one of them")
        query[wire_name] = checks[wire_name](name, value)
    return query
