"""Batches."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller


@pytest.mark.parametrize(
    ("product", "status"),
    [({}, "in_progress"), ({"rapid": True}, "staging"), ({"studio": True}, "staging")],
)
def test_create_batch(caller: Caller, product: dict[str, Any], status: str) -> None:
    """Batches of Rapid and Studio projects are staged, others are in progress at once."""
    caller.project(**product)
    batch = caller.batch(callback="", metadata={"a": 1}, calibration_batch=True)
    assert batch["status"] == status
    assert (batch["name"], batch["project"], batch["metadata"]) == ("week_1", "parcels", {"a": 1})
    assert "callback" not in batch
    assert caller.get("/batches/week_1") == batch
    assert caller.batch("week_2", callback="ops@example.net")["callback"] == "ops@example.net"
    assert caller.batch("week_3")["metadata"] == {}


def test_duplicate_name_conflicts(caller: Caller) -> None:
    """Batch names are unique over all projects."""
    caller.project()
    caller.project("other")
    caller.batch()
    body = {"name": "week_1", "project": "other"}
    assert "week_1" in caller.error("POST", "/batches", 409, json=body)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "a"}, 400),
        ({"project": "parcels"}, 400),
        ({"name": "", "project": "parcels"}, 400),
        ({"name": 1, "project": "parcels"}, 400),
        ({"name": "a", "project": "none"}, 404),
        ({"name": "a", "project": "parcels", "callback": "nowhere"}, 400),
        ({"name": "a", "project": "parcels", "metadata": []}, 400),
        ({"name": "a", "project": "parcels", "self_label_batch": 1}, 400),
    ],
)
def test_rejects_invalid_batch(caller: Caller, body: object, status: int) -> None:
    """A batch has a name of its own and a project that exists."""
    caller.project()
    caller.error("POST", "/batches", status, json=body)
    assert caller.get("/batches")["totalDocs"] == 0


def test_missing_batch(caller: Caller) -> None:
    """Every call on a batch that does not exist answers 404."""
    caller.error("GET", "/batches/none", 404)
    caller.error("GET", "/batches/none/status", 404)
    caller.error("POST", "/batches/none/finalize", 404)
    caller.error("POST", "/batches/none/setMetadata", 404, json={})
    caller.error("POST", "/batches/none/prioritize", 404, json={"priority": 10})


def test_status_counts_the_tasks(manual: Sandbox, caller: Caller) -> None:
    """Counts are named like the states of tasks, without those that no task is in."""
    caller.project()
    caller.batch()
    assert caller.get("/batches/week_1/status") == {"status": "in_progress"}
    first, second, third = (caller.task(batch="week_1")["task_id"] for _ in range(3))
    manual.complete(first)
    manual.fail(second)
    assert caller.get("/batches/week_1/status") == {
        "status": "in_progress",
        "completed": 1,
        "error": 1,
        "pending": 1,
    }
    caller.post(f"/task/{third}/cancel")
    assert caller.get("/batches/week_1/status")["status"] == "completed"


def test_batch_is_completed_with_its_last_task(manual: Sandbox, caller: Caller) -> None:
    """An empty batch is not completed; a new or recalled task opens a completed one again."""
    caller.project()
    caller.batch()
    task_id = caller.task(batch="week_1")["task_id"]
    assert "completed_at" not in caller.get("/batches/week_1")
    manual.complete(task_id)
    batch = caller.get("/batches/week_1")
    assert batch["status"] == "completed"
    assert batch["completed_at"] == caller.get(f"/task/{task_id}")["completed_at"]
    manual.recall(task_id)
    batch = caller.get("/batches/week_1")
    assert (batch["status"], "completed_at" in batch) == ("in_progress", False)
    manual.complete(task_id)
    caller.task(batch="week_1")
    assert caller.get("/batches/week_1")["status"] == "in_progress"


@pytest.mark.parametrize("product", ["rapid", "studio"])
def test_finalize_staged_once(caller: Caller, product: str) -> None:
    """A staged batch is finalized once; the second time answers 400."""
    fields: dict[str, Any] = {product: True}
    caller.project(**fields)
    caller.batch()
    caller.task(batch="week_1")
    assert caller.post("/batches/week_1/finalize")["status"] == "in_progress"
    assert "finalized" in caller.error("POST", "/batches/week_1/finalize", 400)


def test_finalize_changes_nothing_for_plain_projects(caller: Caller) -> None:
    """Elsewhere finalizing has no effect, however often."""
    caller.project()
    batch = caller.batch()
    for _ in range(2):
        assert caller.post("/batches/week_1/finalize") == batch


def test_a_staged_batch_of_canceled_tasks_is_completed_when_finalized(caller: Caller) -> None:
    """Completion waits for the finalization."""
    caller.project(rapid=True)
    caller.batch()
    task_id = caller.task(batch="week_1")["task_id"]
    caller.post(f"/task/{task_id}/cancel")
    assert caller.get("/batches/week_1")["status"] == "staging"
    assert caller.post("/batches/week_1/finalize")["status"] == "completed"


def test_an_empty_batch_is_not_completed_when_finalized(caller: Caller) -> None:
    """A batch without tasks stays in progress."""
    caller.project(rapid=True)
    caller.batch()
    assert caller.post("/batches/week_1/finalize")["status"] == "in_progress"


def test_metadata_is_replaced(caller: Caller) -> None:
    """The body is the metadata; without one the call is refused."""
    caller.project()
    caller.batch(metadata={"a": 1})
    assert caller.post("/batches/week_1/setMetadata", {"b": 2})["metadata"] == {"b": 2}
    assert caller.post("/batches/week_1/setMetadata", {})["metadata"] == {}
    caller.error("POST", "/batches/week_1/setMetadata", 400)
    caller.error("POST", "/batches/week_1/setMetadata", 400, json=[1])


def test_prioritize_before_finalization(caller: Caller) -> None:
    """The priority is 10 to 30, and set while the batch is staged."""
    caller.project(rapid=True)
    caller.batch()
    caller.task(batch="week_1")
    assert "result" in caller.post("/batches/week_1/prioritize", {"priority": 20})
    assert caller.get("/batches/week_1")["priority"] == 20
    for wrong in ({}, {"priority": 9}, {"priority": 31}, {"priority": "high"}):
        caller.error("POST", "/batches/week_1/prioritize", 400, json=wrong)
    caller.post("/batches/week_1/finalize")
    caller.error("POST", "/batches/week_1/prioritize", 400, json={"priority": 20})


def test_pagination(caller: Caller) -> None:
    """Pages are counted by offset, newest first, in every spelling of the envelope."""
    caller.project()
    for number in range(5):
        caller.batch(f"b{number}")
    page = caller.get("/batches", limit=2, offset=2)
    assert [batch["name"] for batch in page.pop("docs")] == ["b2", "b1"]
    assert page == {
        "total": 5,
        "totalDocs": 5,
        "limit": 2,
        "offset": 2,
        "has_more": True,
        "totalPages": 3,
        "hasNextPage": True,
        "nextPage": 3,
    }
    page = caller.get("/batches", limit=2, offset=4)
    assert (page["has_more"], page["hasNextPage"], page["nextPage"]) == (False, False, None)
    assert caller.get("/batches")["limit"] == 100
    assert caller.get("/batches", offset=9)["docs"] == []
    for wrong in ("limit=0", "limit=101", "offset=-1", "offset=a"):
        caller.error("GET", f"/batches?{wrong}", 400)


def test_filters(manual: Sandbox, caller: Caller) -> None:
    """Project, status, and the times of creation, completion and audit."""

    def names(**query: object) -> list[str]:
        return [batch["name"] for batch in caller.get("/batches", **query)["docs"]]

    caller.project()
    caller.project("other", rapid=True)
    first = caller.batch("first")
    manual.clock.advance(60)
    caller.batch("second", project="other")
    task_id = caller.task(batch="first")["task_id"]
    done = manual.complete(task_id)["completed_at"]
    manual.clock.advance(60)
    caller.post(f"/task/{task_id}/audit", {"accepted": True})
    audited = caller.get("/batches/first")["last_audited_at"]
    assert names(project="other") == ["second"]
    assert names(status="staging") == ["second"]
    assert names(status="completed") == ["first"]
    assert names(end_time=first["created_at"]) == ["first"]
    assert names(start_time=done) == []
    assert names(completed_after=done, completed_before=done) == ["first"]
    assert names(audited_after=audited, audited_before=audited) == ["first"]
    assert names(audited_before=done) == []
    assert names(exclude_archived=True) == ["second", "first"]
    caller.error("GET", "/batches?status=done", 400)
    caller.error("GET", "/batches?exclude_archived=maybe", 400)


def test_detailed_adds_progress(manual: Sandbox, caller: Caller) -> None:
    """With detailed each batch says how far its tasks are."""
    caller.project()
    caller.batch()
    caller.task(batch="week_1")
    assert caller.get("/batches", detailed=True)["docs"][0]["progress"] == {"pending": 1}
    assert "progress" not in caller.get("/batches")["docs"][0]
