"""Models: one JSON object each, with typed fields read from it when asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from .._http.response import JSONObject
from ..exceptions import ScaleArgumentError
from ._fields import TEXT, Field, optional
from ._json import View, plain

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Model", "Page"]

#: Fields that tell which object it is, and are short.
_TELLING = ("id", "task_id", "batch_id", "key", "type", "name", "role", "status", "source_id")


class Model(View):
    """One object of the v2 API.

    The JSON that the service sent is kept whole: keys and values that this version does not
    know survive. Reading never fails: a field that is absent is ``None``, or empty if it is an
    array that is always sent, and what is not as declared comes as it is. Two models are equal
    when they are of the same class and have the same JSON.

    Args:
        **fields: The fields by name. ``None`` is as good as absent.

    Raises:
        TypeError: There is no such field.
        ScaleArgumentError: A field has a wrong type, or is needed and not given.

    Example:
        >>> request = CreateBatchRequest(name="week_11", project_name="chats")
        >>> request.to_dict()
        {'name': 'week_11', 'project_name': 'chats', 'staging_batch': False}
    """

    #: Keys that an answer must have to be such an object.
    _required: ClassVar[tuple[str, ...]] = ()
    #: Keys of which a request must have one.
    _one_of: ClassVar[tuple[str, ...]] = ()
    _fields: ClassVar[dict[str, Field[Any]]] = {}

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Field)}
        cls._fields = {**cls._fields, **own}

    def __init__(self, **fields: Any) -> None:
        unknown = [name for name in fields if name not in self._fields]
        if unknown:
            raise TypeError(f"{type(self).__name__}() has no field {unknown[0]!r}")
        object.__setattr__(self, "_json", {})
        for name, value in fields.items():
            if value is not None:
                setattr(self, name, value)
        self._complete()

    def _complete(self) -> None:
        """Fill in defaults, and raise ScaleArgumentError if a needed field is absent."""
        for field in self._fields.values():
            if self._json.get(field.key) is None:
                if field.needed:
                    raise ScaleArgumentError(field.key, "must be given")
                if field.default is not None:
                    self._json[field.key] = field.default

    @classmethod
    def _of(cls, json: JSONObject) -> Self:
        """Return the model that is a view of this very JSON."""
        model: Self = object.__new__(cls._variant(json))
        model.__dict__["_json"] = json
        return model

    @classmethod
    def _variant(cls, json: JSONObject) -> type[Any]:  # noqa: ARG003 - for subclasses
        """Return the class for this JSON, which may be a subclass."""
        return cls

    @classmethod
    def from_dict(cls, json: Mapping[str, Any]) -> Self:
        """Return the model of a JSON object, which is copied.

        Raises:
            ScaleArgumentError: It is something else.
        """
        if not isinstance(json, Mapping):
            raise ScaleArgumentError("json", f"must be a dict, not {type(json).__name__}")
        return cls._of(plain("json", json))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the model of a JSON object as text.

        Raises:
            ScaleArgumentError: It is something else.
        """
        try:
            value = json.loads(text)
        except (TypeError, ValueError, RecursionError) as error:
            raise ScaleArgumentError("text", f"must be JSON: {error}") from None
        if not isinstance(value, dict):
            raise ScaleArgumentError("text", "must be a JSON object")
        return cls._of(value)

    def to_dict(self) -> JSONObject:
        """Return a copy of the JSON: what the service sent, or what will be sent to it."""
        copy: JSONObject = plain("json", self._json)
        return copy

    def to_json(self) -> str:
        """Return the JSON as text."""
        return json.dumps(self._json)

    @property
    def additional_properties(self) -> JSONObject:
        """What the JSON holds besides the declared fields."""
        declared = {field.key for field in self._fields.values()}
        return {key: value for key, value in self._json.items() if key not in declared}

    @property
    def actual_instance(self) -> Self:
        """The object itself; scaleapi 2 had some objects in a wrapper."""
        return self

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Model):
            return NotImplemented
        return self._json == other._json

    __hash__ = None  # type: ignore[assignment]  # what can change has no hash

    def __repr__(self) -> str:
        shown = [name for name in _TELLING if isinstance(self._json.get(name), str)]
        texts = ", ".join(f"{name}={self._json[name]!r}" for name in shown if name in self._fields)
        return f"{type(self).__name__}({texts})"

    def __copy__(self) -> Self:
        return self._of(dict(self._json))

    if not TYPE_CHECKING:  # for checkers a class with __setattr__ has every attribute

        def __setattr__(self, name: str, value: object) -> None:
            if name not in self._fields:
                raise AttributeError(f"{type(self).__name__} has no field {name!r}")
            super().__setattr__(name, value)


class Page(Model):
    """One page of a list."""

    next_token = optional(TEXT, "The cursor of the next page; absent, null or empty on the last.")
