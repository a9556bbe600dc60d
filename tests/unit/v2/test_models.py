"""Models of the v2 API: typed views of one JSON object each."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from scaleapi import ScaleArgumentError, v2
from scaleapi._model.objects import Model
from scaleapi.v2 import (
    Annotation,
    AnnotationBoolean,
    AnnotationFile,
    AnnotationRubricRating,
    AudioFile,
    BasicFile,
    Batch,
    BatchStatus,
    Chunk,
    ChunkText,
    CreateBatchRequest,
    DetailedFile,
    GetSchemaResponse,
    Id,
    ImageFile,
    Message,
    Project,
    RubricRatingValue,
    Task,
    TaskStatus,
    Thread,
)

PROJECT = {"id": "project_1", "name": "chats", "created_at": "2025-01-02T03:04:05.678Z"}

TASK: dict[str, Any] = {
    "task_id": "task_1",
    "project": "project_1",
    "batch": {"id": "batch_1", "name": "week_11", "project": PROJECT, "status": "melting"},
    "status": "completed",
    "created_at": "2025-01-02T03:04:05.678Z",
    "completed_at": "soon",
    "metadata": {"row": 7},
    "invented": {"later": [1, None]},
    "threads": [
        {
            "id": "thread_1",
            "annotations": [{"key": "good", "value": 3}, {"type": "hologram", "value": [{}]}],
            "turns": [
                {
                    "id": "turn_1",
                    "annotations": [],
                    "messages": [
                        {
                            "role": "user",
                            "source_id": "user",
                            "annotations": [{"type": "boolean", "value": True}],
                            "content": {
                                "text": "Hello",
                                "attachments": [{"mime_type": "image/png", "url": "u"}],
                            },
                        }
                    ],
                }
            ],
        }
    ],
}

MODELS = sorted(
    {
        value
        for name in v2.__all__
        if isinstance(value := getattr(v2, name), type) and issubclass(value, Model)
    },
    key=lambda model: model.__name__,
)


def task() -> Task:
    return Task.from_dict(TASK)


def test_a_conversation_is_read() -> None:
    message = task().threads[0].turns[0].messages[0]
    assert message.content.text == "Hello"
    assert message.role is v2.MessageRole.USER
    assert isinstance(message.annotations[0], AnnotationBoolean)
    assert message.annotations[0].value is True
    assert message.content.attachments is not None
    assert isinstance(message.content.attachments[0], ImageFile)
    assert message.model_parameters is None


def test_what_is_not_known_survives() -> None:
    assert task().to_dict() == TASK
    assert json.loads(task().to_json()) == TASK
    assert Task.from_json(task().to_json()) == task()
    assert task().additional_properties == {"invented": {"later": [1, None]}}


def test_values_that_are_not_known_are_strings_and_the_base_class() -> None:
    one = task()
    assert one.status is TaskStatus.COMPLETED
    assert isinstance(one.batch, Batch)
    assert one.batch.status == "melting"
    assert one.completed_at == "soon"  # type: ignore[comparison-overlap]  # what it should not be
    bare, hologram = one.threads[0].annotations
    assert type(bare) is type(hologram) is Annotation
    assert (bare.key, bare.id, bare.type, bare.value) == ("good", None, None, 3)
    assert (hologram.type, hologram.value) == ("hologram", [{}])


def test_what_is_not_as_declared_is_given_as_it_came() -> None:
    odd = Task.from_dict(
        {"task_id": 5, "threads": "none", "status": 3, "created_at": 0, "batch": []}
    )
    assert [odd.task_id, odd.threads, odd.status, odd.created_at, odd.batch] == [
        5,
        "none",
        3,
        0,
        [],
    ]  # type: ignore[comparison-overlap]  # what they should not be
    assert Thread.from_dict({"turns": [1, None]}).turns == [1, None]


def test_absent_and_null_are_none() -> None:
    for empty in (Task.from_dict({}), Task.from_dict(dict.fromkeys(Task._fields))):
        assert empty.batch is empty.status is empty.created_at is empty.errors is None
        assert empty.threads == []
    for bare in (Thread.from_dict({}), Thread.from_dict({"turns": None, "annotations": None})):
        assert bare.turns == bare.annotations == []
        assert bare.submissions is None


def test_a_reference_is_the_id_or_the_object() -> None:
    one = task()
    assert one.project == "project_1"
    assert isinstance(one.project, Id)
    assert one.project.actual_instance == "project_1"
    assert type(one.project.actual_instance) is str
    assert isinstance(one.batch, Batch)
    assert isinstance(one.batch.project, Project)
    assert one.batch.project.actual_instance.name == "chats"
    assert json.dumps([one.project]) == '["project_1"]'


def test_a_change_of_a_part_is_a_change_of_the_whole() -> None:
    one = task()
    one.threads[0].turns[0].messages[0].content.text = "Bye"
    one.status = TaskStatus.DELETED
    one.completed_at = datetime(2025, 1, 2, tzinfo=timezone.utc)
    one.batch = None
    one.threads[0].annotations = [Annotation(value=False)]
    assert one.metadata is not None
    one.metadata["row"] = 8
    sent = one.to_dict()
    assert sent["threads"][0]["turns"][0]["messages"][0]["content"]["text"] == "Bye"
    assert sent["threads"][0]["annotations"] == [{"value": False}]
    assert (sent["status"], sent["metadata"]) == ("deleted", {"row": 8})
    assert sent["completed_at"] == "2025-01-02T00:00:00.000000+0000"
    assert "batch" not in sent
    assert TASK["metadata"] == {"row": 7}


def test_copies_do_not_share() -> None:
    one = task()
    as_dict, shallow, deep = one.to_dict(), copy.copy(one), copy.deepcopy(one)
    one.threads[0].id = "changed"
    one.status = "error"
    assert as_dict == TASK
    assert deep == task() != one
    assert shallow.status == TaskStatus.COMPLETED


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_models_are_pickled(protocol: int) -> None:
    assert pickle.loads(pickle.dumps(task(), protocol)) == task()


def test_equality_is_by_json_and_class() -> None:
    assert task() == task()
    assert AnnotationBoolean(value=True) != Annotation(value=True)
    assert task() != TASK
    with pytest.raises(TypeError, match="unhashable"):
        hash(task())


def test_a_repr_is_short() -> None:
    assert repr(task()) == "Task(task_id='task_1', status='completed')"
    long = Message.from_dict({"role": "user", "content": {"text": "long" * 1000}})
    assert repr(long) == "Message(role='user')"
    assert repr(v2.GetTasksResponse.from_dict({"tasks": [TASK] * 100})) == "GetTasksResponse()"


@pytest.mark.parametrize(
    ("json", "kind"),
    [
        ({}, BasicFile),
        ({"content": "aGk=", "mime_type": "image/png"}, BasicFile),
        ({"file_size_in_bytes": 3}, ImageFile),
        ({"mime_type": "IMAGE/png"}, ImageFile),
        ({"transcript_url": "u"}, AudioFile),
        ({"duration": 1.5, "mime_type": "image/png"}, AudioFile),
        ({"mime_type": "audio/ogg"}, AudioFile),
        ({"mime_type": None}, BasicFile),
    ],
)
def test_kinds_of_files(json: dict[str, Any], kind: type[DetailedFile]) -> None:
    assert type(DetailedFile.from_dict(json)) is kind
    assert type(BasicFile.from_dict(json)) is BasicFile
    one = AnnotationFile.from_dict({"type": "file", "value": json})
    assert type(one.value) is kind
    several = AnnotationFile.from_dict({"type": "file", "value": [json]})
    assert several.value == [BasicFile.from_dict(json)]


def test_annotation_types_of_the_enum_are_the_classes() -> None:
    assert {kind.value for kind in v2.AnnotationType} == set(Annotation._variants)
    for name, kind in ((str(name), kind) for name, kind in Annotation._variants.items()):
        assert type(Annotation.from_dict({"type": name})) is kind
        assert kind.__name__ == "Annotation" + name.title().replace("_", "")


def test_chunks() -> None:
    assert type(Chunk.from_dict({"type": "text", "text": "a"})) is ChunkText
    assert type(Chunk.from_dict({"type": "image"})) is Chunk


def test_open_objects_keep_their_keys() -> None:
    rating = AnnotationRubricRating.from_dict(
        {"value": {"score": 0.5, "mood": "good"}, "metadata": {"criteria": {"type": "text"}}}
    )
    assert rating.value == RubricRatingValue.from_dict({"score": 0.5, "mood": "good"})
    assert rating.value is not None
    assert rating.value.additional_properties == {"mood": "good"}
    assert rating.metadata is not None
    assert type(rating.metadata.criteria) is v2.AnnotationText


def test_a_name_of_the_wire_and_the_name_of_scaleapi_2() -> None:
    answer = GetSchemaResponse.from_dict({"schema": {"json": "{}", "createdBy": "ada"}})
    assert answer.schema == answer.var_schema
    assert answer.schema.json == answer.var_schema.var_json == "{}"
    assert answer.schema.created_by == "ada"
    assert GetSchemaResponse(var_schema={"json": "1"}) == GetSchemaResponse(schema={"json": "1"})


UTC = timezone.utc


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-01-02T03:04:05.678Z", datetime(2025, 1, 2, 3, 4, 5, 678000, UTC)),
        ("2025-01-02T03:04:05z", datetime(2025, 1, 2, 3, 4, 5, 0, UTC)),
        ("2025-01-02T03:04:05", datetime(2025, 1, 2, 3, 4, 5, 0, UTC)),
        ("2025-01-02 03:04", datetime(2025, 1, 2, 3, 4, 0, 0, UTC)),
        ("2025-01-02", datetime(2025, 1, 2, 0, 0, 0, 0, UTC)),
        ("2025-01-02T03:04:05.1234567+0230", datetime(2025, 1, 2, 0, 34, 5, 123456, UTC)),
        ("2025-01-02T03:04:05,1-02:30", datetime(2025, 1, 2, 5, 34, 5, 100000, UTC)),
    ],
)
def test_times(text: str, time: datetime) -> None:
    read = Project.from_dict({**PROJECT, "created_at": text}).created_at
    assert read == time
    assert read.tzinfo is not None


@pytest.mark.parametrize(
    "text", ["", "soon", "2025-13-01", "2025-01-02T25:00", "2025-W01", " 2025-01-02"]
)
def test_no_times(text: str) -> None:
    one = Project.from_dict({**PROJECT, "created_at": text})
    assert one.created_at == text  # type: ignore[comparison-overlap]  # what it should not be
    with pytest.raises(ScaleArgumentError, match="created_at must be ISO 8601"):
        one.created_at = text  # type: ignore[assignment]  # text is taken too


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (datetime(2025, 1, 2), "2025-01-02T00:00:00.000000+0000"),  # noqa: DTZ001 - is UTC
        (
            datetime(2025, 1, 2, tzinfo=timezone(timedelta(hours=-3))),
            "2025-01-02T00:00:00.000000-0300",
        ),
        (date(2025, 1, 2), "2025-01-02"),
        (datetime(1, 1, 1), "0001-01-01T00:00:00.000000+0000"),  # noqa: DTZ001 - is UTC
        ("2025-01-02T00:00:00Z", "2025-01-02T00:00:00Z"),
    ],
)
def test_times_that_are_written(given: Any, sent: str) -> None:
    assert Project(id="p", name="n", created_at=given).to_dict()["created_at"] == sent


def test_a_constructor_fills_in_and_leaves_out() -> None:
    request = CreateBatchRequest(
        name="week_11", project_name=None, metadata={"on": date(2025, 1, 2)}
    )
    assert request.to_dict() == {
        "name": "week_11",
        "metadata": {"on": "2025-01-02"},
        "staging_batch": False,
    }
    assert request.project_name is None
    assert CreateBatchRequest(name="b", staging_batch=True).staging_batch is True


def test_keys_that_are_enum_members_are_their_strings() -> None:
    request = CreateBatchRequest(name="b", metadata={"by": {TaskStatus.PENDING: 3}})
    assert request.to_json() == (
        '{"name": "b", "metadata": {"by": {"pending": 3}}, "staging_batch": false}'
    )


CYCLE: dict[str, Any] = {}
CYCLE["again"] = [CYCLE]

BAD: list[tuple[type[Model], dict[str, Any], str]] = [
    (CreateBatchRequest, {"name": 5}, "name must be a string, not int"),
    (CreateBatchRequest, {}, "name must be given"),
    (CreateBatchRequest, {"name": None}, "name must be given"),
    (CreateBatchRequest, {"name": "b", "staging_batch": 1}, "staging_batch must be True or False"),
    (CreateBatchRequest, {"name": "b", "metadata": []}, "metadata must be a dict, not list"),
    (CreateBatchRequest, {"name": "b", "metadata": {1: 2}}, "metadata must have strings as keys"),
    (CreateBatchRequest, {"name": "b", "metadata": {"a": {2}}}, "metadata must be JSON"),
    (CreateBatchRequest, {"name": "b", "metadata": CYCLE}, "metadata must not contain itself"),
    (v2.AudioFile, {"duration": True}, "duration must be a number, not bool"),
    (v2.ImageFile, {"file_size_in_bytes": 1.0}, "file_size_in_bytes must be a whole number"),
    (v2.AnnotationText, {"labels": "ab"}, "labels must be a list, not str"),
    (v2.AnnotationText, {"labels": ["a", 1]}, "each of labels must be a string, not int"),
    (v2.AnnotationText, {"metadata": Annotation()}, "metadata must be a AnnotationMetadata or a"),
    (v2.Delivery, {"project": 5}, "project must be a Project or a dict, not int"),
    (Thread, {"turns": [Thread.from_dict({})]}, "each of turns must be a Turn or a dict"),
    (Batch, {"status": 5}, "status must be a BatchStatus or a string, not int"),
    (Batch, {"created_at": []}, "created_at must be ISO 8601 text, a date or datetime, not []"),
]


@pytest.mark.parametrize(("model", "fields", "message"), BAD)
def test_a_bad_field_is_named(model: type[Model], fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ScaleArgumentError) as caught:
        model(**fields)
    assert str(caught.value).startswith(message)


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(TypeError, match=r"CreateBatchRequest\(\) has no field 'nmae'"):
        CreateBatchRequest(nmae="b")
    one = CreateBatchRequest(name="b")
    with pytest.raises(AttributeError, match="CreateBatchRequest has no field 'nmae'"):
        one.nmae = "c"  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ScaleArgumentError, match="name must not be None"):
        one.name = None  # type: ignore[assignment]


@pytest.mark.parametrize("text", ["", "[]", "nonsense", 5])
def test_what_is_no_json_object(text: Any) -> None:
    with pytest.raises(ScaleArgumentError):
        Task.from_json(text)
    with pytest.raises(ScaleArgumentError):
        Task.from_dict(text)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_doc_and_reads(model: type[Model]) -> None:
    empty = model.from_dict({})
    for name, field in model._fields.items():
        assert field.__doc__
        assert getattr(empty, name) in (None, False, [])
    assert set(model._required) <= {field.key for field in model._fields.values()}


def test_enum_members_are_their_strings() -> None:
    assert BatchStatus.IN_PROGRESS == "in_progress"
    assert BatchStatus("in_progress") is BatchStatus.IN_PROGRESS
    assert str(BatchStatus.IN_PROGRESS) == f"{BatchStatus.IN_PROGRESS}" == "in_progress"
