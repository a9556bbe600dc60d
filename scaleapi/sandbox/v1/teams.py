"""The team."""

from __future__ import annotations

from flask import Blueprint, Response

from ..resources import team
from ..web import json_response, object_body, transaction

teams = Blueprint("teams", __name__)


@teams.get("/teams")
def list_team() -> Response:
    """List the team."""
    with transaction() as tx:
        return json_response(team.members(tx))


@teams.post("/teams/invite")
def invite() -> Response:
    """Add people to the team and list all members."""
    body = object_body()
    addresses, role = team.emails(body), team.granted_role(body)
    with transaction() as tx:
        team.invite(tx, addresses, role)
        return json_response(team.members(tx))


@teams.post("/teams/set_role")
def set_role() -> Response:
    """Change the role of members and list all members."""
    body = object_body()
    addresses, role = team.emails(body), team.granted_role(body)
    with transaction() as tx:
        team.set_role(tx, addresses, role)
        return json_response(team.members(tx))
