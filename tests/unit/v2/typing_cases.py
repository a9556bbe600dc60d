"""What type checkers should know; checked, never run."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import Any

import requests
from typing_extensions import assert_type

from scaleapi import ScaleClient, V2Task
from scaleapi.api_client.v2.exceptions import ApiException, NotFoundException
from scaleapi.api_client.v2.models.get_tasks_response import GetTasksResponse as OldPage
from scaleapi.api_client.v2.models.task import Task as OldTask
from scaleapi.exceptions import ScaleException
from scaleapi.v2 import (
    Annotation,
    AnnotationBoolean,
    AnnotationFile,
    ApiClient,
    ApiResponse,
    BasicFile,
    Batch,
    BatchStatus,
    Configuration,
    CreateBatchRequest,
    DatasetTask,
    DetailedFile,
    GetTasksResponse,
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

# The documented forms and terms of scaleapi 2.
info = client.v2.get_task_with_http_info("task_1", expand=["batch"], _request_timeout=3)
assert_type(info, ApiResponse[Task])
assert_type(info.data, Task)
assert_type(info.status_code, int)
assert_type(info.raw_data, bytes)
assert_type(client.v2.get_tasks_with_http_info(project_id="p").data, GetTasksResponse)
assert_type(client.v2.create_batch_with_http_info({"name": "a"}).data.name, str)
assert_type(client.v2.get_dataset_task_response_url_with_http_info("t", "a").data, str)
assert_type(client.v2.get_task_without_preload_content("t"), requests.Response)
assert_type(client.v2.pause_batch_without_preload_content("b"), requests.Response)
assert_type(client.v2.get_task("t", _request_timeout=(1, 2.5), _headers={"X-Trace": "1"}), Task)
assert_type(client.v2.get_projects(_request_timeout=None, _headers=None).projects, list[Project])
assert_type(client.v2.create_batch(name="a", project_id="p", _request_timeout=3), Batch)
assert_type(
    client.v2.iter_tasks("p", limit=5, _request_timeout=3, _headers={"X-Trace": "1"}),
    Generator[Task, None, None],
)
for delivered in client.v2.iter_delivery("d", _request_timeout=3):
    assert_type(delivered, Task)
assert_type(TaskStatus.from_json('"completed"'), TaskStatus)
old: OldTask = task
assert_type(OldPage.from_dict({}).tasks, list[Task])
error = NotFoundException(status=404, reason="x", body="b", data={"a": 1})
assert_type(error.reason, str | None)
caught: ScaleException = ApiException(404, "x")

# Lists are changed in place, and fields can be deleted.
task.threads[0].annotations.append(AnnotationBoolean(value=True))
task.threads[0].turns[0].messages[0].annotations.clear()
del task.metadata
project = client.get_project("p")
project.instruction = "z"
del project.instruction
assert_type(project.version, int | None)
assert_type(client.get_batch("b").tasks_pending, int | None)
