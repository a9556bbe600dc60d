"""Creating a task exactly once, even if a response is lost."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any

from .._arguments import is_given
from .._http.call import Deadline
from .._http.policy import parse_date
from .._http.response import (
    JSONObject,
    check_array,
    check_object,
    is_object,
    possibly_applied,
)
from .._http.url import path
from .._interruption import suppressed
from ..api import Api
from ..exceptions import ScaleDuplicateResource, ScaleException
from .comparison import has_content
from .refusal import Refusal

__all__ = [
    "create_once",
    "create_task_once",
    "existing_task",
]

#: Seconds by which ``Date`` (in whole seconds) and ``created_at`` may differ for the same moment.
_SLACK = 5.0


def create_once(
    api: Api,
    endpoint: str,
    body: JSONObject,
    required: str,
    key: str | None = None,
    deadline: Deadline | None = None,
) -> JSONObject:
    """Create a resource with an idempotency key.

    All attempts of the call have the same key, so the service accepts only one of them and retries
    are safe (https://docs.scale.com/reference/idempotent-requests).

    Args:
        api: The transport of the call.
        endpoint: The quoted path.
        body: The resource to create.
        required: A key that the response must contain.
        key: The idempotency key. By default, a new one.
        deadline: The deadline of the call. By default, that of the api's options.

    Raises:
        ScaleException: If the call failed.
    """
    extras: dict[str, Any] = {} if deadline is None else {"deadline": deadline}
    own_key = str(uuid.uuid4())
    headers = {"Idempotency-Key": key or own_key}
    try:
        return check_object(
            api.post_request(endpoint, body=body, headers=headers, idempotent=True, **extras),
            required,
        )
    except ScaleDuplicateResource as error:
        if Refusal(error, own_key).names_key:
            possibly_applied(error)  # no other call has this key
        raise


def create_task_once(api: Api, endpoint: str, body: JSONObject) -> JSONObject:
    """Create a task, and find it if its response is lost.

    If an attempt may have reached the service, and a retry is refused because the task exists,
    this call may have created the task. In that case the task is looked up. By the service's clock,
    it must not be older than the call, and must have the type that was sent. It is returned if it
    has the content that was sent, or if the refusal names both the idempotency key of this call
    and the id of the task.

    Args:
        api: The transport of the call.
        endpoint: The quoted path, ``task/`` and the type of the task.
        body: The parameters of the task.

    Raises:
        ScaleDuplicateResource: If the task exists, but may have been created by another call.
        ScaleException: If the call failed.
    """
    key, deadline = str(uuid.uuid4()), Deadline(api.options.deadline)
    try:
        return create_once(api, endpoint, body, "task_id", key, deadline)
    except ScaleDuplicateResource as error:
        refusal = Refusal(error, key, body.get("unique_id"))
        if refusal.names_key:
            possibly_applied(error)  # no other call has this key
        if not error.may_have_been_applied:
            raise
    oldest = _service_time(refusal.error, deadline)
    known_id = refusal.task_id if refusal.names_key else None
    for task in _candidates(api, refusal, deadline):
        created = _timestamp(task.get("created_at"))
        if endpoint != f"task/{task.get('type')}":
            continue
        may_be_new = created is None or oldest is None or created >= oldest
        if task["task_id"] == known_id and may_be_new:
            return task
        is_new = created is not None and oldest is not None and created >= oldest
        with suppress(RecursionError):  # nested too deeply to be compared
            if is_new and has_content(task, body):
                return task
    raise refusal.error


def existing_task(
    api: Api, endpoint: str, refusal: Refusal, deadline: Deadline
) -> JSONObject | None:
    """Return the task because of which a creation was refused, ``None`` if it is not found.

    Args:
        api: The service.
        endpoint: Where the task was sent, which says what type it has to have.
        refusal: The 409.
        deadline: When the call must be over.
    """
    for task in _candidates(api, refusal, deadline):
        if endpoint == f"task/{task.get('type')}":
            return task
    return None


def _service_time(duplicate: ScaleDuplicateResource, deadline: Deadline) -> float | None:
    """Return when the call began, by the service's clock; ``None`` if that is not known."""
    now = parse_date(duplicate.headers.get("Date"))
    return None if now is None else now - deadline.elapsed() - _SLACK


def _candidates(api: Api, refusal: Refusal, deadline: Deadline) -> Iterator[JSONObject]:
    """Yield the tasks that a refusal may refer to: by the id that it names, or by unique_id.

    If it names the key, the ``unique_id`` of the task may have changed since.
    """
    unique_id, task_id = refusal.unique_id, refusal.task_id
    with suppressed(ScaleException):  # the caller then raises the refusal
        if task_id is not None and (refusal.names_key or not is_given(unique_id)):
            endpoint = path("task/{task_id}", task_id=task_id)
            yield check_object(api.get_request(endpoint, deadline=deadline), "task_id")
    with suppressed(ScaleException):
        if is_given(unique_id):
            query = {"unique_id": unique_id}
            page = check_object(api.get_request("tasks", query, deadline=deadline), "docs")
            for task in check_array(page["docs"]):
                # A service that does not know the filter returns all tasks.
                if is_object(task, "task_id") and str(task.get("unique_id")) == str(unique_id):
                    yield task


def _timestamp(created_at: object) -> float | None:
    """Parse a time of the service to seconds since the epoch; ``None`` if it is invalid."""
    try:
        time = datetime.fromisoformat(str(created_at).replace("Z", "+00:00"))
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()
