"""The calls about tasks."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from datetime import date
from typing import Any

from .._arguments import flag_of, is_given, object_of, strings_of, text_of
from .._enums import TaskReviewStatus, TaskStatus, TaskType
from .._http.response import JSONObject
from .._http.url import path
from ..api import Resource
from ..exceptions import ScaleArgumentError
from ..pagination import Tasklist, iterate, page_from
from .creation import create_task_once
from .filters import ALWAYS_IN_QUERY, task_query
from .parameters import ParameterCheck
from .task import Task

__all__ = ["TaskMethods"]

#: A point in time: ISO 8601 text, a date or a datetime. Without a time zone it is UTC.
Time = str | date


class TaskMethods(Resource):
    """The calls about tasks."""

    def create_task(self, task_type: TaskType | str, **kwargs: Any) -> Task:
        """Create a task, exactly once.

        All attempts have the same idempotency key, so a retry never creates or bills a second
        task.

        Args:
            task_type: The task type, which determines the parameters.
            **kwargs: The parameters, sent unchanged: ``project`` or ``batch`` (names),
                ``attachment``, ``instruction``, ``callback_url``, ``metadata``, ``priority``,
                ``tags``, ``unique_id``, ... and those of the type, such as ``geometries``.
                :mod:`scaleapi.params` has them for editors and type checkers:
                ``**ImageAnnotationParams(attachment=..., geometries=...)``.

        Returns:
            The task. With a test key, the task may already be completed.

        Raises:
            ScaleDuplicateResource: If the ``unique_id`` is already used for another task.
            ScaleInvalidRequest: If a parameter is missing or invalid.
            ScaleArgumentError: With ``strict_parameters``, if a name is probably a mistake.
            ScaleNotEnabled: If the task type is not enabled for the account.
            ScaleException: If the call failed. If ``may_have_been_applied`` is true, the task may
                exist; calling again with the same ``unique_id`` is safe.

        Example:
            >>> client.create_task(
            ...     TaskType.ImageAnnotation,
            ...     project="parcels",
            ...     attachment="https://example.com/a17.jpg",
            ...     geometries={"box": {"objects_to_annotate": ["parcel"]}},
            ...     unique_id="scan-A-17",
            ... )
            Task(id='65f0a1b2c3d4e5f60718293a', type='imageannotation', status='pending')
        """
        endpoint = path("task/{task_type}", task_type=task_type)
        check = ParameterCheck(self, task_type)
        body = check.prepare(kwargs)
        with check.explained(body):
            return Task(create_task_once(self.api, endpoint, body), self)

    def get_task(self, task_id: str) -> Task:
        """Return a task.

        Args:
            task_id: The task's id.

        Raises:
            ScaleResourceNotFound: If there is no such task.
        """
        return Task._from(self.api.get_request(_endpoint(task_id)), self)

    def cancel_task(self, task_id: str, clear_unique_id: bool = False) -> Task:
        """Cancel a task, which is possible until work on it starts.

        Args:
            task_id: The task's id.
            clear_unique_id: Whether to clear its ``unique_id``, so that it can be reused.

        Returns:
            The canceled task. A task that is already canceled is returned unchanged.

        Raises:
            ScaleInvalidRequest: If the task is completed, or work on it has started. With a test
                key, tasks are completed immediately.
        """
        endpoint = _endpoint(task_id, "/cancel")
        if flag_of("clear_unique_id", clear_unique_id, default=False):
            endpoint += "?clear_unique_id=true"
        return self._post(endpoint)

    def audit_task(self, task_id: str, accepted: bool, comments: str | None = None) -> None:
        """Accept or reject the response of a completed task.

        Args:
            task_id: The task's id.
            accepted: Whether the response is accepted.
            comments: Comments for the labelers.

        Raises:
            ScaleInvalidRequest: If the task is not completed.
        """
        body = {
            "accepted": flag_of("accepted", accepted),
            "comments": text_of("comments", comments) if is_given(comments) else None,
        }
        # Not idempotent, because a second audit would be a second entry.
        self.api.post_request(_endpoint(task_id, "/audit"), body=body)

    def update_task_unique_id(self, task_id: str, unique_id: str) -> Task:
        """Set the ``unique_id`` of a task.

        Args:
            task_id: The task's id.
            unique_id: The new id.

        Raises:
            ScaleDuplicateResource: If another task has this id.
        """
        body = {"unique_id": text_of("unique_id", unique_id)}
        return self._post(_endpoint(task_id, "/unique_id"), body)

    def clear_task_unique_id(self, task_id: str) -> Task:
        """Remove the ``unique_id`` of a task.

        Args:
            task_id: The task's id.
        """
        return Task._from(self.api.delete_request(_endpoint(task_id, "/unique_id")), self)

    def set_task_metadata(self, task_id: str, metadata: Mapping[str, Any]) -> Task:
        """Replace the metadata of a task; ``{}`` clears it.

        Args:
            task_id: The task's id.
            metadata: A JSON object of at most 10 KB.
        """
        body = object_of("metadata", metadata)
        return self._post(_endpoint(task_id, "/setMetadata"), body)

    def set_task_tags(self, task_id: str, tags: Iterable[str]) -> Task:
        """Replace the tags of a task; ``[]`` clears them.

        Args:
            task_id: The task's id.
            tags: At most five.
        """
        body = strings_of("tags", tags)
        return self._post(_endpoint(task_id, "/tags"), body)

    def add_task_tags(self, task_id: str, tags: Iterable[str]) -> Task:
        """Add tags to a task. Tags that it already has are ignored.

        Args:
            task_id: The task's id.
            tags: The tags to add.
        """
        body = strings_of("tags", tags)
        return Task._from(self.api.put_request(_endpoint(task_id, "/tags"), body=body), self)

    def delete_task_tags(self, task_id: str, tags: Iterable[str]) -> Task:
        """Remove tags from a task. Tags that it does not have are ignored.

        Args:
            task_id: The task's id.
            tags: The tags to remove.
        """
        body = strings_of("tags", tags)
        return Task._from(self.api.delete_request(_endpoint(task_id, "/tags"), body=body), self)

    def send_task_callback(self, task_id: str) -> None:
        """Send the callback of a completed or failed task again.

        Experimental: Scale's documentation does not mention this call.

        Args:
            task_id: The task's id.

        Raises:
            ScaleInvalidRequest: If the task is neither completed nor failed.
        """
        self.api.post_request(_endpoint(task_id, "/send_callback"))

    def download_response(self, response_url: str) -> bytes:
        """Download the file at a link in a task's response.

        Large results, such as those of video and lidar tasks, are links. The API key is sent only
        to this service (``.../task/{id}/response_url/{uuid}``), not to storage and other hosts.

        Args:
            response_url: The link, for example ``task.response["annotations"]["url"]``.

        Raises:
            ScaleResourceNotFound: If there is no such file.
        """
        return self.api.download(response_url)

    def tasks(self, **kwargs: Any) -> Tasklist[Task]:
        """Return one page of tasks, newest first. To get all tasks, use :meth:`get_tasks`.

        Args:
            **kwargs: The filters of :meth:`get_tasks`, with the same names or their wire names
                (``project``, ``batch``, ``type``, ``customer_review_status``, ``start_time``,
                ``end_time``), and ``next_token``, the cursor from the previous page.

        Returns:
            A list of at most ``limit`` tasks (100 by default) with ``total``, ``has_more`` and
            ``next_token``.

        Raises:
            ScaleInvalidRequest: If a filter is unknown or invalid.
        """
        return self._tasks_page(task_query("tasks", kwargs))

    def get_tasks(
        self,
        project_name: str | None = None,
        batch_name: str | None = None,
        task_type: TaskType | str | None = None,
        status: TaskStatus | str | None = None,
        review_status: Iterable[TaskReviewStatus | str] | TaskReviewStatus | str | None = None,
        unique_id: Iterable[str] | str | None = None,
        completed_after: Time | None = None,
        completed_before: Time | None = None,
        updated_after: Time | None = None,
        updated_before: Time | None = None,
        created_after: Time | None = None,
        created_before: Time | None = None,
        tags: Iterable[str] | str | None = None,
        include_attachment_url: bool = True,
        limited_response: bool | None = None,
        limit: int | None = None,
    ) -> Generator[Task, None, None]:
        """Iterate over all tasks of a project or batch, newest first.

        The next page is fetched in the background while you process the current one.

        Args:
            project_name: The project's name. This or ``batch_name`` is required.
            batch_name: The batch's name.
            task_type: Only tasks of this type.
            status: Only tasks with this status.
            review_status: Only tasks with this review status, or one of these.
            unique_id: Only the task with this ``unique_id``, or tasks with one of these.
            completed_after: Only tasks completed at or after this time (ISO 8601 or datetime).
            completed_before: Only tasks completed at or before this time.
            updated_after: Only tasks changed at or after this time.
            updated_before: Only tasks changed at or before this time.
            created_after: Only tasks created at or after this time.
            created_before: Only tasks created at or before this time.
            tags: Only tasks with this tag, or at least one of these.
            include_attachment_url: Whether to include download links of the attachments.
            limited_response: Whether to include only the id, status, metadata and project.
            limit: Number of tasks per page, 1 to 100. The total number is not limited.

        Raises:
            ScaleInvalidRequest: If a filter is invalid, or if neither a project nor a batch is
                given. Raised by the call, not by the first iteration.

        Example:
            >>> for task in client.get_tasks("parcels", status=TaskStatus.Completed):
            ...     print(task.id, task.response)
        """
        query = self._process_tasks_endpoint_args(
            project_name,
            batch_name,
            task_type,
            status,
            review_status,
            unique_id,
            completed_after,
            completed_before,
            updated_after,
            updated_before,
            created_after,
            created_before,
            tags,
            include_attachment_url,
            limited_response,
        )
        query |= task_query("get_tasks", {"limit": limit})

        def fetch(cursor: str | None) -> tuple[list[Task], str | None]:
            page = self._tasks_page({**query, "next_token": cursor})
            return page, page.next_token if page.has_more else None

        return iterate(fetch)

    def get_tasks_count(
        self,
        project_name: str | None = None,
        batch_name: str | None = None,
        task_type: TaskType | str | None = None,
        status: TaskStatus | str | None = None,
        review_status: Iterable[TaskReviewStatus | str] | TaskReviewStatus | str | None = None,
        unique_id: Iterable[str] | str | None = None,
        completed_after: Time | None = None,
        completed_before: Time | None = None,
        updated_after: Time | None = None,
        updated_before: Time | None = None,
        created_after: Time | None = None,
        created_before: Time | None = None,
        tags: Iterable[str] | str | None = None,
        include_attachment_url: bool = True,
    ) -> int:
        """Return the number of matching tasks. The filters are those of :meth:`get_tasks`."""
        query = self._process_tasks_endpoint_args(
            project_name,
            batch_name,
            task_type,
            status,
            review_status,
            unique_id,
            completed_after,
            completed_before,
            updated_after,
            updated_before,
            created_after,
            created_before,
            tags,
            include_attachment_url,
        )
        return self._tasks_page({**query, "limit": 1}).total

    def _process_tasks_endpoint_args(
        self,
        project_name: str | None = None,
        batch_name: str | None = None,
        task_type: TaskType | str | None = None,
        status: TaskStatus | str | None = None,
        review_status: Iterable[TaskReviewStatus | str] | TaskReviewStatus | str | None = None,
        unique_id: Iterable[str] | str | None = None,
        completed_after: Time | None = None,
        completed_before: Time | None = None,
        updated_after: Time | None = None,
        updated_before: Time | None = None,
        created_after: Time | None = None,
        created_before: Time | None = None,
        tags: Iterable[str] | str | None = None,
        include_attachment_url: bool = True,
        limited_response: bool | None = None,
    ) -> JSONObject:
        """Return the query of a task list by wire name.

        The method name and the keys with ``None`` are kept from scaleapi 2, because existing
        programs use them.

        Raises:
            ScaleArgumentError: If a filter is invalid, or if neither a project nor a batch is
                given.
        """
        if not is_given(project_name) and not is_given(batch_name):
            raise ScaleArgumentError(
                "project_name", "or batch_name must be given: at least one of the two"
            )
        filters = {
            "project_name": project_name,
            "batch_name": batch_name,
            "task_type": task_type,
            "status": status,
            "review_status": review_status,
            "unique_id": unique_id,
            "completed_after": completed_after,
            "completed_before": completed_before,
            "updated_after": updated_after,
            "updated_before": updated_before,
            "created_after": created_after,
            "created_before": created_before,
            "tags": tags,
            "include_attachment_url": include_attachment_url,
            "limited_response": limited_response,
        }
        return {**dict.fromkeys(ALWAYS_IN_QUERY), **task_query("get_tasks", filters)}

    def _post(self, endpoint: str, body: object = None) -> Task:
        """Send a change that is idempotent, and return the changed task."""
        return Task._from(self.api.post_request(endpoint, body=body, idempotent=True), self)

    def _task_image(self, task: JSONObject) -> bytes | None:
        """Return the image of a task; ``None`` if it has none."""
        from .._notebook import IMAGE_LIMIT, image_attachment, image_link  # noqa: PLC0415 - only notebooks need it

        attachment = image_attachment(task)
        if attachment is None or attachment.startswith("data:"):
            return None
        if not attachment.startswith(("http://", "https://")):
            # Links to files stored with Scale expire soon, so request a new one.
            endpoint = _endpoint(task["task_id"])
            query = {"include_attachment_url": True}
            task = Task._from(self.api.get_request(endpoint, params=query), self).as_dict()
        link = image_link(task)
        return None if link is None else self.api.with_options(max_body=IMAGE_LIMIT).download(link)

    def _tasks_page(self, query: JSONObject) -> Tasklist[Task]:
        return page_from(self.api.get_request("tasks", params=query), Tasklist, Task, self)


def _endpoint(task_id: str, suffix: str = "") -> str:
    return path("task/{task_id}", task_id=task_id) + suffix
