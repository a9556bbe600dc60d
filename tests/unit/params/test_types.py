"""The TypedDicts of parameters and responses: complete, documented, and true to what is sent."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import typing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scaleapi import TaskType, params, responses
from scaleapi.params.table import every_type, shape_of

ROOT = Path(__file__).parents[3]
TYPES = [*TaskType, "audiotranscription"]


@pytest.fixture(scope="module")
def reader() -> ModuleType:
    """What the documentation reads the sources with."""
    pytest.importorskip("sphinx")
    path = ROOT / "docs" / "task_types.py"
    spec = importlib.util.spec_from_file_location("docs_task_types", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # for its dataclasses
    spec.loader.exec_module(module)
    return module


def name_of(task_type: str) -> str:
    return every_type()[task_type].__name__.removesuffix("Params")


def test_every_type_has_its_classes() -> None:
    assert len(TaskType) == 31
    for task_type in TYPES:
        whole = getattr(params, f"{name_of(task_type)}Params")
        partial = getattr(params, f"Partial{name_of(task_type)}Params")
        shape = shape_of(whole)
        assert shape_of(partial).names == shape.names
        assert shape_of(partial).required == frozenset()
        assert shape_of(params.CommonParams).names < shape.names
        assert typing.is_typeddict(getattr(responses, f"{name_of(task_type)}Response"))


def test_partial_keys_have_the_same_types() -> None:
    for task_type in TYPES:
        whole = every_type()[task_type]
        partial = getattr(params, f"Partial{whole.__name__}")
        assert typing.get_type_hints(partial) == typing.get_type_hints(whole)


@pytest.mark.parametrize("package", [params, responses], ids=lambda package: package.__name__)
def test_every_key_says_what_it_is_and_how_that_is_known(
    reader: ModuleType, package: ModuleType
) -> None:
    bare = [
        f"{name}.{key.name}"
        for name in package.__all__
        if typing.is_typeddict(getattr(package, name)) and not name.startswith("Partial")
        for key in reader.keys(name)
        if not (key.text.endswith(".") and key.source)
    ]
    assert bare == []


@pytest.mark.parametrize("package", [params, responses], ids=lambda package: package.__name__)
def test_the_documentation_reads_what_python_reads(reader: ModuleType, package: ModuleType) -> None:
    for name in package.__all__:
        typed_dict = getattr(package, name)
        if typing.is_typeddict(typed_dict) and typed_dict.__name__ == name:
            found = {key.name: key.is_required for key in reader.keys(name)}
            assert set(found) == set(typing.get_type_hints(typed_dict))
            required = {key for key, is_required in found.items() if is_required}
            assert required == typed_dict.__required_keys__


def test_keys_of_which_one_is_required_name_each_other(reader: ModuleType) -> None:
    for task_type in TYPES:
        pairs = reader.alternatives(f"{name_of(task_type)}Params")
        assert {(other, one) for one, other in pairs} == pairs


def test_every_type_has_a_page(reader: ModuleType) -> None:
    pages = {path.stem for path in (ROOT / "docs" / "types").glob("*.rst")}
    others = {"index", "parameter_objects", "annotation_objects", "response_objects"}
    assert pages - others == set(TYPES)
    for task_type in TYPES:
        text = (ROOT / "docs" / "types" / f"{task_type}.rst").read_text("utf-8")
        for part in (
            f".. task-parameters:: {task_type}\n",
            f".. task-response:: {task_type}\n",
            "Minimal\n-------\n",
            "Full\n----\n",
        ):
            assert part in text
        example = reader.example_params(task_type, text)
        assert set(example) <= shape_of(every_type()[task_type]).names
        assert every_type()[task_type].__required_keys__ <= set(example)


def test_pages_with_geometry_have_a_picture(reader: ModuleType) -> None:
    drawn = set[str]()
    for task_type in TYPES:
        page = (ROOT / "docs" / "types" / f"{task_type}.rst").read_text("utf-8")
        given = reader.example_params(task_type, page)
        if reader.shapes_in(*reader.example_response(task_type, given)):
            drawn.add(task_type)
    assert drawn == {
        *("imageannotation", "annotation", "polygonannotation", "lineannotation"),
        *("cuboidannotation", "videoannotation", "videoboxannotation", "videocuboidannotation"),
        *("videoplaybackannotation", "documenttranscription", "documentmodel"),
    }


def test_responses_of_the_sandbox_fit(reader: ModuleType) -> None:
    """Keys of canned responses are keys of the TypedDicts, and required ones are there."""
    for task_type in TYPES:
        page = (ROOT / "docs" / "types" / f"{task_type}.rst").read_text("utf-8")
        response, _ = reader.example_response(task_type, reader.example_params(task_type, page))
        typed_dict = getattr(responses, f"{name_of(task_type)}Response")
        if response is not None:
            _check(response, typed_dict, task_type)


def _check(value: Any, hint: Any, where: str) -> None:
    """Check JSON by a type, as far as objects are concerned."""
    if typing.is_typeddict(hint):
        hints = typing.get_type_hints(hint)
        assert set(hint.__required_keys__) <= set(value) <= set(hints), where
        for name, one in value.items():
            _check(one, hints[name], f"{where}.{name}")
        return
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is list:
        for one in value:
            _check(one, parts[0], f"{where}[]")
    elif isinstance(value, dict) and any(map(typing.is_typeddict, parts)):
        fitting = [one for one in parts if typing.is_typeddict(one) and _fits(value, one)]
        assert fitting, where
    elif isinstance(value, list) and parts and typing.get_origin(hint) is not typing.Literal:
        lists = [one for one in parts if typing.get_origin(one) is list]
        for one in lists[:1]:
            _check(value, one, where)


def _fits(value: dict[str, Any], typed_dict: Any) -> bool:
    hints = typing.get_type_hints(typed_dict)
    kinds = typing.get_args(hints.get("type"))
    is_kind = not kinds or value.get("type", kinds[0]) in kinds
    return is_kind and set(typed_dict.__required_keys__) <= set(value) <= set(hints)


def test_nothing_is_loaded_at_import() -> None:
    program = (
        "import sys, scaleapi; scaleapi.ScaleClient('key');"
        "print([name for name in sys.modules if name.startswith(('scaleapi.params',"
        " 'scaleapi.responses'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
