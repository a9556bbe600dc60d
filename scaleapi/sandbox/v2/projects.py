"""Projects."""

from __future__ import annotations

from flask import Blueprint, Response

from ..resources.listing import Where, documents
from ..web import json_response, query, transaction
from .lookup import any_project
from .views import View

projects = Blueprint("v2_projects", __name__)


@projects.get("/project")
def get_project() -> Response:
    """Return a project."""
    wanted = query()
    with transaction() as tx:
        return json_response(View(tx).project(any_project(tx, wanted.text)))


@projects.get("/projects")
def list_projects() -> Response:
    """List all projects, oldest first."""
    wanted = query()
    first, last = wanted.time("created_after"), wanted.time("created_before")
    with transaction() as tx:
        where = Where(tx.mode)
        where.between("created_at", first, last)
        found = documents(tx, "projects", where, "created_at, key")
        return json_response({"projects": [View(tx).project(project) for project in found]})
