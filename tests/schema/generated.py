"""Random responses that match the schema, or contain undeclared values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any, TypeVar

from tests.schema.description import MODELS, Schema, declared_properties, model_name

__all__ = ["ANNOTATIONS", "TIMES", "UNKNOWN_KEYS", "Maker"]

_T = TypeVar("_T")

#: Types of annotations, and the models of these types.
ANNOTATIONS: dict[str, str] = {
    kind: reference.rpartition("/")[2]
    for kind, reference in MODELS["Annotation"]["discriminator"]["mapping"].items()
}

_INDIA = timezone(timedelta(hours=5, minutes=30))
_UTC = timezone.utc

#: Times as the service and its samples write them, and the times that they mean.
TIMES = {
    "2024-01-01T00:00:00Z": datetime(2024, 1, 1, tzinfo=_UTC),
    "2026-01-05T10:00:00.123Z": datetime(2026, 1, 5, 10, 0, 0, 123_000, _UTC),
    "2025-01-02T03:04:05.678901+0000": datetime(2025, 1, 2, 3, 4, 5, 678_901, _UTC),
    "2025-12-31T23:59:59.5+05:30": datetime(2025, 12, 31, 23, 59, 59, 500_000, _INDIA),
    "2025-03-01T08:30:00-0800": datetime(2025, 3, 1, 8, 30, tzinfo=timezone(-timedelta(hours=8))),
    "2024-02-29": datetime(2024, 2, 29, tzinfo=_UTC),
}

UNKNOWN_KEYS = ("brand_new", "createdWith", "_json", "__class__", "to_dict", "clé", "")
_UNKNOWN_VALUES = ("brand_new", "Completed ", "")
_TEXTS = (
    "kettle",
    "",
    "null",
    "Wie entkalke ich…? 🫖",
    "line\nline\t\x00",
    "\ud83d",
    "0",
    "\\u0041",
)
_WHOLE = (0, 1, -1, 7, 2**31, 2**63, -(10**20))
_NUMBERS = (*_WHOLE, 0.0, -0.5, 0.1, 1e300, 5e-324)
_MIME_TYPES = ("image/png", "IMAGE/JPEG", "audio/mpeg", "application/pdf", "imagery/x", "")


class Maker:
    """Makes random JSON of a model.

    Args:
        seed: What the choices follow from.
        room: How many objects an response may have before only what is required is added.
        strange: Whether to add keys, values of enums and types that nobody has declared, and to
            leave out what real annotations lack.
    """

    def __init__(self, seed: int, room: int, *, strange: bool = False) -> None:
        self._random = Random(seed)
        self._room = room
        self._strange = strange

    def make(self, schema: Schema) -> Any:
        """Return a value as a schema declares it."""
        if "$ref" in schema:
            return self._model(model_name(schema))
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._one_of_enum(schema["enum"])
        if schema.get("format") == "date-time":
            return self._pick(tuple(TIMES))
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return self._of_kind(self._pick(kinds), schema)

    def _of_kind(self, kind: str, schema: Schema) -> Any:
        if kind == "array":
            return [self.make(schema["items"]) for _ in range(self._few())]
        if kind == "object":
            return {self._pick(_TEXTS): self._anything() for _ in range(self._few())}
        values: dict[str, Sequence[Any]] = {
            "string": _TEXTS,
            "boolean": (True, False),
            "integer": _WHOLE,
            "number": _NUMBERS,
            "null": (None,),
        }
        return self._pick(values[kind])

    def _model(self, name: str) -> Any:
        model = MODELS[name]
        if "properties" in model:
            return self._object(name)
        arms = model.get("oneOf") or model.get("anyOf")
        if arms is None:
            return self.make(model)
        value = self.make(self._pick(arms if self._room > 0 else arms[:1]))
        if self._strange and name == "Annotation":
            self._make_strange_annotation(value)
        if self._strange and name == "Chunk" and self._chance(0.3):
            value["type"] = "picture"
            del value["text"]
        return value

    def _object(self, name: str) -> dict[str, Any]:
        self._room -= 1
        required = MODELS[name].get("required", ())
        made: dict[str, Any] = {}
        if self._strange and self._chance(0.4):
            made[self._pick(UNKNOWN_KEYS)] = self._anything()
        for key, schema in declared_properties(name).items():
            if key not in required and (self._room <= 0 or self._chance(0.4)):
                continue
            if key not in required and self._chance(0.1):
                made[key] = None
            elif key == "mime_type":
                made[key] = self._pick(_MIME_TYPES)
            else:
                made[key] = self.make(schema)
        return made

    def _make_strange_annotation(self, annotation: dict[str, Any]) -> None:
        """Use an unknown type, or omit a required field."""
        if self._chance(0.2):
            annotation["type"] = self._pick(_UNKNOWN_VALUES)
            annotation["value"] = self._anything()
        for key in ("id", "key", "type"):
            if self._chance(0.2):
                del annotation[key]

    def _one_of_enum(self, values: Sequence[str]) -> str:
        if self._strange and self._chance(0.3):
            return self._pick(_UNKNOWN_VALUES)
        return self._pick(values)

    def _anything(self, depth: int = 2) -> Any:
        """Return any JSON."""
        kind = self._random.randrange(8 if depth else 6)
        if kind == 6:
            return [self._anything(depth - 1) for _ in range(self._few())]
        if kind == 7:
            return {self._pick(_TEXTS): self._anything(depth - 1) for _ in range(self._few())}
        return self._pick((None, True, False, *_NUMBERS, *_TEXTS))

    def _few(self) -> int:
        return self._pick((0, 1, 1, 2, 3)) if self._room > 0 else 0

    def _pick(self, values: Sequence[_T]) -> _T:
        return values[int(self._random.random() * len(values))]

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability
