"""JSON of what was JSON, whatever is in it."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["to_json"]

#: Levels of what is nested so deeply that it cannot be written.
_DEEPEST = 100

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def to_json(value: object) -> str:
    """Return JSON. What JSON cannot say becomes ``null``: NaN, infinity, what is nested deeply."""
    try:
        return _encode(value)
    except (ValueError, RecursionError):
        return _encode(_sayable(value, _DEEPEST))


def _sayable(value: Any, levels: int) -> Any:
    if isinstance(value, dict):
        return {key: _sayable(one, levels - 1) for key, one in value.items()} if levels else None
    if isinstance(value, (list, tuple)):
        return [_sayable(one, levels - 1) for one in value] if levels else None
    return None if isinstance(value, float) and value - value != 0 else value
