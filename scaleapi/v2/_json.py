"""Values between Python and JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Any

from .._http.response import JSONObject
from ..exceptions import ScaleArgumentError

__all__ = ["View", "parse_time", "plain", "time_text"]

#: The forms of ISO 8601 that occur: a date, and most often a time and an offset after it.
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?(?:([Zz])|([+-]\d\d):?(\d\d))?)?"
)


_AS_IT_IS = {str, int, float, bool, type(None)}


class View:
    """Something that is a view of one JSON object."""

    _json: JSONObject


def plain(argument: str, value: Any) -> Any:
    """Return a copy of a value as JSON: times as ISO 8601, enum members as their values.

    Args:
        argument: The argument that it belongs to, for the error.
        value: Dicts, lists, models and what is in them.

    Raises:
        ScaleArgumentError: A key is no string, or a value cannot be JSON.
    """
    try:
        return _copy(argument, value)
    except RecursionError:
        pass  # and is no cause: its traceback is as deep
    raise ScaleArgumentError(argument, "must not be nested so deeply, or contain itself")


def _copy(argument: str, value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, View):
        value = value._json
    elif isinstance(value, Enum):
        value = value.value
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ScaleArgumentError(argument, "must have strings as keys")
        # Not str(), which is the name of a member.
        return {str.__str__(key): _copy(argument, one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copy(argument, one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    raise ScaleArgumentError(argument, f"must be JSON, which {type(value).__name__} is not")


def parse_time(text: object) -> datetime | None:
    """Return the time that a text names, ``None`` if it names none. UTC if no zone is given."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    day, minute, second, fraction, _, hours, minutes = match.groups()
    try:
        time = datetime.fromisoformat(f"{day}T{minute or '00:00'}{second or ':00'}+00:00")
        if hours:
            offset = timedelta(hours=int(hours), minutes=int(f"{hours[0]}{minutes}"))
            time = time.replace(tzinfo=timezone(offset))
    except ValueError:
        return None
    return time.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))


def time_text(argument: str, value: object) -> str:
    """Return a point in time as the service takes it. What names no zone is UTC.

    Raises:
        ScaleArgumentError: It is neither a date, nor a datetime, nor ISO 8601 text.
    """
    if isinstance(value, datetime):
        zoned = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        # %Y has less than four digits before the year 1000.
        return zoned.strftime(f"{zoned.year:04}-%m-%dT%H:%M:%S.%f%z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and parse_time(value) is not None:
        return value
    raise ScaleArgumentError(argument, f"must be ISO 8601 text, a date or datetime, not {value!r}")
