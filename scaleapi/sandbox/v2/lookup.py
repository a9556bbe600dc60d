"""Finding the resources that a request refers to by id or name."""

from __future__ import annotations

from collections.abc import Callable

from ..base.documents import JsonObject
from ..base.errors import bad_request, not_found
from ..resources.transaction import TASK_NOT_FOUND, Transaction
from ..rules.task_types import GENERATIVE_TYPES
from ..storage.store import DocumentTable

Read = Callable[[str], "str | None"]
"""Reads a string parameter of a query or body; None if absent."""


def require_one_of(read: Read, *names: str) -> None:
    """Reject a request that has none of these parameters."""
    if not any(read(name) for name in names):
        raise bad_request(f'Parameter is invalid, reason: "{" or ".join(names)}" is required')


def requested_project(tx: Transaction, read: Read) -> JsonObject:
    """Return the project of a request, which must refer to one.

    Raises:
        Refusal: If there is no id or name, or they differ (400), or no such project (404).
    """
    project = any_project(tx, read)
    if project["type"] not in GENERATIVE_TYPES:
        raise not_found(f'The project "{project["name"]}" is not of a type that v2 supports.')
    return project


def any_project(tx: Transaction, read: Read) -> JsonObject:
    """Return the project of a request, of whatever type."""
    return _named(tx.projects, "project", read)


def project_name(tx: Transaction, read: Read) -> str | None:
    """Return the name of the project of a request, or None."""
    if not (read("project_id") or read("project_name")):
        return None
    return str(requested_project(tx, read)["name"])


def requested_batch(tx: Transaction, read: Read) -> JsonObject:
    """Return the batch of a request, which must refer to one.

    Raises:
        Refusal: If there is no id or name, or they differ (400), or no such batch (404).
    """
    batch = _named(tx.batches, "batch", read)
    if not tx.batches.column(batch["name"], "generative"):
        raise not_found(f'The batch "{batch["name"]}" is not of a type that v2 supports.')
    return batch


def batch_name(tx: Transaction, read: Read) -> str | None:
    """Return the name of the batch of a request, or None."""
    if not (read("batch_id") or read("batch_name")):
        return None
    return str(requested_batch(tx, read)["name"])


def requested_task(tx: Transaction, task_id: str) -> JsonObject:
    """Return a task of a generative type; raise 404 if there is none."""
    task = tx.task(task_id)
    if "project" not in task or task["type"] not in GENERATIVE_TYPES:
        raise not_found(TASK_NOT_FOUND)
    return task


def _named(table: DocumentTable, what: str, read: Read) -> JsonObject:
    require_one_of(read, f"{what}_id", f"{what}_name")
    identity, name = read(f"{what}_id"), read(f"{what}_name")
    found = table.find("id", identity) if identity else table.get(name or "")
    if found is None:
        kind, value = ("id", identity) if identity else ("name", name)
        raise not_found(f'{what.capitalize()} with the {kind} "{value}" not found.')
    if name and found["name"] != name:
        raise bad_request(f'"{what}_id" and "{what}_name" do not refer to the same {what}.')
    return found
