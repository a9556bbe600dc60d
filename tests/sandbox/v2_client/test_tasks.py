"""Tasks and annotations, by the client."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from scaleapi.sandbox import Sandbox
from scaleapi.v2 import (
    Annotation,
    AnnotationType,
    AudioFile,
    BasicFile,
    Batch,
    ChunkText,
    ErrorType,
    ImageFile,
    MessageRole,
    Option,
    Project,
    Task,
    TaskStatus,
    V2Api,
)


def parts(task: Task) -> list[Annotation]:
    """Return the annotations of all parts of a conversation."""
    found: list[Annotation] = []
    for thread in task.threads:
        found += thread.annotations
        for turn in thread.turns:
            found += turn.annotations
            for message in turn.messages:
                found += message.annotations
                for chunk in message.content.chunks or ():
                    found += chunk.annotations
    return found


def test_get_task(v2: V2Api) -> None:
    """The whole tree, typed: files by kind, annotations by type, times, roles, rubrics."""
    known = v2.get_tasks(project_name="dialogues", status="completed", limit=1).tasks[0]
    task = v2.get_task(known.task_id, expand=["project", "batch"], opts=list(Option))
    assert task.status is TaskStatus.COMPLETED
    assert task.metadata == {"row": 7}
    assert isinstance(task.project, Project)
    assert isinstance(task.batch, Batch)
    assert (task.project.name, task.batch.name) == ("dialogues", "week_1")
    assert task.completed_at
    assert task.completed_at >= task.created_at > datetime(2026, 1, 1, tzinfo=timezone.utc)
    messages = [one for turn in task.threads[0].turns for one in turn.messages]
    assert {message.role for message in messages} == set(MessageRole)
    kinds = [type(file) for one in messages for file in one.content.attachments or ()]
    assert set(kinds) == {BasicFile, ImageFile, AudioFile}
    assert {type(chunk) for one in messages for chunk in one.content.chunks or ()} == {ChunkText}
    assert all(one.content.text for one in messages)
    annotations = parts(task)
    assert {one.type for one in annotations} == {kind.value for kind in AnnotationType}
    assert not [one for one in annotations if type(one) is Annotation]
    assert messages[-1].model_parameters
    assert messages[-1].rubric_evaluations
    assert task.threads[0].submissions
    assert task.threads[0].submissions[0].submitted_at
    assert known.project == task.project.id
    only_batch = v2.get_task(known.task_id, expand=["batch"])
    assert (only_batch.project, only_batch.batch) == (task.project.id, task.batch)


def test_optional_parts_are_omitted_by_default(v2: V2Api) -> None:
    """Annotations with nothing but key and value decode, and the rest is ``None``."""
    (task,) = v2.get_tasks(project_name="dialogues", status="completed", limit=1).tasks
    annotations = parts(task)
    assert annotations
    assert {type(one) for one in annotations} == {Annotation}
    assert all(one.key and one.value is not None for one in annotations)
    assert {(one.id, one.type, one.title) for one in annotations} == {(None, None, None)}
    assert task.threads[0].submissions is None


def test_get_tasks(v2: V2Api) -> None:
    """Pages and filters."""
    project = v2.get_project(project_name="dialogues")
    page = v2.get_tasks(project_id=project.id, limit=3)
    assert len(page.tasks) == 3
    assert page.next_token
    rest = v2.get_tasks(project_id=project.id, limit=100, next_token=page.next_token)
    assert len(rest.tasks) == 4
    assert rest.next_token is None
    pending = v2.get_tasks(batch_name="week_1", status=TaskStatus.PENDING).tasks
    assert [task.status for task in pending] == ["pending", "pending"]
    assert pending[0].threads == []
    later = datetime.now(timezone.utc) + timedelta(days=1)
    assert v2.get_tasks(project_name="dialogues", completed_after=later).tasks == []
    assert len(v2.get_tasks(project_name="dialogues", completed_before=later).tasks) == 5
    assert v2.get_tasks(project_name="empty").tasks == []


def test_iter_tasks(sandbox: Sandbox, v2: V2Api) -> None:
    """All pages, in order, each task once."""
    before = len(sandbox.requests)
    found = [task.task_id for task in v2.iter_tasks(project_name="dialogues", limit=2)]
    assert len(set(found)) == len(found) == 7
    assert len(sandbox.requests) == before + 4
    whole = v2.get_tasks(project_name="dialogues").tasks
    assert found == [task.task_id for task in whole]


def test_create_chat_task(manual: Sandbox, by_hand: V2Api) -> None:
    """It is pending until somebody has done it, and then says what was asked."""
    task = by_hand.create_chat_task(
        project_name="empty",
        template_variables={"prompt": "Which river is longest?"},
        metadata={"row": 1},
        unique_id="river",
    )
    assert (task.status, task.threads, task.metadata) == (TaskStatus.PENDING, [], {"row": 1})
    manual.complete(task.task_id)
    turns = by_hand.get_task(task.task_id).threads[0].turns
    texts = [one.content.text for turn in turns for one in turn.messages]
    assert "Which river is longest?" in texts


def test_failed_task_has_an_error(manual: Sandbox, by_hand: V2Api) -> None:
    """It says why."""
    task = by_hand.create_chat_task({"project_name": "empty"})
    manual.fail(task.task_id, "LANGUAGE_MISMATCH")
    failed = by_hand.get_task(task.task_id)
    assert failed.status is TaskStatus.ERROR
    assert failed.errors
    assert failed.errors[0].type is ErrorType.LANGUAGE_MISMATCH


def test_sensitive_task_has_reports(manual: Sandbox, by_hand: V2Api) -> None:
    """It is completed, and has reports where the threads would be."""
    task = by_hand.create_chat_task(project_name="empty")
    reports = [{"type": "privacy", "message": "A telephone number."}]
    manual.complete(task.task_id, {"sensitive_content_reports": reports})
    done = by_hand.get_task(task.task_id)
    assert (done.status, done.threads) == (TaskStatus.COMPLETED, [])
    assert done.sensitive_content_reports
    assert done.sensitive_content_reports[0].to_dict() == reports[0]


def test_set_task_metadata(v2: V2Api) -> None:
    """Replaced or merged, deep."""
    task_id = v2.get_tasks(project_name="dialogues").tasks[0].task_id
    assert v2.set_task_metadata(task_id=task_id, metadata={"a": {"b": 1}}).metadata == {
        "a": {"b": 1}
    }
    merged = v2.set_task_metadata(task_id=task_id, metadata={"a": {"c": 2}}, merge=True)
    assert merged.metadata == {"a": {"b": 1, "c": 2}}
    assert v2.get_task(task_id).metadata == merged.metadata
    assert not v2.set_task_metadata(task_id=task_id, metadata={}).metadata


def test_get_annotation(v2: V2Api) -> None:
    """Each of a conversation, by its id, of the class for its type."""
    (task,) = v2.get_tasks(
        project_name="dialogues", status="completed", limit=1, opts=["annotation_details"]
    ).tasks
    for one in parts(task):
        assert one.id
        found = v2.get_annotation(one.id)
        assert type(found) is type(one)
        assert (found.key, found.title) == (one.key, one.title)
