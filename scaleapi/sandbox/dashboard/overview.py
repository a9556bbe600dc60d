"""The first page: where the sandbox is, and how many tasks are in which state."""

from __future__ import annotations

from flask import Blueprint, Response

from ..resources.listing import Where
from ..resources.transaction import WORLDS, World
from ..rules.transitions import BY_WORLD
from ..web import opened, service
from .page import render
from .task_search import STATUSES, task_rows

overview = Blueprint("overview", __name__)

_LATEST = 10


@overview.get("/")
def show() -> Response:
    """Show the counts of both worlds, and the latest tasks of the one chosen."""
    here = service()
    with opened() as world:
        latest, _ = task_rows(world, Where(world.name), _LATEST)
        counts = {name: {one: _count(world, name, one) for one in STATUSES} for name in WORLDS}
    return render(
        "overview.html",
        address=f"{here.origin}/v1",
        counts=counts,
        transitions={name: here.transition or BY_WORLD[name] for name in WORLDS},
        latest=latest,
    )


def _count(world: World, name: str, status: str) -> int:
    return world.store.total(
        "SELECT COUNT(*) FROM tasks WHERE world = ? AND status = ?", (name, status)
    )
