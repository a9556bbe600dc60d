"""Making a new batch out of a request."""

from __future__ import annotations

from .documents import JsonObject
from .errors import taken
from .validation import boolean, callback, metadata, required_text
from .world import World

_FLAGS = ("calibration_batch", "self_label_batch")


def create_batch(world: World, body: JsonObject) -> JsonObject:
    """Create a batch; those of Rapid and Studio projects are staged first.

    Raises:
        Refusal: If a field is wrong (400), the project is unknown (404) or the name is taken (409).
    """
    project, name = required_text(body, "project"), required_text(body, "name")
    target = callback(body, "callback")
    flags = {flag: True for flag in _FLAGS if boolean(body, flag)}
    data = body.get("metadata")
    world.project(project)
    if world.batches.get(name) is not None:
        raise taken(f'A batch with the name "{name}" already exists.')
    staged = world.product(project) != "plain"
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
    world.batches.add(batch)
    return batch
