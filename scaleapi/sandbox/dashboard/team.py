"""The team, and who of it works on what in Studio."""

from __future__ import annotations

from flask import Blueprint, Response

from ..resources import studio
from ..resources import team as people
from ..web import opened
from .page import render

team = Blueprint("team", __name__)


@team.get("/team")
def show() -> Response:
    """Show the team; in the live world, Studio's assignments, groups and batches too."""
    with opened() as world:
        members = people.members(world)
        rows = world.db.execute(
            "SELECT name FROM projects WHERE world = ? AND product = 'studio'"
            " ORDER BY created_at, key",
            (world.name,),
        )
        groups = {name: studio.groups(world, name) for (name,) in rows.fetchall()}
        assigned = studio.assignments(world)
        batches = studio.batches(world)
    return render("team.html", members=members, assigned=assigned, groups=groups, batches=batches)
