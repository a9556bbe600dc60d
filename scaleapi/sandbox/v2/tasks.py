"""Chat tasks and their annotations."""

from __future__ import annotations

import json
from functools import partial

from flask import Blueprint, Response, request

from ..base.documents import JsonObject, is_object
from ..base.errors import missing
from ..base.validation import invalid, required_text, text
from ..resources import idempotency
from ..resources.listing import TASK_ROWS, Where, keyset_rows
from ..resources.tasks import create_task
from ..resources.transaction import Reading, World
from ..responses.conversation import annotations_in, conversation, task_of_annotation
from ..web import answer, enabled_type, object_body, opened, query
from .lookup import batch_name, project_name, require_one_of, the_project, the_task
from .metadata import changed_metadata
from .pages import Turn, envelope
from .parts import OPTS
from .views import View

tasks = Blueprint("v2_tasks", __name__)

STATUSES = ("pending", "completed", "canceled", "error", "deleted")
_EXPAND = ("project", "batch")
_TAKEN_OVER = ("metadata", "callback_url", "unique_id", "template_variables")


@tasks.post("/task/chat")
def post_chat_task() -> Response:
    """Create a task of the type of its project."""
    body = object_body()
    if not is_object(body.get("template_variables", {})):
        raise invalid("template_variables", "must be an object")
    key = request.headers.get("Idempotency-Key")
    with opened() as world:
        idempotency.check(world, key)
        project = the_project(world, partial(text, body))
        fields = {name: body[name] for name in _TAKEN_OVER if body.get(name) is not None}
        fields |= {"project": project["name"], "batch": batch_name(world, partial(text, body))}
        task = create_task(world, enabled_type(project["type"]), fields)
        idempotency.remember(world, key, task["task_id"])
        return answer(View(world).task(task))


@tasks.get("/task")
def get_task() -> Response:
    """Answer one task."""
    wanted = query()
    task_id = wanted.required_text("task_id")
    expand, opts = wanted.each("expand", _EXPAND), wanted.each("opts", OPTS)
    with opened() as world:
        the_task(world, task_id)
        return answer(View(world, expand, opts).task(json.loads(world.read_task(task_id))))


@tasks.get("/tasks")
def list_tasks() -> Response:
    """Answer a page of the tasks of a project or a batch, newest first."""
    wanted = query()
    require_one_of(wanted.text, "project_id", "project_name", "batch_id", "batch_name")
    turn = Turn.read(wanted)
    expand, opts = wanted.each("expand", _EXPAND), wanted.each("opts", OPTS)
    with opened() as world:
        where = Where(world.name)
        batch = batch_name(world, wanted.text)
        where.equal("batch", batch)
        # The tasks of a batch are fewer than those of a project: keep the project's index out.
        where.equal("+project" if batch else "project", project_name(world, wanted.text))
        where.equal("status", wanted.choice("status", STATUSES))
        first, last = wanted.time("completed_after"), wanted.time("completed_before")
        where.between("completed_at", first, last)
        rows, following = keyset_rows(world, TASK_ROWS, where, *turn)
        world.note_reads(Reading(row[0], row[2]) for row in rows)
        view = View(world, expand, opts)
        shown = [view.task(json.loads(row[3])) for row in rows]
        return answer(envelope("tasks", shown, following))


@tasks.post("/task/metadata")
def set_task_metadata() -> Response:
    """Replace the metadata, or merge some into it."""
    body = object_body()
    task_id = required_text(body, "task_id")
    with opened() as world:
        task = the_task(world, task_id)
        changed = task | {"metadata": changed_metadata(task["metadata"], body)}
        return answer(View(world).task(world.put_task(changed | {"updated_at": world.now})))


@tasks.get("/annotation")
def get_annotation() -> Response:
    """Answer one annotation of a completed task, with all there is to say about it."""
    annotation_id = query().required_text("annotation_id")
    with opened() as world:
        return answer(_annotation(world, annotation_id))


def _annotation(world: World, annotation_id: str) -> JsonObject:
    task_id = world.annotations.task_of(annotation_id) or task_of_annotation(annotation_id)
    task = task_id and world.tasks.get(task_id)
    if task and task["status"] == "completed":
        for found in annotations_in(conversation(task)):
            if found.get("id") == annotation_id:
                return found
    raise missing("Annotation with that ID not found.")
