"""Chat tasks and their annotations."""

from __future__ import annotations

import json
from functools import partial

from flask import Blueprint, Response, request

from ..base.documents import JsonObject, is_object
from ..base.errors import not_found
from ..base.validation import invalid, required_text, text
from ..resources import idempotency
from ..resources.listing import TASK_ROWS, Where, keyset_rows
from ..resources.tasks import create_task
from ..resources.transaction import TaskRead, Transaction
from ..responses.conversation import annotations_in, conversation, task_of_annotation
from ..rules.statuses import TASK_STATUSES
from ..web import enabled_type, json_response, object_body, query, transaction
from .lookup import batch_name, project_name, requested_project, requested_task, require_one_of
from .metadata import changed_metadata
from .pages import PageRequest, envelope
from .parts import OPTS
from .views import View

tasks = Blueprint("v2_tasks", __name__)

STATUSES = (*TASK_STATUSES, "deleted")
_EXPAND = ("project", "batch")
_COPIED_FIELDS = ("metadata", "callback_url", "unique_id", "template_variables")


@tasks.post("/task/chat")
def post_chat_task() -> Response:
    """Create a task; its type is that of its project."""
    body = object_body()
    if not is_object(body.get("template_variables", {})):
        raise invalid("template_variables", "must be an object")
    key = request.headers.get("Idempotency-Key")
    with transaction() as tx:
        idempotency.check(tx, key)
        project = requested_project(tx, partial(text, body))
        fields = {name: body[name] for name in _COPIED_FIELDS if body.get(name) is not None}
        fields |= {"project": project["name"], "batch": batch_name(tx, partial(text, body))}
        task = create_task(tx, enabled_type(project["type"]), fields)
        idempotency.remember(tx, key, task["task_id"])
        return json_response(View(tx).task(task))


@tasks.get("/task")
def get_task() -> Response:
    """Return a task."""
    wanted = query()
    task_id = wanted.required_text("task_id")
    expand, opts = wanted.each("expand", _EXPAND), wanted.each("opts", OPTS)
    with transaction() as tx:
        requested_task(tx, task_id)
        return json_response(View(tx, expand, opts).task(json.loads(tx.read_task(task_id))))


@tasks.get("/tasks")
def list_tasks() -> Response:
    """List a page of tasks of a project or batch, newest first."""
    wanted = query()
    require_one_of(wanted.text, "project_id", "project_name", "batch_id", "batch_name")
    page_request = PageRequest.read(wanted)
    expand, opts = wanted.each("expand", _EXPAND), wanted.each("opts", OPTS)
    with transaction() as tx:
        where = Where(tx.mode)
        batch = batch_name(tx, wanted.text)
        where.equal("batch", batch)
        # A batch has fewer tasks than its project: the plus disables the index on project.
        where.equal("+project" if batch else "project", project_name(tx, wanted.text))
        where.equal("status", wanted.choice("status", STATUSES))
        first, last = wanted.time("completed_after"), wanted.time("completed_before")
        where.between("completed_at", first, last)
        rows, following = keyset_rows(tx, TASK_ROWS, where, *page_request)
        tx.count_reads(TaskRead(row[0], row[2]) for row in rows)
        view = View(tx, expand, opts)
        shown = [view.task(json.loads(row[3])) for row in rows]
        return json_response(envelope("tasks", shown, following))


@tasks.post("/task/metadata")
def set_task_metadata() -> Response:
    """Replace the metadata or merge into it."""
    body = object_body()
    task_id = required_text(body, "task_id")
    with transaction() as tx:
        task = requested_task(tx, task_id)
        changed = task | {"metadata": changed_metadata(task["metadata"], body)}
        return json_response(View(tx).task(tx.put_task(changed | {"updated_at": tx.now})))


@tasks.get("/annotation")
def get_annotation() -> Response:
    """Return an annotation of a completed task, with all its fields."""
    annotation_id = query().required_text("annotation_id")
    with transaction() as tx:
        return json_response(_annotation(tx, annotation_id))


def _annotation(tx: Transaction, annotation_id: str) -> JsonObject:
    task_id = tx.annotations.task_of(annotation_id) or task_of_annotation(annotation_id)
    task = task_id and tx.tasks.get(task_id)
    if task and task["status"] == "completed":
        for found in annotations_in(conversation(task)):
            if found.get("id") == annotation_id:
                return found
    raise not_found("Annotation with that ID not found.")
