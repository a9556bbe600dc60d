"""``task.annotations`` and the like: worked out of the JSON, and in nobody's way."""

from __future__ import annotations

import base64
import copy
import json
import math
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import ScaleClient, Task, TaskType
from scaleapi.params.table import every_type, shape_of
from scaleapi.sandbox import Sandbox
from scaleapi.tasks.readers import Reader

READERS = [name for name, value in vars(Task).items() if isinstance(value, Reader)]


def task(**json: Any) -> Task:
    return Task({"task_id": "1", **json}, None)  # type: ignore[arg-type]


def test_their_names() -> None:
    assert READERS == ["annotations", "attachment_urls", "image_size", "own_instruction"]


@pytest.mark.parametrize("name", READERS)
def test_they_hide_no_parameter(name: str) -> None:
    """A key of params, known or not, is what it was in the released client."""
    assert not any(name in shape_of(one).names for one in every_type().values())
    with pytest.warns(DeprecationWarning, match=f"task.{name} is deprecated"):
        assert getattr(task(params={name: 7}), name) == 7
    assert getattr(task(**{name: 8}, params={name: 7}), name) == 8
    assert getattr(task(**{name: None}), name) is None


@pytest.mark.parametrize("name", READERS)
def test_they_can_be_set(name: str) -> None:
    """As any attribute of a task of the released client."""
    one = task()
    setattr(one, name, 9)
    assert getattr(one, name) == 9
    delattr(one, name)
    assert getattr(one, name) != 9


@pytest.mark.parametrize("task_type", TaskType)
def test_known_parameters_stay_readable(task_type: TaskType) -> None:
    for name in shape_of(every_type()[task_type]).names - set(dir(Task)):
        with pytest.warns(DeprecationWarning, match=f"task.{name} is deprecated"):
            assert getattr(task(params={name: 1}), name) == 1


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({"annotations": [{"label": "a"}]}, [{"label": "a"}]),
        ({"annotations": []}, []),
        ({"annotations": {"url": "x"}}, []),
        ({"annotations": None}, []),
        ({"category": "a"}, []),
        (None, []),
        ("x", []),
        ([], []),
    ],
)
def test_annotations(response: Any, expected: list[Any]) -> None:
    assert task(response=response).annotations == expected
    assert task().annotations == []


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"attachment": "https://a/1"}, ["https://a/1"]),
        ({"attachments": ["s3://a/1", "scaledata://b/2"]}, ["s3://a/1", "scaledata://b/2"]),
        ({"attachments": [{"type": "pdf", "content": "https://a/1"}]}, ["https://a/1"]),
        ({"attachments": [{"type": "text", "content": "Great shoes!"}]}, []),
        ({"attachment": "A text.", "attachment_type": "text"}, []),
        (
            {"attachment": "https://a/1", "attachments": ["https://a/2"]},
            ["https://a/1", "https://a/2"],
        ),
        # texts that begin as links do are no links
        ({"attachments": [{"type": "text", "content": "https://a is down"}]}, []),
        ({"attachment": "data: the new oil"}, []),
        ({"attachment": "note://this is a text\nhttps://a"}, []),
        # one where several should be, and the other way round
        (
            {"attachment": ["https://a/1"], "attachments": "https://a/2"},
            ["https://a/1", "https://a/2"],
        ),
        ({"attachments": {"type": "image", "content": "https://a/1"}}, ["https://a/1"]),
        ({"attachment": None, "attachments": None}, []),
        ({"attachment": 7, "attachments": [None, 7, {}, [1]]}, []),
        (None, []),
        ("x", []),
    ],
)
def test_attachment_urls(params: Any, expected: list[str]) -> None:
    assert task(params=params).attachment_urls == expected


def pixels(width: int, height: int) -> str:
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size
    return "data:image/png;base64," + base64.b64encode(head + bytes(50)).decode()


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        (
            {"document_pages": [{"width": 800, "height": 600}, {"width": 1, "height": 2}]},
            (800, 600),
        ),
        ({"document_pages": []}, None),
        ({"document_pages": [{"width": "800"}]}, None),
        ({"document_pages": "x"}, None),
        ({"document_pages": [{"width": math.nan, "height": 600}]}, None),
        ({"document_pages": [{"width": 800, "height": math.inf}]}, None),
        ({"document_pages": [{"width": True, "height": True}]}, None),
        ({"document_pages": [{"width": 0, "height": 0}]}, None),
        ({"document_pages": [{"width": -800, "height": 600}]}, None),
        ({"document_pages": [{"width": 800.0, "height": 600.4}]}, (800, 600)),
        ({"params": {"attachment": pixels(30, 20)}}, (30, 20)),
        ({"params": {"attachment": "data:image/png;base64,AAAA"}}, None),
        ({"params": {"attachment": "data:image/png;base64,!!!\u00e9"}}, None),
        ({"params": {"attachment": pixels(10**6, 10**6)}}, None),
        ({"params": {"attachment": "https://example.com/a.png"}}, None),
        ({}, None),
    ],
)
def test_image_size(json: dict[str, Any], expected: tuple[int, int] | None) -> None:
    assert task(**json).image_size == expected


def test_own_instruction() -> None:
    with (
        Sandbox() as sandbox,
        ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as client,
    ):
        client.create_project("a/b", "lidartopdown", params={"instruction": "Be exact."})
        client.update_project("a/b", instruction="Be quick.")
        create = client.create_task
        both = create("lidartopdown", project="a/b", instruction="Lines only.")
        assert both.instruction == "Lines only.\nBe quick."
        assert both.own_instruction == "Lines only."
        assert create("lidartopdown", project="a/b").own_instruction == ""
        old = create("lidartopdown", project="a/b", instruction="X.", project_param_version=0)
        assert old.instruction == "X.\nBe exact."
        assert old.own_instruction == "X."
        none = create("lidartopdown", project="a/b", instruction="X.", project_param_version=-1)
        assert none.own_instruction == none.instruction == "X."
        alone = create("lidartopdown", instruction="X.")
        assert alone.own_instruction == "X."
        for same in (copy.deepcopy(both), pickle.loads(pickle.dumps(both))):
            assert same.own_instruction == "Lines only."


@pytest.mark.parametrize(
    "history",
    [5, True, "x", {}, {"a": 1}, [], [None], ["x"], [{}], [{"instruction": 7}], [{"version": []}]],
    ids=repr,
)
@pytest.mark.parametrize("version", [None, 0, 1, "1", [], {}], ids=repr)
def test_own_instruction_of_an_odd_project(
    serve: Callable[..., Any], history: Any, version: Any
) -> None:
    """Whatever the service says of the project, the instruction stays readable."""
    client = serve({"name": "p", "param_history": history})
    json = {"task_id": "1", "instruction": "X.", "project": "p", "project_param_version": version}
    assert Task(json, client).own_instruction == "X."


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], ScaleClient]:
    """Return a client to whom a project is this JSON."""

    def make(json: Any) -> ScaleClient:
        client = ScaleClient("key")
        monkeypatch.setattr(client.api, "get_request", lambda *_: json)
        return client

    return make


def test_readers_are_no_part_of_the_json() -> None:
    one = task(response={"annotations": []})
    assert json.dumps(one.as_dict()) == '{"task_id": "1", "response": {"annotations": []}}'
    assert one.annotations == []
    assert one == task()
