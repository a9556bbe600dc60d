"""Task actions of annotators and auditors, for the control API, the dashboard and Python."""

from __future__ import annotations

from ..base.documents import JsonObject
from ..rules import lifecycle
from ..service import Service


def complete(service: Service, task_id: str, response: JsonObject | None = None) -> JsonObject:
    """Complete a pending task; the default response is the canned one of its type."""
    with service.task_transaction(task_id) as tx:
        return tx.complete(tx.task(task_id), response)


def fail(service: Service, task_id: str, error: str = lifecycle.ATTACHMENT_ERROR) -> JsonObject:
    """Turn a pending task into an error."""
    with service.task_transaction(task_id) as tx:
        return tx.fail(tx.task(task_id), error)


def start_work(service: Service, task_id: str) -> JsonObject:
    """Start work on a pending task."""
    with service.task_transaction(task_id) as tx:
        return tx.start_work(tx.task(task_id))


def recall(service: Service, task_id: str) -> JsonObject:
    """Return a completed task to pending; it stays there until it is completed explicitly."""
    with service.task_transaction(task_id) as tx:
        return tx.recall(tx.task(task_id))


def fix(service: Service, task_id: str, response: JsonObject) -> JsonObject:
    """Replace the response of a completed task, as an auditor does."""
    with service.task_transaction(task_id) as tx:
        task, entry = lifecycle.fix(tx.task(task_id), response, tx.now)
        return tx.record_audit(task, entry)


def audit(service: Service, task_id: str, *, accepted: bool, comment: str | None) -> JsonObject:
    """Accept or reject the result of a completed task."""
    with service.task_transaction(task_id) as tx:
        return tx.audit(tx.task(task_id), accepted=accepted, comment=comment)


def cancel(service: Service, task_id: str) -> JsonObject:
    """Cancel a task on which work has not started."""
    with service.task_transaction(task_id) as tx:
        return tx.cancel(tx.task(task_id))
