"""Batches of the v2 API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from .._arguments import text_of, texts_of
from .._enums import StringEnum
from .._model.fields import optional, required
from .._model.kinds import FLAG, OBJECT, TEXT, TIME, EnumOf, IdOr, Nested, list_of, time_text
from .._model.objects import Model, Page
from ._operations import Operations, pages_of, with_http_info, without_preload_content
from ._requests import Body, limit_of
from .projects import Project

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Terms

__all__ = [
    "Batch",
    "BatchOperationRequest",
    "BatchOperationResponse",
    "BatchOperations",
    "BatchStatus",
    "CreateBatchRequest",
    "ExpandableEnumBatch",
    "GetBatchesResponse",
    "SetBatchMetadataRequest",
]


class BatchStatus(StringEnum):
    """Known statuses of a batch."""

    STAGING = "staging"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class ExpandableEnumBatch(StringEnum):
    """Fields of a batch that can be expanded."""

    PROJECT = "project"


class Batch(Model):
    """A batch of tasks."""

    _required = ("id",)

    id = required(TEXT, "The batch's id.")
    name = required(TEXT, "Its name.")
    project = required(IdOr(Project), "Its project, by id, or the object if it was expanded.")
    created_at = required(TIME, "When it was created.")
    completed_at = optional(TIME, "When its last task was completed.")
    status = required(EnumOf(BatchStatus), "The status.")
    callback = optional(TEXT, "The URL or email address to notify when it is completed.")
    metadata = required(OBJECT, "Metadata set by the customer.")


class GetBatchesResponse(Page):
    """One page of batches."""

    _required = ("batches",)

    batches = required(list_of(Batch), "The batches on this page.")


class BatchOperationResponse(Model):
    """The response to pausing, resuming or canceling a batch."""

    batch = optional(Nested(Batch), "The batch; its status may still be the old one.")
    message = optional(TEXT, "A human-readable message.")


class CreateBatchRequest(Model):
    """A request to create a batch in a project, given by id or name."""

    _one_of = ("project_id", "project_name", "project")

    name = required(TEXT, "Its name.")
    project_id = optional(TEXT, "The id of its project.")
    project_name = optional(TEXT, "The name of its project.")
    callback = optional(TEXT, "The URL or email address to notify when it is completed.")
    staging_batch = required(
        FLAG, "Whether the batch stays in staging until it is finalized.", default=False
    )
    metadata = optional(OBJECT, "A JSON object.")
    project = optional(TEXT, "The project; a published sample uses this key.")


class BatchOperationRequest(Model):
    """A batch to change, given by id or name."""

    _one_of = ("batch_id", "batch_name")

    batch_id = optional(TEXT, "Its id.")
    batch_name = optional(TEXT, "Its name.")


class SetBatchMetadataRequest(BatchOperationRequest):
    """A request to set the metadata of a batch."""

    metadata = required(OBJECT, "A JSON object.")
    merge = required(FLAG, "Whether to merge it into the present metadata.", default=False)


class BatchOperations(Operations):
    """Calls that create, find and describe batches."""

    def create_batch(
        self,
        create_batch_request: CreateBatchRequest | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        project_id: str | None = None,
        project_name: str | None = None,
        callback: str | None = None,
        staging_batch: bool | None = None,
        metadata: Mapping[str, Any] | None = None,
        project: str | None = None,
        **terms: Unpack[Terms],
    ) -> Batch:
        """Create a batch, from a request or from its fields.

        It is retried only if the service cannot have processed the request, because it is not known
        whether a second batch with the same name would be rejected.

        Args:
            create_batch_request: The whole request, instead of its fields.
            name: The batch's name.
            project_id: The id of its project.
            project_name: The name of its project.
            callback: The URL or email address to notify when it is completed.
            staging_batch: Whether it stays in staging until :meth:`finalize_batch`.
            metadata: A JSON object.
            project: The project; a published sample uses this key.

        Raises:
            ScaleResourceNotFound: If there is no such project.

        Example:
            >>> client.v2.create_batch(name="week_11", project_name="chats")
            Batch(id='batch_1', name='week_11', status='in_progress')
        """
        return self._post(
            "batch",
            Batch,
            Body(
                CreateBatchRequest,
                "create_batch_request",
                create_batch_request,
                {
                    "name": name,
                    "project_id": project_id,
                    "project_name": project_name,
                    "callback": callback,
                    "staging_batch": staging_batch,
                    "metadata": metadata,
                    "project": project,
                },
            ),
            terms,
        )

    create_batch_with_http_info = with_http_info(create_batch)
    create_batch_without_preload_content = without_preload_content(create_batch)

    def get_batch(
        self,
        batch_id: str | None = None,
        batch_name: str | None = None,
        expand: Iterable[ExpandableEnumBatch | str] | None = None,
        **terms: Unpack[Terms],
    ) -> Batch:
        """Return a batch, by id or by name.

        Args:
            batch_id: Its id.
            batch_name: Its name.
            expand: ``["project"]`` for the project instead of its id.

        Raises:
            ScaleResourceNotFound: If there is no such batch.

        Example:
            >>> client.v2.get_batch(batch_name="week_11").status
            <BatchStatus.IN_PROGRESS: 'in_progress'>
        """
        return self._get(
            "batch",
            Batch,
            {
                "batch_id": (text_of, batch_id),
                "batch_name": (text_of, batch_name),
                "expand": (texts_of, expand),
            },
            terms,
            one_of=("batch_id", "batch_name"),
        )

    get_batch_with_http_info = with_http_info(get_batch)
    get_batch_without_preload_content = without_preload_content(get_batch)

    def get_batches(
        self,
        project_id: str | None = None,
        project_name: str | None = None,
        status: BatchStatus | str | None = None,
        created_after: date | str | None = None,
        created_before: date | str | None = None,
        completed_after: date | str | None = None,
        completed_before: date | str | None = None,
        limit: int | None = None,
        next_token: str | None = None,
        expand: Iterable[ExpandableEnumBatch | str] | None = None,
        **terms: Unpack[Terms],
    ) -> GetBatchesResponse:
        """Return one page of batches. To get all of them use :meth:`iter_batches`.

        Args:
            project_id: Only batches of this project.
            project_name: Only batches of the project of this name.
            status: Only batches with this status.
            created_after: Only batches created after this time: a date, a datetime or ISO 8601
                text. A time without a zone is UTC.
            created_before: Only batches created before this time.
            completed_after: Only batches completed after this time.
            completed_before: Only batches completed before this time.
            limit: The maximum number of batches on the page, 1 to 100.
            next_token: The cursor from the previous page.
            expand: ``["project"]`` for projects instead of their ids.

        Example:
            >>> client.v2.get_batches(project_name="chats", status="completed").batches
            [Batch(id='batch_1', name='week_11', status='completed')]
        """
        return self._get(
            "batches",
            GetBatchesResponse,
            {
                "project_id": (text_of, project_id),
                "project_name": (text_of, project_name),
                "status": (text_of, status),
                "created_after": (time_text, created_after),
                "created_before": (time_text, created_before),
                "completed_after": (time_text, completed_after),
                "completed_before": (time_text, completed_before),
                "limit": (limit_of, limit),
                "next_token": (text_of, next_token),
                "expand": (texts_of, expand),
            },
            terms,
        )

    get_batches_with_http_info = with_http_info(get_batches)
    get_batches_without_preload_content = without_preload_content(get_batches)

    @pages_of(get_batches)
    def iter_batches(self, page: GetBatchesResponse) -> list[Batch]:
        """Iterate over batches, fetching one page ahead.

        The arguments are those of :meth:`get_batches`; ``limit`` is the size of a page.

        Example:
            >>> [batch.name for batch in client.v2.iter_batches(project_name="chats")]
            ['week_11', 'week_10']
        """
        return page.batches

    def set_batch_metadata(
        self,
        set_batch_metadata_request: SetBatchMetadataRequest | Mapping[str, Any] | None = None,
        *,
        batch_id: str | None = None,
        batch_name: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        merge: bool | None = None,
        **terms: Unpack[Terms],
    ) -> Batch:
        """Replace the metadata of a batch, or merge into it.

        Args:
            set_batch_metadata_request: The whole request, instead of its fields.
            batch_id: The batch's id.
            batch_name: The batch's name.
            metadata: A JSON object; ``{}`` clears the metadata.
            merge: Whether to merge into the present metadata, key by key and at every depth,
                instead of replacing it.

        Raises:
            ScaleResourceNotFound: If there is no such batch.

        Example:
            >>> client.v2.set_batch_metadata(batch_id="batch_1", metadata={"week": 11}).metadata
            {'week': 11}
        """
        return self._post(
            "batch/metadata",
            Batch,
            Body(
                SetBatchMetadataRequest,
                "set_batch_metadata_request",
                set_batch_metadata_request,
                {
                    "batch_id": batch_id,
                    "batch_name": batch_name,
                    "metadata": metadata,
                    "merge": merge,
                },
            ),
            terms,
            idempotent=True,
        )

    set_batch_metadata_with_http_info = with_http_info(set_batch_metadata)
    set_batch_metadata_without_preload_content = without_preload_content(set_batch_metadata)
