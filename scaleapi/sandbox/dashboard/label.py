"""The label page: draw annotations on the image of a task, and submit them as its response.

The form submits the response as JSON. The script of the page keeps that JSON and the drawing the
same; without JavaScript the JSON is edited directly.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from scaleapi.drawing import PALETTE, labels_of

from ..base.documents import JsonObject, dumps, is_object
from ..base.errors import Refusal, conflict
from ..rules.attachments import attachment_urls
from ..web import query, service
from .actions import ACTIONS
from .page import indented, render
from .pictures import image_link
from .queue import waiting

label = Blueprint("label", __name__)

_KINDS = ("box", "polygon", "line", "point")
"""The geometries that can be drawn."""

_OLD_TYPES = {
    "annotation": "box",
    "polygonannotation": "polygon",
    "lineannotation": "line",
    "pointannotation": "point",
}
"""Task types whose labels are not listed by geometry, and the geometry that they ask for."""

_LIMITS = ("min_width", "min_height", "min_vertices", "max_vertices", "integer_pixels")
_EMPTY: JsonObject = {"annotations": [], "links": [], "global_attributes": {}}


def tools(task: JsonObject) -> dict[str, JsonObject]:
    """Return the geometries to draw on the image of a task, with their labels and limits.

    The dict is empty if the task has no image, or asks for nothing that can be drawn.
    """
    params = task["params"]
    if params.get("attachment_type") != "image" or not any(attachment_urls(params)):
        return {}
    geometries = params.get("geometries")
    if task["type"] in _OLD_TYPES:
        geometries = {_OLD_TYPES[task["type"]]: params}
    if not is_object(geometries):
        return {}
    found = {kind: _tool(geometries[kind]) for kind in geometries if kind in _KINDS}
    return {kind: tool for kind, tool in found.items() if tool["labels"]}


def _tool(geometry: object) -> JsonObject:
    """Return the labels and limits of a geometry, which may be any JSON in a stored task."""
    if not is_object(geometry):
        return {"labels": []}
    labels = labels_of({"objects_to_annotate": geometry.get("objects_to_annotate")})
    limits = {name: geometry.get(name) for name in _LIMITS}
    return {"labels": labels} | {
        name: limit for name, limit in limits.items() if isinstance(limit, int) and limit > 0
    }


def can_be_labeled(task: JsonObject) -> bool:
    """Return whether the label page can complete or fix a task."""
    return task["status"] in ("pending", "completed") and bool(tools(task))


@label.get("/tasks/<task_id>/label")
def show(task_id: str) -> Response:
    """Show the image of a task, with the annotations of its response if it has one."""
    return _page(task_id)


def _page(task_id: str, status: int = 200, problem: str = "", text: str | None = None) -> Response:
    wanted = query()
    project, batch = wanted.text("project"), wanted.text("batch")
    with service().task_transaction(task_id) as tx:
        g.mode = tx.mode
        task = tx.task(task_id)
        found = tools(task)
        # What somebody has drawn is shown even if the task does not take it any more.
        if not found or (text is None and not can_be_labeled(task)):
            return redirect(url_for("dashboard.task.show", task_id=task_id), 303)
        image = image_link(tx, task)
        left = waiting(tx, project, batch)
    return render(
        "label.html",
        status,
        task=task,
        state=_state(task),
        image=image,
        tools=dumps(found),
        colors=PALETTE,
        order=dumps(labels_of(task["params"])),
        old=_OLD_TYPES.get(task["type"], ""),
        kinds=list(found),
        labels=list(dict.fromkeys(name for tool in found.values() for name in tool["labels"])),
        text=_response(task) if text is None else text,
        given={"project": project, "batch": batch},
        left=left,
        problem=problem,
    )


def _response(task: JsonObject) -> str:
    """Return the response to start from."""
    response = task["response"] if task["status"] == "completed" else _EMPTY
    kept = {name: value for name, value in response.items() if name != "is_customer_fix"}
    return indented(kept)


def _state(task: JsonObject) -> str:
    """Return what changes when somebody else submits a response, or ends the task."""
    return sha256(dumps([task["status"], task.get("response")]).encode()).hexdigest()[:16]


@label.post("/tasks/<task_id>/label")
def submit(task_id: str) -> Response:
    """Complete a pending task, or fix a completed one, with the submitted response.

    If the task has changed since the page was opened, the page comes again and says so. Submitting
    it once more replaces the response.
    """
    text = request.form.get("text", "")
    wanted = query()
    try:
        with service().task_transaction(task_id) as tx:
            g.mode = tx.mode
            name = _action(tx.task(task_id), request.form.get("state"))
        # An empty response is a mistake here; elsewhere, it asks for a canned one.
        ACTIONS[name].act(service(), task_id, text or "{")
    except Refusal as refusal:
        return _page(task_id, refusal.status_code, refusal.error, text)
    if "next" not in request.form:
        return redirect(url_for("dashboard.task.show", task_id=task_id, done=name), 303)
    where: dict[str, Any] = {"project": wanted.text("project"), "batch": wanted.text("batch")}
    return redirect(url_for("dashboard.queue.next_task", after=task_id, **where), 303)


def _action(task: JsonObject, seen: str | None) -> str:
    """Return the name of the action; raise 409 if the page showed another state of the task."""
    status = task["status"]
    if seen not in (None, _state(task)):
        again = "; submit again to replace its response" if status == "completed" else ""
        raise conflict(f"The task has changed since this page was opened: it is {status}{again}.")
    return "fix" if status == "completed" else "complete"
