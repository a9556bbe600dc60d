"""The team."""

from __future__ import annotations

from flask import Blueprint, Response

from ..resources import team
from ..web import answer, object_body, opened

teams = Blueprint("teams", __name__)


@teams.get("/teams")
def list_team() -> Response:
    """List the whole team."""
    with opened() as world:
        return answer(team.members(world))


@teams.post("/teams/invite")
def invite() -> Response:
    """Add people to the team, and list all of it."""
    body = object_body()
    addresses, role = team.emails(body), team.granted_role(body)
    with opened() as world:
        team.invite(world, addresses, role)
        return answer(team.members(world))


@teams.post("/teams/set_role")
def set_role() -> Response:
    """Change the role of people of the team, and list all of it."""
    body = object_body()
    addresses, role = team.emails(body), team.granted_role(body)
    with opened() as world:
        team.set_role(world, addresses, role)
        return answer(team.members(world))
