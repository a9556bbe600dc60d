"""Tasks of the v2 API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from .._arguments import text_of, texts_of
from .._enums import StringEnum
from .._model.fields import maybe_empty, optional, required
from .._model.kinds import FLAG, OBJECT, TEXT, TIME, EnumOf, IdOr, bare, list_of, time_text
from .._model.objects import Model, Page
from ._operations import Operations, model_of, pages_of, with_http_info, without_preload_content
from ._requests import Body, limit_of
from .batches import Batch
from .conversations import Thread
from .projects import Project

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._http.response import JSONObject
    from ..bulk.job import BulkOptions
    from ..bulk.result import BulkResult
    from ..bulk.sources import Rows
    from ._requests import Terms

__all__ = [
    "CreateChatTaskRequest",
    "ErrorDetail",
    "ErrorType",
    "ExpandableEnumTask",
    "GetTasksResponse",
    "Option",
    "SensitiveContentReport",
    "SetTaskMetadataRequest",
    "Task",
    "TaskOperations",
    "TaskStatus",
]


class TaskStatus(StringEnum):
    """Known statuses of a task."""

    PENDING = "pending"
    COMPLETED = "completed"
    CANCELED = "canceled"
    ERROR = "error"
    DELETED = "deleted"


class ErrorType(StringEnum):
    """Known reasons why a task failed."""

    UNSUPPORTED_LANGUAGE = "UNSUPPORTED_LANGUAGE"
    LANGUAGE_MISMATCH = "LANGUAGE_MISMATCH"
    PROMPT_LENGTH_EXCEEDED = "PROMPT_LENGTH_EXCEEDED"
    INVALID_CATEGORY = "INVALID_CATEGORY"
    PROMPT_INFEASIBLE = "PROMPT_INFEASIBLE"


class ExpandableEnumTask(StringEnum):
    """Fields of a task that can be expanded."""

    PROJECT = "project"
    BATCH = "batch"


class Option(StringEnum):
    """Parts of a task that are sent only on request."""

    ANNOTATION_DETAILS = "annotation_details"
    ATTACHMENT_DETAILS = "attachment_details"
    MODEL_PARAMETERS = "model_parameters"
    SUBMISSIONS = "submissions"


class ErrorDetail(Model):
    """Why a task failed."""

    type = optional(EnumOf(ErrorType), "The reason.")
    message = optional(TEXT, "A human-readable message.")


class SensitiveContentReport(Model):
    """A report of sensitive content in a task."""

    type = optional(TEXT, "The type of the content.")
    message = optional(TEXT, "A description.")


class Task(Model):
    """A task and its conversations.

    Example:
        >>> client.v2.get_task("task_1").threads[0].turns[0].messages[0].content.text
        'How do I descale a kettle?'
    """

    _required = ("task_id",)

    task_id = required(TEXT, "The task's id.")
    project = required(IdOr(Project), "Its project, by id, or the object if it was expanded.")
    batch = optional(IdOr(Batch), "Its batch, by id, or the object if it was expanded.")
    status = required(EnumOf(TaskStatus), "The status.")
    created_at = required(TIME, "When it was created.")
    completed_at = optional(TIME, "When it was completed.")
    metadata = optional(OBJECT, "Metadata set by the customer.")
    threads = maybe_empty(list_of(Thread), "The conversations; empty unless it is completed.")
    errors = optional(list_of(ErrorDetail), "Why the task failed; only with the status ``error``.")
    sensitive_content_reports = optional(
        list_of(SensitiveContentReport), "Why a completed task has no threads."
    )

    def _repr_html_(self) -> str:
        """Return the card that a notebook shows."""
        from .._notebook import conversation_card  # noqa: PLC0415 - only notebooks need it

        return conversation_card(type(self).__name__, "task_id", bare(self))


class GetTasksResponse(Page):
    """One page of tasks."""

    _required = ("tasks",)

    tasks = required(list_of(Task), "The tasks on this page.")


class CreateChatTaskRequest(Model):
    """A request to create a task in a project, given by id or name."""

    _one_of = ("project_id", "project_name")

    project_id = optional(TEXT, "The id of its project.")
    project_name = optional(TEXT, "The name of its project.")
    batch_id = optional(TEXT, "The id of its batch.")
    batch_name = optional(TEXT, "The name of its batch.")
    template_variables = optional(OBJECT, "Values for the variables of the project's template.")
    metadata = optional(OBJECT, "A JSON object.")
    callback_url = optional(TEXT, "The URL or email address to notify when it is completed.")
    unique_id = optional(TEXT, "Your own id for the task.")


class SetTaskMetadataRequest(Model):
    """A request to set the metadata of a task."""

    task_id = required(TEXT, "The task's id.")
    metadata = required(OBJECT, "A JSON object.")
    merge = required(FLAG, "Whether to merge it into the present metadata.", default=False)


_WHERE = ("project_id", "project_name", "batch_id", "batch_name")


class TaskOperations(Operations):
    """Calls for tasks."""

    def get_task(
        self,
        task_id: str,
        expand: Iterable[ExpandableEnumTask | str] | None = None,
        opts: Iterable[Option | str] | None = None,
        **terms: Unpack[Terms],
    ) -> Task:
        """Return a task.

        Args:
            task_id: Its id.
            expand: ``["project", "batch"]`` to get these objects instead of their ids.
            opts: Optional parts to send, see :class:`~scaleapi.v2.tasks.Option`.

        Raises:
            ScaleResourceNotFound: If there is no such task.

        Example:
            >>> client.v2.get_task("task_1", opts=["annotation_details"])
            Task(task_id='task_1', status='completed')
        """
        return self._get(
            "task",
            Task,
            {
                "task_id": (text_of, task_id),
                "expand": (texts_of, expand),
                "opts": (texts_of, opts),
            },
            terms,
            one_of=("task_id",),
        )

    get_task_with_http_info = with_http_info(get_task)
    get_task_without_preload_content = without_preload_content(get_task)

    def create_chat_task(
        self,
        create_chat_task_request: CreateChatTaskRequest | Mapping[str, Any] | None = None,
        *,
        project_id: str | None = None,
        project_name: str | None = None,
        batch_id: str | None = None,
        batch_name: str | None = None,
        template_variables: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        callback_url: str | None = None,
        unique_id: str | None = None,
        **terms: Unpack[Terms],
    ) -> Task:
        """Create a task, from a request or from its fields.

        It is retried only if the service cannot have processed the request, because v2 has no
        idempotency keys. After an error whose ``may_have_been_applied`` is true, the task may
        exist; use metadata to identify it.

        Args:
            create_chat_task_request: The whole request, instead of its fields.
            project_id: The id of its project.
            project_name: The name of its project.
            batch_id: The id of its batch.
            batch_name: The name of its batch.
            template_variables: Values for the variables of the project's template.
            metadata: A JSON object.
            callback_url: The URL or email address to notify when it is completed.
            unique_id: Your own id for the task. Whether the service rejects a second task with
                the same id is not known.

        Raises:
            ScaleResourceNotFound: If there is no such project or batch.

        Example:
            >>> prompt = {"prompt": "How do I descale a kettle?"}
            >>> client.v2.create_chat_task(project_name="chats", template_variables=prompt)
            Task(task_id='task_1', status='pending')
        """
        return self._post(
            "task/chat",
            Task,
            Body(
                CreateChatTaskRequest,
                "create_chat_task_request",
                create_chat_task_request,
                {
                    "project_id": project_id,
                    "project_name": project_name,
                    "batch_id": batch_id,
                    "batch_name": batch_name,
                    "template_variables": template_variables,
                    "metadata": metadata,
                    "callback_url": callback_url,
                    "unique_id": unique_id,
                },
            ),
            terms,
        )

    create_chat_task_with_http_info = with_http_info(create_chat_task)
    create_chat_task_without_preload_content = without_preload_content(create_chat_task)

    def create_chat_tasks(self, rows: Rows, **options: Unpack[BulkOptions]) -> BulkResult[Task]:
        """Create a task for each row.

        Unlike :meth:`create_chat_task`, each carries an idempotency key, which is the same on
        every run, and is retried: a service that keeps such keys makes each task once.

        Args:
            rows: What :meth:`create_chat_task` takes, for each task; see
                :meth:`scaleapi.ScaleClient.create_tasks`.
            **options: The options of :meth:`scaleapi.ScaleClient.create_tasks`.

        Raises:
            ScaleArgumentError: An argument is bad.

        Example:
            >>> rows = [{"template_variables": {"prompt": "How do I descale a kettle?"}}]
            >>> client.v2.create_chat_tasks(rows, defaults={"project_name": "chats"})
            BulkResult(created=1, existing=0, failed=0)
        """
        from ..bulk.job import Job  # noqa: PLC0415 - few programs need it
        from ._bulk import ChatCreator  # noqa: PLC0415

        def prepare(fields: Mapping[str, Any]) -> JSONObject:
            return Body(CreateChatTaskRequest, "create_chat_task_request", fields, {}).json()

        def wrap(json: JSONObject) -> Task:
            return model_of(json, Task)

        return Job(ChatCreator(self.api, "task/chat", prepare, wrap), rows, **options).result()

    def set_task_metadata(
        self,
        set_task_metadata_request: SetTaskMetadataRequest | Mapping[str, Any] | None = None,
        *,
        task_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        merge: bool | None = None,
        **terms: Unpack[Terms],
    ) -> Task:
        """Replace the metadata of a task, or merge into it.

        Args:
            set_task_metadata_request: The whole request, instead of its fields.
            task_id: The task's id.
            metadata: A JSON object; ``{}`` clears the metadata.
            merge: Whether to merge into the present metadata, key by key and at every depth,
                instead of replacing it.

        Raises:
            ScaleResourceNotFound: If there is no such task.

        Example:
            >>> client.v2.set_task_metadata(task_id="task_1", metadata={"row": 7}).metadata
            {'row': 7}
        """
        return self._post(
            "task/metadata",
            Task,
            Body(
                SetTaskMetadataRequest,
                "set_task_metadata_request",
                set_task_metadata_request,
                {
                    "task_id": task_id,
                    "metadata": metadata,
                    "merge": merge,
                },
            ),
            terms,
            idempotent=True,
        )

    set_task_metadata_with_http_info = with_http_info(set_task_metadata)
    set_task_metadata_without_preload_content = without_preload_content(set_task_metadata)

    def get_tasks(
        self,
        project_id: str | None = None,
        project_name: str | None = None,
        batch_id: str | None = None,
        batch_name: str | None = None,
        status: TaskStatus | str | None = None,
        completed_after: date | str | None = None,
        completed_before: date | str | None = None,
        limit: int | None = None,
        next_token: str | None = None,
        expand: Iterable[ExpandableEnumTask | str] | None = None,
        opts: Iterable[Option | str] | None = None,
        **terms: Unpack[Terms],
    ) -> GetTasksResponse:
        """Return one page of the tasks of a project or batch, one of which must be given.

        To get all of them use :meth:`iter_tasks`.

        Args:
            project_id: Only tasks of this project.
            project_name: Only tasks of the project of this name.
            batch_id: Only tasks of this batch.
            batch_name: Only tasks of the batch of this name.
            status: Only tasks with this status.
            completed_after: Only tasks completed after this time: a date, a datetime or
                ISO 8601 text. A time without a zone is UTC.
            completed_before: Only tasks completed before this time.
            limit: The maximum number of tasks on the page, 1 to 100.
            next_token: The cursor from the previous page.
            expand: ``["project", "batch"]`` to get these objects instead of their ids.
            opts: Optional parts to send, see :class:`~scaleapi.v2.tasks.Option`.

        Raises:
            ScaleResourceNotFound: If there is no such project or batch.

        Example:
            >>> client.v2.get_tasks(project_name="chats", limit=1).tasks
            [Task(task_id='task_1', status='completed')]
        """
        return self._get(
            "tasks",
            GetTasksResponse,
            {
                "project_id": (text_of, project_id),
                "project_name": (text_of, project_name),
                "batch_id": (text_of, batch_id),
                "batch_name": (text_of, batch_name),
                "status": (text_of, status),
                "completed_after": (time_text, completed_after),
                "completed_before": (time_text, completed_before),
                "limit": (limit_of, limit),
                "next_token": (text_of, next_token),
                "expand": (texts_of, expand),
                "opts": (texts_of, opts),
            },
            terms,
            one_of=_WHERE,
        )

    get_tasks_with_http_info = with_http_info(get_tasks)
    get_tasks_without_preload_content = without_preload_content(get_tasks)

    @pages_of(get_tasks)
    def iter_tasks(self, page: GetTasksResponse) -> list[Task]:
        """Iterate over tasks, fetching one page ahead.

        The arguments are those of :meth:`get_tasks`; ``limit`` is the size of a page.

        Example:
            >>> [task.task_id for task in client.v2.iter_tasks(project_name="chats")]
            ['task_1', 'task_2']
        """
        return page.tasks
