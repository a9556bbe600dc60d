"""Studio."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller

A, B, C = "a@x.net", "b@x.net", "c@x.net"


@pytest.fixture
def studio(caller: Caller) -> Caller:
    """A caller with a Studio project to which two of a team of three are assigned."""
    caller.project(studio=True)
    caller.post("/teams/invite", {"emails": [A, B, C], "team_role": "labeler"})
    caller.post("/studio/assignments/add", {"emails": [A, B], "projects": ["parcels"]})
    return caller


def pending(caller: Caller, name: str, **fields: Any) -> None:
    """Make a batch that Studio works on."""
    caller.batch(name, **fields)
    caller.task(batch=name)
    caller.post(f"/batches/{name}/finalize")


def names(batches: Any) -> list[str]:
    return [batch["name"] for batch in batches]


CALLS = [
    ("GET", "/assignments", None),
    ("POST", "/assignments/add", {"emails": [A], "projects": ["parcels"]}),
    ("POST", "/assignments/remove", {"emails": [A], "projects": ["parcels"]}),
    ("GET", "/projects/parcels/groups", None),
    ("POST", "/projects/parcels/groups", {"emails": [], "name": "g"}),
    ("PUT", "/projects/parcels/groups/g", {"add_emails": [], "remove_emails": []}),
    ("GET", "/batches", None),
    ("PUT", "/batches/week_1", {"groups": []}),
    ("POST", "/batches/set_priorities", {"batches": []}),
    ("POST", "/batches/reset_priorities", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_studio_requires_the_live_key(test: Caller, method: str, path: str, body: object) -> None:
    """The test key is told to be the wrong one."""
    assert "live" in test.error(method, f"/studio{path}", 400, json=body)


def test_assignments(studio: Caller) -> None:
    """Every active member has a list of projects; both changes answer all lists."""
    studio.project("other", studio=True)
    everybody = studio.get("/studio/assignments")
    assert {A: ["parcels"], B: ["parcels"], C: []}.items() < everybody.items()
    assert len(everybody) == len(studio.get("/teams"))
    body = {"emails": [A, C], "projects": ["other", "parcels"]}
    for _ in range(2):
        changed = studio.post("/studio/assignments/add", body)
        assert changed[A] == ["parcels", "other"]
        assert changed[C] == ["other", "parcels"]
    for _ in range(2):
        changed = studio.post("/studio/assignments/remove", body)
        assert (changed[A], changed[B], changed[C]) == ([], ["parcels"], [])
        assert studio.get("/studio/assignments") == changed


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"emails": ["d@x.net"]}, 400),
        ({"emails": ["nobody"]}, 400),
        ({"emails": None}, 400),
        ({"projects": ["none"]}, 404),
        ({"projects": ["plain"]}, 400),
        ({"projects": "parcels"}, 400),
    ],
)
def test_rejects_invalid_assignment(studio: Caller, wrong: dict[str, Any], status: int) -> None:
    """People are of the team and projects of Studio; nothing of a wrong list is done."""
    studio.project("plain")
    before = studio.get("/studio/assignments")
    body = {"emails": [C], "projects": ["parcels"]} | wrong
    studio.error("POST", "/studio/assignments/add", status, json=body)
    assert studio.get("/studio/assignments") == before


def test_groups(studio: Caller) -> None:
    """A group has people who are assigned to the project; who is removed can come back."""
    path = "/studio/projects/parcels/groups"
    group = studio.post(path, {"emails": [A], "name": "morning/early"})
    assert (group["name"], group["numWorkers"], group["isSingleton"]) == ("morning/early", 1, False)
    assert [worker["email"] for worker in group["workers"]] == [A]
    assert studio.get(path) == [group]
    one = f"{path}/morning%2Fearly"
    changed = studio.put(one, {"add_emails": [B, A], "remove_emails": []})
    assert [worker["email"] for worker in changed["workers"]] == [A, B]
    assert changed["workers"][0] == group["workers"][0]
    changed = studio.put(one, {"remove_emails": [A, C]})
    assert (changed["numWorkers"], changed["id"]) == (1, group["id"])
    assert studio.get(path) == [changed]


def test_rejects_invalid_group(studio: Caller) -> None:
    """Strangers to the project cannot be in a group, and a name is taken once."""
    path = "/studio/projects/parcels/groups"
    studio.post(path, {"emails": [A], "name": "g"})
    assert C in studio.error("POST", path, 400, json={"emails": [A, C], "name": "h"})
    assert C in studio.error("PUT", f"{path}/g", 400, json={"add_emails": [C]})
    studio.error("POST", path, 409, json={"emails": [], "name": "g"})
    studio.error("POST", path, 400, json={"emails": []})
    studio.error("POST", path, 400, json={"emails": [A], "name": A})
    studio.error("PUT", f"{path}/none", 404, json={})
    studio.error("GET", "/studio/projects/none/groups", 404)
    studio.project("plain")
    studio.error("GET", "/studio/projects/plain/groups", 400)
    assert names(studio.get(path)) == ["g"]


def test_unassigning_removes_from_groups(studio: Caller) -> None:
    """Groups keep only people who are assigned."""
    path = "/studio/projects/parcels/groups"
    studio.post(path, {"emails": [A, B], "name": "g"})
    studio.post("/studio/assignments/remove", {"emails": [A], "projects": ["parcels"]})
    (group,) = studio.get(path)
    assert [worker["email"] for worker in group["workers"]] == [B]


def test_batches_are_pending_from_finalization_to_completion(
    manual: Sandbox, studio: Caller
) -> None:
    """Staged, completed and plain batches are not in the list; the others say how far they are."""
    studio.project("plain")
    studio.batch("elsewhere", project="plain")
    studio.batch()
    task_ids = [studio.task(batch="week_1")["task_id"] for _ in range(2)]
    assert studio.get("/studio/batches") == []
    batch_id = studio.post("/batches/week_1/finalize")["id"]
    manual.complete(task_ids[0])
    (batch,) = studio.get("/studio/batches")
    assert len(batch.pop("projectId")) == 24
    assert batch == {
        "id": batch_id,
        "name": "week_1",
        "projectName": "parcels",
        "batchType": "Production",
        "studioPriority": None,
        "groups": [],
        "total": 2,
        "completed": 1,
    }
    manual.complete(task_ids[1])
    assert studio.get("/studio/batches") == []


def test_groups_of_a_batch_are_set(studio: Caller) -> None:
    """The list replaces the one before; a person is a group that is named by the address."""
    pending(studio, "week_1")
    studio.post("/studio/projects/parcels/groups", {"emails": [A], "name": "g"})
    assert studio.put("/studio/batches/week_1", {"groups": ["g", B, "g"]})["groups"] == ["g", B]
    assert studio.get("/studio/batches")[0]["groups"] == ["g", B]
    (_, person) = studio.get("/studio/projects/parcels/groups")
    assert (person["name"], person["isSingleton"], person["numWorkers"]) == (B, True, 1)
    changed = studio.put("/studio/batches/week_1", {"groups": [B]})
    assert changed["groups"] == [B]
    assert studio.get("/studio/batches") == [changed]
    assert len(studio.get("/studio/projects/parcels/groups")) == 2
    assert studio.put("/studio/batches/week_1", {"groups": []})["groups"] == []


def test_reassigned_person_is_a_group_again(studio: Caller) -> None:
    """Between two assignments the group of a person is empty."""
    pending(studio, "week_1")
    studio.put("/studio/batches/week_1", {"groups": [A]})
    people = {"emails": [A], "projects": ["parcels"]}
    studio.post("/studio/assignments/remove", people)
    assert studio.get("/studio/projects/parcels/groups")[0]["numWorkers"] == 0
    studio.error("PUT", "/studio/batches/week_1", 400, json={"groups": [A]})
    studio.post("/studio/assignments/add", people)
    studio.put("/studio/batches/week_1", {"groups": [A]})
    assert studio.get("/studio/projects/parcels/groups")[0]["numWorkers"] == 1


def test_rejects_invalid_groups_of_a_batch(manual: Sandbox, studio: Caller) -> None:
    """Groups are of the batch's project, batches are of Studio and not completed."""
    studio.batch()
    task_id = studio.task(batch="week_1")["task_id"]
    for groups in (["none"], [C], "g", None, [""]):
        studio.error("PUT", "/studio/batches/week_1", 400, json={"groups": groups})
    studio.error("PUT", "/studio/batches/none", 404, json={"groups": []})
    studio.project("plain")
    studio.batch("elsewhere", project="plain")
    studio.error("PUT", "/studio/batches/elsewhere", 400, json={"groups": []})
    assert studio.put("/studio/batches/week_1", {"groups": []})["name"] == "week_1"
    studio.post("/batches/week_1/finalize")
    manual.complete(task_id)
    studio.error("PUT", "/studio/batches/week_1", 400, json={"groups": []})


