"""Pieces of JSON Schema."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..base.documents import JsonObject

ANY: JsonObject = {}
TEXT: JsonObject = {"type": "string"}
FLAG: JsonObject = {"type": "boolean"}
WHOLE: JsonObject = {"type": "integer"}
NUMBER: JsonObject = {"type": "number"}
COUNT: JsonObject = {"type": "integer", "minimum": 0}
TIME: JsonObject = {"type": "string", "format": "date-time"}
ID: JsonObject = {"type": "string", "pattern": "^[0-9a-f]{24}$"}
OBJECT: JsonObject = {"type": "object"}
BINARY: JsonObject = {"type": "string", "format": "binary"}
METADATA: JsonObject = {"type": "object", "description": "Any JSON of at most 10 KB."}


def one_of(values: Iterable[str]) -> JsonObject:
    """Return the schema of one of these strings."""
    return {"type": "string", "enum": list(values)}


def between(low: int, high: int) -> JsonObject:
    """Return the schema of a whole number within bounds."""
    return {"type": "integer", "minimum": low, "maximum": high}


def array(items: JsonObject, **limits: Any) -> JsonObject:
    """Return the schema of an array."""
    return {"type": "array", "items": items} | limits


def nullable(schema: JsonObject) -> JsonObject:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def record(
    required: Mapping[str, JsonObject] | None = None, /, **optional: JsonObject
) -> JsonObject:
    """Return the schema of an object.

    Args:
        required: The properties that it always has.
        **optional: The properties that it may have.
    """
    schema: JsonObject = {"type": "object", "properties": {**(required or {}), **optional}}
    return schema | {"required": list(required)} if required else schema


def at_least_one(schema: JsonObject, names: Collection[str]) -> JsonObject:
    """Return the schema of an object that needs at least one of these properties."""
    return schema | {"anyOf": [{"required": [name]} for name in names]}


def ref(name: str) -> JsonObject:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}
