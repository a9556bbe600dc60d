"""Tasks of the v2 API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from .._arguments import text_of, texts_of
from .._enums import StringEnum
from .._fields import maybe_empty, optional, required
from .._kinds import FLAG, OBJECT, TEXT, TIME, EnumOf, IdOr, bare, list_of, time_text
from .._model import Model, Page
from ._operations import Operations, pages_of, with_http_info, without_preload_content
from ._requests import Body, limit_of, token_of
from .batches import Batch
from .conversations import Thread
from .projects import Project

if TYPE_CHECKING:
    from typing_extensions import Unpack

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
    """Known states of a task."""

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
    """What of a task can be expanded."""

    PROJECT = "project"
    BATCH = "batch"


class Option(StringEnum):
    """Parts of a task that are sent only if they are asked for."""

    ANNOTATION_DETAILS = "annotation_details"
    ATTACHMENT_DETAILS = "attachment_details"
    MODEL_PARAMETERS = "model_parameters"
    SUBMISSIONS = "submissions"


class ErrorDetail(Model):
    """Why a task failed."""

    type = optional(EnumOf(ErrorType), "The reason.")
    message = optional(TEXT, "The reason, for people.")


class SensitiveContentReport(Model):
    """That a task has content that is sensitive."""

    type = optional(TEXT, "What kind of content.")
    message = optional(TEXT, "More about it.")


class Task(Model):
    """A task, and the conversation that was made in it.

    Example:
        >>> client.v2.get_task("task_1").threads[0].turns[0].messages[0].content.text
        'How do I descale a kettle?'
    """

    _required = ("task_id",)

    task_id = required(TEXT, "The task's id.")
    project = required(IdOr(Project), "Its project, by id, or the object if it was expanded.")
    batch = optional(IdOr(Batch), "Its batch, by id, or the object if it was expanded.")
    status = required(EnumOf(TaskStatus), "The state.")
    created_at = required(TIME, "When it was created.")
    completed_at = optional(TIME, "When it was completed.")
    metadata = optional(OBJECT, "What the customer attached to it.")
    threads = maybe_empty(list_of(Thread), "The conversations; empty unless it is completed.")
    errors = optional(list_of(ErrorDetail), "Why it failed; only in the state ``error``.")
    sensitive_content_reports = optional(
        list_of(SensitiveContentReport), "Why there are no threads although it is completed."
    )

    def _repr_html_(self) -> str:
        """Return the card that a notebook shows."""
        from .._cards import conversation_card  # noqa: PLC0415 - only a notebook asks

        return conversation_card(type(self).__name__, "task_id", bare(self))


class GetTasksResponse(Page):
    """One page of tasks."""

    _required = ("tasks",)

    tasks = required(list_of(Task), "The tasks on this page.")


class CreateChatTaskRequest(Model):
    """A task to be created in a project, which is named by id or name."""

    _one_of = ("project_id", "project_name")

    project_id = optional(TEXT, "The id of its project.")
    project_name = optional(TEXT, "The name of its project.")
    batch_id = optional(TEXT, "The id of its batch.")
    batch_name = optional(TEXT, "The name of its batch.")
    template_variables = optional(OBJECT, "What the template of the project asks for.")
    metadata = optional(OBJECT, "A JSON object.")
    callback_url = optional(TEXT, "The URL or e-mail address that hears of its completion.")
    unique_id = optional(TEXT, "A name of yours for the task.")


class SetTaskMetadataRequest(Model):
    """New metadata of a task."""

    task_id = required(TEXT, "The task's id.")
    metadata = required(OBJECT, "A JSON object.")
    merge = required(FLAG, "Whether to merge it into what is there.", default=False)


_WHERE = ("project_id", "project_name", "batch_id", "batch_name")


class TaskOperations(Operations):
    """The calls about tasks."""

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
            expand: ``["project", "batch"]`` for these objects instead of their ids.
            opts: Which parts to send as well, see :class:`~scaleapi.v2.tasks.Option`.

        Raises:
            ScaleResourceNotFound: There is no such task.

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

        It is repeated only if the service cannot have begun: v2 does not promise to see that
        two requests mean the same task. After a failure whose ``may_have_been_applied`` is true
        the task may exist; give it metadata by which you would find it.

        Args:
            create_chat_task_request: The whole request.
            project_id: The id of its project.
            project_name: The name of its project.
            batch_id: The id of its batch.
            batch_name: The name of its batch.
            template_variables: What the template of the project asks for.
            metadata: A JSON object.
            callback_url: The URL or e-mail address that hears of its completion.
            unique_id: A name of yours for the task. Whether the service refuses a second task
                of the same name is not known.

        Raises:
            ScaleResourceNotFound: There is no such project or batch.

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
            set_task_metadata_request: The whole request.
            task_id: The task's id.
            metadata: A JSON object; ``{}`` clears the metadata.
            merge: Whether to keep what is there, also in nested objects, where ``metadata``
                does not have it otherwise.

        Raises:
            ScaleResourceNotFound: There is no such task.

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

        For all of them see :meth:`iter_tasks`.

        Args:
            project_id: Only tasks of this project.
            project_name: Only tasks of the project of this name.
            batch_id: Only tasks of this batch.
            batch_name: Only tasks of the batch of this name.
            status: Only tasks in this state.
            completed_after: Only tasks completed after this time: a date, a datetime or
                ISO 8601 text. What names no zone is UTC.
            completed_before: Only tasks completed before this time.
            limit: How many tasks the page may have, 1 to 100.
            next_token: The cursor that the page before has.
            expand: ``["project", "batch"]`` for these objects instead of their ids.
            opts: Which parts to send as well, see :class:`~scaleapi.v2.tasks.Option`.

        Raises:
            ScaleResourceNotFound: There is no such project or batch.

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
                "next_token": (token_of, next_token),
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
        """Iterate over tasks. While the caller works, the next page is fetched.

        The arguments are those of :meth:`get_tasks`; ``limit`` is the size of a page.

        Example:
            >>> [task.task_id for task in client.v2.iter_tasks(project_name="chats")]
            ['task_1', 'task_2']
        """
        return page.tasks
