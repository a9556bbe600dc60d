"""The page of one task, with the actions that its status allows."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from ..base.errors import Refusal, not_found
from ..web import query, service
from .actions import ACTIONS, possible
from .conversation import conversation
from .history import history
from .label import can_be_labeled
from .page import JSON_SHOWN, indented, render
from .pictures import attachments, picture

task = Blueprint("task", __name__)


class Attempt(NamedTuple):
    """A rejected action: its name, the text that was entered, and the reason."""

    action: str
    text: str
    problem: str


@task.get("/tasks/<task_id>")
def show(task_id: str) -> Response:
    """Show a task of either mode; this does not count as a read."""
    done = ACTIONS.get(query().text("done") or "")
    return _page(task_id, notice=done and done.done)


def _page(
    task_id: str, status: int = 200, notice: str | None = None, attempt: Attempt | None = None
) -> Response:
    with service().task_transaction(task_id) as tx:
        g.mode = tx.mode
        found = tx.task(task_id)
        names = possible(tx, found)
        shown = picture(tx, found)
        attached = list(attachments(tx, found))
        due = tx.tasks.column(task_id, "due_at")
        reads = tx.tasks.column(task_id, "reads_left")
    deliveries = service().deliveries(task_id)
    return render(
        "task_detail.html",
        status,
        task=found,
        picture=shown and shown.html,
        is_drawn=shown is not None and shown.is_drawn,
        labelable=can_be_labeled(found),
        conversation=conversation(found),
        attachments=attached,
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
    """Return the response as text for its form, or nothing if it is too long for a page."""
    text = "" if response is None else indented(response)
    return text if len(text) <= JSON_SHOWN else ""


@task.post("/tasks/<task_id>/<name>")
def act(task_id: str, name: str) -> Response:
    """Run an action on a task; a rejected one is shown again in its form, with the reason."""
    action = ACTIONS.get(name)
    if action is None:
        raise not_found(f'There is no task action "{name}".')
    text = request.form.get("text", "")
    try:
        action.act(service(), task_id, text)
    except Refusal as refusal:
        return _page(task_id, refusal.status_code, attempt=Attempt(name, text, refusal.error))
    return redirect(url_for(".show", task_id=task_id, done=name), 303)
