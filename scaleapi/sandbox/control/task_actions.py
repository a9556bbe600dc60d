"""What people do to a task, done by hand."""

from __future__ import annotations

from ..base.documents import JsonObject
from ..rules import lifecycle
from ..service import Service


def complete(service: Service, task_id: str, response: JsonObject | None = None) -> JsonObject:
    """Complete a pending task, with the canned response of its type if none is given."""
    with service.open_around(task_id) as world:
        return world.complete(world.task(task_id), response)


def fail(service: Service, task_id: str, error: str = lifecycle.ATTACHMENT_ERROR) -> JsonObject:
    """Turn a pending task into an error."""
    with service.open_around(task_id) as world:
        return world.fail(world.task(task_id), error)


def start_work(service: Service, task_id: str) -> JsonObject:
    """Begin the work on a pending task."""
    with service.open_around(task_id) as world:
        return world.start_work(world.task(task_id))


def recall(service: Service, task_id: str) -> JsonObject:
    """Take a completed task back to pending, until it is completed by hand."""
    with service.open_around(task_id) as world:
        return world.recall(world.task(task_id))


def fix(service: Service, task_id: str, response: JsonObject) -> JsonObject:
    """Replace the response of a completed task, as an auditor does."""
    with service.open_around(task_id) as world:
        task, entry = lifecycle.fix(world.task(task_id), response, world.now)
        return world.record_audit(task, entry)


def audit(service: Service, task_id: str, *, accepted: bool, comment: str | None) -> JsonObject:
    """Accept or reject the result of a task."""
    with service.open_around(task_id) as world:
        return world.audit(world.task(task_id), accepted=accepted, comment=comment)


def cancel(service: Service, task_id: str) -> JsonObject:
    """Cancel a task that nobody works on yet."""
    with service.open_around(task_id) as world:
        return world.cancel(world.task(task_id))
