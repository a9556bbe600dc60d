"""What happens to the results of tasks: audits, callbacks, result files."""

from __future__ import annotations

from flask import Blueprint, Response

from ..base.errors import Refusal, bad, missing
from ..base.validation import invalid, text
from ..rules import lifecycle
from ..web import answer, object_body, opened, query, service, world_name

reviews = Blueprint("reviews", __name__)


@reviews.post("/task/<task_id>/audit")
def audit_task(task_id: str) -> Response:
    """Accept or reject the result of a task."""
    body = object_body()
    accepted = body.get("accepted")
    if not isinstance(accepted, bool):
        raise invalid("accepted", "must be true or false")
    comment = text(body, "comments")
    with opened() as world:
        world.audit(world.task(task_id), accepted=accepted, comment=comment)
    return Response("OK", content_type="text/plain; charset=utf-8")


@reviews.get("/audits")
def list_audits() -> Response:
    """Answer the audits of one task, or one audit."""
    wanted = query()
    task_id, audit_id = wanted.text("task_id"), wanted.text("id")
    if (task_id is None) == (audit_id is None):
        raise bad('Parameter is invalid, reason: "task_id" or "id" is required, one of them')
    with opened() as world:
        if task_id is not None:
            world.task(task_id)
            return answer(world.task_audits(task_id))
        audit = world.audits.get(audit_id or "")
    if audit is None:
        raise missing("Audit with that ID not found.")
    return answer(audit)


@reviews.post("/task/<task_id>/send_callback")
def send_callback(task_id: str) -> Response:
    """Send the callback of a finished task again."""
    with opened() as world:
        task = world.task(task_id)
        lifecycle.check_callback(task)
        world.call_back(task, "send_callback")
    return answer({"success": True})


@reviews.get("/task/<task_id>/response_url/<file_id>")
def get_result(task_id: str, file_id: str) -> Response:
    """Answer a result file, of either world, to the live key."""
    if world_name() != "live":
        raise Refusal(401, "Result files need the live API key.")
    row = service().result(task_id, file_id)
    if row is None:
        raise missing("There is no such result file.")
    mime_type, content = row
    return Response(content, content_type=mime_type)
