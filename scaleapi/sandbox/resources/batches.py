"""Making a new batch out of a request, and what its operations do to its tasks."""

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
    """Create a batch; those of Rapid and Studio projects are staged first.

    Args:
        tx: The open transaction.
        body: The request.
        staging: Whether it is staged first in a project of a generative type, too.

    Raises:
        Refusal: If a field is wrong (400), the project is unknown (404) or the name is taken (409).
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
    """Give a batch to the workers; in plain projects one that they have stays as it is."""
    if batch["status"] != "staging" and tx.product(batch["project"]) == "plain":
        return batch
    return operate(tx, batch, "finalize")


def operate(tx: Transaction, batch: JsonObject, operation: Operation) -> JsonObject:
    """Take a batch to another status, and its tasks with it.

    Raises:
        Refusal: If its status does not allow that (400).
    """
    tx.batches.change(lifecycle.operate(batch, operation))
    _EFFECTS[operation](tx, batch["name"])
    return tx.batch(batch["name"])


def _plan(tx: Transaction, name: str) -> None:
    """Plan the work on the tasks on which none has begun."""
    for task in _pending_tasks(tx, name):
        tx.plan(task)
    tx.refresh_batch(name)


def _suspend(tx: Transaction, name: str) -> None:
    """Forget the work that was planned, where it has not begun."""
    for task in _pending_tasks(tx, name):
        tx.tasks.change(task, due_at=None, reads_left=None)


def _cancel(tx: Transaction, name: str) -> None:
    """Cancel the tasks on which no work has begun."""
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
    "finalize": _plan,
    "pause": _suspend,
    "resume": _plan,
    "cancel": _cancel,
}