@pytest.mark.parametrize("key", ["batches", "groups"])
def test_priorities_are_set_and_reset(studio: Caller, key: str) -> None:
    """By default calibration comes first, then the oldest; what is set holds until it is reset."""
    pending(studio, "old")
    pending(studio, "young")
    pending(studio, "try", calibration_batch=True)
    usual = ["try", "old", "young"]
    assert names(studio.get("/studio/batches")) == usual
    wanted = ["young", "try", "old"]
    body = {key: [{"name": name} for name in wanted]}
    assert names(studio.post("/studio/batches/set_priorities", body)) == wanted
    ordered = studio.get("/studio/batches")
    assert [batch["studioPriority"] for batch in ordered] == [1, 2, 3]
    assert [batch["batchType"] for batch in ordered] == ["Production", "Calibration", "Production"]
    pending(studio, "new")
    assert names(studio.get("/studio/batches")) == [*wanted, "new"]
    assert names(studio.post("/studio/batches/reset_priorities")) == [*usual, "new"]
    assert studio.get("/studio/batches")[0]["studioPriority"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"batches": [{"name": "one"}]},
        {"batches": [{"name": "one"}, {"name": "two"}, {"name": "two"}]},
        {"batches": [{"name": "one"}, {"name": "two"}, {"name": "three"}]},
        {"batches": ["one", "two"]},
        {"batches": [{}, {}]},
        {},
    ],
)
def test_priorities_list_every_pending_batch(studio: Caller, wrong: dict[str, Any]) -> None:
    """A list that leaves one out, or names one twice, is refused and changes nothing."""
    pending(studio, "one")
    pending(studio, "two")
    studio.error("POST", "/studio/batches/set_priorities", 400, json=wrong)
    assert [batch["studioPriority"] for batch in studio.get("/studio/batches")] == [None, None]
