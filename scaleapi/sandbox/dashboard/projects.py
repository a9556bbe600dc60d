"""Projects."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from ..resources.listing import OFFSET_LIMIT, Where, batch_page
from ..web import opened, query
from .page import ROWS, render
from .task_search import STATUSES, task_rows

projects = Blueprint("projects", __name__)

_LATEST = 10


@projects.get("/projects")
def list_projects() -> Response:
    """Show a page of projects, newest first."""
    offset = query().integer("offset", 0, 0, OFFSET_LIMIT)
    with opened() as world:
        rows = world.db.execute(
            "SELECT product, body FROM projects JOIN documents USING (key) WHERE world = ?"
            " ORDER BY created_at DESC, key DESC LIMIT ? OFFSET ?",
            (world.name, ROWS + 1, offset),
        ).fetchall()
    shown = [json.loads(body) | {"product": product} for product, body in rows[:ROWS]]
    return render("projects.html", rows=shown, offset=offset, size=ROWS, more=len(rows) > ROWS)


@projects.get("/projects/<name>")
def show_project(name: str) -> Response:
    """Show one project: its parameters, its batches, and its tasks by state."""
    with opened() as world:
        project = world.project(name)
        where = Where(world.name)
        where.equal("project", name)
        batches = batch_page(world, where, _LATEST, 0)
        latest, _ = task_rows(world, where, _LATEST)
        counts = {
            status: world.store.total(
                "SELECT COUNT(*) FROM tasks WHERE world = ? AND project = ? AND status = ?",
                (world.name, name, status),
            )
            for status in STATUSES
        }
        found = [json.loads(text) for text in batches.texts]
        shown = [batch | {"counts": world.counts(batch["name"])} for batch in found]
        product = world.product(name)
    return render(
        "project.html",
        project=project,
        product=product,
        batches=shown,
        batch_total=batches.total,
        counts=counts,
        latest=latest,
    )
