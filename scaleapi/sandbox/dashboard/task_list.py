"""The task list: filters, search, sorting, and actions on many tasks at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from ..base.errors import Refusal, not_found
from ..base.validation import Query
from ..resources.listing import Cursor, Where
from ..resources.transaction import Transaction
from ..rules.statuses import REVIEW_STATUSES, TASK_STATUSES
from ..rules.task_types import TASK_TYPES
from ..web import query, service, transaction
from .actions import ACTIONS
from .choices import batch_names, project_names
from .page import ROWS, in_other_mode, no_tasks, other_mode, query_without, render
from .queue import waiting
from .task_search import TASK_SORTING, find_task, task_rows, task_total

tasks = Blueprint("tasks", __name__)

_BULK = {"complete": "completed", "accept": "accepted", "reject": "rejected"}
"""Actions on many tasks, and their participles."""

_MOST_CHOSEN = 1_000
"""The most tasks that are changed at once, so that the page comes within seconds."""

_OUTCOME = ("done", "changed", "refused")
"""Query parameters that say what the last action did."""

_FILTERS = ("q", "status", "type", "review", "project", "batch")


@tasks.get("/tasks")
def list_tasks() -> Response:
    """Show a page of tasks; a search for an id or ``unique_id`` redirects to that task."""
    wanted = query()
    searched = wanted.text("q")
    order = TASK_SORTING.given(wanted)
    after = Cursor.parse("after", wanted.text("after"))
    with transaction() as tx:
        found = find_task(tx, searched) if searched else None
        if found is not None:
            return redirect(url_for("dashboard.task.show", task_id=found), 303)
        where = _where(tx, wanted)
        rows, more = task_rows(tx, where, ROWS, tag=searched, order=order, after=after)
        total = task_total(tx, where, searched)
        projects, batches = project_names(tx), batch_names(tx, wanted.text("project"))
    is_filtered = any(wanted.text(name) for name in _FILTERS)
    kept, given = query_without(*_OUTCOME), query_without("after", *_OUTCOME)
    return render(
        "task_list.html",
        rows=rows,
        total=total,
        every=min(total, _MOST_CHOSEN),
        order=order,
        given=given,
        kept=kept,
        after=None if more is None else str(more),
        first=after is None,
        statuses=TASK_STATUSES,
        types=sorted(TASK_TYPES),
        reviews=REVIEW_STATUSES,
        projects=projects,
        batches=batches,
        bulk={name: ACTIONS[name].title for name in _BULK},
        notice=_notice(wanted),
        filtered=is_filtered,
        empty="No tasks match the filters." if is_filtered else _no_tasks(),
    )


def _no_tasks() -> Markup:
    other = other_mode()
    with service().transaction(other) as tx:
        return no_tasks(elsewhere=task_total(tx, Where(other)) > 0)


def _where(tx: Transaction, wanted: Query) -> Where:
    """Return the condition of the filters."""
    where = Where(tx.mode)
    where.equal("status", wanted.choice("status", TASK_STATUSES))
    project, batch = wanted.text("project"), wanted.text("batch")
    where.equal("project", project)
    where.equal("batch", batch)
    # A project or batch has fewer tasks than a type has: the plus disables the index on type.
    where.equal("+type" if project or batch else "type", wanted.choice("type", TASK_TYPES))
    where.reviewed(wanted.choices("review", REVIEW_STATUSES))
    return where


def _notice(wanted: Query) -> str | Markup:
    """Return what the last action did, as text."""
    done = wanted.choice("done", ("queue", *_BULK))
    if done is None:
        return ""
    if done == "queue":
        return _nothing_waits(wanted)
    changed = wanted.integer("changed", 0, 0, 2**31)
    refused = wanted.integer("refused", 0, 0, 2**31)
    if not changed + refused:
        return "No task was selected."
    text = f"{changed:,} {_BULK[done]}."
    return f"{text} {refused:,} did not allow it." if refused else text


def _nothing_waits(wanted: Query) -> Markup:
    """Return that the queue is empty, and whether that of the other mode is not."""
    other = other_mode()
    with service().transaction(other) as tx:
        count = waiting(tx, wanted.text("project"), wanted.text("batch"))
    if not count:
        return Markup("No task is waiting.")
    there = in_other_mode(f"In {other} mode, {count:,} {'is' if count == 1 else 'are'}")
    return Markup("No task is waiting. {}.").format(there)


@tasks.post("/tasks")
def act() -> Response:
    """Run an action on every chosen task that allows it."""
    name = request.form.get("action", "")
    if name not in _BULK:
        raise not_found(f'There is no action "{name}" on many tasks.')
    chosen = _matching() if "every" in request.form else request.form.getlist("task")
    chosen = list(dict.fromkeys(chosen))
    text = "" if name == "complete" else request.form.get("text", "")
    changed = sum(_acts(name, task_id, text) for task_id in chosen)
    outcome: dict[str, Any] = {"done": name, "changed": changed, "refused": len(chosen) - changed}
    return redirect(url_for(".list_tasks", **{**query_without(*_OUTCOME), **outcome}), 303)


def _matching() -> list[str]:
    """Return the ids of the tasks that match the filters, on whatever page they are."""
    wanted = query()
    with transaction() as tx:
        where = _where(tx, wanted)
        order, tag = TASK_SORTING.given(wanted), wanted.text("q")
        rows, _ = task_rows(tx, where, _MOST_CHOSEN, tag=tag, order=order)
    return [row.task_id for row in rows]


def _acts(name: str, task_id: str, text: str) -> bool:
    """Run an action on a task; return whether the task allowed it."""
    try:
        with service().task_transaction(task_id) as tx:
            if tx.mode != g.mode:
                return False
        ACTIONS[name].act(service(), task_id, text)
    except Refusal:
        return False
    return True
