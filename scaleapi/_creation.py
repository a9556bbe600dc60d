"""Creating a task exactly once, although the network may lose the answer."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timezone
from typing import Any

from ._answers import JSONObject
from ._paths import path
from ._transport.call import Deadline
from ._transport.policy import RepeatSafety, parse_date
from .api import Api
from .exceptions import ScaleDuplicateResource, ScaleException

__all__ = ["create_once", "create_task_once"]

#: Seconds by which ``Date`` (whole seconds) and ``created_at`` may differ for the same moment.
_SLACK = 5.0


def create_once(
    api: Api,
    endpoint: str,
    body: JSONObject,
    required: str,
    key: str | None = None,
    deadline: Deadline | None = None,
) -> JSONObject:
    """Create something under a key that the service accepts only once.

    The key is the same on every attempt of this call, so that the call can be repeated
    whatever happened to an attempt (https://docs.scale.com/reference/idempotent-requests).

    Args:
        api: The service.
        endpoint: The quoted path.
        body: What is to be created.
        required: The key that the answer must have.
        key: What to accept only once; by default made up here.
        deadline: When the call must be over; by default as the api's options say.

    Raises:
        ScaleException: The call failed.
    """
    return api.call(
        "POST",
        endpoint,
        body=body,
        headers={"Idempotency-Key": key or str(uuid.uuid4())},
        repeat=RepeatSafety.ALWAYS,
        deadline=deadline,
    ).json_object(required)


def create_task_once(api: Api, task_type: object, body: JSONObject) -> JSONObject:
    """Create a task; return it also when only the answer of an earlier attempt was lost.

    If an attempt may have reached the service and a later one is told that the task exists,
    then that task was probably made by this call; and surely so if the refusal names the key of
    this call. It is looked up, and returned if it is of the same type and not older than this
    call by the service's own clock.

    Args:
        api: The service.
        task_type: The type of the task.
        body: Its parameters.

    Raises:
        ScaleDuplicateResource: The task exists, and no proof was found that this call made it.
        ScaleException: The call failed.
    """
    key, deadline = str(uuid.uuid4()), Deadline(api.options.deadline)
    endpoint = path("task/{task_type}", task_type=task_type)
    try:
        return create_once(api, endpoint, body, "task_id", key, deadline)
    except ScaleDuplicateResource as duplicate:
        if not duplicate.may_have_been_applied and key not in duplicate.message:
            raise
        oldest = _service_time(duplicate, deadline)
        for task in _candidates(api, body.get("unique_id"), duplicate, deadline):
            same_type = endpoint == f"task/{task.get('type')}"
            if same_type and oldest is not None and _timestamp(task.get("created_at")) >= oldest:
                return task
        raise


def _service_time(duplicate: ScaleDuplicateResource, deadline: Deadline) -> float | None:
    """Return when the call began by the service's clock, ``None`` when it does not tell."""
    now = parse_date(duplicate.headers.get("Date"))
    return None if now is None else now - deadline.elapsed() - _SLACK


def _candidates(
    api: Api, unique_id: Any, duplicate: ScaleDuplicateResource, deadline: Deadline
) -> list[JSONObject]:
    """Return the tasks that the service may have meant by its refusal."""
    try:
        if unique_id is not None:
            answer = api.call("GET", "tasks", params={"unique_id": unique_id}, deadline=deadline)
            found = answer.check_array(answer.json_object("docs")["docs"])
            return [answer.check_object(task, "task_id") for task in found]
        # The refusal ends with the id of the task in parentheses.
        ids = re.findall(r"\(([^()]+)\)", duplicate.message)
        if not ids:
            return []
        endpoint = path("task/{task_id}", task_id=ids[-1])
        return [api.call("GET", endpoint, deadline=deadline).json_object("task_id")]
    except ScaleException:
        return []  # the refusal itself is what the caller must see


def _timestamp(created_at: object) -> float:
    """Return a time of the service as seconds since the epoch; the distant past if it is none."""
    try:
        time = datetime.fromisoformat(str(created_at).replace("Z", "+00:00"))
    except ValueError:
        return float("-inf")
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()
