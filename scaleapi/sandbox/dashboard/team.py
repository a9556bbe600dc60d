"""The team page, with Studio assignments, groups and batches."""

from __future__ import annotations

from flask import Blueprint, Response

from ..resources import studio
from ..resources import team as people
from ..web import transaction
from .page import render

team = Blueprint("team", __name__)


@team.get("/team")
def show() -> Response:
    """Show the team; in live mode, also Studio assignments, groups and batches."""
    with transaction() as tx:
        members = people.members(tx)
        rows = tx.db.execute(
            "SELECT name FROM projects WHERE world = ? AND product = 'studio'"
            " ORDER BY created_at, key",
            (tx.mode,),
        )
        groups = {name: studio.groups(tx, name) for (name,) in rows.fetchall()}
        assigned = studio.assignments(tx)
        batches = studio.batches(tx)
    return render("team.html", members=members, assigned=assigned, groups=groups, batches=batches)
