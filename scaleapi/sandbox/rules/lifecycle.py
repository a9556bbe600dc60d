"""State changes of tasks and batches.

Every function takes a document and returns the changed one, or raises a `Refusal` if the current
status does not allow the change. Nothing here reads or writes state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ..base.documents import JsonObject
from ..base.errors import bad_request
from .attachments import BrokenAttachment, attachment_urls, error_response

Product = Literal["plain", "rapid", "studio"]
Operation = Literal["finalize", "pause", "resume", "cancel"]

AUDITOR = "auditor@sandbox.example"
"""The auditor in every audit of the sandbox."""

ATTACHMENT_ERROR = "One or more attachments could not be processed."
"""Default error text of a failed task."""


def cancel(task: JsonObject, now: str, *, clear_unique_id: bool) -> JsonObject:
    """Cancel a pending task on which work has not started; leave a canceled one unchanged."""
    task_was_canceled = task["status"] == "canceled"
    if not task_was_canceled:
        if task["status"] != "pending":
            raise bad_request(f"Task cannot be canceled: it is {task['status']}.")
        if task["work_started"]:
            raise bad_request("Task cannot be canceled: work on it has started.")
    if clear_unique_id and "unique_id" in task:
        return without(task, "unique_id") | {"status": "canceled", "updated_at": now}
    return task if task_was_canceled else task | {"status": "canceled", "updated_at": now}


def start_work(task: JsonObject, now: str) -> JsonObject:
    """Start work on a pending task; it can no longer be canceled then."""
    _must_be(task, "pending", "Work on a task can start")
    return task | {"work_started": True, "updated_at": now}


def complete(task: JsonObject, response: JsonObject | None, now: str) -> JsonObject:
    """Complete a pending task with a response; a few types complete without one."""
    _must_be(task, "pending", "A task can be completed")
    outcome = {} if response is None else {"response": response}
    return (
        task
        | {"status": "completed", "completed_at": now, "updated_at": now, "work_started": True}
        | outcome
    )


def fail(
    task: JsonObject,
    error: str,
    now: str,
    *,
    clear_unique_id: bool,
    broken: Sequence[BrokenAttachment] = (),
) -> JsonObject:
    """Turn a pending task into an error, as when its attachments cannot be processed.

    If no attachment is known to be broken, the response lists all of them.
    """
    _must_be(task, "pending", "A task can fail")
    failed = without(task, "unique_id") if clear_unique_id else task
    broken = broken or [
        BrokenAttachment(position, 400, url)
        for position, url in enumerate(attachment_urls(task["params"]))
    ]
    response = error_response(task["type"], error, broken)
    return failed | {"status": "error", "response": response, "updated_at": now}


def recall(task: JsonObject, now: str) -> JsonObject:
    """Return a completed task to pending and drop its response."""
    _must_be(task, "completed", "A task can be recalled")
    return without(task, "completed_at", "response") | {"status": "pending", "updated_at": now}


def audit(
    task: JsonObject, *, accepted: bool, comment: str | None, now: str
) -> tuple[JsonObject, JsonObject]:
    """Accept or reject a completed task.

    Returns:
        The task and its new audit.
    """
    _must_be(task, "completed", "A task can be audited")
    return _reviewed(task, "accepted" if accepted else "rejected", comment, now)


def fix(task: JsonObject, response: JsonObject, now: str) -> tuple[JsonObject, JsonObject]:
    """Replace the response of a completed task, as an auditor does.

    Returns:
        The task and its new audit.
    """
    _must_be(task, "completed", "A task can be fixed")
    prior = [task["response"]] if "response" in task else []
    fixed = task | {
        "response": response | {"is_customer_fix": True},
        "prior_responses": [*(task.get("prior_responses") or []), *prior],
    }
    return _reviewed(fixed, "fixed", None, now)


def check_callback(task: JsonObject) -> None:
    """Reject a callback for a task that is neither completed nor an error."""
    if task["status"] not in ("completed", "error"):
        raise bad_request(f"The task has no callback to send: it is {task['status']}.")


_OPERATIONS: Mapping[Operation, tuple[tuple[str, ...], str, str]] = {
    "finalize": (("staging",), "in_progress", "finalized"),
    "pause": (("in_progress",), "paused", "paused"),
    "resume": (("paused",), "in_progress", "resumed"),
    "cancel": (("staging", "in_progress", "paused"), "cancelled", "cancelled"),
}
"""Statuses that allow each operation, the resulting status, and the participle for error texts."""


def operate(batch: JsonObject, operation: Operation) -> JsonObject:
    """Apply an operation to a batch."""
    before, after, done = _OPERATIONS[operation]
    if batch["status"] not in before:
        raise bad_request(f'The batch "{batch["name"]}" cannot be {done}: it is {batch["status"]}.')
    return batch | {"status": after}


def prioritize(batch: JsonObject, priority: int, product: Product) -> JsonObject:
    """Set the priority of a batch that is not finalized."""
    if batch["status"] == "completed" or (product != "plain" and batch["status"] != "staging"):
        raise bad_request(f"The batch can no longer be prioritized: it is {batch['status']}.")
    return batch | {"priority": priority}


def check_open(batch: JsonObject, product: Product) -> None:
    """Reject a new task for a batch that no longer accepts tasks."""
    if batch["status"] == "cancelled":
        raise bad_request(f'The batch "{batch["name"]}" is cancelled: no tasks may be added to it.')
    if product != "plain" and batch["status"] != "staging":
        raise bad_request(f'The batch "{batch["name"]}" is finalized: no tasks may be added to it.')


def batch_after(batch: JsonObject, *, tasks: int, pending: int, now: str) -> JsonObject:
    """Return the batch with the status that its tasks imply: completed once none is pending."""
    if batch["status"] not in ("in_progress", "completed"):
        return batch
    done = tasks > 0 and pending == 0
    if done == (batch["status"] == "completed"):
        return batch
    if done:
        return batch | {"status": "completed", "completed_at": now}
    return without(batch, "completed_at") | {"status": "in_progress"}


def without(document: JsonObject, *names: str) -> JsonObject:
    """Return a copy of ``document`` without the named fields."""
    return {name: value for name, value in document.items() if name not in names}


def _must_be(task: JsonObject, status: str, what: str) -> None:
    if task["status"] != status:
        raise bad_request(f"{what} only while it is {status}: it is {task['status']}.")


def _reviewed(
    task: JsonObject, result: str, comment: str | None, now: str
) -> tuple[JsonObject, JsonObject]:
    entry = {
        "audited_by": AUDITOR,
        "audited_at": now,
        "audit_time_secs": 0,
        "audit_result": result,
        "audit_source": "customer",
    }
    comments = [*(task.get("customer_review_comments") or []), *([comment] if comment else [])]
    reviewed = task | {
        "customer_review_status": result,
        "customer_review_comments": comments,
        "customer_reviewed_by": AUDITOR,
        "customer_audited_at": now,
        "customer_audit_time_secs": 0,
        "audits": [*(task.get("audits") or []), entry],
        "updated_at": now,
    }
    return reviewed, entry
