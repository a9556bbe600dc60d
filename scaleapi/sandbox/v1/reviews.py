"""Audits, callbacks and result files of tasks."""

from __future__ import annotations

from flask import Blueprint, Response

from ..base.errors import Refusal, bad_request, not_found
from ..base.validation import invalid, text
from ..media.mime_types import sendable
from ..rules import lifecycle
from ..web import caller_mode, json_response, object_body, query, service, transaction

reviews = Blueprint("reviews", __name__)


@reviews.post("/task/<task_id>/audit")
def audit_task(task_id: str) -> Response:
    """Accept or reject the result of a task."""
    body = object_body()
    accepted = body.get("accepted")
    if not isinstance(accepted, bool):
        raise invalid("accepted", "must be true or false")
    comment = text(body, "comments")
    with transaction() as tx:
        tx.audit(tx.task(task_id), accepted=accepted, comment=comment)
    return Response("OK", content_type="text/plain; charset=utf-8")


@reviews.get("/audits")
def list_audits() -> Response:
    """Return the audits of a task, or one audit."""
    wanted = query()
    task_id, audit_id = wanted.text("task_id"), wanted.text("id")
    if (task_id is None) == (audit_id is None):
        raise bad_request('Parameter is invalid, reason: either "task_id" or "id" is required')
    with transaction() as tx:
        if task_id is not None:
            tx.task(task_id)
            return json_response(tx.task_audits(task_id))
        audit = tx.audits.get(audit_id or "")
    if audit is None:
        raise not_found("Audit with that ID not found.")
    return json_response(audit)


@reviews.post("/task/<task_id>/send_callback")
def send_callback(task_id: str) -> Response:
    """Resend the callback of a finished task."""
    with transaction() as tx:
        task = tx.task(task_id)
        lifecycle.check_callback(task)
        tx.queue_callback(task, "send_callback")
    return json_response({"success": True})


@reviews.get("/task/<task_id>/response_url/<file_id>")
def get_result(task_id: str, file_id: str) -> Response:
    """Return a result file of either mode; requires the live key."""
    if caller_mode() != "live":
        raise Refusal(401, "Result files need the live API key.")
    row = service().result(task_id, file_id)
    if row is None:
        raise not_found("There is no such result file.")
    mime_type, content = row
    return Response(content, content_type=sendable(mime_type))
