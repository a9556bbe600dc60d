"""A task: a unit of work for an annotator."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._arguments import flag_of
from .._http.response import JSONObject
from .._model.fields import Field
from .._model.objects import ApiObject
from .readers import (
    Reader,
    annotations_in,
    attachment_urls_in,
    image_size_in,
    own_instruction_in,
)

if TYPE_CHECKING:
    from .. import _notebook
    from .methods import TaskMethods

__all__ = ["Task"]


class Task(ApiObject):
    """A task (https://scale.com/docs/api-reference/tasks).

    JSON keys without a field of their own are attributes too, such as ``task.document_pages``. If
    the service omits a key, such as ``response`` while the task is pending, the attribute does not
    exist; test with ``hasattr(task, "response")``.

    Example:
        >>> task = client.get_task("65f0a1b2c3d4e5f60718293a")
        >>> task.status
        'completed'
        >>> task.response["annotations"][0]["label"]
        'parcel'
    """

    _required = ("task_id",)
    _identity = "task_id"
    _shown = ("id", "type", "status")
    _client: TaskMethods

    id = Field[str]("task_id", "The task's id, 24 hex digits.")
    type = Field[str]("type", "The task type; see TaskType for known values.")
    status = Field[str]("status", "The status; see TaskStatus for known values.")
    created_at = Field[str]("created_at", "When it was created, ISO 8601 in UTC.")
    updated_at = Field[str]("updated_at", "When it last changed.")
    completed_at = Field[str]("completed_at", "When it was completed.")
    project = Field[str]("project", "The name of its project.")
    batch = Field[str]("batch", "The name of its batch.")
    instruction = Field[str]("instruction", "The instruction for labelers, in Markdown.")
    params = Field[JSONObject]("params", "The parameters of its type.")
    metadata = Field[JSONObject]("metadata", "Metadata set by the customer.")
    unique_id = Field[str]("unique_id", "The customer's own id for the task.")
    tags = Field[list[str]]("tags", "The tags.")
    priority = Field[int]("priority", "The priority; higher is done first.")
    callback_url = Field[str]("callback_url", "The URL that callbacks are posted to.")
    response = Field[JSONObject]("response", "The response, after completion.")
    is_test = Field[bool]("is_test", "Whether the task was created with a test key.")
    work_started = Field[bool](
        "work_started", "Whether work has started, so it cannot be canceled."
    )
    project_param_version = Field[int](
        "project_param_version", "The version of the project parameters that the task inherited."
    )
    customer_review_status = Field[str](
        "customer_review_status", "The result of the review; see TaskReviewStatus."
    )
    customer_review_comments = Field[list[str]](
        "customer_review_comments", "The comments of reviewers, oldest first."
    )

    @Reader
    def annotations(self) -> list[Any]:
        """The annotations of the response, if they are a list; empty if not.

        Those of videos and lidar scenes are in a file, which the response links to, and those of
        ``textcollection`` are an object by ``field_id``: read ``task.response``.
        """
        return annotations_in(self._json)

    @Reader
    def attachment_urls(self) -> list[str]:
        """The URLs of the attachments, as they were given; empty if there are none."""
        return attachment_urls_in(self._json)

    @Reader
    def image_size(self) -> tuple[int, int] | None:
        """Width and height of a document's first page or of a ``data:`` image, else ``None``."""
        return image_size_in(self._json)

    @Reader
    def own_instruction(self) -> str:
        """The instruction without that of the project.

        Reading it requests the project, if there is one, so a task without a client does not
        have it.
        """
        return own_instruction_in(self._json, self._client)

    def __init__(self, json: JSONObject, client: TaskMethods) -> None:
        super().__init__(json, client)

    def _absent(self, name: str) -> None:
        raise AttributeError(name)  # Python then calls __getattr__

    if not TYPE_CHECKING:
        # Hidden from type checkers, which would accept every misspelled field otherwise.
        def __getattr__(self, name: str) -> Any:
            # copy and pickle look up private names before _json is set.
            if name.startswith("_"):
                raise AttributeError(f"'Task' object has no attribute {name!r}")
            if name in self._json:
                return self._json[name]
            params = self._json.get("params")
            if isinstance(params, dict) and name in params:
                warnings.warn(
                    f"task.{name} is deprecated; use task.params[{name!r}]",
                    DeprecationWarning,
                    stacklevel=2,
                )
                return params[name]
            raise AttributeError(self._why_absent(name))

    def _why_absent(self, name: str) -> str:
        """Return the error message for a missing attribute."""
        text = f"'Task' object has no attribute {name!r}"
        if not isinstance(getattr(type(self), name, None), Field):
            return text
        task, status = self._json.get("task_id"), self._json.get("status")
        return (
            f"{text}: task {task} has the status {status!r}, and the service sent no {name}."
            f" Test with hasattr(task, {name!r}), or use task.as_dict().get({name!r})."
        )

    def _repr_html_(self) -> str:
        from .._notebook import task_card  # noqa: PLC0415 - only notebooks need it

        return task_card(type(self).__name__, self._identity, self._json)

    def show(self, *, fetch: bool = False) -> _notebook.Card:
        """Return the task's card for a notebook.

        Args:
            fetch: Whether to download the task's image, of at most 5 MB, and embed it in the card.
                Otherwise, the browser loads the image from its link, which must still work when
                the notebook is opened.

        Raises:
            ScaleArgumentError: If the image has more than 50,000,000 pixels.
            ScaleException: If the image could not be downloaded, or is larger than 5 MB.

        Example:
            >>> task.show(fetch=True)
            Task(id='65f0a1b2c3d4e5f60718293a', type='imageannotation', status='completed')
        """
        from .. import _notebook  # noqa: PLC0415 - only notebooks need it

        content = self._client._task_image(self._json) if flag_of("fetch", fetch) else None
        image = None if content is None else _notebook.Image.of(content)
        html = _notebook.task_card(
            type(self).__name__, self._identity, self._json, image=image, link_image=not fetch
        )
        return _notebook.Card(html, repr(self))

    def refresh(self) -> None:
        """Reload the task from the service.

        Raises:
            ScaleException: If the call failed.
        """
        self._json = self._client.get_task(self.id).as_dict()

    def wait(self, timeout: float | None = None) -> Task:
        """Wait until the task is completed.

        Looks at once, after 1 s, and at growing intervals of up to a minute.

        Args:
            timeout: Seconds to wait, ``None`` for as long as it takes.

        Returns:
            The task itself, with its response.

        Raises:
            TimeoutError: Time is up.
            ScaleTaskFailed: It ended in ``error`` or ``canceled``.
            ScaleException: The service could not be asked, for several minutes.

        Example:
            >>> task.wait(timeout=3600).response["annotations"]
            [{'label': 'parcel', ...}]
        """
        from .waiting import wait_for  # noqa: PLC0415 - which needs this module

        wait_for(self._client, self, timeout)
        return self

    def cancel(self, clear_unique_id: bool = False) -> None:
        """Cancel the task; see :meth:`ScaleClient.cancel_task`."""
        self._json = self._client.cancel_task(self.id, clear_unique_id).as_dict()

    def audit(self, accepted: bool, comments: str | None = None) -> None:
        """Accept or reject the task's response; see :meth:`ScaleClient.audit_task`.

        The response does not include the task. Call :meth:`refresh` to see the review.
        """
        self._client.audit_task(self.id, accepted, comments)

    def update_unique_id(self, unique_id: str) -> None:
        """Set the ``unique_id``; see :meth:`ScaleClient.update_task_unique_id`."""
        self._json = self._client.update_task_unique_id(self.id, unique_id).as_dict()

    def clear_unique_id(self) -> None:
        """Remove the ``unique_id``; see :meth:`ScaleClient.clear_task_unique_id`."""
        self._json = self._client.clear_task_unique_id(self.id).as_dict()

    def set_metadata(self, metadata: Mapping[str, Any]) -> None:
        """Replace the metadata; see :meth:`ScaleClient.set_task_metadata`."""
        self._json = self._client.set_task_metadata(self.id, metadata).as_dict()

    def set_tags(self, tags: Iterable[str]) -> None:
        """Replace the tags; see :meth:`ScaleClient.set_task_tags`."""
        self._json = self._client.set_task_tags(self.id, tags).as_dict()

    def add_tags(self, tags: Iterable[str]) -> None:
        """Add tags; see :meth:`ScaleClient.add_task_tags`."""
        self._json = self._client.add_task_tags(self.id, tags).as_dict()

    def delete_tags(self, tags: Iterable[str]) -> None:
        """Remove tags; see :meth:`ScaleClient.delete_task_tags`."""
        self._json = self._client.delete_task_tags(self.id, tags).as_dict()
