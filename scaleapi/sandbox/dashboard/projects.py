"""Project pages."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from ..resources.listing import OFFSET_LIMIT, Where, batch_page
from ..rules.statuses import TASK_STATUSES
from ..web import query, transaction
from .page import ROWS, render
from .task_search import task_rows

projects = Blueprint("projects", __name__)

_LATEST = 10


@projects.get("/projects")
def list_projects() -> Response:
    """Show a page of projects, newest first."""
    offset = query().integer("offset", 0, 0, OFFSET_LIMIT)
    with transaction() as tx:
        rows = tx.db.execute(
            "SELECT product, body FROM projects JOIN documents USING (key) WHERE world = ?"
            " ORDER BY created_at DESC, key DESC LIMIT ? OFFSET ?",
            (tx.mode, ROWS + 1, offset),
        ).fetchall()
    shown = [json.loads(body) | {"product": product} for product, body in rows[:ROWS]]
    return render("project_list.html", rows=shown, offset=offset, size=ROWS, more=len(rows) > ROWS)


@projects.get("/projects/<name>")
def show_project(name: str) -> Response:
    """Show one project: its parameters, its batches and its tasks by status."""
    with transaction() as tx:
        project = tx.project(name)
        where = Where(tx.mode)
        where.equal("project", name)
        batches = batch_page(tx, where, _LATEST, 0)
        latest, _ = task_rows(tx, where, _LATEST)
        counts = {
            status: tx.store.total(
                "SELECT COUNT(*) FROM tasks WHERE world = ? AND project = ? AND status = ?",
                (tx.mode, name, status),
            )
            for status in TASK_STATUSES
        }
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
    )
