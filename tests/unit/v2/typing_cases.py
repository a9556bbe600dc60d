"""What type checkers should know; checked, never run."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import Any

from typing_extensions import assert_type

from scaleapi import ScaleClient, V2Task
from scaleapi.v2 import (
    Annotation,
    AnnotationBoolean,
    AnnotationFile,
    ApiClient,
    BasicFile,
    Batch,
    BatchStatus,
    Configuration,
    CreateBatchRequest,
    DatasetTask,
    DetailedFile,
    Id,
    ImageFile,
    Message,
    Option,
    Project,
    Task,
    TaskStatus,
    V2Api,
)

client = ScaleClient("live_key")
task = client.v2.get_task("task_1", opts=["submissions", Option.ANNOTATION_DETAILS])

assert_type(client.v2, V2Api)
assert_type(task, Task)
assert_type(task.task_id, str)
assert_type(task.status, TaskStatus | str)
assert_type(task.created_at, datetime)
assert_type(task.completed_at, datetime | None)
assert_type(task.metadata, dict[str, Any] | None)
assert_type(task.project, Id | Project)
assert_type(task.batch, Id | Batch | None)
assert_type(task.threads[0].turns[0].messages[0], Message)
assert_type(task.threads[0].turns[0].messages[0].content.text, str | None)
assert_type(task.threads[0].annotations, list[Annotation])
assert_type(AnnotationBoolean().value, bool | None)
assert_type(AnnotationFile().value, DetailedFile | list[BasicFile] | None)
assert_type(client.v2.iter_tasks(project_name="chats"), Generator[Task, None, None])
assert_type(client.v2.iter_dataset_tasks("dataset_1"), Generator[DatasetTask, None, None])
assert_type(client.v2_get_tasks("project_1"), Generator[Task, None, None])
assert_type(client.v2.create_batch(CreateBatchRequest(name="a")), Batch)
assert_type(client.v2.create_batch({"name": "a"}).status, BatchStatus | str)
assert_type(client.v2.create_batch(name="a", project_id="p").created_at, datetime)
assert_type(client.v2.pause_batch("batch_1").batch, Batch | None)
assert_type(client.v2.get_dataset_task_response_url("task_1", "a"), str)
assert_type(V2Api(ApiClient(Configuration())).get_project("p").types, list[str] | None)

if isinstance(task.project, Project):
    assert_type(task.project.name, str)
for file in task.threads[0].turns[0].messages[0].content.attachments or []:
    assert_type(file.url, str | None)
    if isinstance(file, ImageFile):
        assert_type(file.file_size_in_bytes, int | None)
again: V2Task = task
again.status = "error"
