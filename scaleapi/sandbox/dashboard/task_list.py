"""The task list, with filters and search."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ..resources.listing import Cursor, Where
from ..rules.statuses import REVIEW_STATUSES, TASK_STATUSES
from ..rules.task_types import TASK_TYPES
from ..web import query, transaction
from .page import ROWS, render
from .task_search import find_task, task_rows

tasks = Blueprint("tasks", __name__)


@tasks.get("/tasks")
def list_tasks() -> Response:
    """Show a page of tasks; a search for an id or ``unique_id`` redirects to that task."""
    wanted = query()
    searched = wanted.text("q")
    after = Cursor.parse("after", wanted.text("after"))
    with transaction() as tx:
        found = find_task(tx, searched) if searched else None
        if found is not None:
            return redirect(url_for("dashboard.task.show", task_id=found), 303)
        where = Where(tx.mode)
        where.equal("status", wanted.choice("status", TASK_STATUSES))
        project, batch = wanted.text("project"), wanted.text("batch")
        where.equal("project", project)
        where.equal("batch", batch)
        # A project or batch has fewer tasks than a type has: the plus disables the index on type.
        where.equal("+type" if project or batch else "type", wanted.choice("type", TASK_TYPES))
        where.reviewed(wanted.choices("review", REVIEW_STATUSES))
        rows, more = task_rows(tx, where, ROWS, tag=searched, after=after)
    given = {
        name: value
        for name, value in request.args.items()
        if value and name not in ("after", "done")
    }
    return render(
        "task_list.html",
        rows=rows,
        given=given,
        after=None if more is None else str(more),
        first=after is None,
        statuses=TASK_STATUSES,
        types=sorted(TASK_TYPES),
        reviews=REVIEW_STATUSES,
        notice="No task is waiting." if wanted.text("done") == "queue" else "",
    )
