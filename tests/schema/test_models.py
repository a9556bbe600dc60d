"""Models read any response that the schema allows, and more.

``SCHEMA_EXAMPLES`` sets how many responses are made for each model and test.
"""

from __future__ import annotations

import copy
import json
import os
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scaleapi._model.objects import Model
from tests.schema.description import MODELS, OBJECTS, attributes, declared_properties
from tests.schema.generated import ANNOTATIONS, UNKNOWN_KEYS, Maker
from tests.schema.reading import CLASSES, check

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "20"))

#: A seed instead of a choice of hypothesis for each value makes responses a hundred times as fast.
#: What fails is shrunk by its room, and each assertion names the place in the response.
SEEDS = st.integers(0, 2**32 - 1)
ROOMS = st.integers(0, 40)

often = settings(max_examples=EXAMPLES, deadline=None, database=None)


def exact(value: Any) -> str:
    """Return text that distinguishes 1, 1.0 and True, and the order of keys."""
    return json.dumps(value)


def check_model(name: str, response: dict[str, Any]) -> Model:
    """Assert that a response reads as declared and is kept completely."""
    text = json.dumps(response)
    model = CLASSES[name].from_json(text)
    check({"$ref": f"#/$defs/{name}"}, response, model, name)
    assert exact(model.to_dict()) == text
    for twin in (
        CLASSES[name].from_json(model.to_json()),
        CLASSES[name].from_dict(response),
        pickle.loads(pickle.dumps(model)),
        copy.copy(model),
        copy.deepcopy(model),
    ):
        assert type(twin) is type(model)
        assert twin == model
        assert exact(twin.to_dict()) == text
    assert repr(model).startswith(type(model).__name__)
    assert len(repr(model)) < 300
    return model


@pytest.mark.slow
@pytest.mark.parametrize("name", OBJECTS)
@often
@given(ROOMS, SEEDS)
def test_declared(name: str, room: int, seed: int) -> None:
    """Every field has its type, and the constructor accepts the JSON."""
    response = Maker(seed, room).make({"$ref": f"#/$defs/{name}"})
    model = check_model(name, response)
    if not MODELS[name].get("x-reachable", True):
        return  # a fragment, which has the class of what it is a part of
    fields = {
        attribute: response[key]
        for key, schema in declared_properties(name).items()
        for attribute in attributes(key, schema)
        if key in response
    }
    defaults = {
        key: schema["default"]
        for key, schema in declared_properties(name).items()
        if "default" in schema and response.get(key) is None
    }
    given_fields = {key: value for key, value in response.items() if value is not None}
    assert type(model)(**fields).to_dict() == given_fields | defaults


@pytest.mark.slow
@pytest.mark.parametrize("name", OBJECTS)
@often
@given(ROOMS, SEEDS)
def test_undeclared_keys(name: str, room: int, seed: int) -> None:
    """Unknown keys, values and types are kept at any depth; known ones stay readable."""
    check_model(name, Maker(seed, room, strange=True).make({"$ref": f"#/$defs/{name}"}))


def responses(count: int, *, strange: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a number of responses of each model, the same in each run."""
    for name in OBJECTS:
        for seed in range(count):
            yield name, Maker(seed, 40, strange=strange).make({"$ref": f"#/$defs/{name}"})


def without_nulls(value: Any) -> Any:
    """Remove nulls from JSON, because the schema treats them like absent values."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


@pytest.mark.slow
def test_responses_match_the_schema() -> None:
    """The generated responses are valid according to jsonschema."""
    validators = {
        name: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": MODELS}) for name in OBJECTS
    }
    for name, response in responses(8, strange=False):
        validators[name].validate(without_nulls(response))


@pytest.mark.slow
def test_responses_include_every_field() -> None:
    """Every property occurs with a value, as null and absent; all oddities occur too."""
    seen: set[object] = set()
    for name, response in responses(150, strange=False):
        for key in declared_properties(name):
            what = "absent" if key not in response else "null" if response[key] is None else "value"
            seen.add((name, key, what))
    for name in OBJECTS:
        for key in declared_properties(name):
            optional = key not in MODELS[name].get("required", ())
            for what in ("value", "null", "absent") if optional else ("value",):
                assert (name, key, what) in seen
    text = json.dumps([response for _, response in responses(150, strange=True)])
    for key in (*UNKNOWN_KEYS, *ANNOTATIONS):
        assert json.dumps(key) in text
