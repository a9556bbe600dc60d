"""Making a new batch out of a request, and what its operations do to its tasks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from ..base.documents import JsonObject
from ..base.errors import taken
from ..base.validation import boolean, callback, metadata, required_text
from ..rules import lifecycle
from ..rules.lifecycle import Operation
from ..rules.task_types import GENERATIVE_TYPES
from .transaction import World

_FLAGS = ("calibration_batch", "self_label_batch")


def create_batch(world: World, body: JsonObject, *, staging: bool = False) -> JsonObject:
    """Create a batch; those of Rapid and Studio projects are staged first.

    Args:
        world: Where.
        body: The request.
        staging: Whether it is staged first in a project of a generative type, too.

    Raises:
        Refusal: If a field is wrong (400), the project is unknown (404) or the name is taken (409).
    """
    project, name = required_text(body, "project"), required_text(body, "name")
    target = callback(body, "callback")
    flags = {flag: True for flag in _FLAGS if boolean(body, flag)}
    data = body.get("metadata")
    generative = world.project(project)["type"] in GENERATIVE_TYPES
    if world.batches.get(name) is not None:
        raise taken(f'A batch with the name "{name}" already exists.')
    staged = (staging and generative) or world.product(project) != "plain"
    batch: JsonObject = {
        "id": world.new_id(),
        "name": name,
        "project": project,
        "status": "staging" if staged else "in_progress",
        "created_at": world.now,
        "metadata": {} if data is None else metadata(data),
        **flags,
    }
    if target is not None:
        batch["callback"] = target
    world.batches.add(batch, generative=generative)
    return batch


def finalize(world: World, batch: JsonObject) -> JsonObject:
    """Give a batch to the workers; in plain projects one that they have stays as it is."""
    if batch["status"] != "staging" and world.product(batch["project"]) == "plain":
        return batch
    return operate(world, batch, "finalize")


def operate(world: World, batch: JsonObject, operation: Operation) -> JsonObject:
    """Take a batch to another status, and its tasks with it.

    Raises:
        Refusal: If its status does not allow that (400).
    """
    world.batches.change(lifecycle.operate(batch, operation))
    _EFFECTS[operation](world, batch["name"])
    return world.batch(batch["name"])


def _plan(world: World, name: str) -> None:
    """Plan the work on the tasks on which none has begun."""
    for task in _waiting(world, name):
        world.plan(task)
    world.refresh_batch(name)


def _suspend(world: World, name: str) -> None:
    """Forget the work that was planned, where it has not begun."""
    for task in _waiting(world, name):
        world.tasks.change(task, due_at=None, reads_left=None)


def _cancel(world: World, name: str) -> None:
    """Cancel the tasks on which no work has begun."""
    for task in _waiting(world, name):
        world.cancel(task)


def _waiting(world: World, name: str) -> Iterator[JsonObject]:
    rows = world.db.execute(
        "SELECT body FROM tasks JOIN documents USING (key)"
        " WHERE world = ? AND batch = ? AND status = 'pending'",
        (world.name, name),
    ).fetchall()
    tasks = (json.loads(body) for (body,) in rows)
    return (task for task in tasks if not task["work_started"])


_EFFECTS: Mapping[Operation, Callable[[World, str], None]] = {
    "finalize": _plan,
    "pause": _suspend,
    "resume": _plan,
    "cancel": _cancel,
}
