"""Projects."""

from __future__ import annotations

from flask import Blueprint, Response

from ..resources.listing import Where, documents
from ..rules.task_types import GENERATIVE_TYPES
from ..web import answer, opened, query
from .lookup import the_project
from .views import View

projects = Blueprint("v2_projects", __name__)


@projects.get("/project")
def get_project() -> Response:
    """Answer one project."""
    wanted = query()
    with opened() as world:
        return answer(View(world).project(the_project(world, wanted.text)))


@projects.get("/projects")
def list_projects() -> Response:
    """Answer all projects, oldest first."""
    wanted = query()
    first, last = wanted.time("created_after"), wanted.time("created_before")
    with opened() as world:
        where = Where(world.name)
        where.one_of("type", GENERATIVE_TYPES)
        where.between("created_at", first, last)
        found = documents(world, "projects", where, "created_at, key")
        return answer({"projects": [View(world).project(project) for project in found]})
