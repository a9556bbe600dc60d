"""Finding what a caller names by id, by name, or by both."""

from __future__ import annotations

from collections.abc import Callable

from ..base.documents import JsonObject
from ..base.errors import bad, missing
from ..resources.transaction import TASK_NOT_FOUND, World
from ..rules.task_types import GENERATIVE_TYPES
from ..storage.store import Shelf

Read = Callable[[str], "str | None"]
"""Reads a parameter of a query or a body: a string, or nothing where it is absent."""


def require_one_of(read: Read, *names: str) -> None:
    """Refuse a request that has none of these parameters."""
    if not any(read(name) for name in names):
        raise bad(f'Parameter is invalid, reason: "{" or ".join(names)}" is required')


def the_project(world: World, read: Read) -> JsonObject:
    """Return the project that a request must name.

    Raises:
        Refusal: If it names none, or id and name differ (400), or there is no such project (404).
    """
    project = _named(world.projects, "project", read)
    if project["type"] not in GENERATIVE_TYPES:
        raise missing(f'The project "{project["name"]}" is not of a type that v2 shows.')
    return project


def project_name(world: World, read: Read) -> str | None:
    """Return the name of the project that a request may name."""
    if not (read("project_id") or read("project_name")):
        return None
    return str(the_project(world, read)["name"])


def the_batch(world: World, read: Read) -> JsonObject:
    """Return the batch that a request must name.

    Raises:
        Refusal: If it names none, or id and name differ (400), or there is no such batch (404).
    """
    batch = _named(world.batches, "batch", read)
    if not world.batches.column(batch["name"], "generative"):
        raise missing(f'The batch "{batch["name"]}" is not of a type that v2 shows.')
    return batch


def batch_name(world: World, read: Read) -> str | None:
    """Return the name of the batch that a request may name."""
    if not (read("batch_id") or read("batch_name")):
        return None
    return str(the_batch(world, read)["name"])


def the_task(world: World, task_id: str) -> JsonObject:
    """Return a task of a project that v2 shows; 404 if there is none."""
    task = world.task(task_id)
    if "project" not in task or task["type"] not in GENERATIVE_TYPES:
        raise missing(TASK_NOT_FOUND)
    return task


def _named(shelf: Shelf, what: str, read: Read) -> JsonObject:
    require_one_of(read, f"{what}_id", f"{what}_name")
    identity, name = read(f"{what}_id"), read(f"{what}_name")
    found = shelf.find("id", identity) if identity else shelf.get(name or "")
    if found is None:
        kind, value = ("id", identity) if identity else ("name", name)
        raise missing(f'{what.capitalize()} with the {kind} "{value}" not found.')
    if name and found["name"] != name:
        raise bad(f'"{what}_id" and "{what}_name" do not name the same {what}.')
    return found
