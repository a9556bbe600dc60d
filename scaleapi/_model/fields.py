"""Fields of objects: typed views of the keys of one JSON dict."""

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
    """What objects of v1 and models of v2 have in common.

    The JSON that the service sent is kept whole: keys and values that this version does not
    know survive.
    """

    #: Fields that the caller deleted: they are no attributes until they are set again.
    _deleted: frozenset[str] = frozenset()

    def _absent(self, name: str) -> None:
        """React to a field whose key the JSON does not have."""
        if name in self._deleted:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _empty_list(self, key: str) -> list[Any]:
        """Return the list of an array that the JSON does not have."""
        return []

    def _note_set(self, field: Field[Any] | Computed[Any]) -> None:
        """Take note that a field was set."""
        if field.name in self._deleted:
            self._deleted -= {field.name}

    def _note_deleted(self, field: Field[Any] | Computed[Any]) -> None:
        """Take note that a field was deleted."""
        self._deleted |= {field.name}

    def _with_json(self, json: JSONObject) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _json=json)
        return other


class Field(Generic[_T]):
    """A typed view of one key of an object's JSON.

    Args:
        key: The key on the wire; ``""`` for the name of the attribute.
        doc: What the field is.
        kind: What its values are; by default they are as in the JSON.
        needed: Whether a constructor must be given it.
        default: What a constructor fills in.
        is_list: Whether it is an empty list if the JSON does not have it, instead of ``None``.

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
        # A class may have a second name for it.
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
                instance._json[self.key] = value  # so that changes of it are kept
        return value  # type: ignore[no-any-return]  # as declared

    def _missing(self, instance: JSONView) -> Any:
        """Return what stands for an absent or null value."""
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
        self.__get__(instance, type(instance))  # which fails if there is nothing to delete
        instance._json.pop(self.key, None)
        instance._note_deleted(self)


def required(kind: Kind[_T], doc: str, *, key: str = "", default: _T | None = None) -> Field[_T]:
    """Return a field that the service always sends, and that a constructor must be given.

    An array that is absent nevertheless is empty: its type promises a list.

    Args:
        kind: What its values are.
        doc: What the field is.
        key: The key on the wire, by default the name of the attribute.
        default: What a constructor fills in.
    """
    is_list = isinstance(kind, ListOf)
    return Field(key, doc, kind, needed=default is None, default=default, is_list=is_list)


def optional(kind: Kind[_T], doc: str, *, key: str = "") -> Field[_T | None]:
    """Return a field that may be absent, and is ``None`` then."""
    return Field(key, doc, kind)


def maybe_empty(kind: Kind[list[_T]], doc: str) -> Field[list[_T]]:
    """Return a field for an array that may be absent, and is empty then."""
    return Field("", doc, kind, is_list=True)


class Computed(Generic[_T]):
    """A property that can be set and deleted: scaleapi 2 has a plain attribute in its place."""

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
        self.__get__(instance, type(instance))  # as above
        instance.__dict__.pop(self.name, None)
        instance._note_deleted(self)

    def reset(self, instance: JSONView) -> None:
        """Let it be computed again."""
        instance.__dict__.pop(self.name, None)
        instance._note_set(self)
