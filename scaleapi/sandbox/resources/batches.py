"""Creating batches, and operations that also affect their tasks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from ..base.documents import JsonObject
from ..base.errors import conflict
from ..base.validation import boolean, callback, metadata, required_text
from ..rules import lifecycle
from ..rules.lifecycle import Operation
from ..rules.task_types import GENERATIVE_TYPES
from .transaction import Transaction

_FLAGS = ("calibration_batch", "self_label_batch")


def create_batch(tx: Transaction, body: JsonObject, *, staging: bool = False) -> JsonObject:
    """Create a batch; in Rapid and Studio projects it is staged first.

    Args:
        tx: The open transaction.
        body: The request body.
        staging: Whether to stage it first in a project of a generative type as well.

    Raises:
        Refusal: If a field is invalid (400), the project does not exist (404) or the name is
            taken (409).
    """
    project, name = required_text(body, "project"), required_text(body, "name")
    target = callback(body, "callback")
    flags = {flag: True for flag in _FLAGS if boolean(body, flag)}
    data = body.get("metadata")
    generative = tx.project(project)["type"] in GENERATIVE_TYPES
    if tx.batches.get(name) is not None:
        raise conflict(f'A batch with the name "{name}" already exists.')
    staged = (staging and generative) or tx.product(project) != "plain"
    batch: JsonObject = {
        "id": tx.new_id(),
        "name": name,
        "project": project,
        "status": "staging" if staged else "in_progress",
        "created_at": tx.now,
        "metadata": {} if data is None else metadata(data),
        **flags,
    }
    if target is not None:
        batch["callback"] = target
    tx.batches.add(batch, generative=generative)
    return batch


def finalize(tx: Transaction, batch: JsonObject) -> JsonObject:
    """Finalize a batch; in plain projects, leave one that is not staged unchanged."""
    if batch["status"] != "staging" and tx.product(batch["project"]) == "plain":
        return batch
    return operate(tx, batch, "finalize")


def operate(tx: Transaction, batch: JsonObject, operation: Operation) -> JsonObject:
    """Apply an operation to a batch and its tasks.

    Raises:
        Refusal: If its status does not allow the operation (400).
    """
    tx.batches.change(lifecycle.operate(batch, operation))
    _EFFECTS[operation](tx, batch["name"])
    return tx.batch(batch["name"])


def _schedule(tx: Transaction, name: str) -> None:
    """Schedule the tasks on which work has not started."""
    for task in _pending_tasks(tx, name):
        tx.schedule(task)
    tx.refresh_batch(name)


def _suspend(tx: Transaction, name: str) -> None:
    """Unschedule the tasks on which work has not started."""
    for task in _pending_tasks(tx, name):
        tx.tasks.change(task, due_at=None, reads_left=None)


def _cancel(tx: Transaction, name: str) -> None:
    """Cancel the tasks on which work has not started."""
    for task in _pending_tasks(tx, name):
        tx.cancel(task)


def _pending_tasks(tx: Transaction, name: str) -> Iterator[JsonObject]:
    rows = tx.db.execute(
        "SELECT body FROM tasks JOIN documents USING (key)"
        " WHERE world = ? AND batch = ? AND status = 'pending'",
        (tx.mode, name),
    ).fetchall()
    tasks = (json.loads(body) for (body,) in rows)
    return (task for task in tasks if not task["work_started"])


_EFFECTS: Mapping[Operation, Callable[[Transaction, str], None]] = {
    "finalize": _schedule,
    "pause": _suspend,
    "resume": _schedule,
    "cancel": _cancel,
}
