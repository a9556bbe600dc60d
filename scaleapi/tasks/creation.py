"""Creating a task exactly once, even if a response is lost."""

from __future__ import annotations

import json
import re
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

__all__ = [
    "create_once",
    "create_task_once",
    "existing_task",
    "has_same_input",
    "id_in_refusal",
    "rejection_text",
]

#: Seconds by which ``Date`` (in whole seconds) and ``created_at`` may differ for the same moment.
_SLACK = 5.0

#: Parameters that say what a task is about, and do not change.
_INPUT = ("project", "attachment", "attachments")

_LINK = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)

#: Parameters that identify a task: if sent, the task must have the same values.
_TELLING = ("attachment", "attachments", "metadata", "instruction", "batch", "project")


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
        if own_key in rejection_text(error):
            possibly_applied(error)  # no other call has this key
        raise


def create_task_once(api: Api, endpoint: str, body: JSONObject) -> JSONObject:
    """Create a task, and find it if its response is lost.

    If an attempt may have reached the service, and a retry is rejected because the task exists,
    this call may have created the task. In that case the task is looked up. By the service's clock,
    it must not be older than the call, and must have the type that was sent. It is returned if it
    has the content that was sent, or if the rejection names both the idempotency key of this call
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
        names_key = key in rejection_text(error)
        if names_key:
            possibly_applied(error)  # no other call has this key
        if not error.may_have_been_applied:
            raise
        duplicate = error
    oldest = _service_time(duplicate, deadline)
    known_id = id_in_refusal(duplicate) if names_key else None
    for task in _candidates(api, body.get("unique_id"), names_key, duplicate, deadline):
        created = _timestamp(task.get("created_at"))
        if endpoint != f"task/{task.get('type')}":
            continue
        may_be_new = created is None or oldest is None or created >= oldest
        if task["task_id"] == known_id and may_be_new:
            return task
        is_new = created is not None and oldest is not None and created >= oldest
        with suppress(RecursionError):  # nested too deeply to be compared
            if is_new and _has_content(task, body):
                return task
    raise duplicate


def existing_task(
    api: Api,
    endpoint: str,
    unique_id: Any,
    by_key: bool,
    duplicate: ScaleDuplicateResource,
    deadline: Deadline,
) -> JSONObject | None:
    """Return the task because of which a creation was refused, ``None`` if it is not found.

    Args:
        api: The service.
        endpoint: Where the task was sent, which says what type it has to have.
        unique_id: The ``unique_id`` that was sent, if there was one.
        by_key: Whether it was refused for its idempotency key. Then the refusal may contain the id
            of the task, whose ``unique_id`` may have changed since.
        duplicate: The refusal.
        deadline: When the call must be over.
    """
    for task in _candidates(api, unique_id, by_key, duplicate, deadline):
        if endpoint == f"task/{task.get('type')}":
            return task
    return None


def has_same_input(task: JSONObject, body: JSONObject) -> bool:
    """Return whether a task is about what was sent: the same attachments in the same project.

    Instructions, metadata and the like may have been changed since it was created. Links are
    compared without their queries, which hold signatures that expire.
    """
    params = task.get("params")
    found = {**params, **task} if isinstance(params, dict) else task
    pairs = [(_sources(found.get(name)), _sources(body.get(name))) for name in _INPUT]
    return all(here is None or sent is None or here == sent for here, sent in pairs)


def _sources(value: object) -> list[str] | None:
    """Return texts and links as they are compared, ``None`` for what the service may rewrite."""
    values = value if isinstance(value, list) else [value]
    texts = [one for one in values if isinstance(one, str)]
    if len(texts) < len(values):
        return None
    return [re.split(r"[?#]", text, maxsplit=1)[0] if _LINK.match(text) else text for text in texts]


def id_in_refusal(duplicate: ScaleDuplicateResource) -> str | None:
    """Return the id of the task that a refusal names: its last word in parentheses."""
    ids = re.findall(r"\(([\w-]+)\)", rejection_text(duplicate))
    return ids[-1] if ids else None


def _has_content(task: JSONObject, body: JSONObject) -> bool:
    """Return whether a task has the content that a call sent.

    The parameters in ``_TELLING`` must be present and equal. Other parameters must be equal if the
    task has them. The service may add defaults to objects, and appends the project's instruction.
    """
    params = task.get("params")
    found = {**params, **task} if isinstance(params, dict) else task
    sent = json.loads(json.dumps({name: value for name, value in body.items() if value}))
    return all(
        _is_same(name, value, found.get(name))
        if name in _TELLING
        else name not in found or _contains(found[name], value)
        for name, value in sent.items()
    )


def _is_same(name: str, sent: object, found: object) -> bool:
    if name == "instruction" and isinstance(sent, str) and isinstance(found, str):
        return found.startswith(sent)
    return _contains(found, sent) and _contains(sent, found)


def _contains(found: object, sent: object) -> bool:
    """Return whether JSON contains other JSON. Objects may have additional keys."""
    if isinstance(sent, dict) and isinstance(found, dict):
        return all(key in found and _contains(found[key], sent[key]) for key in sent)
    if isinstance(sent, list) and isinstance(found, list):
        return len(sent) == len(found) and all(map(_contains, found, sent))
    # In Python, True equals 1.
    return sent == found and isinstance(sent, bool) == isinstance(found, bool)


def _service_time(duplicate: ScaleDuplicateResource, deadline: Deadline) -> float | None:
    """Return when the call began, by the service's clock; ``None`` if that is not known."""
    now = parse_date(duplicate.headers.get("Date"))
    return None if now is None else now - deadline.elapsed() - _SLACK


def _candidates(
    api: Api, unique_id: Any, by_key: bool, duplicate: ScaleDuplicateResource, deadline: Deadline
) -> Iterator[JSONObject]:
    """Yield the tasks that the rejection may refer to: by the id that it names, or by unique_id."""
    with suppressed(ScaleException):  # the caller then raises the rejection
        task_id = id_in_refusal(duplicate)
        if task_id is not None and (by_key or not is_given(unique_id)):
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


def rejection_text(duplicate: ScaleDuplicateResource) -> str:
    """Return all that the service said; the message has only the first part of a long text."""
    return duplicate.body or duplicate.message


def _timestamp(created_at: object) -> float | None:
    """Parse a time of the service to seconds since the epoch; ``None`` if it is invalid."""
    try:
        time = datetime.fromisoformat(str(created_at).replace("Z", "+00:00"))
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()
