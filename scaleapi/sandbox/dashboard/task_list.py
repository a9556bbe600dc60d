"""The list of tasks, with filters and a search."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ..resources.listing import Cursor, Where
from ..rules.task_types import TASK_TYPES
from ..web import opened, query
from .page import ROWS, render
from .task_search import STATUSES, find_task, task_rows

tasks = Blueprint("tasks", __name__)

_REVIEWS = ("pending", "accepted", "rejected", "fixed", "commented")


@tasks.get("/tasks")
def list_tasks() -> Response:
    """Show a page of tasks; a search for an id or a ``unique_id`` leads to its task."""
    wanted = query()
    searched = wanted.text("q")
    after = Cursor.parse("after", wanted.text("after"))
    with opened() as world:
        found = find_task(world, searched) if searched else None
        if found is not None:
            return redirect(url_for("dashboard.task.show", task_id=found), 303)
        where = Where(world.name)
        where.equal("status", wanted.choice("status", STATUSES))
        project, batch = wanted.text("project"), wanted.text("batch")
        where.equal("project", project)
        where.equal("batch", batch)
        # The tasks of a place are fewer than those of a type: the plus keeps its index out.
        where.equal("+type" if project or batch else "type", wanted.choice("type", TASK_TYPES))
        where.reviewed(wanted.choices("review", _REVIEWS))
        rows, more = task_rows(world, where, ROWS, tag=searched, after=after)
    given = {name: value for name, value in request.args.items() if value and name != "after"}
    return render(
        "tasks.html",
        rows=rows,
        given=given,
        after=None if more is None else str(more),
        first=after is None,
        statuses=STATUSES,
        types=sorted(TASK_TYPES),
        reviews=_REVIEWS,
    )
