"""Batches, and what happens to their tasks."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.v2.caller import V2Caller

STATUSES = {
    "finalize": {"staging": "in_progress"},
    "pause": {"in_progress": "paused"},
    "resume": {"paused": "in_progress"},
    "cancel": {"staging": "cancelled", "in_progress": "cancelled", "paused": "cancelled"},
}


def names(page: Any) -> list[str]:
    return [batch["name"] for batch in page["batches"]]


def status(caller: V2Caller, name: str = "week_1") -> str:
    answer = caller.get("/batch", batch_name=name)["status"]
    assert answer == caller.v1.get(f"/batches/{name}")["status"]
    return answer


def act(caller: V2Caller, operation: str, name: str = "week_1") -> Any:
    answer = caller.post(f"/batch/{operation}", {"batch_name": name})
    if operation == "finalize":
        return answer
    assert list(answer) == ["batch", "message"]
    return answer["batch"]


def bring_to(sandbox: Sandbox, caller: V2Caller, wanted: str) -> None:
    """Make the batch week_1 with this status."""
    caller.new_batch(staging_batch=wanted == "staging")
    if wanted == "paused":
        act(caller, "pause")
    elif wanted == "cancelled":
        act(caller, "cancel")
    elif wanted == "completed":
        sandbox.complete(caller.chat(batch_name="week_1")["task_id"])
    assert status(caller) == wanted


def test_create_batch(caller: V2Caller) -> None:
    """It is in progress unless it is to be staged, and v1 has it too."""
    project = caller.chat_project()
    batch = caller.new_batch(metadata={"a": 1}, callback="ops@example.com")
    assert batch == {
        "id": batch["id"],
        "name": "week_1",
        "project": project["id"],
        "created_at": batch["created_at"],
        "status": "in_progress",
        "callback": "ops@example.com",
        "metadata": {"a": 1},
    }
    assert caller.get("/batch", batch_id=batch["id"], batch_name="week_1") == batch
    assert caller.get("/batch", batch_id=batch["id"], expand="project")["project"] == project
    known = caller.v1.get("/batches/week_1")
    assert (known["id"], known["project"]) == (batch["id"], "dialogues")
    assert caller.new_batch("staged", staging_batch=True)["status"] == "staging"
    made = caller.v1.batch("older", "dialogues")
    assert caller.get("/batch", batch_name="older")["id"] == made["id"]


@pytest.mark.parametrize("value", ["id", "name"])
def test_create_batch_with_project_field(caller: V2Caller, value: str) -> None:
    """The field project holds an id or a name."""
    project = caller.chat_project()
    batch = caller.post("/batch", {"name": "b", "project": project[value]})
    assert batch["project"] == project["id"]


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"name": "b"}, 400, "project_id or project_name or project"),
        ({"project": "dialogues"}, 400, '"name"'),
        ({"name": "b", "project": "none"}, 404, "none"),
        ({"name": "b", "project_id": "none"}, 404, "none"),
        ({"name": "taken", "project": "dialogues"}, 409, "taken"),
        ({"name": "b", "project": "dialogues", "staging_batch": "yes"}, 400, "staging_batch"),
        ({"name": "b", "project": "dialogues", "callback": "no"}, 400, "callback"),
        ({"name": "b", "project": "dialogues", "metadata": []}, 400, "metadata"),
    ],
)
def test_rejects_invalid_batch(
    caller: V2Caller, body: dict[str, Any], code: int, said: str
) -> None:
    """The error names what is wrong."""
    caller.chat_project()
    caller.new_batch("taken")
    assert said in caller.error("POST", "/batch", code, json=body)
    assert names(caller.get("/batches")) == ["taken"]


@pytest.mark.parametrize("operation", STATUSES)
@pytest.mark.parametrize("before", ["staging", "in_progress", "paused", "completed", "cancelled"])
def test_operations_by_status(
    manual: Sandbox, caller: V2Caller, operation: str, before: str
) -> None:
    """Each operation leads from where it may; from elsewhere it answers 400 and does nothing."""
    caller.chat_project()
    bring_to(manual, caller, before)
    after = STATUSES[operation].get(before)
    if after is None:
        body = {"batch_name": "week_1"}
        assert before in caller.error("POST", f"/batch/{operation}", 400, json=body)
        assert status(caller) == before
    else:
        batch = act(caller, operation)
        assert batch["status"] == after
        assert batch == caller.get("/batch", batch_name="week_1")


@pytest.mark.parametrize("operation", STATUSES)
def test_missing_batch(caller: V2Caller, operation: str) -> None:
    """It answers 404, and none at all 400."""
    path = f"/batch/{operation}"
    caller.error("POST", path, 404, json={"batch_id": "none"})
    assert "batch_id or batch_name" in caller.error("POST", path, 400, json={})


def test_rejects_id_and_name_of_different_batches(caller: V2Caller) -> None:
    """A request that names two batches is refused."""
    caller.chat_project()
    query = {"batch_id": caller.new_batch()["id"], "batch_name": caller.new_batch("b")["name"]}
    for path in ("/batch", "/tasks"):
        assert "the same batch" in caller.error("GET", path, 400, params=query)


def test_staged_batch_starts_no_work(test: V2Caller) -> None:
    """Its tasks are worked on when it is finalized, by v2 or by v1."""
    test.chat_project()
    for name in ("by_v2", "by_v1"):
        test.new_batch(name, staging_batch=True)
        task = test.chat(batch_name=name)
        assert task["status"] == "pending"
        if name == "by_v2":
            act(test, "finalize", name)
        else:
            test.v1.post(f"/batches/{name}/finalize")
        assert status(test, name) == "completed"
        assert test.get("/task", task_id=task["task_id"])["status"] == "completed"


def test_paused_batch_starts_no_work(sandbox: Sandbox, live: V2Caller) -> None:
    """What is planned rests until the batch is resumed, and what is new waits as well."""
    live.chat_project()
    live.new_batch()
    before = live.chat(batch_name="week_1")["task_id"]
    act(live, "pause")
    during = live.chat(batch_name="week_1")["task_id"]
    sandbox.clock.advance(3600)
    for task_id in (before, during):
        assert live.get("/task", task_id=task_id)["status"] == "pending"
        with pytest.raises(Exception, match="paused"):
            sandbox.complete(task_id)
    act(live, "resume")
    sandbox.clock.advance(1)
    assert status(live) == "completed"
    assert live.get("/task", task_id=before)["status"] == "completed"


def test_started_work_continues(manual: Sandbox, caller: V2Caller) -> None:
    """In a paused batch, and in one that is cancelled then."""
    caller.chat_project()
    caller.new_batch()
    first, second, third = (caller.chat(batch_name="week_1")["task_id"] for _ in range(3))
    manual.start_work(first)
    manual.start_work(second)
    act(caller, "pause")
    manual.complete(first)
    act(caller, "cancel")
    manual.complete(second)
    states = [caller.get("/task", task_id=one)["status"] for one in (first, second, third)]
    assert states == ["completed", "completed", "canceled"]
    assert status(caller) == "cancelled"


def test_cancelled_batch_accepts_no_tasks(caller: V2Caller) -> None:
    """Neither by v2 nor by v1."""
    caller.chat_project()
    caller.new_batch()
    act(caller, "cancel")
    body = {"project_name": "dialogues", "batch_name": "week_1"}
    assert "cancelled" in caller.error("POST", "/task/chat", 400, json=body)
    body = {"project": "dialogues", "batch": "week_1"}
    assert "cancelled" in caller.v1.error("POST", "/task/chat", 400, json=body)


def test_list_batches(manual: Sandbox, caller: V2Caller) -> None:
    """Newest first, by project, status and time; v1 knows the new statuses as well."""
    project = caller.chat_project()
    caller.chat_project("other")
    caller.new_batch("first")
    manual.clock.advance(60)
    caller.new_batch("second")
    caller.new_batch("third", "other")
    act(caller, "pause", "second")
    completed = manual.complete(caller.chat(batch_name="first")["task_id"])["completed_at"]
    assert names(caller.get("/batches")) == ["third", "second", "first"]
    assert names(caller.get("/batches", project_id=project["id"])) == ["second", "first"]
    assert names(caller.get("/batches", status="paused")) == ["second"]
    assert [one["name"] for one in caller.v1.get("/batches", status="paused")["docs"]] == ["second"]
    created = caller.get("/batch", batch_name="first")["created_at"]
    assert names(caller.get("/batches", created_before=created)) == ["first"]
    assert names(caller.get("/batches", completed_after=completed)) == ["first"]
    (batch,) = caller.get("/batches", expand="project", status="completed")["batches"]
    assert batch["project"] == project
    assert '"expand"' in caller.error("GET", "/batches", 400, params={"expand": "batch"})
    assert '"status"' in caller.error("GET", "/batches", 400, params={"status": "canceled"})


def test_pagination_while_batches_are_added(caller: V2Caller) -> None:
    """Each is there once."""
    caller.chat_project()
    made = [caller.new_batch(f"b{number}")["name"] for number in range(12)]
    seen: list[str] = []
    page = caller.get("/batches", limit=5)
    while "next_token" in page:
        seen += names(page)
        caller.new_batch(f"late{len(seen)}")
        page = caller.get("/batches", limit=5, next_token=page["next_token"])
    assert seen + names(page) == made[::-1]


def test_metadata_is_replaced_or_merged(caller: V2Caller) -> None:
    """As that of tasks."""
    caller.chat_project()
    body = {"batch_id": caller.new_batch(metadata={"a": {"b": 1}})["id"]}
    batch = caller.post("/batch/metadata", body | {"metadata": {"a": {"c": 2}}, "merge": True})
    assert batch["metadata"] == {"a": {"b": 1, "c": 2}}
    batch = caller.post("/batch/metadata", body | {"metadata": {}})
    assert batch["metadata"] == {}
    assert batch == caller.get("/batch", **body)
    assert '"metadata"' in caller.error("POST", "/batch/metadata", 400, json=body)
