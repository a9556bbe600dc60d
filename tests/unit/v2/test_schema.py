"""Models, enums and calls match the schema."""

from __future__ import annotations

import inspect
import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from scaleapi._model.fields import Field
from scaleapi._model.kinds import EnumOf, IdOr, Kind, Later, ListOf, Nested, _Plain
from scaleapi._model.objects import Model
from scaleapi.api_client.v2 import models
from scaleapi.v2 import V2Api

PATH = Path(__file__).parents[2] / "data" / "v2.schema.json"
SCHEMA: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
DEFS: dict[str, Any] = SCHEMA["$defs"]
OBJECTS = {name: one for name, one in DEFS.items() if "properties" in one}
ENUMS = {name: one["enum"] for name, one in DEFS.items() if "enum" in one}

#: The service omits required fields of annotations, so all of them are optional.
LENIENT = {"id", "key", "type"}


def model_of(name: str) -> type[Model]:
    model = getattr(models, name)
    assert issubclass(model, Model)
    return model


def field_of(name: str, key: str) -> Field[Any]:
    return next(field for field in model_of(name)._fields.values() if field.key == key)


def described(kind: Kind[Any] | None) -> object:
    """Describe a kind in terms of the schema."""
    if isinstance(kind, ListOf):
        return [described(kind._item)]
    if isinstance(kind, Nested):
        return kind._model.__name__
    if isinstance(kind, EnumOf):
        return kind._enum.__name__
    if isinstance(kind, IdOr):
        return "id", described(kind._nested)
    return kind._what if isinstance(kind, _Plain) else type(kind).__name__


def expected(schema: dict[str, Any]) -> object:
    """Describe the kind that the schema requires."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if DEFS[name].get("x-expandable"):
            return "id", getattr(models, DEFS[name]["oneOf"][1]["$ref"].rpartition("/")[2]).__name__
        target = getattr(models, name)
        return getattr(target, "__name__", "_FileOrFiles")
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "array" in kinds:
        return [expected(schema["items"])]
    if schema.get("format") == "date-time":
        return "_Time"
    return {
        "string": "a string",
        "boolean": "True or False",
        "integer": "a whole number",
        "number": "a number",
        "object": "_Object",
    }[kinds[0]]


@pytest.mark.parametrize("name", OBJECTS)
def test_fields(name: str) -> None:
    """Each field exists with the right kind, and is required by constructors if declared so."""
    required = OBJECTS[name].get("required", ())
    for key, schema in OBJECTS[name]["properties"].items():
        field = field_of(name, key)
        kind = field.kind._make() if isinstance(field.kind, Later) else field.kind
        assert described(kind) == expected(schema), key
        lenient = name.startswith(("Annotation", "BaseAnnotation")) and key in LENIENT
        assert field.needed == (key in required and not lenient), key
        assert field.default == schema.get("default"), key


@pytest.mark.parametrize("name", OBJECTS)
def test_every_field_is_in_the_schema(name: str) -> None:
    declared = set(OBJECTS[name]["properties"])
    ours = {field.key for field in model_of(name)._fields.values()}
    if model_of(name).__name__ == name:  # not the second name of something larger
        base = {"value"} if name == "BaseAnnotation" else set()
        assert ours == declared | base
    else:
        assert ours >= declared


@pytest.mark.parametrize("name", ENUMS)
def test_enum(name: str) -> None:
    assert [member.value for member in getattr(models, name)] == ENUMS[name]


@pytest.mark.parametrize("operation", SCHEMA["endpoints"], ids=lambda one: one["pythonName"])
def test_operation(operation: dict[str, Any]) -> None:
    """Each call has the parameters in order; required ones have no default."""
    ours = list(inspect.signature(getattr(V2Api, operation["pythonName"])).parameters.values())[1:]
    assert ours.pop().name == "terms"
    if "requestBody" in operation:
        model = model_of(operation["requestBody"]["schema"]["$ref"].rpartition("/")[2])
        fields = dict.fromkeys(one.key for one in model._fields.values())
        assert [one.name for one in ours[1:]] == list(fields)
        assert {one.kind.name for one in ours[1:]} == {"KEYWORD_ONLY"}
        assert model._one_of == tuple(operation["requestBody"].get("requireAnyOf", ()))
    else:
        snake = {"taskId": "task_id", "attachmentId": "attachment_id"}
        declared = [snake.get(one["name"], one["name"]) for one in operation["parameters"]]
        assert [one.name for one in ours] == declared
        needed = [one["required"] for one in operation["parameters"]]
        assert [one.default is one.empty for one in ours] == needed


@pytest.mark.parametrize(
    "operation",
    [one for one in SCHEMA["endpoints"] if "pagination" in one],
    ids=lambda one: one["pythonName"],
)
def test_every_list_in_pages_has_a_generator(operation: dict[str, Any]) -> None:
    get = operation["pythonName"]
    generator = getattr(V2Api, get.replace("get_", "iter_"))
    assert inspect.signature(generator) == inspect.signature(getattr(V2Api, get))


def test_the_comparison_is_complete() -> None:
    assert len(DEFS) == 119
    assert (len(OBJECTS), len(ENUMS), len(SCHEMA["endpoints"])) == (93, 14, 25)
    assert set(DEFS) == set(models.__all__)
    assert all(issubclass(getattr(models, name), Enum) for name in ENUMS)
