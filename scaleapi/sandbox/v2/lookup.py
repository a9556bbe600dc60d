"""Finding what a caller names by id, by name, or by both."""

from __future__ import annotations

from collections.abc import Callable

from ..base.documents import JsonObject
from ..base.errors import bad_request, not_found
from ..resources.transaction import TASK_NOT_FOUND, Transaction
from ..rules.task_types import GENERATIVE_TYPES
from ..storage.store import DocumentTable

Read = Callable[[str], "str | None"]
"""Reads a parameter of a query or a body: a string, or nothing where it is absent."""


def require_one_of(read: Read, *names: str) -> None:
    """Refuse a request that has none of these parameters."""
    if not any(read(name) for name in names):
        raise bad_request(f'Parameter is invalid, reason: "{" or ".join(names)}" is required')


def requested_project(tx: Transaction, read: Read) -> JsonObject:
    """Return the project that a request must name.

    Raises:
        Refusal: If it names none, or id and name differ (400), or there is no such project (404).
    """
    project = _named(tx.projects, "project", read)
    if project["type"] not in GENERATIVE_TYPES:
        raise not_found(f'The project "{project["name"]}" is not of a type that v2 shows.')
    return project


def project_name(tx: Transaction, read: Read) -> str | None:
    """Return the name of the project that a request may name."""
    if not (read("project_id") or read("project_name")):
        return None
    return str(requested_project(tx, read)["name"])


def requested_batch(tx: Transaction, read: Read) -> JsonObject:
    """Return the batch that a request must name.

    Raises:
        Refusal: If it names none, or id and name differ (400), or there is no such batch (404).
    """
    batch = _named(tx.batches, "batch", read)
    if not tx.batches.column(batch["name"], "generative"):
        raise not_found(f'The batch "{batch["name"]}" is not of a type that v2 shows.')
    return batch


def batch_name(tx: Transaction, read: Read) -> str | None:
    """Return the name of the batch that a request may name."""
    if not (read("batch_id") or read("batch_name")):
        return None
    return str(requested_batch(tx, read)["name"])


def requested_task(tx: Transaction, task_id: str) -> JsonObject:
    """Return a task of a project that v2 shows; 404 if there is none."""
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
        raise bad_request(f'"{what}_id" and "{what}_name" do not name the same {what}.')
    return found
