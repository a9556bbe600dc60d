"""Checks of what a caller gives, made before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from .exceptions import ScaleArgumentError

__all__ = ["flag_of", "object_of", "page_size_of", "strings_of", "text_of"]


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
    return value


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
