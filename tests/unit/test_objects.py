"""Objects of the v1 API: reading, changing, comparing and copying."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

import scaleapi
from scaleapi import (
    Batch,
    EvaluationTask,
    File,
    Project,
    ScaleClient,
    StudioBatch,
    StudioLabelerAssignment,
    StudioProjectGroup,
    Task,
    TaskTemplate,
    Teammate,
    TrainingTask,
)
from scaleapi._model.fields import Computed, Field
from scaleapi._model.objects import ApiObject
from scaleapi.quality_tasks import QualityTask
from scaleapi.studio import StudioWorker
from tests.compat.canned import client_returning

#: A class, its JSON, and the key of its id.
KINDS: list[tuple[type[ApiObject], dict[str, Any], str]] = [
    (Task, {"task_id": "t", "type": "chat", "status": "pending"}, "task_id"),
    (Batch, {"name": "b", "project": "p", "status": "staging"}, "name"),
    (Project, {"name": "p", "type": "chat", "param_history": [{"version": 0}]}, "name"),
    (TaskTemplate, {"id": "x", "version": 1, "template_variables": {}}, "id"),
    (File, {"id": "f", "attachment_url": "u"}, "id"),
    (Teammate, {"email": "a@x", "role": "member"}, "email"),
    (StudioWorker, {"id": "w", "email": "w@x"}, "id"),
    (StudioProjectGroup, {"id": "g", "name": "n", "numWorkers": 1, "workers": []}, "id"),
    (StudioBatch, {"id": "s", "name": "n", "projectName": "p", "studioPriority": 1}, "id"),
    (StudioLabelerAssignment, {"email": "a@x", "assigned_projects": ["p"]}, "email"),
    (QualityTask, {"id": "q", "expected_response": {}}, "id"),
    (EvaluationTask, {"id": "q", "expected_response": {}}, "id"),
    (TrainingTask, {"id": "q", "expected_response": {}}, "id"),
]

every_kind = pytest.mark.parametrize(
    ("kind", "json", "key"), KINDS, ids=[kind.__name__ for kind, *_ in KINDS]
)


def make(kind: type[Any], json: dict[str, Any], client: object = None) -> Any:
    """Return an object with a copy of the JSON."""
    json = copy.deepcopy(json)
    if kind is StudioLabelerAssignment:
        made = kind(json["assigned_projects"], json["email"], client)
        made._json.update(json)
        return made
    return kind(json, client)


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def test_every_class_is_in_the_table() -> None:
    known = {one for one in subclasses(ApiObject) if one.__module__.startswith("scaleapi.")}
    assert known == {kind for kind, *_ in KINDS}


@every_kind
def test_fields_read_and_write_the_json(
    kind: type[ApiObject], json: dict[str, Any], key: str
) -> None:
    """Each field is a view of one key in both directions."""
    fields = {
        name: field
        for one in kind.__mro__
        for name, field in vars(one).items()
        if isinstance(field, Field)
    }
    assert key in {field.key for field in fields.values()}
    for name, field in fields.items():
        thing = make(kind, json)
        assert getattr(thing, name, None) == json.get(field.key)
        setattr(thing, name, "new")
        assert thing._json[field.key] == "new"
        thing._json[field.key] = "newer"
        assert getattr(thing, name) == "newer"
        del thing._json[field.key]
        if kind is Task:
            assert not hasattr(thing, name)
        else:
            assert getattr(thing, name) is None
        assert getattr(kind, name) is field
        assert field.__doc__


#: All that were plain attributes in scaleapi 2.
SETTABLE = [
    (kind, json, name)
    for kind, json, _ in KINDS
    for one in kind.__mro__
    for name, field in vars(one).items()
    if isinstance(field, (Field, Computed, property))
]
OTHER_NAMES = {"numWorkers": "num_workers", "isSingleton": "is_singleton"}


@pytest.mark.parametrize(
    ("kind", "json", "name"),
    SETTABLE,
    ids=[f"{kind.__name__}.{name}" for kind, _, name in SETTABLE],
)
def test_every_attribute_can_be_set_and_deleted(
    kind: type[ApiObject], json: dict[str, Any], name: str
) -> None:
    thing = make(kind, json)
    for value in ("z", None, ["y"]):
        setattr(thing, name, value)
        for one in (
            thing,
            copy.copy(thing),
            copy.deepcopy(thing),
            pickle.loads(pickle.dumps(thing)),
        ):
            assert getattr(one, name) == value
        delattr(thing, name)
        for one in (
            thing,
            copy.copy(thing),
            copy.deepcopy(thing),
            pickle.loads(pickle.dumps(thing)),
        ):
            assert not hasattr(one, name)
            assert repr(one).startswith(kind.__name__)
        with pytest.raises(AttributeError, match=OTHER_NAMES.get(name, name)):
            delattr(thing, name)


def test_computed_attributes_follow_the_json_until_they_are_set() -> None:
    project = Project(
        {"name": "p", "param_history": [{"version": 0, "instruction": "a"}]}, client_returning({})
    )
    assert (project.version, project.instruction) == (0, "a")
    assert project.param_history is not None
    project.param_history.append({"version": 1, "instruction": "b"})
    assert (project.version, project.instruction) == (1, "b")
    project.instruction = "z"
    assert (project.version, project.instruction) == (1, "z")
    assert project.params == {"version": 1, "instruction": "b"}
    assert "instruction" not in project.as_dict()


def test_get_status_resets_counts_that_were_set_or_deleted() -> None:
    batch = Batch({"name": "b"}, client_returning({"status": "x", "pending": 3}))
    batch.tasks_pending = 7
    del batch.tasks_error
    batch.get_status()
    assert (batch.tasks_pending, batch.tasks_error) == (3, 0)


@every_kind
def test_unknown_keys_survive(kind: type[ApiObject], json: dict[str, Any], key: str) -> None:
    """Unknown keys and values are kept."""
    more = {**json, "of_tomorrow": {"deep": [1, None]}}
    for thing in (make(kind, more), copy.deepcopy(make(kind, more))):
        assert thing._json == more
        assert pickle.loads(pickle.dumps(thing))._json == more
        if kind is not StudioLabelerAssignment:
            assert thing.as_dict() == more


@every_kind
def test_equality(kind: type[ApiObject], json: dict[str, Any], key: str) -> None:
    """Objects with the same id are equal even if one is older."""
    thing = make(kind, json)
    assert thing == make(kind, {**json, "of_tomorrow": 1})
    assert thing != make(kind, {**json, key: "other"})
    assert thing != json
    assert thing != "t"
    assert thing is not None


def test_objects_of_two_classes_are_never_equal() -> None:
    things = [make(kind, {**json, key: "same"}) for kind, json, key in KINDS]
    for one in range(len(things)):
        for other in range(one + 1, len(things)):
            assert things[one] != things[other]
    assert len(set(things)) == len(things)


@every_kind
def test_hash(kind: type[ApiObject], json: dict[str, Any], key: str) -> None:
    """A set contains each object once, and finds it after a change."""
    first, second = make(kind, json), make(kind, {**json, "of_tomorrow": 1})
    other = make(kind, {**json, key: "other"})
    assert hash(first) == hash(second)
    assert len({first, second, other}) == 2
    held = {first}
    first._json["of_tomorrow"] = 2
    assert first in held


@every_kind
def test_objects_without_an_id_compare_by_json(
    kind: type[ApiObject], json: dict[str, Any], key: str
) -> None:
    bare = {**json, key: None}
    one, same, other = make(kind, bare), make(kind, bare), make(kind, {**bare, "x": 1})
    assert one == same
    assert hash(one) == hash(same)
    assert one != other


@every_kind
@pytest.mark.parametrize("with_client", [True, False])
def test_copies(kind: type[ApiObject], json: dict[str, Any], key: str, with_client: bool) -> None:
    """A shallow copy shares nested values, a deep copy does not; both share the client."""
    client = client_returning({}) if with_client else None
    thing = make(kind, {**json, "inner": {"a": 1}}, client)
    shallow, deep = copy.copy(thing), copy.deepcopy(thing)
    for other in (shallow, deep):
        assert type(other) is kind
        assert other == thing
        assert other is not thing
        assert other._client is client
        other._json["only_there"] = 1
        assert "only_there" not in thing._json
    assert shallow._json["inner"] is thing._json["inner"]
    assert deep._json["inner"] == thing._json["inner"]
    assert deep._json["inner"] is not thing._json["inner"]


@every_kind
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(kind: type[ApiObject], json: dict[str, Any], key: str, protocol: int) -> None:
    """With a client, which works after unpickling, and without."""
    client = ScaleClient("live_key", "program", "http://127.0.0.1:1/v1", max_retries=1)
    other = pickle.loads(pickle.dumps(make(kind, json, client), protocol))
    assert type(other) is kind
    assert other._json == make(kind, json)._json
    assert other._client.api.api_key == "live_key"
    assert other._client.api.options.max_retries == 1
    bare = pickle.loads(pickle.dumps(make(kind, json), protocol))
    assert bare == other
    assert bare._client is None


def test_copies_keep_the_counts_of_a_batch() -> None:
    batch: Any = Batch({"name": "b"}, client_returning({"status": "x", "pending": 3}))
    batch.get_status()
    batch._client = None
    for other in (copy.copy(batch), copy.deepcopy(batch), pickle.loads(pickle.dumps(batch))):
        assert other.tasks_pending == 3


@every_kind
def test_repr_is_short(kind: type[ApiObject], json: dict[str, Any], key: str) -> None:
    """It shows the class and the id, not the whole JSON."""
    thing = make(kind, {**json, "of_tomorrow": "x" * 10_000})
    assert repr(thing).startswith(f"{kind.__name__}(")
    assert json[key] in repr(thing) or json.get("name", "") in repr(thing)
    assert len(repr(thing)) < 100
    assert len(str(thing)) < 100
    assert repr([thing]) == f"[{thing!r}]"
    assert repr(make(kind, dict.fromkeys(json)))


def test_repr_is_what_the_examples_show() -> None:
    task = Task({"task_id": "65f0", "type": "chat", "status": "pending"}, client_returning({}))
    assert repr(task) == "Task(id='65f0', type='chat', status='pending')"


def test_as_dict_is_the_object_itself() -> None:
    """Changes of the dict change the object and vice versa, as in scaleapi 2."""
    task: Any = make(Task, {"task_id": "t", "metadata": {}})
    task.as_dict()["status"] = "completed"
    assert task.status == "completed"
    task.metadata["k"] = 1
    assert task.as_dict()["metadata"] == {"k": 1}


def test_keys_without_a_field_are_attributes() -> None:
    task: Any = make(Task, {"task_id": "t", "document_pages": [1], "odd key": 2})
    assert task.document_pages == [1]
    assert getattr(task, "odd key") == 2


@pytest.mark.parametrize("params", [None, {}, {"other": 1}])
def test_an_unknown_attribute(params: dict[str, int] | None) -> None:
    task: Any = make(Task, {"task_id": "t", "params": params})
    with pytest.raises(AttributeError, match=r"^'Task' object has no attribute 'nope'$"):
        _ = task.nope


def test_a_parameter_as_an_attribute_is_deprecated() -> None:
    """It works, and the warning points at the caller's line."""
    task: Any = make(Task, {"task_id": "t", "params": {"geometries": {"box": {}}}})
    with pytest.warns(DeprecationWarning, match=r"use task\.params\['geometries'\]") as caught:
        assert task.geometries == {"box": {}}
    assert caught[0].filename == __file__


