"""Project pages."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from ..resources.listing import OFFSET_LIMIT, Where, batch_page
from ..resources.transaction import Transaction
from ..rules.statuses import TASK_STATUSES
from ..web import query, transaction
from .charts import task_charts
from .page import ROWS, Sorting, render
from .task_search import task_rows

projects = Blueprint("projects", __name__)

_LATEST = 10
_SORTING = Sorting("-created", {"name": "name", "type": "type", "created": "created_at"})


@projects.get("/projects")
def list_projects() -> Response:
    """Show a page of projects, each with its tasks by status."""
    wanted = query()
    offset = wanted.integer("offset", 0, 0, OFFSET_LIMIT)
    order = _SORTING.order(wanted)
    with transaction() as tx:
        total = tx.store.total("SELECT COUNT(*) FROM projects WHERE world = ?", (tx.mode,))
        rows = tx.db.execute(
            "SELECT product, body FROM projects JOIN documents USING (key) WHERE world = ?"
            f" ORDER BY {order} LIMIT ? OFFSET ?",
            (tx.mode, ROWS, offset),
        ).fetchall()
        found = [json.loads(body) | {"product": product} for product, body in rows]
        shown = [project | {"counts": _counts(tx, project["name"])} for project in found]
    return render(
        "project_list.html",
        rows=shown,
        total=total,
        order=_SORTING.given(wanted),
        given={name: value for name, value in request.args.items() if name == "sort"},
        offset=offset,
        size=ROWS,
        more=offset + len(rows) < total,
    )


def _counts(tx: Transaction, project: str) -> dict[str, int]:
    """Return the number of tasks of a project by status, of all statuses."""
    return {
        status: tx.store.total(
            "SELECT COUNT(*) FROM tasks WHERE world = ? AND project = ? AND status = ?",
            (tx.mode, project, status),
        )
        for status in TASK_STATUSES
    }


@projects.get("/projects/<name>")
def show_project(name: str) -> Response:
    """Show one project: its parameters, its batches and its tasks by status."""
    with transaction() as tx:
        project = tx.project(name)
        where = Where(tx.mode)
        where.equal("project", name)
        batches = batch_page(tx, where, _LATEST, 0)
        latest, _ = task_rows(tx, where, _LATEST)
        counts = _counts(tx, name)
        charts = task_charts(tx, where)
        found = [json.loads(text) for text in batches.texts]
        shown = [batch | {"counts": tx.counts(batch["name"])} for batch in found]
        product = tx.product(name)
    return render(
        "project_detail.html",
        project=project,
        product=product,
        batches=shown,
        batch_total=batches.total,
        counts=counts,
        latest=latest,
        charts=charts,
    )
