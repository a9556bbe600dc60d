"""Objects of the API: one JSON dict each, with typed fields read from it when asked for."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from ._http.response import JSONObject, bad_response, is_object, object_with

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["ApiObject", "Field"]

_T = TypeVar("_T")


class Field(Generic[_T]):
    """A typed view of one key of an object's JSON.

    It is ``None`` if the key is absent, unless the object says otherwise.

    Args:
        key: The key on the wire.
        doc: What the field is.

    Example:
        >>> class Task(ApiObject):
        ...     id = Field[str]("task_id", "The task's id.")
    """

    def __init__(self, key: str, doc: str) -> None:
        self.key = key
        self.__doc__ = doc

    @overload
    def __get__(self, instance: None, owner: type[ApiObject]) -> Self: ...

    @overload
    def __get__(self, instance: ApiObject, owner: type[ApiObject]) -> _T: ...

    def __get__(self, instance: ApiObject | None, owner: type[ApiObject]) -> Self | _T:
        if instance is None:
            return self
        value: _T = instance._json.get(self.key)  # type: ignore[assignment]  # as declared
        if value is None and self.key not in instance._json:
            instance._absent(self.key)
        return value

    def __set__(self, instance: ApiObject, value: _T) -> None:
        instance._json[self.key] = value


class ApiObject:
    """One object of the API.

    The JSON that the service sent is kept whole: keys and values that this version does not
    know survive. Two objects are equal when they are of the same class and have the same
    identity, as two copies of a task do; an object without an identity is equal to one with
    the same JSON.

    Args:
        json: The object as the service sent it.
        client: The client that further calls go through.
    """

    #: Keys that a response must have to be such an object.
    _required: ClassVar[tuple[str, ...]] = ()
    #: The key that tells which object it is.
    _identity: ClassVar[str | None] = None
    #: Attributes that ``repr`` shows; ``str`` shows the first.
    _shown: ClassVar[tuple[str, ...]] = ()

    _json: JSONObject
    _client: Any

    def __init__(self, json: JSONObject, client: Any) -> None:
        self._json = json
        self._client = client

    @classmethod
    def _from(cls, json: object, client: Any) -> Self:
        """Return the object that a response is, or raise ScaleBadResponse."""
        if is_object(json, *cls._required):
            return cls(json, client)
        error = bad_response(json, object_with(*cls._required))
        del json  # it may repeat a secret
        raise error

    @classmethod
    def _list_from(cls, json: object, client: Any, key: str | None = None) -> list[Self]:
        """Return the objects of an array, or raise ScaleBadResponse.

        Args:
            json: The response.
            client: The client that further calls of the objects go through.
            key: Where the response has the array; by default it is one.
        """
        array = json if key is None else json.get(key) if isinstance(json, dict) else None
        if not isinstance(array, list):
            error = bad_response(json, "a JSON array")
        elif all(is_object(one, *cls._required) for one in array):
            return [cls(one, client) for one in array]
        else:
            error = bad_response(json, object_with(*cls._required))
        del json, array  # as above
        raise error

    def as_dict(self) -> JSONObject:
        """Return the object's JSON, as the service sent it."""
        return self._json

    def _absent(self, key: str) -> None:
        """React to a field whose key the service left out."""

    def _identify(self) -> object:
        return None if self._identity is None else self._json.get(self._identity)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, ApiObject):
            return NotImplemented
        identity = self._identify()
        if identity is None:
            return self._json == other._json
        return identity == other._identify()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._identify()))

    def __str__(self) -> str:
        name = self._shown[0]
        return f"{type(self).__name__}({name}={getattr(self, name, None)})"

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name, None)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"

    def _repr_html_(self) -> str:
        """Return the card that a notebook shows."""
        from ._cards import object_card  # noqa: PLC0415 - only a notebook asks

        return object_card(type(self).__name__, self._identity, self._json)

    def __copy__(self) -> Self:
        return self._with_json(dict(self._json))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self._with_json(copy.deepcopy(self._json, memo))

    def _with_json(self, json: JSONObject) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _json=json)
        return other