def test_json_keys_take_precedence_over_parameters() -> None:
    task: Any = make(Task, {"task_id": "t", "mine": 1, "params": {"mine": 2}})
    assert task.mine == 1


def test_an_object_without_json_does_not_recurse() -> None:
    """As created by copy and pickle before they set attributes."""
    empty: Any = Task.__new__(Task)
    for name in ("_json", "_client", "__deepcopy_of_something__", "_private"):
        with pytest.raises(AttributeError):
            getattr(empty, name)


def test_an_object_without_a_client_keeps_its_state() -> None:
    """If a change cannot be sent, the object is not modified."""
    task: Any = make(Task, {"task_id": "t", "status": "pending"})
    with pytest.raises(AttributeError):
        task.cancel()
    assert task.status == "pending"


def test_a_rejected_change_does_not_modify_the_object() -> None:
    task = Task({"task_id": "t", "tags": ["a"]}, client_returning({"error": "no"}, 400))
    with pytest.raises(scaleapi.ScaleInvalidRequest):
        task.set_tags(["b"])
    assert task.tags == ["a"]
    batch = Batch({"name": "b", "status": "staging"}, client_returning({"error": "no"}, 404))
    with pytest.raises(scaleapi.ScaleResourceNotFound):
        batch.get_status()
    assert (batch.status, batch.tasks_pending) == ("staging", None)
