"""Kinds of field values: how they are converted from JSON to Python and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar
from uuid import UUID

from .._arguments import iso_text
from .._enums import StringEnum
from .._http.response import JSONObject
from ..exceptions import ScaleArgumentError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "ANYTHING",
    "FLAG",
    "NUMBER",
    "OBJECT",
    "TEXT",
    "TEXTS",
    "TIME",
    "WHOLE",
    "EnumOf",
    "Id",
    "IdOr",
    "Kind",
    "Later",
    "ListOf",
    "Nested",
    "View",
    "bare",
    "list_of",
    "plain",
    "time_text",
    "wrong",
]

_T = TypeVar("_T")
_M = TypeVar("_M", bound="View")
_E = TypeVar("_E", bound=StringEnum)


class View:
    """A view of a JSON object. Nested objects in the JSON may be replaced by their views."""

    _json: JSONObject

    @classmethod
    def _of(cls, json: JSONObject) -> Self:
        """Return a view of this JSON, without copying it."""
        view = object.__new__(cls)
        view._json = json
        return view

    def _current_json(self) -> JSONObject:
        """Return the JSON, including all changes."""
        return self._json


class Kind(Generic[_T]):
    """How a JSON value is converted to Python and back. The base class does not convert it."""

    #: The JSON types that :meth:`read` converts.
    decoded: frozenset[type] = frozenset()
    #: Whether the converted value is mutable, and therefore replaces the JSON value.
    mutable: ClassVar[bool] = False

    def read(self, value: Any) -> _T:
        """Convert a JSON value to Python. A value of an unexpected type is returned unchanged."""
        return value  # type: ignore[no-any-return]  # as declared

    def write(self, argument: str, value: Any) -> Any:
        """Convert a Python value to JSON.

        Raises:
            ScaleArgumentError: If the value has a wrong type.
        """
        return plain(argument, value)


class _Plain(Kind[_T]):
    def __init__(self, what: str, *types: type) -> None:
        self._what = what
        self._types = types

    def write(self, argument: str, value: Any) -> Any:
        given = value
        if isinstance(value, Enum):
            value = plain(argument, value.value)
        elif isinstance(value, Decimal) and value.is_finite() and int in self._types:
            value = int(value) if value == value.to_integral_value() else float(value)
        is_bool = isinstance(value, bool) and bool not in self._types
        if is_bool or not isinstance(value, self._types):
            raise wrong(argument, self._what, given)
        return value


class _Time(Kind[datetime]):
    decoded = frozenset({str})

    def read(self, value: Any) -> datetime:
        time = _parsed(value) if isinstance(value, str) else None
        return super().read(value) if time is None else time

    def write(self, argument: str, value: Any) -> str:
        return time_text(argument, value)


class _Object(Kind[JSONObject]):
    def write(self, argument: str, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise wrong(argument, "a dict", value)
        return plain(argument, value)


class EnumOf(Kind["_E | str"]):
    """A string with known values. Unknown values stay strings."""

    decoded = frozenset({str})

    def __init__(self, enum: type[_E]) -> None:
        self._enum = enum
        self._members = {member.value: member for member in enum}

    def read(self, value: Any) -> _E | str:
        return self._members.get(value, value) if isinstance(value, str) else value

    def write(self, argument: str, value: Any) -> Any:
        if not isinstance(value, str):
            raise wrong(argument, f"a {self._enum.__name__} or a string", value)
        return plain(argument, value)


class Id(str):
    """The id of an object that the service did not expand: a string."""

    __slots__ = ()

    @property
    def actual_instance(self) -> str:
        """The id. In scaleapi 2, ids and objects were wrapped."""
        return str(self)


class Nested(Kind[_M]):
    """A nested object."""

    decoded = frozenset({dict})
    mutable = True

    def __init__(self, model: type[_M]) -> None:
        self._model = model
        self._of = model._of

    def read(self, value: Any) -> _M:
        return self._of(value) if isinstance(value, dict) else value

    def write(self, argument: str, value: Any) -> Any:
        if isinstance(value, self._model):
            return value
        if isinstance(value, View) or not isinstance(value, Mapping):
            raise wrong(argument, f"a {self._model.__name__} or a dict", value)
        return plain(argument, value)


class IdOr(Kind["Id | _M"]):
    """A reference: an id, or the object if it was expanded."""

    decoded = frozenset({str, dict})
    mutable = True

    def __init__(self, model: type[_M]) -> None:
        self._nested = Nested(model)

    def read(self, value: Any) -> Id | _M:
        return Id(value) if isinstance(value, str) else self._nested.read(value)

    def write(self, argument: str, value: Any) -> Any:
        return str(value) if isinstance(value, str) else self._nested.write(argument, value)


class ListOf(Kind["list[_T]"]):
    """An array. It is read without a copy: the items of the JSON list are converted in place."""

    def __init__(self, item: Kind[_T]) -> None:
        self._item = item
        self._read, self._decoded = item.read, item.decoded
        self.decoded = frozenset({list}) if item.decoded else frozenset()

    def read(self, value: Any) -> list[_T]:
        if isinstance(value, list) and not self._decoded.isdisjoint(map(type, value)):
            value[:] = map(self._read, value)
        return value  # type: ignore[no-any-return]  # as declared

    def write(self, argument: str, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise wrong(argument, "a list", value)
        return [self._item.write(f"each of {argument}", one) for one in value]


class Later(Kind[_T]):
    """A reference whose kind is created on first use, for classes that refer to each other.

    Args:
        make: A function that returns the kind.
    """

    decoded = IdOr.decoded
    mutable = True

    def __init__(self, make: Callable[[], Kind[_T]]) -> None:
        self._make = make

    def read(self, value: Any) -> _T:
        return self._make().read(value)

    def write(self, argument: str, value: Any) -> Any:
        return self._make().write(argument, value)


def wrong(argument: str, what: str, value: object) -> ScaleArgumentError:
    """Create the error for a value of a wrong type. It shows the type, as values may be long."""
    return ScaleArgumentError(argument, f"must be {what}, not {type(value).__name__}")


TEXT: Kind[str] = _Plain("a string", str)
FLAG: Kind[bool] = _Plain("True or False", bool)
WHOLE: Kind[int] = _Plain("a whole number", int)
NUMBER: Kind[float] = _Plain("a number", int, float)
TIME: Kind[datetime] = _Time()
OBJECT: Kind[JSONObject] = _Object()
ANYTHING: Kind[Any] = Kind()
TEXTS: Kind[list[str]] = ListOf(TEXT)


def list_of(model: type[_M]) -> ListOf[_M]:
    """Return the kind of an array of objects."""
    return ListOf(Nested(model))


def bare(value: Any) -> Any:
    """Return a copy of JSON in which views are replaced by their JSON."""
    if isinstance(value, View):
        value = value._current_json()
    if isinstance(value, dict):
        return {key: bare(one) for key, one in value.items()}
    return [bare(one) for one in value] if isinstance(value, list) else value


def plain(argument: str, value: Any) -> Any:
    """Convert a value to JSON, as a copy.

    Args:
        argument: The name of the argument, for the error.
        value: A value of any type that JSON has, or a model. Dates, times, enum members, decimals
            and UUIDs become strings, as in scaleapi 2. A time without a time zone is UTC.

    Raises:
        ScaleArgumentError: If a key is not a string, or if a value cannot be converted.
    """
    try:
        return _copy(argument, value)
    except RecursionError:
        pass  # not chained, because its traceback is very deep
    raise ScaleArgumentError(argument, "must not contain itself or be nested too deeply")


_AS_IT_IS = {str, int, float, bool, type(None)}


def _copy(argument: str, value: Any) -> Any:
    if isinstance(value, View):
        value = value._current_json()
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ScaleArgumentError(argument, "must have strings as keys")
        # Not str(), which does not return the value for every enum class.
        return {str.__str__(key): _copy(argument, one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copy(argument, one) for one in value]
    return _scalar(argument, value)


def _scalar(argument: str, value: Any) -> Any:
    value = value.value if isinstance(value, Enum) else value
    for kind, write in _SCALARS.items():
        if isinstance(value, kind):
            return write(value)
    raise ScaleArgumentError(argument, f"must be JSON, got {type(value).__name__}")


def _unchanged(value: Any) -> Any:
    return value


#: How scalar values are converted to JSON.
_SCALARS: dict[type, Callable[[Any], Any]] = {
    str: str.__str__,
    int: _unchanged,
    float: _unchanged,
    date: iso_text,
    Decimal: str,
    UUID: str,
}


#: The supported forms of ISO 8601: a date, optionally with a time and an offset.
_TIME = (
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?(?:([Zz])|([+-]\d\d):?(\d\d))?)?"
)
_LENGTH_OF_A_DATE = len("2025-01-02")

#: Larger Unix times are in milliseconds, as in scaleapi 2.
_LAST_SECOND = 20_000_000_000


def _parsed(text: str, zone: timezone | None = timezone.utc) -> datetime | None:
    """Parse a time; return ``None`` if the text is not one.

    Args:
        text: The text.
        zone: The time zone of a text without one.
    """
    match = re.fullmatch(_TIME, text)
    if match is None:
        return None
    day, minute, second, fraction, utc, hours, minutes = match.groups()
    try:
        time = datetime.fromisoformat(f"{day}T{minute or '00:00'}{second or ':00'}")
        if hours:
            zone = timezone(timedelta(hours=int(hours), minutes=int(f"{hours[0]}{minutes}")))
    except ValueError:
        return None
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    return time.replace(microsecond=micros, tzinfo=timezone.utc if utc else zone)


def time_text(argument: str, value: object) -> str:
    """Convert a point in time to text for the v2 API. A time without a time zone is UTC.

    Args:
        argument: The name of the argument, for the error.
        value: A date, a datetime, ISO 8601 text, or a Unix time in seconds.

    Raises:
        ScaleArgumentError: If the value has another type.
    """
    time = value
    if isinstance(value, str):
        time = _parsed(value, None)
        has_zone = isinstance(time, datetime) and time.tzinfo is not None
        if has_zone or (time is not None and len(value) == _LENGTH_OF_A_DATE):
            return value  # a date without a time is interpreted as UTC
    elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        time = _unix_time(value)
    if isinstance(time, datetime):
        head, _, tail = iso_text(time, "microseconds").rpartition(":")
        return head + tail  # the offset without a colon, as in scaleapi 2
    if isinstance(time, date):
        return iso_text(time)
    raise ScaleArgumentError(argument, f"must be ISO 8601 text, a date or datetime, not {value!r}")


def _unix_time(value: float | Decimal) -> datetime | None:
    try:
        number = float(value)
        seconds = number / 1000 if abs(number) > _LAST_SECOND else number
        return datetime.fromtimestamp(seconds, timezone.utc)
    except (OverflowError, ValueError, OSError):
        return None
