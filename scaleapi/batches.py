"""Batches: groups of tasks of one project."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import date
from typing import Any

from ._arguments import (
    Check,
    count_of,
    flag_of,
    is_given,
    object_of,
    one_or_several,
    page_size_of,
    query_of,
    text_of,
    time_of,
)
from ._enums import StringEnum
from ._http.call import Deadline
from ._http.recovery import get_or_create, recover_change
from ._http.response import JSONObject, check_object
from ._http.url import path
from ._model.fields import Computed, Field
from ._model.objects import ApiObject
from ._waiting import end_of, polls
from .api import Resource
from .exceptions import ScaleArgumentError
from .pagination import Batchlist, iterate, page_from

__all__ = ["Batch", "BatchMethods", "BatchStatus"]

#: The filters of the list (https://scale.com/docs/api-reference/batches), and the wire names of
#: filters that the client names differently.
_CHECKS: dict[str, Check] = {
    "project": one_or_several,
    "status": one_or_several,
    "start_time": time_of,
    "end_time": time_of,
    "completed_after": time_of,
    "completed_before": time_of,
    "audited_after": time_of,
    "audited_before": time_of,
    "exclude_archived": flag_of,
    "detailed": flag_of,
    "limit": page_size_of,
    "offset": count_of,
}
_WIRE_NAMES = {
    "project_name": "project",
    "batch_status": "status",
    "created_after": "start_time",
    "created_before": "end_time",
}


class BatchStatus(StringEnum):
    """Known statuses of a batch."""

    Staging = "staging"
    InProgress = "in_progress"
    Completed = "completed"


class Batch(ApiObject):
    """A batch (https://scale.com/docs/api-reference/batches).

    Example:
        >>> batch = client.create_batch("parcels", "week_11")
        >>> batch.finalize()
        Batch(name='week_11', project='parcels', status='in_progress')
    """

    _required = ("name",)
    _identity = "name"
    _shown = ("name", "project", "status")
    _client: BatchMethods

    name = Field[str]("name", "The batch's name, unique in the account.")
    project = Field[str]("project", "The name of its project.")
    status = Field[str]("status", "The status; see BatchStatus for known values.")
    created_at = Field[str]("created_at", "When it was created, ISO 8601 in UTC.")
    completed_at = Field[str | None]("completed_at", "When its last task was completed.")
    metadata = Field[JSONObject | None]("metadata", "Metadata set by the customer.")
    callback = Field[str | None](
        "callback", "The URL or email address to notify when it is completed."
    )

    def __init__(self, json: JSONObject, client: BatchMethods) -> None:
        super().__init__(json, client)
        self._counts: JSONObject | None = None

    def finalize(self) -> Batch:
        """Finalize the batch; see :meth:`ScaleClient.finalize_batch`."""
        batch = self._client.finalize_batch(self.name)
        self._json = batch.as_dict()
        return batch

    def get_status(self) -> JSONObject:
        """Read the status and the task counts, and set the attributes for them.

        Returns:
            The ``status``, and the number of tasks with each status that occurs.
        """
        return self._take_counts(self._client.batch_status(self.name))

    def _take_counts(self, counts: JSONObject) -> JSONObject:
        self._counts = counts
        if "status" in self._counts:
            self.status = self._counts["status"]
        for count in (
            Batch.tasks_pending,
            Batch.tasks_completed,
            Batch.tasks_error,
            Batch.tasks_canceled,
        ):
            count.reset(self)
        return counts

    def wait(self, timeout: float | None = None) -> Batch:
        """Wait until all tasks of the batch have ended.

        Looks at once, after 1 s, and at growing intervals of up to a minute. How many tasks ended
        how is then in :attr:`tasks_completed`, :attr:`tasks_error` and :attr:`tasks_canceled`. A
        batch without tasks is never completed.

        Args:
            timeout: Seconds to wait, ``None`` for as long as it takes.

        Returns:
            The batch itself.

        Raises:
            TimeoutError: Time is up.
            ScaleArgumentError: It is not finalized, so that nobody works on it.
            ScaleException: The service could not be asked, for several minutes.

        Example:
            >>> batch.finalize()
            >>> batch.wait(timeout=3600).tasks_completed
            24
        """
        endpoint, api = _endpoint(self.name), self._client.api

        def look(deadline: Deadline) -> JSONObject:
            status = api.get_request(f"{endpoint}/status", deadline=deadline)
            counts = check_object(status, "status")
            if counts["status"] == BatchStatus.Completed:
                json = api.get_request(endpoint, deadline=deadline)
                self._json = check_object(json, *self._required)
            return counts

        what, end = f"batch {self.name!r}", end_of(timeout)
        for counts in polls(look, what, end, api.options.deadline):
            if counts["status"] == BatchStatus.Staging:
                problem = f"{self.name!r} is staging: nobody works on it until batch.finalize()"
                raise ScaleArgumentError("batch", problem)
            if counts["status"] == BatchStatus.Completed:
                self._take_counts(counts)
                break
        return self

    def _repr_html_(self) -> str:
        from ._notebook import batch_card  # noqa: PLC0415 - only notebooks need it

        return batch_card(type(self).__name__, self._identity, self._json, self._counts)

    def _count(self, status: str) -> int | None:
        return None if self._counts is None else self._counts.get(status, 0)

    @Computed
    def tasks_pending(self) -> int | None:
        """The number of pending tasks; ``None`` before :meth:`get_status`."""
        return self._count("pending")

    @Computed
    def tasks_completed(self) -> int | None:
        """The number of completed tasks; ``None`` before :meth:`get_status`."""
        return self._count("completed")

    @Computed
    def tasks_error(self) -> int | None:
        """The number of failed tasks; ``None`` before :meth:`get_status`."""
        return self._count("error")

    @Computed
    def tasks_canceled(self) -> int | None:
        """The number of canceled tasks; ``None`` before :meth:`get_status`."""
        return self._count("canceled")


class BatchMethods(Resource):
    """The calls about batches."""

    def create_batch(
        self,
        project: str,
        batch_name: str,
        callback: str | None = "",
        calibration_batch: bool = False,
        self_label_batch: bool = False,
        metadata: Mapping[str, Any] | None = None,
    ) -> Batch:
        """Create a batch.

        Args:
            project: The project's name.
            batch_name: The batch's name, unique in the account.
            callback: The URL or email address to notify when it is completed; ``None`` or ``""``
                for none.
            calibration_batch: Whether it is a calibration batch (Rapid projects only).
            self_label_batch: Whether your own team labels it (Rapid projects only).
            metadata: A JSON object.

        Raises:
            ScaleDuplicateResource: If the name is already used.
            ScaleResourceNotFound: If there is no such project.

        Example:
            >>> client.create_batch("parcels", "week_11", metadata={"camera": "north"})
            Batch(name='week_11', project='parcels', status='staging')
        """
        return self._create_batch(
            _body(project, batch_name, callback, calibration_batch, self_label_batch, metadata)
        )

    def _create_batch(self, body: JSONObject, **limit: Any) -> Batch:
        return Batch._from(self.api.post_request("batches", body=body, **limit), self)

    def ensure_batch(
        self,
        project: str,
        batch_name: str,
        callback: str | None = "",
        calibration_batch: bool = False,
        self_label_batch: bool = False,
        metadata: Mapping[str, Any] | None = None,
    ) -> Batch:
        """Return the batch of this name, which is created if there is none.

        Safe when several programs do it at once, and when a response is lost. A batch that is there
        is returned as it is, also if it is finalized.

        Args:
            project: The project's name.
            batch_name: The batch's name, unique in the account.
            callback: What it is created with; see :meth:`create_batch`.
            calibration_batch: What it is created with.
            self_label_batch: What it is created with.
            metadata: What it is created with.

        Raises:
            ScaleArgumentError: The batch is there and belongs to another project.
            ScaleResourceNotFound: There is no such project.

        Example:
            >>> client.ensure_batch("parcels", "week_11")
            Batch(name='week_11', project='parcels', status='staging')
        """
        body = _body(project, batch_name, callback, calibration_batch, self_label_batch, metadata)
        wanted = body["project"]
        endpoint, deadline = _endpoint(batch_name), Deadline(self.api.options.deadline)
        batch = get_or_create(
            lambda: Batch._from(self.api.get_request(endpoint, deadline=deadline), self),
            lambda: self._create_batch(body, deadline=deadline),
        )
        if batch.project != wanted:
            raise ScaleArgumentError(
                "project",
                f"must be {batch.project!r}, the project of the batch {batch.name!r} that exists,"
                f" not {wanted!r}; or give another batch_name",
            )
        return batch

    def finalize_batch(self, batch_name: str) -> Batch:
        """Finalize a batch, so that work on it starts. No more tasks can be added to it.

        Has no effect on batches of projects that are neither Rapid nor Studio.

        Args:
            batch_name: The batch's name.

        Raises:
            ScaleInvalidRequest: If the batch has already been finalized.
        """
        endpoint, deadline = _endpoint(batch_name), Deadline(self.api.options.deadline)

        def look_up() -> Batch | None:
            batch = Batch._from(self.api.get_request(endpoint, deadline=deadline), self)
            return None if batch.status == BatchStatus.Staging else batch

        def finalize() -> Batch:
            return Batch._from(
                self.api.post_request(f"{endpoint}/finalize", idempotent=True, deadline=deadline),
                self,
            )

        # Finalizing works only once, and an attempt whose response was lost may have done it.
        return recover_change(finalize, look_up)

    def batch_status(self, batch_name: str) -> JSONObject:
        """Return the status of a batch, and the number of its tasks with each status.

        Args:
            batch_name: The batch's name.

        Example:
            >>> client.batch_status("week_11")
            {'status': 'in_progress', 'pending': 3, 'completed': 9}
        """
        return check_object(self.api.get_request(_endpoint(batch_name, "/status")))

    def get_batch(self, batch_name: str) -> Batch:
        """Return a batch.

        Args:
            batch_name: The batch's name.

        Raises:
            ScaleResourceNotFound: If there is no such batch.
        """
        return Batch._from(self.api.get_request(_endpoint(batch_name)), self)

    def set_batch_metadata(self, batch_name: str, metadata: Mapping[str, Any]) -> Batch:
        """Replace the metadata of a batch; ``{}`` clears it.

        Args:
            batch_name: The batch's name.
            metadata: A JSON object.
        """
        body = object_of("metadata", metadata)
        endpoint = _endpoint(batch_name, "/setMetadata")
        return Batch._from(self.api.post_request(endpoint, body=body, idempotent=True), self)

    def prioritize_batch(self, batch_name: str, priority: int) -> None:
        """Set the priority of a batch that is not finalized.

        Experimental: Scale's documentation mentions the call, but does not describe it.

        Args:
            batch_name: The batch's name.
            priority: 10, 20 or 30. Higher priorities are done first.
        """
        priority = count_of("priority", priority)
        endpoint = _endpoint(batch_name, "/prioritize")
        self.api.post_request(endpoint, body={"priority": priority}, idempotent=True)

    def batches(self, **kwargs: Any) -> Batchlist[Batch]:
        """Return one page of batches, newest first. To get all batches, use :meth:`get_batches`.

        Args:
            **kwargs: The filters of :meth:`get_batches`, with the same names or their wire names
                (``project``, ``status``, ``start_time``, ``end_time``), ``completed_after``,
                ``completed_before``, ``audited_after``, ``audited_before``, ``detailed``,
                ``limit`` (1 to 100, by default 100) and ``offset``.

        Raises:
            ScaleInvalidRequest: If a filter is unknown or invalid.
        """
        return self._batches_page(query_of("batches", kwargs, _WIRE_NAMES, _CHECKS))

    def get_batches(
        self,
        project_name: str | None = None,
        batch_status: BatchStatus | str | None = None,
        created_after: str | date | None = None,
        created_before: str | date | None = None,
        exclude_archived: bool = False,
    ) -> Generator[Batch, None, None]:
        """Iterate over batches, newest first. The next page is fetched in the background.

        Args:
            project_name: Only batches of this project.
            batch_status: Only batches with this status.
            created_after: Only batches created at or after this time (ISO 8601 or datetime).
            created_before: Only batches created at or before this time.
            exclude_archived: Whether to omit archived batches.

        Example:
            >>> [batch.name for batch in client.get_batches("parcels")]
            ['week_11', 'week_10']
        """
        filters = {
            "project_name": project_name,
            "batch_status": batch_status,
            "created_after": created_after,
            "created_before": created_before,
            "exclude_archived": exclude_archived,
        }
        query = query_of("get_batches", filters, _WIRE_NAMES, _CHECKS)

        def fetch(offset: int | None) -> tuple[list[Batch], int | None]:
            begin = offset or 0
            page = self._batches_page({**query, "offset": begin})
            # The next offset depends on the actual page length; an empty page is the end.
            return page, begin + len(page) if page and page.has_more else None

        return iterate(fetch)

    def _batches_page(self, query: JSONObject) -> Batchlist[Batch]:
        return page_from(self.api.get_request("batches", params=query), Batchlist, Batch, self)


def _endpoint(batch_name: str, suffix: str = "") -> str:
    return path("batches/{batch_name}", batch_name=batch_name) + suffix


def _body(
    project: str,
    batch_name: str,
    callback: str | None,
    calibration_batch: bool,
    self_label_batch: bool,
    metadata: Mapping[str, Any] | None,
) -> JSONObject:
    return {
        "project": text_of("project", project),
        "name": text_of("batch_name", batch_name),
        "calibration_batch": flag_of("calibration_batch", calibration_batch, default=False),
        "self_label_batch": flag_of("self_label_batch", self_label_batch, default=False),
        "callback": text_of("callback", callback) if is_given(callback) else "",
        "metadata": object_of("metadata", metadata) if is_given(metadata) else {},
    }
