"""Fields of models, and the kinds of values that they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .._enums import StringEnum
from .._http.response import JSONObject
from ..exceptions import ScaleArgumentError
from ._json import View, parse_time, plain, time_text

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._model import Model

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
    "Field",
    "Id",
    "IdOr",
    "Kind",
    "Later",
    "ListOf",
    "Nested",
    "list_of",
    "maybe_empty",
    "optional",
    "required",
]

_T = TypeVar("_T")
_M = TypeVar("_M", bound="Model")
_E = TypeVar("_E", bound=StringEnum)


class Kind(Generic[_T]):
    """What a JSON value is in Python. It is used as it is if a subclass does not say otherwise."""

    def read(self, value: Any) -> _T:
        """Return what a JSON value is in Python; as it came when it is not as declared."""
        return value  # type: ignore[no-any-return]  # as declared

    def write(self, argument: str, value: Any) -> Any:
        """Return what a caller gave as JSON.

        Raises:
            ScaleArgumentError: It is something else.
        """
        return plain(argument, value)


class _Plain(Kind[_T]):
    def __init__(self, what: str, *types: type) -> None:
        self._what = what
        self._types = types

    def write(self, argument: str, value: Any) -> Any:
        value = plain(argument, value.value) if isinstance(value, Enum) else value
        is_bool = isinstance(value, bool) and bool not in self._types
        if is_bool or not isinstance(value, self._types):
            raise wrong(argument, self._what, value)
        return value


class _Time(Kind[datetime]):
    def read(self, value: Any) -> datetime:
        time = parse_time(value)
        return value if time is None else time

    def write(self, argument: str, value: Any) -> str:
        return time_text(argument, value)


class _Object(Kind[JSONObject]):
    def write(self, argument: str, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise wrong(argument, "a dict", value)
        return plain(argument, value)


class EnumOf(Kind["_E | str"]):
    """A string with known values; others stay strings."""

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
        """The id; scaleapi 2 had ids and objects in a wrapper."""
        return str(self)


class Nested(Kind[_M]):
    """An object in the object: a view of a part of the same JSON."""

    def __init__(self, model: type[_M]) -> None:
        self._model = model

    def read(self, value: Any) -> _M:
        return self._model._of(value) if isinstance(value, dict) else value

    def write(self, argument: str, value: Any) -> Any:
        if isinstance(value, self._model):
            return value._json
        if isinstance(value, View) or not isinstance(value, Mapping):
            raise wrong(argument, f"a {self._model.__name__} or a dict", value)
        return plain(argument, value)


class IdOr(Kind["Id | _M"]):
    """A reference: the id, or the object where it was expanded."""

    def __init__(self, model: type[_M]) -> None:
        self._nested = Nested(model)

    def read(self, value: Any) -> Id | _M:
        return Id(value) if isinstance(value, str) else self._nested.read(value)

    def write(self, argument: str, value: Any) -> Any:
        return str(value) if isinstance(value, str) else self._nested.write(argument, value)


class ListOf(Kind["list[_T]"]):
    """An array. What is read is a new list: to change the object's, assign one."""

    def __init__(self, item: Kind[_T]) -> None:
        self._item = item

    def read(self, value: Any) -> list[_T]:
        return list(map(self._item.read, value)) if isinstance(value, list) else value

    def write(self, argument: str, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise wrong(argument, "a list", value)
        return [self._item.write(f"each of {argument}", one) for one in value]


class Later(Kind[_T]):
    """A kind that is made when it is used, where two classes refer to each other.

    Args:
        make: Returns the kind.
    """

    def __init__(self, make: Callable[[], Kind[_T]]) -> None:
        self._make = make

    def read(self, value: Any) -> _T:
        return self._make().read(value)

    def write(self, argument: str, value: Any) -> Any:
        return self._make().write(argument, value)


class Field(Generic[_T]):
    """A typed view of one key of a model's JSON, see :func:`required` and :func:`optional`.

    Attributes:
        key: The key on the wire, by default the name of the attribute.
        kind: What its values are.
        needed: Whether a constructor must be given it.
        default: What a constructor fills in.
    """

    def __init__(
        self,
        kind: Kind[Any],
        doc: str,
        key: str = "",
        needed: bool = False,
        default: Any = None,
        absent: Callable[[], Any] = lambda: None,
    ) -> None:
        self.kind = kind
        self.key = key
        self.needed = needed
        self.default = default
        self._absent = absent
        self.__doc__ = doc
        self._read = kind.read

    def __set_name__(self, owner: type[Model], name: str) -> None:
        self.key = self.key or name

    @overload
    def __get__(self, instance: None, owner: type[Model]) -> Self: ...

    @overload
    def __get__(self, instance: Model, owner: type[Model]) -> _T: ...

    def __get__(self, instance: Model | None, owner: type[Model]) -> Self | _T:
        if instance is None:
            return self
        value = instance._json.get(self.key)
        read: _T = self._absent() if value is None else self._read(value)
        return read

    def __set__(self, instance: Model, value: _T) -> None:
        if value is not None:
            instance._json[self.key] = self.kind.write(self.key, value)
        elif self.needed:
            raise ScaleArgumentError(self.key, "must not be None")
        else:
            instance._json.pop(self.key, None)


def required(kind: Kind[_T], doc: str, *, key: str = "", default: _T | None = None) -> Field[_T]:
    """Return a field that the service always sends, and that a constructor must be given.

    An array that is absent nevertheless is empty: its type promises a list.

    Args:
        kind: What its values are.
        doc: What the field is.
        key: The key on the wire, by default the name of the attribute.
        default: What a constructor fills in.
    """
    absent = list if isinstance(kind, ListOf) else lambda: default
    return Field(kind, doc, key, default is None, default, absent)


def optional(kind: Kind[_T], doc: str, *, key: str = "") -> Field[_T | None]:
    """Return a field that may be absent, and is ``None`` then."""
    return Field(kind, doc, key)


def maybe_empty(kind: Kind[list[_T]], doc: str) -> Field[list[_T]]:
    """Return a field for an array that may be absent, and is empty then."""
    return Field(kind, doc, absent=list)


def wrong(argument: str, what: str, value: object) -> ScaleArgumentError:
    """Return the error for a value of a wrong type, which is not shown: it may be long."""
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
