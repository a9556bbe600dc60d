"""Usage of models in programs for scaleapi 2 that still works."""

from __future__ import annotations

import copy
import enum
import pickle
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import pytest

from scaleapi import ScaleArgumentError
from scaleapi.v2 import (
    Annotation,
    AnnotationText,
    AudioFile,
    Batch,
    CreateBatchRequest,
    CreateChatTaskRequest,
    DetailedFile,
    GetTasksResponse,
    ImageFile,
    Message,
    Project,
    Task,
    Thread,
)

PROJECT = {"id": "p", "name": "n", "created_at": "2025-01-02T03:04:05.678Z"}
WEST = timezone(timedelta(hours=-3))


class Color(enum.Enum):
    RED = "red"


#: Values in free-form objects, and what is sent for them, as in 2.18.4 if it supports them.
FREE: list[tuple[Any, Any]] = [
    (Decimal("1.5"), "1.5"),
    (Decimal("1E+3"), "1E+3"),
    (date(2025, 1, 2), "2025-01-02"),
    (datetime(2025, 1, 2, 3, tzinfo=timezone.utc), "2025-01-02T03:00:00+00:00"),
    (datetime(2025, 1, 2, 3, tzinfo=WEST), "2025-01-02T03:00:00-03:00"),
    (datetime(2025, 1, 2, 3), "2025-01-02T03:00:00+00:00"),  # noqa: DTZ001 - is UTC
    (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
    (Color.RED, "red"),
    ((1, 2), [1, 2]),
    (AnnotationText(value="x"), {"value": "x"}),
    (
        [{"deep": (Decimal("0.1"), {"on": date(2025, 1, 2)})}],
        [{"deep": ["0.1", {"on": "2025-01-02"}]}],
    ),
]


@pytest.mark.parametrize(("value", "sent"), FREE, ids=range(len(FREE)))
def test_values_of_a_free_form_object(value: Any, sent: Any) -> None:
    request = CreateBatchRequest(name="b", metadata={"x": value})
    assert request.to_dict()["metadata"] == {"x": sent}
    request = CreateBatchRequest(name="b", metadata={})
    assert request.metadata is not None
    request.metadata["x"] = value  # as is allowed after it was made
    assert request.to_dict()["metadata"] == {"x": sent}
    assert CreateBatchRequest.from_json(request.to_json()).metadata == {"x": sent}


@pytest.mark.parametrize("value", [Decimal("1.5"), Decimal(3), Decimal("-0.25")])
def test_a_decimal_as_a_number(value: Decimal) -> None:
    file = AudioFile(duration=value)
    assert file.duration == value
    assert type(file.to_dict()["duration"]) is (int if value == 3 else float)
    if value == 3:
        assert ImageFile(file_size_in_bytes=value).to_dict() == {"file_size_in_bytes": 3}


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN")])
def test_rejects_decimals_that_are_not_finite(value: Decimal) -> None:
    with pytest.raises(ScaleArgumentError, match="duration must be a number, not Decimal"):
        AudioFile(duration=value)


def test_rejects_decimals_for_text_and_fractions_for_integers() -> None:
    with pytest.raises(ScaleArgumentError, match="name must be a string, not Decimal"):
        CreateBatchRequest(name=Decimal(1))
    with pytest.raises(ScaleArgumentError, match="must be a whole number, not Decimal"):
        ImageFile(file_size_in_bytes=Decimal("1.5"))


#: Times as given, and as sent.
TIMES: list[tuple[Any, str]] = [
    (datetime(2025, 1, 2, 3, 4, 5), "2025-01-02T03:04:05.000000+0000"),  # noqa: DTZ001 - is UTC
    ("2025-01-02T03:04:05", "2025-01-02T03:04:05.000000+0000"),
    ("2025-01-02 03:04", "2025-01-02T03:04:00.000000+0000"),
    ("2025-01-02T03:04:05.5", "2025-01-02T03:04:05.500000+0000"),
    ("2025-01-02T03:04:05-03:00", "2025-01-02T03:04:05-03:00"),
    ("2025-01-02T03:04:05Z", "2025-01-02T03:04:05Z"),
    ("2025-01-02", "2025-01-02"),
    (date(2025, 1, 2), "2025-01-02"),
    (datetime(2025, 1, 2, 3, 4, 5, tzinfo=WEST), "2025-01-02T03:04:05.000000-0300"),
    (1735787045, "2025-01-02T03:04:05.000000+0000"),
    (1735787045.5, "2025-01-02T03:04:05.500000+0000"),
    (Decimal("1735787045.25"), "2025-01-02T03:04:05.250000+0000"),
    (1735787045000, "2025-01-02T03:04:05.000000+0000"),
    (-5, "1969-12-31T23:59:55.000000+0000"),
]


@pytest.mark.parametrize(("given", "sent"), TIMES, ids=range(len(TIMES)))
def test_times_without_a_zone_are_utc(given: Any, sent: str) -> None:
    """Text too, so that the service's interpretation does not matter."""
    project = Project(id="p", name="n", created_at=given)
    assert project.to_dict()["created_at"] == sent
    assert project.created_at.tzinfo is not None
    assert Project.from_json(project.to_json()).created_at == project.created_at


@pytest.mark.parametrize(
    "bad", [True, 1e300, Decimal("NaN"), Decimal("sNaN"), 10**400, [], b"2025"]
)
def test_rejects_invalid_times(bad: Any) -> None:
    with pytest.raises(ScaleArgumentError, match="created_at must be ISO 8601"):
        Project(id="p", name="n", created_at=bad)


class MyProject(Project):
    """A typical subclass: a method, and an attribute that is not sent."""

    color: ClassVar[str] = "red"

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self._cache = {"name": self.name}

    @property
    def shout(self) -> str:
        return self.name.upper()

    @shout.setter
    def shout(self, value: str) -> None:
        self.name = value.lower()


class MyText(AnnotationText):
    pass


class MyAnnotation(Annotation):
    pass


class MyTask(Task):
    def first(self) -> Thread:
        return self.threads[0]


class MyRequest(CreateChatTaskRequest):
    """A subclass with its own fields, which are sent."""

    priority: int
    note: str = "none"
    _hidden: str = "stays here"


class Mixed(ImageFile, AudioFile):
    pass


class Plain:
    def hello(self) -> str:
        return "hello"


class WithMixin(Plain, Batch):
    pass


def test_a_subclass_with_methods() -> None:
    made = MyProject(**PROJECT)
    assert made._cache == {"name": "n"}
    for one in (
        made,
        MyProject.from_dict(PROJECT),
        pickle.loads(pickle.dumps(made)),
        copy.copy(made),
    ):
        assert type(one) is MyProject
        assert one.to_dict() == PROJECT
        assert one.shout == "N"
        one.shout = "Z"
        assert one.name == "z"
        assert one.color == "red"
    assert copy.deepcopy(made)._cache == {"name": "n"}
    assert MyTask.from_dict({"threads": [{"id": "a"}]}).first().id == "a"
    assert WithMixin.from_dict({"id": "b"}).hello() == "hello"
    batch = {"id": "b", "name": "n", "created_at": "2025-01-02", "status": "paused"}
    assert WithMixin(**batch, project=made, metadata={}).project is made


def test_a_subclass_of_a_class_with_variants() -> None:
    for kind in (MyText, MyAnnotation):
        read = kind.from_dict({"type": "text", "value": "x", "labels": ["a"]})
        assert type(read) is kind
        assert (read.value, read.labels) == ("x", ["a"])
        assert kind(value="x").to_dict() == {"value": "x"}
    assert type(Annotation.from_dict({"type": "text"})) is AnnotationText
    thread = Thread.from_dict({"id": "t"})
    thread.annotations.append(MyText(value="x"))
    assert type(thread.annotations[0]) is MyText
    assert thread.to_dict()["annotations"] == [{"value": "x"}]


def test_a_subclass_with_fields_of_its_own() -> None:
    request = MyRequest(project_id="p", priority=3)
    assert (request.priority, request.note, request._hidden) == (3, "none", "stays here")
    assert request.to_dict() == {"project_id": "p", "priority": 3, "note": "none"}
    request.note = "soon"
    request._hidden = "changed"
    assert request.to_dict()["note"] == "soon"
    assert MyRequest.from_dict({"priority": 4, "note": "a"}).priority == 4
    assert MyRequest.from_dict({}).note == "none"
    with pytest.raises(ScaleArgumentError, match="priority must be given"):
        MyRequest(project_id="p")
    with pytest.raises(TypeError, match=r"MyRequest\(\) has no field 'prioritty'"):
        MyRequest(prioritty=3)


def test_a_subclass_of_two() -> None:
    assert {"file_size_in_bytes", "duration", "url"} <= set(Mixed._fields)
    assert Mixed(duration=1, file_size_in_bytes=2).to_dict() == {
        "duration": 1,
        "file_size_in_bytes": 2,
    }
    assert isinstance(Mixed.from_dict({}), DetailedFile)


@pytest.mark.parametrize("name", Project._fields)
def test_a_field_can_be_deleted(name: str) -> None:
    project = Project.from_dict({**PROJECT, "types": ["a"], "models": None})
    key = Project._fields[name].key
    delattr(project, name)
    assert not hasattr(project, name)
    assert key not in project.to_dict()
    for other in (copy.copy(project), copy.deepcopy(project), pickle.loads(pickle.dumps(project))):
        assert not hasattr(other, name)
    with pytest.raises(AttributeError, match=f"'Project' object has no attribute '{name}'"):
        delattr(project, name)
    if name in PROJECT:
        setattr(project, name, PROJECT[name])
        assert project.to_dict()[key] == PROJECT[name]
    else:
        setattr(project, name, None)
        assert getattr(project, name) is None


def test_a_field_of_an_absent_array_can_be_deleted() -> None:
    thread = Thread.from_dict({"id": "t"})
    del thread.turns
    assert not hasattr(thread, "turns")
    thread.turns = []
    assert thread.turns == []
    page = GetTasksResponse.from_dict({"tasks": []})
    del page.next_token
    assert not hasattr(page, "next_token")
    message = Message.from_dict({"content": {"text": "a"}})
    del message.content.text
    assert message.to_dict() == {"content": {}}


def test_from_dict_takes_a_model() -> None:
    project = Project.from_dict(PROJECT)
    other = Project.from_dict(project)  # type: ignore[arg-type]  # as in scaleapi 2
    assert other == project
    other.name = "other"
    assert project.name == "n"
