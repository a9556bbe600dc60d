"""Objects of the API: JSON objects with typed fields that are decoded on access."""

from __future__ import annotations

import copy
import json
import reprlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from .._http.response import JSONObject, bad_response, is_object, object_with
from ..exceptions import ScaleArgumentError
from .fields import Computed, Field, JSONView, optional
from .kinds import ANYTHING, TEXT, bare, plain

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["ApiObject", "Model", "Page"]


class ApiObject(JSONView):
    """An object of the v1 API.

    Two objects are equal if they have the same class and the same id. Objects without an id are
    equal if they have the same JSON.

    Args:
        json: The JSON of the object.
        client: The client that methods of the object use.
    """

    #: Keys that a response must have to be a valid object of this class.
    _required: ClassVar[tuple[str, ...]] = ()
    #: The key that identifies the object.
    _identity: ClassVar[str | None] = None
    #: The attributes in the ``repr``; ``str`` shows only the first.
    _shown: ClassVar[tuple[str, ...]] = ()

    # Do not rename: existing programs read ``task._json``.
    _json: JSONObject
    _client: Any

    def __init__(self, json: JSONObject, client: Any) -> None:
        self._json = json
        self._client = client

    @classmethod
    def _from(cls, json: object, client: Any) -> Self:
        """Create an object from a response, or raise ScaleBadResponse."""
        if is_object(json, *cls._required):
            return cls(json, client)
        error = bad_response(json, object_with(*cls._required))
        del json  # it may repeat a secret
        raise error

    @classmethod
    def _list_from(cls, json: object, client: Any, key: str | None = None) -> list[Self]:
        """Create objects from an array, or raise ScaleBadResponse.

        Args:
            json: The response.
            client: The client that methods of the objects use.
            key: The key of the array in the response. By default, the response is the array.
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
        """Return the JSON of the object, without copying it."""
        return self._json

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
        """Return the HTML card for notebooks."""
        from .._notebook import object_card  # noqa: PLC0415 - only notebooks need it

        return object_card(type(self).__name__, self._identity, self._json)

    def __copy__(self) -> Self:
        return self._with_json(dict(self._json))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self._with_json(copy.deepcopy(self._json, memo))


#: Bound once for speed, because a page of chat tasks creates thousands of models.
_new, _set = object.__new__, object.__setattr__

#: Short fields that identify a model, for its repr.
_TELLING = ("id", "task_id", "batch_id", "key", "type", "name", "role", "status", "source_id")


class Model(JSONView):
    """An object of the v2 API.

    Reading a field never fails: an absent field is ``None``, or an empty list if the service should
    always send it, and a value of an unexpected type is returned unchanged. Changes of nested
    values, such as ``task.threads.append(...)``, change the model. Two models are equal if they
    have the same class and the same JSON.

    A subclass can declare its own fields by annotations. Their values are sent unchanged.

    Args:
        **fields: The fields by name. ``None`` is the same as absent.

    Raises:
        TypeError: If there is no such field.
        ScaleArgumentError: If a field has a wrong type, or if a required field is missing.

    Example:
        >>> request = CreateBatchRequest(name="week_11", project_name="chats")
        >>> request.to_dict()
        {'name': 'week_11', 'project_name': 'chats', 'staging_batch': False}
    """

    #: Keys that a response must have to be a valid object of this class.
    _required: ClassVar[tuple[str, ...]] = ()
    #: Keys of which a request must have at least one.
    _one_of: ClassVar[tuple[str, ...]] = ()
    _fields: ClassVar[dict[str, Field[Any]]] = {}
    _has_variants: ClassVar[bool] = False

    #: Lists for arrays that are not in the JSON, in case something is appended to them.
    _lists: dict[str, list[Any]]

    def __init_subclass__(cls) -> None:
        _declare(cls)
        bases = [base for base in reversed(cls.__mro__) if base is not Model]
        cls._has_variants = any("_variant" in vars(base) for base in bases)
        cls._fields = {
            name: value
            for base in bases
            for name, value in vars(base).items()
            if isinstance(value, Field)
        }

    def __init__(self, **fields: Any) -> None:
        unknown = [name for name in fields if name not in self._fields]
        if unknown:
            raise TypeError(f"{type(self).__name__}() has no field {unknown[0]!r}")
        self._json = {}
        for name, value in fields.items():
            if value is not None:
                setattr(self, name, value)
        self._complete()

    def _complete(self) -> None:
        """Set defaults, and raise ScaleArgumentError if a required field is missing."""
        for field in self._fields.values():
            if self._json.get(field.key) is None:
                if field.needed:
                    raise ScaleArgumentError(field.key, "must be given")
                if field.default is not None:
                    self._json[field.key] = plain(field.key, field.default)

    @classmethod
    def _of(cls, json: JSONObject) -> Self:
        """Return a model of this JSON, without copying it."""
        model: Self = _new(cls._variant(json) if cls._has_variants else cls)
        _set(model, "_json", json)  # faster than model.__dict__, which is created on demand
        return model

    @classmethod
    def _variant(cls, json: JSONObject) -> type[Any]:  # noqa: ARG003 - for subclasses
        """Return the class for this JSON. A base class may choose a subclass."""
        return cls

    @classmethod
    def from_dict(cls, json: Mapping[str, Any]) -> Self:
        """Create a model from a JSON object, which is copied.

        Raises:
            ScaleArgumentError: If the argument is not a mapping, or cannot be converted to JSON.
        """
        if not isinstance(json, (Mapping, cls)):
            raise ScaleArgumentError("json", f"must be a dict, not {type(json).__name__}")
        return cls._of(plain("json", json))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Create a model from the text of a JSON object.

        Raises:
            ScaleArgumentError: If the text is not a JSON object.
        """
        try:
            value = json.loads(text)
        except (TypeError, ValueError, RecursionError) as error:
            raise ScaleArgumentError("text", f"must be JSON: {error}") from None
        if not isinstance(value, dict):
            raise ScaleArgumentError("text", "must be a JSON object")
        return cls._of(value)

    def to_dict(self) -> JSONObject:
        """Return a copy of the JSON, as the service sent it or as it will be sent."""
        copied: JSONObject = plain("json", self)
        return copied

    def to_json(self) -> str:
        """Return the JSON as text."""
        return json.dumps(self.to_dict())

    @property
    def additional_properties(self) -> JSONObject:
        """The keys of the JSON that are not declared as fields, with their values."""
        declared = {field.key for field in self._fields.values()}
        return {key: value for key, value in self._json.items() if key not in declared}

    @property
    def actual_instance(self) -> Self:
        """The object itself. In scaleapi 2, some objects were wrapped."""
        return self

    def _empty_list(self, key: str) -> list[Any]:
        lists: dict[str, list[Any]] = self.__dict__.setdefault("_lists", {})
        return lists.setdefault(key, [])

    def _note_set(self, field: Field[Any] | Computed[Any]) -> None:
        self._forget_list(field)
        super()._note_set(field)

    def _note_deleted(self, field: Field[Any] | Computed[Any]) -> None:
        self._forget_list(field)
        super()._note_deleted(field)

    def _forget_list(self, field: Field[Any] | Computed[Any]) -> None:
        if isinstance(field, Field):
            self.__dict__.get("_lists", {}).pop(field.key, None)

    def _current_json(self) -> JSONObject:
        for key, added in self.__dict__.get("_lists", {}).items():
            if added and self._json.get(key) is None:
                self._json[key] = added
        return self._json

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Model):
            return NotImplemented
        return bool(bare(self) == bare(other))

    __hash__ = None  # type: ignore[assignment]  # models are mutable

    def __repr__(self) -> str:
        shown = [name for name in _TELLING if isinstance(self._json.get(name), str)]
        texts = [f"{name}={self._json[name]!r}" for name in shown if name in self._fields]
        if "value" in self._fields and self._json.get("value") is not None:
            texts.append(f"value={_short(self._json['value'])}")
        return f"{type(self).__name__}({', '.join(texts)})"

    def __copy__(self) -> Self:
        other = self._with_json(dict(self._current_json()))
        other.__dict__.pop("_lists", None)
        return other

    if not TYPE_CHECKING:  # to type checkers, a class with __setattr__ has every attribute

        def __setattr__(self, name: str, value: object) -> None:
            # Subclasses may declare attributes of their own.
            if not name.startswith("_") and not hasattr(type(self), name):
                raise AttributeError(f"{type(self).__name__} has no field {name!r}")
            super().__setattr__(name, value)


def _short(value: object) -> str:
    """Return the repr of a value, cut where it becomes long."""
    reader = reprlib.Repr()
    reader.maxstring = reader.maxother = 80
    return reader.repr(value)


def _declare(cls: type[Model]) -> None:
    """Create fields from the annotations of a class, which is how scaleapi 2 declared fields."""
    for name, annotation in cls.__annotations__.items():
        value = vars(cls).get(name)
        if name.startswith("_") or isinstance(value, Field) or "ClassVar" in str(annotation):
            continue
        field: Field[Any] = Field(name, "", ANYTHING, needed=name not in vars(cls), default=value)
        field.__set_name__(cls, name)
        setattr(cls, name, field)


class Page(Model):
    """One page of a list."""

    next_token = optional(TEXT, "The cursor of the next page; absent, null or empty on the last.")
