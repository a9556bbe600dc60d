"""JSON documents."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, TypeGuard

JsonObject = dict[str, Any]
"""A JSON object; its values are of any JSON type."""


def dumps(value: object) -> str:
    """Return ``value`` as compact JSON."""
    return json.dumps(value, separators=(",", ":"))


def decimal(value: float) -> str:
    """Return a number in digits, without an exponent or a zero fraction."""
    return f"{Decimal(repr(value)):f}".removesuffix(".0")


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Return whether a decoded JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Return whether a decoded JSON value is an array."""
    return isinstance(value, list)
