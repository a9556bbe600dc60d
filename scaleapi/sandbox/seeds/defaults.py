"""What a stored resource of a seed needs, and the defaults of everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..base.documents import JsonObject, is_array, is_object
from ..base.validation import invalid, is_email, metadata, required_text, tags, text, time
from ..resources.projects import param_version
from ..resources.team import teammate
from ..resources.transaction import Transaction
from ..rules.lifecycle import ATTACHMENT_ERROR
from ..rules.statuses import BATCH_STATUSES, TASK_STATUSES

_PRODUCTS = ("plain", "rapid", "studio")


def _task(tx: Transaction, task: JsonObject) -> JsonObject:
    for name in ("task_id", "type"):
        required_text(task, name)
    status = _status(task, TASK_STATUSES)
    _check_objects(task, "params", "response", "metadata")
    _check_arrays(task, "audits", "prior_responses", "customer_review_comments")
    if task.get("tags") is not None:
        tags(task["tags"])
    if task.get("metadata") is not None:
        metadata(task["metadata"])
    for name in ("project", "batch", "unique_id", "callback_url"):
        if name in task and text(task, name) is None:
            del task[name]
    if "project" in task:
        tx.project(task["project"])
    if "batch" in task:
        tx.batch(task["batch"])
    updated_at = time(task, "updated_at") or time(task, "created_at") or tx.now
    fields: JsonObject = {
        "created_at": updated_at,
        "instruction": "",
        "is_test": tx.mode == "test",
        "urgency": "standard",
        "metadata": {},
        "processed_attachments": [],
        "priority": 0,
        "updated_at": updated_at,
        "work_started": status == "completed",
        "params": {},
    }
    return fields | _outcome(tx, task, status, updated_at)


def _outcome(tx: Transaction, task: JsonObject, status: str, updated_at: str) -> JsonObject:
    if status == "error":
        return {"response": {"error": ATTACHMENT_ERROR}}
    if status != "completed":
        return {}
    fields: JsonObject = {"completed_at": updated_at}
    if task.get("response") is None:
        response = tx.canned_response({"params": {}} | task)
        fields |= {} if response is None else {"response": response}
    return fields


def _project(tx: Transaction, project: JsonObject) -> JsonObject:
    required_text(project, "type")
    created_at = time(project, "created_at") or tx.now
    history = project.get("param_history") or [{}]
    if not is_array(history) or not all(is_object(one) for one in history):
        raise invalid("param_history", "must be an array of objects")
    project["param_history"] = [
        one | {k: v for k, v in param_version({}, place, created_at).items() if k not in one}
        for place, one in enumerate(history)
    ]
    return {"created_at": created_at, "archived": False}


def _batch(tx: Transaction, batch: JsonObject) -> JsonObject:
    tx.project(required_text(batch, "project"))
    if batch.get("status") is not None:
        _status(batch, BATCH_STATUSES)
    if batch.get("metadata") is not None:
        metadata(batch["metadata"])
    text(batch, "callback")
    return {"id": tx.new_id(), "status": "in_progress", "created_at": tx.now, "metadata": {}}


def _file(tx: Transaction, file: JsonObject) -> JsonObject:
    _check_arrays(file, "project_names")
    for name in file.get("project_names") or ():
        tx.project(required_text({"project_names": name}, "project_names"))
    created_at = time(file, "created_at") or tx.now
    return {
        "id": tx.store.ids.new_uuid(),
        "mime_type": "application/octet-stream",
        "size": 0,
        "project_names": [],
        "created_at": created_at,
        "updated_at": created_at,
    }


def _teammate(_tx: Transaction, member: JsonObject) -> JsonObject:
    address = required_text(member, "email")
    if not is_email(address):
        raise invalid("email", "must be an email address")
    return teammate(address, text(member, "role") or "member")


FIELDS: Mapping[str, Callable[[Transaction, JsonObject], JsonObject]] = {
    "tasks": _task,
    "projects": _project,
    "batches": _batch,
    "files": _file,
    "teammates": _teammate,
}
"""For each section, a function that checks a resource and returns the defaults of its fields."""


def _project_columns(tx: Transaction, entry: JsonObject) -> JsonObject:
    product = text(entry, "product")
    if product not in (None, *_PRODUCTS):
        raise invalid("product", f"must be one of: {', '.join(_PRODUCTS)}")
    return {"product": "plain", "id": tx.new_id()}


def _file_columns(tx: Transaction, _entry: JsonObject) -> JsonObject:
    return {"content_id": tx.store.ids.new_uuid()}


COLUMNS: Mapping[str, Callable[[Transaction, JsonObject], JsonObject]] = {
    "projects": _project_columns,
    "files": _file_columns,
}
"""For each section, a function that checks an entry and returns defaults beside the resource."""


def _status(resource: JsonObject, statuses: tuple[str, ...]) -> str:
    status = required_text(resource, "status")
    if status not in statuses:
        raise invalid("status", f"must be one of: {', '.join(statuses)}")
    return status


def _check_objects(resource: JsonObject, *names: str) -> None:
    for name in names:
        if resource.get(name) is not None and not is_object(resource[name]):
            raise invalid(name, "must be an object")


def _check_arrays(resource: JsonObject, *names: str) -> None:
    for name in names:
        if resource.get(name) is not None and not is_array(resource[name]):
            raise invalid(name, "must be an array")
