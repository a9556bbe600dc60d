"""Actions on tasks."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response

from ..base.errors import not_found
from ..base.validation import json_object, text
from ..web import control_body, json_response, service
from .task_actions import complete, fail, fix, recall, start_work

tasks = Blueprint("tasks", __name__)


_BODIES: Mapping[str, tuple[str, ...]] = {
    "complete": ("response",),
    "fail": ("error",),
    "fix": ("response",),
    "start_work": (),
    "recall": (),
}
"""The fields in the body of each action."""


@tasks.post("/tasks/<task_id>/<action>")
def act(task_id: str, action: str) -> Response:
    """Perform an action on a task."""
    if action not in _BODIES:
        raise not_found(f'There is no task action "{action}".')
    body = control_body(*_BODIES[action])
    here = service()
    if action == "complete":
        response = body.get("response")
        given = None if response is None else json_object(response, "response")
        return json_response(complete(here, task_id, given))
    if action == "fail":
        error = text(body, "error")
        return json_response(fail(here, task_id, error) if error else fail(here, task_id))
    if action == "fix":
        return json_response(fix(here, task_id, json_object(body.get("response"), "response")))
    if action == "start_work":
        return json_response(start_work(here, task_id))
    return json_response(recall(here, task_id))
