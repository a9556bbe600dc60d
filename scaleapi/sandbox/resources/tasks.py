"""Creating tasks."""

from __future__ import annotations

from typing import NamedTuple

from ..base.documents import JsonObject
from ..base.errors import bad_request, conflict
from ..base.validation import (
    boolean,
    callback,
    check_tag_count,
    integer,
    invalid,
    metadata,
    tags,
    text,
)
from ..responses.context import UNKNOWN_SIZE
from ..rules.attachments import attachment_urls
from ..rules.lifecycle import check_open
from ..rules.task_types import check_parameters
from .transaction import Transaction

COMMON = (
    "project",
    "batch",
    "instruction",
    "callback_url",
    "metadata",
    "priority",
    "unique_id",
    "clear_unique_id_on_error",
    "tags",
    "project_param_version",
    "project_version",
    "urgency",
)
"""Fields of every task; all other fields of a request are parameters of its type."""

_VERSION_FIELDS = ("version", "created_at")
_PRIORITIES = (0, 10, 20, 30)


class Draft(NamedTuple):
    """A validated task that is not stored yet.

    Attributes:
        task: The task.
        clear_unique_id_on_error: Whether an error clears its ``unique_id``.
    """

    task: JsonObject
    clear_unique_id_on_error: bool


def create_task(tx: Transaction, type_name: str, body: JsonObject) -> JsonObject:
    """Create a task.

    Args:
        tx: The open transaction.
        type_name: Its type, an existing one.
        body: The request body.

    Returns:
        The task, already completed if the transition is immediate and no attachment is probed.

    Raises:
        Refusal: If a parameter is invalid (400) or its ``unique_id`` is taken (409).
    """
    draft = draft_task(tx, type_name, body)
    batch = draft.task.get("batch")
    if batch is not None:
        check_open(tx.batch(batch), tx.product(draft.task["project"]))
    return tx.add_task(
        draft.task, clear_unique_id_on_error=draft.clear_unique_id_on_error, probe=True
    )


def draft_task(
    tx: Transaction, type_name: str, body: JsonObject, *, batch_needed: bool = True
) -> Draft:
    """Build a task from a request without storing it.

    Args:
        tx: The open transaction.
        type_name: Its type, an existing one.
        body: The request body.
        batch_needed: Whether Rapid projects require a batch.

    Raises:
        Refusal: If a parameter is invalid (400) or its ``unique_id`` is taken (409).
    """
    # Clients send null for arguments that were not given.
    given = {name: value for name, value in body.items() if value is not None or name not in COMMON}
    batch, project = _place(tx, given, type_name)
    if batch is None and project is not None and batch_needed:
        _check_batch_not_needed(tx, project["name"])
    version = _version(given, project)
    inherited = _inherited(project, version)
    fields = inherited | given
    fields["instruction"] = _instruction(given, inherited)
    params = check_parameters(
        type_name, {name: value for name, value in fields.items() if name not in COMMON}
    )
    task: JsonObject = {
        "task_id": tx.new_id(),
        "created_at": tx.now,
        "type": type_name,
        "status": "pending",
        "instruction": fields["instruction"],
        "is_test": tx.mode == "test",
        "urgency": text(fields, "urgency") or "standard",
        "metadata": metadata(fields.get("metadata", {})),
        "processed_attachments": [],
        "priority": _priority(fields),
        "updated_at": tx.now,
        "work_started": False,
        "params": params,
    }
    optional = {
        "callback_url": callback(fields, "callback_url"),
        "project": project and project["name"],
        "batch": batch and batch["name"],
        "project_param_version": version,
        "unique_id": _unique_id(tx, given),
        "tags": _tags(fields),
        "document_pages": _document_pages(tx, type_name, params),
    }
    task |= {name: value for name, value in optional.items() if value is not None}
    return Draft(task, boolean(fields, "clear_unique_id_on_error"))


def check_unique_id(tx: Transaction, unique_id: str, task_id: str | None = None) -> None:
    """Reject a ``unique_id`` of a task other than ``task_id``."""
    holder = tx.task_with_unique_id(unique_id)
    if holder is not None and holder != task_id:
        raise conflict(
            f'The unique_id ("{unique_id}") is already used for a different task ({holder}).'
        )


def _place(
    tx: Transaction, given: JsonObject, type_name: str
) -> tuple[JsonObject | None, JsonObject | None]:
    """Return the batch and project of a new task."""
    batch = _batch(tx, text(given, "batch"))
    named = text(given, "project")
    if batch is not None and named not in (None, batch["project"]):
        raise bad_request(
            f'The batch "{batch["name"]}" belongs to the project "{batch["project"]}".'
        )
    name = batch["project"] if batch is not None else named
    if name is None:
        return None, None
    project = tx.projects.get(name)
    if project is None:
        raise bad_request(f'Project with the name "{name}" not found.')
    if project["type"] != type_name:
        raise bad_request(f'The project "{name}" takes tasks of the type {project["type"]} only.')
    return batch, project


def _check_batch_not_needed(tx: Transaction, project: str) -> None:
    if tx.product(project) == "rapid":
        raise bad_request(f'Parameter is invalid, reason: "batch" is required in "{project}"')


def _batch(tx: Transaction, name: str | None) -> JsonObject | None:
    if name is None:
        return None
    batch = tx.batches.get(name)
    if batch is None:
        raise bad_request(f'Batch with the name "{name}" not found.')
    return batch


def _version(given: JsonObject, project: JsonObject | None) -> int | None:
    """Return the version of the project's parameters to inherit; -1 for none."""
    name = "project_param_version" if "project_param_version" in given else "project_version"
    if project is None:
        return None
    latest = len(project["param_history"]) - 1
    if name not in given:
        return latest
    return integer(given[name], name, -1, latest)


def _inherited(project: JsonObject | None, version: int | None) -> JsonObject:
    if project is None or version is None or version < 0:
        return {}
    params: JsonObject = project["param_history"][version]
    return {name: value for name, value in params.items() if name not in _VERSION_FIELDS}


def _instruction(given: JsonObject, inherited: JsonObject) -> str:
    """Return the instruction of the task, followed by that of its project."""
    parts = (text(given, "instruction"), text(inherited, "instruction"))
    return "\n".join(part for part in parts if part)


def _priority(fields: JsonObject) -> int:
    priority = integer(fields.get("priority") or 0, "priority")
    if priority not in _PRIORITIES:
        raise invalid("priority", "must be 10, 20 or 30")
    return priority


def _unique_id(tx: Transaction, given: JsonObject) -> str | None:
    unique_id = text(given, "unique_id")
    if unique_id == "":
        raise invalid("unique_id", "must not be empty")
    if unique_id is not None:
        check_unique_id(tx, unique_id)
    return unique_id


def _document_pages(tx: Transaction, type_name: str, params: JsonObject) -> list[JsonObject] | None:
    """Return the page sizes of a document, in whose units its annotations are."""
    if type_name not in ("documentmodel", "documenttranscription"):
        return None
    sizes = (tx.files.size(url) or UNKNOWN_SIZE for url in attachment_urls(params))
    return [size._asdict() for size in sizes]


def _tags(fields: JsonObject) -> list[str] | None:
    if fields.get("tags") is None:
        return None
    given = tags(fields["tags"])
    check_tag_count(given)
    return given
