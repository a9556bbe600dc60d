"""One task, and what a person can do to it."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from ..base.errors import Refusal, missing
from ..rules.attachments import attachment_urls
from ..web import query, service
from .actions import ACTIONS, possible
from .conversation import messages
from .history import history
from .page import JSON_SHOWN, render, written
from .pictures import picture

task = Blueprint("task", __name__)


class Attempt(NamedTuple):
    """An action that was refused: its name, what was typed, and why."""

    action: str
    text: str
    problem: str


@task.get("/tasks/<task_id>")
def show(task_id: str) -> Response:
    """Show a task of either world, without counting that it was read."""
    done = ACTIONS.get(query().text("done") or "")
    return _page(task_id, notice=done and done.done)


def _page(
    task_id: str, status: int = 200, notice: str | None = None, attempt: Attempt | None = None
) -> Response:
    with service().open_around(task_id) as world:
        g.world = world.name
        found = world.task(task_id)
        names = possible(world, found)
        svg = picture(world, found)
        due = world.tasks.column(task_id, "due_at")
        reads = world.tasks.column(task_id, "reads_left")
    deliveries = service().deliveries(task_id)
    return render(
        "task.html",
        status,
        task=found,
        picture=svg,
        messages=messages(found),
        attachments=list(attachment_urls(found["params"])),
        actions={name: ACTIONS[name] for name in names},
        response=_to_edit(found.get("response")),
        due=due,
        reads=reads,
        history=history(found, deliveries),
        deliveries=deliveries,
        notice=notice,
        attempt=attempt,
    )


def _to_edit(response: object) -> str:
    """Write a response for its form, unless it is longer than what a page shows."""
    text = "" if response is None else written(response)
    return text if len(text) <= JSON_SHOWN else ""


@task.post("/tasks/<task_id>/<name>")
def act(task_id: str, name: str) -> Response:
    """Do something to a task; what is refused stays in its form, with the reason."""
    action = ACTIONS.get(name)
    if action is None:
        raise missing(f"Nothing called {name} can be done to a task.")
    text = request.form.get("text", "")
    try:
        action.act(service(), task_id, text)
    except Refusal as refusal:
        return _page(task_id, refusal.status_code, attempt=Attempt(name, text, refusal.error))
    return redirect(url_for(".show", task_id=task_id, done=name), 303)
