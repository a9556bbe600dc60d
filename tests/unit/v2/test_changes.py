"""Changes of a model are kept, whatever they are made to: one rule for dicts, lists and models."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from scaleapi._model.fields import optional, required
from scaleapi._model.kinds import TIME, EnumOf, ListOf
from scaleapi._model.objects import Model
from scaleapi.v2 import (
    Annotation,
    AnnotationFile,
    AnnotationRankedGroups,
    AnnotationText,
    BasicFile,
    Batch,
    DetailedFile,
    Message,
    MessageContent,
    Option,
    Project,
    Task,
    TaskStatus,
    Thread,
    Turn,
)

NOON = datetime(2025, 1, 2, 12, tzinfo=timezone.utc)


class Plan(Model):
    """A model with lists of every kind."""

    states = optional(ListOf(EnumOf(TaskStatus)), "Strings with known values.")
    times = optional(ListOf(TIME), "Times.")
    needed = required(ListOf(EnumOf(Option)), "An array that may be absent nevertheless.")


def said(text: str) -> dict[str, Any]:
    return {"type": "text", "value": text}


TASK: dict[str, Any] = {
    "task_id": "t",
    "batch": {"id": "b", "metadata": {}, "project": {"id": "p", "types": ["SFT"]}},
    "metadata": {"row": {"number": 7}},
    "threads": [
        {
            "id": "thread",
            "annotations": [said("one")],
            "turns": [
                {"id": "turn", "messages": [{"role": "user", "content": {"attachments": []}}]}
            ],
        }
    ],
}

Change = Callable[[Task], object]

ONE = [{"value": 1}]


def message(task: Task) -> Message:
    return task.threads[0].turns[0].messages[0]


#: A change, and where the JSON then has what.
CHANGES: list[tuple[Change, str, Any]] = [
    (lambda task: task.metadata.update(a=1), "metadata.a", 1),  # type: ignore[union-attr]
    (lambda task: task.metadata["row"].update(a=8), "metadata.row.a", 8),  # type: ignore[index]
    (lambda task: task.batch.metadata.update(a=1), "batch.metadata.a", 1),  # type: ignore[union-attr]
    (lambda task: task.batch.project.types.append("x"), "batch.project.types.1", "x"),  # type: ignore[union-attr]
    (lambda task: task.threads.append(Thread.from_dict({"id": "b"})), "threads.1.id", "b"),
    (lambda task: task.threads.append({"id": "b"}), "threads.1.id", "b"),  # type: ignore[arg-type]
    (lambda task: task.threads.extend([Thread.from_dict({"id": "b"})]), "threads.1.id", "b"),
    (lambda task: task.threads.insert(0, Thread.from_dict({"id": "b"})), "threads.0.id", "b"),
    (lambda task: task.threads.pop(), "threads", []),
    (lambda task: task.threads.clear(), "threads", []),
    (lambda task: task.threads[0].turns.clear(), "threads.0.turns", []),
    (
        lambda task: task.threads[0].annotations.append(AnnotationText(value="x")),
        "threads.0.annotations.1.value",
        "x",
    ),
    (
        lambda task: setattr(task.threads[0].annotations[0], "value", "x"),
        "threads.0.annotations.0.value",
        "x",
    ),
    # What is absent is an empty list, and keeps what is added to it.
    (
        lambda task: task.threads[0].turns[0].annotations.append(Annotation(value=1)),
        "threads.0.turns.0.annotations",
        ONE,
    ),
    (
        lambda task: message(task).annotations.insert(0, Annotation(value=1)),
        "threads.0.turns.0.messages.0.annotations",
        ONE,
    ),
    (
        lambda task: message(task).content.attachments.append(BasicFile(name="n")),  # type: ignore[union-attr]
        "threads.0.turns.0.messages.0.content.attachments.0.name",
        "n",
    ),
]


def at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[int(part) if isinstance(value, list) else part]
    return value


@pytest.mark.parametrize(("change", "path", "value"), CHANGES, ids=range(len(CHANGES)))
@pytest.mark.parametrize("first", ["read", "unread"])
def test_a_change_is_kept(change: Change, path: str, value: Any, first: str) -> None:
    """In whatever is made of the model, and whether it was read before or not."""
    task = Task.from_dict(TASK)
    if first == "read":
        assert task.threads[0].turns[0].messages[0].annotations == []
        assert task.to_dict() == TASK
    change(task)
    pickled: Task = pickle.loads(pickle.dumps(task))
    for one in (
        task,
        copy.deepcopy(task),
        copy.copy(task),
        Task.from_json(task.to_json()),
        pickled,
    ):
        assert at(one.to_dict(), path) == value
        assert at(json.loads(one.to_json()), path) == value
        assert one == task
    assert task != Task.from_dict(TASK)


def test_what_is_read_is_the_same_each_time() -> None:
    task = Task.from_dict(TASK)
    assert task.threads is task.threads
    assert task.threads[0] is task.threads[0]
    assert task.batch is task.batch
    assert task.threads[0].turns[0].annotations is task.threads[0].turns[0].annotations


def test_reading_changes_nothing() -> None:
    task = Task.from_dict({**TASK, "errors": None})
    bare = Task.from_dict({"task_id": "t", "threads": None})
    before = task.to_json()
    assert (bare.threads, task.threads[0].turns[0].annotations) == ([], [])
    assert task.threads[0].turns[0].messages[0].content.attachments == []
    assert task.to_json() == before
    assert bare.to_dict() == {"task_id": "t", "threads": None}
    assert task == Task.from_json(before)


def test_what_was_assigned_is_what_is_read() -> None:
    """So a change of it, made through either name, is kept too."""
    turn = Turn(id="turn", messages=[], annotations=[])
    thread = Thread.from_dict({"id": "thread"})
    thread.turns = [turn]
    assert thread.turns[0] is turn
    turn.messages.append(Message.from_dict({"role": "user"}))
    turn.messages[0].content = MessageContent(text="Hi")
    turn.id = "other"
    assert thread.to_dict()["turns"][0]["id"] == "other"
    assert thread.to_dict()["turns"][0]["messages"][0]["content"] == {"text": "Hi"}


def test_a_list_that_was_added_to_can_be_replaced() -> None:
    thread = Thread.from_dict({"id": "thread"})
    thread.annotations.append(Annotation(value=1))
    thread.annotations = []
    assert thread.to_dict() == {"id": "thread", "annotations": []}
    thread = Thread.from_dict({"id": "thread"})
    thread.annotations.append(Annotation(value=1))
    del thread.annotations
    assert thread.to_dict() == {"id": "thread"}


def test_lists_of_plain_values() -> None:
    project = Project.from_dict({"id": "p", "types": ["SFT"]})
    assert project.types is not None
    project.types.append("RLHF")
    project.types[0] = "Rubrics"
    project.types += ["Evals"]
    assert project.to_dict()["types"] == ["Rubrics", "RLHF", "Evals"]
    annotation = Annotation.from_dict({"labels": ["a", "b"]})
    assert annotation.labels is not None
    annotation.labels.remove("a")
    annotation.labels.sort()
    assert annotation.to_dict() == {"labels": ["b"]}
    groups = AnnotationRankedGroups.from_dict({"type": "ranked_groups", "value": [["a"], ["b"]]})
    assert groups.value is not None
    groups.value[0].append("c")
    groups.value.append(["d"])
    assert groups.to_dict()["value"] == [["a", "c"], ["b"], ["d"]]


def test_lists_of_enums_and_times() -> None:
    text = "2025-01-02T03:04:05.678Z"
    plan = Plan.from_dict({"states": ["pending", "melting"], "times": [text]})
    assert plan.states is not None
    assert plan.times is not None
    assert plan.states == [TaskStatus.PENDING, "melting"]
    assert plan.states[0] is TaskStatus.PENDING
    assert plan.times == [datetime(2025, 1, 2, 3, 4, 5, 678_000, timezone.utc)]
    plan.states.append(TaskStatus.ERROR)
    plan.states.append("error")
    plan.times.append(NOON)
    plan.needed.append(Option.SUBMISSIONS)
    assert plan.states[-1] is TaskStatus.ERROR
    sent = Plan.from_json(plan.to_json())
    assert sent.to_dict() == plan.to_dict()
    assert plan.to_dict()["states"] == ["pending", "melting", "error", "error"]
    assert sent.times == [plan.times[0], NOON]
    assert plan.to_dict()["needed"] == ["submissions"]


def test_files_of_an_annotation() -> None:
    one = AnnotationFile.from_dict({"type": "file", "value": {"url": "u"}})
    assert isinstance(one.value, DetailedFile)
    one.value.url = "v"
    assert one.to_dict()["value"] == {"url": "v"}
    several = AnnotationFile.from_dict({"type": "file", "value": [{"url": "u"}]})
    assert isinstance(several.value, list)
    several.value.append(BasicFile(url="v"))
    assert several.to_dict()["value"] == [{"url": "u"}, {"url": "v"}]


def test_a_shallow_copy_shares_what_is_inside() -> None:
    """As any shallow copy does."""
    batch = Batch.from_dict({"id": "b", "metadata": {}})
    other = copy.copy(batch)
    other.metadata["a"] = 1
    other.id = "c"
    assert batch.to_dict() == {"id": "b", "metadata": {"a": 1}}


def test_invalid_json_is_reported_when_it_is_sent() -> None:
    """Comparing and printing the model works nevertheless."""
    annotation = Annotation.from_dict({"labels": []})
    assert annotation.labels is not None
    annotation.labels.append({1, 2})  # type: ignore[arg-type]
    assert annotation == annotation  # noqa: PLR0124
    assert repr(annotation) == "Annotation()"
    with pytest.raises(ValueError, match="must be JSON, got set"):
        annotation.to_dict()
