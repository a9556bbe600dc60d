"""The expected values of a response, derived from the schema."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from scaleapi._model.objects import Model
from scaleapi.api_client.v2 import models
from tests.schema.description import (
    MODELS,
    OBJECTS,
    Schema,
    attributes,
    declared_properties,
    model_name,
)
from tests.schema.generated import ANNOTATIONS, TIMES

__all__ = ["CLASSES", "check"]

#: Fields that read as an empty list where the service leaves them out, for readers to loop over.
_NEVER_NONE = {"Task.threads"}

#: The class of every object, by the name of its model.
CLASSES: dict[str, type[Model]] = {name: getattr(models, name) for name in OBJECTS}


def check(schema: Schema, json: Any, read: Any, place: str) -> None:
    """Assert that a value reads as declared.

    Args:
        schema: The declaration.
        json: The value in the JSON; ``None`` if there is none.
        read: What it was read as.
        place: Where that was, for the error.
    """
    if json is None:
        assert type(read) is type(schema.get("default")), place
        assert read == schema.get("default"), place
    elif "$ref" in schema:
        _check_model(model_name(schema), json, read, place)
    elif schema.get("format") == "date-time":
        _check_time(json, read, place)
    elif schema.get("type") == "array":
        assert type(read) is list, place
        assert len(read) == len(json), place
        for number, (one, one_read) in enumerate(zip(json, read, strict=True)):
            check(schema["items"], one, one_read, f"{place}[{number}]")
    else:
        assert type(read) is type(json), place
        assert read == json, place


def _check_time(json: str, read: object, place: str) -> None:
    assert isinstance(read, datetime), place
    assert read == TIMES[json], place
    assert read.utcoffset() == TIMES[json].utcoffset(), place


def _check_model(name: str, json: Any, read: Any, place: str) -> None:
    model = MODELS[name]
    if "enum" in model:
        _check_enum(name, json, read, place)
    elif "properties" in model:
        _check_object(name, declared_properties(name), json, read, place)
    elif name == "Annotation":
        _check_annotation(json, read, place)
    elif name == "Chunk":
        chunk = "ChunkText" if "text" in json else "BaseChunk"
        _check_object(chunk, declared_properties(chunk), json, read, place)
    elif name == "DetailedFile":
        file = _kind_of_file(json)
        _check_object(file, declared_properties(file), json, read, place)
    elif isinstance(json, str):
        assert isinstance(read, str), place
        assert read == read.actual_instance == json, place  # type: ignore[attr-defined]  # an id
    else:
        kinds = {"array": list, "string": str}
        arms = model["oneOf"]
        fits = (arm for arm in arms if isinstance(json, kinds.get(arm.get("type"), dict)))
        check(next(fits), json, read, place)


def _check_enum(name: str, json: str, read: Any, place: str) -> None:
    if json in MODELS[name]["enum"]:
        assert type(read) is getattr(models, name), place
        assert isinstance(read, Enum), place
        assert read.value == json, place
    else:
        assert type(read) is str, place
    assert read == json, place


def _check_annotation(json: dict[str, Any], read: Any, place: str) -> None:
    name = ANNOTATIONS.get(json.get("type", ""))
    if name:
        _check_object(name, declared_properties(name), json, read, place)
    else:
        properties = declared_properties("BaseAnnotation") | {"value": {}}
        _check_object("BaseAnnotation", properties, json, read, place)


def _kind_of_file(json: dict[str, Any]) -> str:
    """Recognize the kind by its keys, or else by the MIME type."""
    if "content" in json:
        return "BasicFile"
    if "file_size_in_bytes" in json:
        return "ImageFile"
    if any(key == "duration" or key.startswith("transcript") for key in json):
        return "AudioFile"
    kind, _, _ = (json.get("mime_type") or "").lower().partition("/")
    return {"image": "ImageFile", "audio": "AudioFile"}.get(kind, "BasicFile")


def _check_object(
    name: str, properties: dict[str, Schema], json: dict[str, Any], read: Any, place: str
) -> None:
    assert type(read) is CLASSES[name], place
    for key, schema in properties.items():
        never_none = {"default": []} if f"{name}.{key}" in _NEVER_NONE else {}
        for attribute in attributes(key, schema):
            check(
                schema | never_none, json.get(key), getattr(read, attribute), f"{place}.{attribute}"
            )
    more = {key: value for key, value in json.items() if key not in properties}
    assert read.additional_properties == more, place
