"""Tasks."""

from __future__ import annotations

from flask import Blueprint, Response, request

from .. import idempotency, lifecycle
from ..call import answer, answer_text, body, object_body, opened, query
from ..creation import check_unique_id, create_task
from ..errors import bad, missing
from ..store import JsonObject
from ..task_types import known_type
from ..validation import check_tag_count, json_object, metadata, required_text, tags, text

tasks = Blueprint("tasks", __name__)


@tasks.post("/task/<type_name>")
def post_task(type_name: str) -> Response:
    """Create a task."""
    known = known_type(type_name)
    if known is None:
        raise missing(f'There is no task type "{type_name}".')
    given = object_body()
    key = request.headers.get("Idempotency-Key")
    with opened() as world:
        idempotency.check(world, key)
        task = create_task(world, known, given)
        idempotency.remember(world, key, task["task_id"])
    return answer(task)


@tasks.get("/task/<task_id>")
def get_task(task_id: str) -> Response:
    """Answer one task."""
    with opened() as world:
        return answer_text(world.read_task(task_id))


@tasks.post("/task/<task_id>/cancel")
def cancel_task(task_id: str) -> Response:
    """Cancel a task that nobody works on yet."""
    clear = query().flag("clear_unique_id")
    with opened() as world:
        task = world.task(task_id)
        canceled = lifecycle.cancel(task, world.now, clear_unique_id=clear)
        return answer(task if canceled is task else world.put_task(canceled))
