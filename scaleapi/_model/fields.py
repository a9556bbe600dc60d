"""Fields of objects: typed views of the keys of a JSON object."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .._http.response import JSONObject
from ..exceptions import ScaleArgumentError
from .kinds import Kind, ListOf, View

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Computed", "Field", "JSONView", "maybe_empty", "optional", "required"]

_T = TypeVar("_T")


class JSONView(View):
    """The common base of v1 objects and v2 models.

    The JSON is kept complete, including keys and values that this version does not know.
    """

    #: Fields that were deleted. They do not exist as attributes until they are set again.
    _deleted: frozenset[str] = frozenset()

    def _absent(self, name: str) -> None:
        """Handle a read of a field whose key is not in the JSON."""
        if name in self._deleted:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _empty_list(self, key: str) -> list[Any]:
        """Return the list for an array that is not in the JSON."""
        return []

    def _note_set(self, field: Field[Any] | Computed[Any]) -> None:
        """Record that a field was set."""
        if field.name in self._deleted:
            self._deleted -= {field.name}

    def _note_deleted(self, field: Field[Any] | Computed[Any]) -> None:
        """Record that a field was deleted."""
        self._deleted |= {field.name}

    def _with_json(self, json: JSONObject) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _json=json)
        return other


class Field(Generic[_T]):
    """A typed view of one key of an object's JSON.

    Args:
        key: The key in the JSON; ``""`` if it is the name of the attribute.
        doc: The description of the field.
        kind: How its values are converted. By default, they are not.
        needed: Whether the field is a required argument of the constructor.
        default: The default that the constructor sets.
        is_list: Whether an absent value is an empty list instead of ``None``.

    Example:
        >>> class Task(ApiObject):
        ...     id = Field[str]("task_id", "The task's id.")
    """

    def __init__(
        self,
        key: str,
        doc: str,
        kind: Kind[Any] | None = None,
        *,
        needed: bool = False,
        default: Any = None,
        is_list: bool = False,
    ) -> None:
        self.key = key
        self.name = ""
        self.__doc__ = doc
        self.kind = kind
        self.needed = needed
        self.default = default
        self.is_list = is_list
        self._read = kind.read if kind is not None and kind.decoded else None
        self._keeps = kind is not None and kind.mutable

    def __set_name__(self, owner: type[JSONView], name: str) -> None:
        # A class may assign the same field to a second name.
        self.key, self.name = self.key or name, self.name or name

    @overload
    def __get__(self, instance: None, owner: type[JSONView]) -> Self: ...

    @overload
    def __get__(self, instance: JSONView, owner: type[JSONView]) -> _T: ...

    def __get__(self, instance: JSONView | None, owner: type[JSONView]) -> Self | _T:
        if instance is None:
            return self
        value: Any = instance._json.get(self.key)
        if value is None:
            value = self._missing(instance)
        elif self._read:
            value = self._read(value)
            if self._keeps:
                instance._json[self.key] = value  # keeps later changes to the value
        return value  # type: ignore[no-any-return]  # as declared

    def _missing(self, instance: JSONView) -> Any:
        """Return the value of a field that is absent or null."""
        if self.key not in instance._json:
            instance._absent(self.name)
        return instance._empty_list(self.key) if self.is_list else self.default

    def __set__(self, instance: JSONView, value: _T) -> None:
        if self.kind is None:
            instance._json[self.key] = value
        elif value is not None:
            instance._json[self.key] = self.kind.write(self.key, value)
        elif self.needed:
            raise ScaleArgumentError(self.key, "must not be None")
        else:
            instance._json.pop(self.key, None)
        instance._note_set(self)

    def __delete__(self, instance: JSONView) -> None:
        self.__get__(instance, type(instance))  # raises if there is nothing to delete
        instance._json.pop(self.key, None)
        instance._note_deleted(self)


def required(kind: Kind[_T], doc: str, *, key: str = "", default: _T | None = None) -> Field[_T]:
    """Declare a field that the service always sends, and that constructors require.

    If an array is absent nevertheless, the value is an empty list.

    Args:
        kind: How its values are converted.
        doc: The description of the field.
        key: The key in the JSON. By default, the name of the attribute.
        default: The default that the constructor sets.
    """
    is_list = isinstance(kind, ListOf)
    return Field(key, doc, kind, needed=default is None, default=default, is_list=is_list)


def optional(kind: Kind[_T], doc: str, *, key: str = "") -> Field[_T | None]:
    """Declare a field that may be absent, and is ``None`` then."""
    return Field(key, doc, kind)


def maybe_empty(kind: Kind[list[_T]], doc: str) -> Field[list[_T]]:
    """Declare a field for an array that may be absent, and is an empty list then."""
    return Field("", doc, kind, is_list=True)


class Computed(Generic[_T]):
    """A property that can be set and deleted, like the plain attribute that scaleapi 2 had."""

    def __init__(self, compute: Callable[[Any], _T]) -> None:
        self.compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type[JSONView], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type[JSONView]) -> Self: ...

    @overload
    def __get__(self, instance: JSONView, owner: type[JSONView]) -> _T: ...

    def __get__(self, instance: JSONView | None, owner: type[JSONView]) -> Self | _T:
        if instance is None:
            return self
        if self.name in instance.__dict__:
            value: _T = instance.__dict__[self.name]
            return value
        instance._absent(self.name)
        return self.compute(instance)

    def __set__(self, instance: JSONView, value: _T) -> None:
        instance.__dict__[self.name] = value
        instance._note_set(self)

    def __delete__(self, instance: JSONView) -> None:
        self.__get__(instance, type(instance))  # raises if there is nothing to delete
        instance.__dict__.pop(self.name, None)
        instance._note_deleted(self)

    def reset(self, instance: JSONView) -> None:
        """Discard a value that was set, so that it is computed again."""
        instance.__dict__.pop(self.name, None)
        instance._note_set(self)
