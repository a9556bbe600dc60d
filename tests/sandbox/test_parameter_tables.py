"""The client's table of parameters and the sandbox's, compared.

Neither imports the other. Every difference is listed here with its reason.
"""

from __future__ import annotations

import re

import pytest

from scaleapi.params.table import COMMON, every_type, shape_of
from scaleapi.sandbox.resources.tasks import COMMON as SANDBOX_COMMON
from scaleapi.sandbox.rules.geometry_parameters import ATTRIBUTE_TYPES, GEOMETRIES
from scaleapi.sandbox.rules.task_types import ALIASES, ATTACHMENT_TYPES, TASK_TYPES
from tests.unit.params.test_types import reader

__all__ = ["reader"]  # a fixture

#: Types of which the client requires less or more than the sandbox, and why.
REQUIRED_DIFFERS: dict[str, str] = {}

#: Parameters that only the sandbox knows, and why.
ONLY_SANDBOX = {
    "project_version": "another name of project_param_version; the client takes it in silence",
}

#: Geometry parameters that the sandbox has no default for, and why.
ONLY_CLIENT = {
    "camera_intrinsics": "the sandbox computes no 3D points",
    "camera_rotation_quaternion": "the sandbox computes no 3D points",
    "camera_height": "the sandbox computes no 3D points",
}

TYPES = sorted(TASK_TYPES)


def test_the_same_types() -> None:
    assert set(every_type()) == set(TASK_TYPES) | set(ALIASES)


@pytest.mark.parametrize("task_type", TYPES)
def test_the_same_required_parameters(task_type: str, reader) -> None:
    required = TASK_TYPES[task_type].required
    typed_dict = every_type()[task_type]
    one_of = {frozenset(pair) for pair in reader.alternatives(typed_dict.__name__)}
    theirs = {frozenset([one] if isinstance(one, str) else one) for one in required}
    ours = {frozenset([one]) for one in shape_of(typed_dict).required} | one_of
    assert (ours != theirs) == (task_type in REQUIRED_DIFFERS)


@pytest.mark.parametrize("task_type", TYPES)
def test_the_client_knows_what_the_sandbox_has_defaults_for(task_type: str) -> None:
    assert set(TASK_TYPES[task_type].defaults) <= shape_of(every_type()[task_type]).names


@pytest.mark.parametrize("task_type", TYPES)
def test_the_same_defaults(task_type: str, reader) -> None:
    """Where the docstring of a key names a default."""
    stated = {}
    for key in reader.keys(every_type()[task_type].__name__):
        match = re.search(r"Default: (?:``)?([^`.,]+)", key.text)
        if match and key.name in TASK_TYPES[task_type].defaults:
            stated[key.name] = match[1]
    theirs = {
        name: value if isinstance(value, str) else repr(value)
        for name, value in TASK_TYPES[task_type].defaults.items()
        if name in stated
    }
    assert {name: text.strip('"') for name, text in stated.items()} == theirs


def test_the_same_common_parameters() -> None:
    ours = shape_of(every_type()["lidarlinking"]).names - {"attachment", "attachments", "labels"}
    assert set(SANDBOX_COMMON) - ours == set(ONLY_SANDBOX)
    assert ours <= set(SANDBOX_COMMON)
    assert set(ONLY_SANDBOX) <= COMMON


def test_the_same_geometries() -> None:
    (geometries,) = shape_of(every_type()["imageannotation"]).children["geometries"]
    shape = shape_of(geometries.type)
    assert shape.names == set(GEOMETRIES)
    for name, defaults in GEOMETRIES.items():
        (child,) = shape.children[name]
        assert shape_of(child.type).names - set(ONLY_CLIENT) == set(defaults)


def test_the_same_values(reader) -> None:
    types = {key.name: key.type for key in reader.keys("Attribute")}
    assert re.findall(r"'(\w+)'", types["type"]) == list(ATTRIBUTE_TYPES)
    from scaleapi.params import AttachmentType

    assert set(AttachmentType.__args__) == set(ATTACHMENT_TYPES)
