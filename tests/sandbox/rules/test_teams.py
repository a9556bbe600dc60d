"""The team."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.rules.caller import Caller


def roles(team: Any) -> dict[str, str]:
    return {one["email"]: one["role"] for one in team}


def test_a_new_sandbox_has_one_admin(caller: Caller) -> None:
    """Somebody owns the account."""
    (admin,) = caller.get("/teams")
    assert admin["role"] == "admin"
    assert admin["isStudioLabeler"] is False


def test_invited_people_join_the_team(caller: Caller) -> None:
    """An invitation answers the whole team; it is taken up at once, and once."""
    team = caller.post(
        "/teams/invite", {"emails": ["b@x.net", "a@x.net", "b@x.net"], "team_role": "labeler"}
    )
    assert list(roles(team).items())[1:] == [("b@x.net", "labeler"), ("a@x.net", "labeler")]
    assert [one["isStudioLabeler"] for one in team] == [False, True, True]
    assert caller.get("/teams") == team
    assert caller.post("/teams/invite", {"emails": ["b@x.net"], "team_role": "member"}) == team


def test_set_role(caller: Caller) -> None:
    """Roles change for everybody named; the answer is the whole team."""
    caller.post("/teams/invite", {"emails": ["a@x.net", "b@x.net"], "team_role": "labeler"})
    team = caller.post("/teams/set_role", {"emails": ["b@x.net"], "team_role": "manager"})
    assert list(roles(team).values()) == ["admin", "labeler", "manager"]
    assert caller.get("/teams") == team
    assert team[-1]["isStudioLabeler"] is False


def test_admin_role_is_fixed(caller: Caller) -> None:
    """The role admin is neither given nor taken, and a list with one admin changes nobody."""
    caller.post("/teams/invite", {"emails": ["a@x.net"], "team_role": "member"})
    (admin, _) = caller.get("/teams")
    for path in ("/teams/invite", "/teams/set_role"):
        body = {"emails": ["a@x.net"], "team_role": "admin"}
        assert "team_role" in caller.error("POST", path, 400, json=body)
    body = {"emails": ["a@x.net", admin["email"]], "team_role": "manager"}
    assert "admin" in caller.error("POST", "/teams/set_role", 400, json=body)
    assert list(roles(caller.get("/teams")).values()) == ["admin", "member"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"emails": "a@x.net"},
        {"emails": ["nobody"]},
        {"emails": [1]},
        {"team_role": None},
        {"team_role": "boss"},
        {"emails": None},
    ],
)
def test_rejects_invalid_role_or_address(caller: Caller, wrong: dict[str, Any]) -> None:
    """Addresses are addresses, and roles are those that can be given."""
    caller.post("/teams/invite", {"emails": ["a@x.net"], "team_role": "member"})
    body = {"emails": ["a@x.net"], "team_role": "labeler"} | wrong
    for path in ("/teams/invite", "/teams/set_role"):
        caller.error("POST", path, 400, json=body)
    assert list(roles(caller.get("/teams")).values()) == ["admin", "member"]


def test_set_role_requires_a_member(caller: Caller) -> None:
    """Only people of the team have a role."""
    body = {"emails": ["a@x.net"], "team_role": "member"}
    assert "a@x.net" in caller.error("POST", "/teams/set_role", 400, json=body)


def test_each_mode_has_its_own_team(test: Caller, live: Caller) -> None:
    """An invitation with the test key does not reach the live team."""
    test.post("/teams/invite", {"emails": ["a@x.net"], "team_role": "member"})
    assert len(test.get("/teams")) == 2
    assert len(live.get("/teams")) == 1
