"""What holds for every call: keys, faults, the log, snapshots, and what a page costs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.resources.listing import TASK_ROWS, Cursor, Keyset, Where, keyset_query
from scaleapi.sandbox.storage.store import Store
from scaleapi.sandbox.v2.batches import ROWS as BATCH_ROWS
from scaleapi.sandbox.v2.datasets import ROWS as DATASET_ROWS
from scaleapi.sandbox.v2.deliveries import ROWS as DELIVERY_ROWS
from tests.sandbox.v2 import contract
from tests.sandbox.v2.caller import V2Caller

OPERATIONS = sorted(contract.ENDPOINTS)


def test_all_operations_are_known() -> None:
    """There are 25 of them, which the tests of this folder make."""
    assert len(OPERATIONS) == 25


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("auth", [None, ("nobody", ""), ("nobody", "test_sandbox_key")])
def test_rejects_invalid_key(
    sandbox: Sandbox, method: str, path: str, auth: tuple[str, str] | None
) -> None:
    """By every operation, before everything else."""
    url = sandbox.url.removesuffix("/v1") + path
    answer = requests.request(method, url, auth=auth, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["status_code"] == 401


def test_accepts_basic_authentication(test: V2Caller) -> None:
    """As user name, without a password."""
    project = test.chat_project()
    test.session.auth = ("test_sandbox_key", "")
    assert test.get("/projects") == {"projects": [project]}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_rejects_other_methods(test: V2Caller, method: str) -> None:
    """Only GET and POST exist, each where it belongs."""
    test.error(method, "/tasks", 405)


def test_accepts_unknown_parameters(test: V2Caller) -> None:
    """As in v1, in queries and bodies."""
    test.chat_project()
    task = test.chat(anything=1)
    query = {"task_id": task["task_id"], "anything": "1"}
    assert test.get("/task", **query)["status"] == "completed"


@pytest.mark.parametrize(("method", "path"), [one for one in OPERATIONS if one[0] == "POST"])
def test_rejects_missing_body(test: V2Caller, method: str, path: str) -> None:
    """Every POST needs a JSON object."""
    path = path.removeprefix("/v2")
    assert "body" in test.error(method, path, 400)
    assert "body" in test.error(method, path, 400, json=[])


def test_fault_rules_apply(sandbox: Sandbox, test: V2Caller) -> None:
    """A rule is for paths of v2 as for those of v1, before or after the call is carried out."""
    test.chat_project()
    rule = sandbox.faults.add("POST /v2/task/chat 503 after-commit first 1")
    sandbox.faults.add("GET /v2/** 429 first 1")
    test.error("POST", "/task/chat", 503, json={"project_name": "dialogues"})
    test.error("GET", "/tasks", 429, params={"project_name": "dialogues"})
    assert len(test.get("/tasks", project_name="dialogues")["tasks"]) == 1
    assert (rule.matched, rule.fired) == (1, 1)


def test_requests_are_logged(sandbox: Sandbox, test: V2Caller) -> None:
    """With method, path and status."""
    test.error("GET", "/project", 404, params={"project_name": "none"})
    request = sandbox.requests[-1]
    assert (request.method, request.path, request.status) == (
        "GET",
        "/v2/project?project_name=none",
        404,
    )


def test_snapshot_contains_everything(sandbox: Sandbox, test: V2Caller, tmp_path: Path) -> None:
    """Deliveries, datasets, paused batches and given annotations, in another sandbox too."""
    note = {"id": "n", "key": "k", "type": "text", "value": "v"}
    threads = [{"id": "t", "turns": [], "annotations": [note]}]
    chat = {"type": "chat", "project": "dialogues"}
    done = chat | {"status": "completed", "response": {"threads": threads}}
    sandbox.seed(
        {
            "test": {
                "projects": [{"name": "dialogues", "type": "chat"}],
                "batches": [{"name": "b", "project": "dialogues", "status": "paused"}],
                "tasks": [done, chat | {"batch": "b"}],
                "deliveries": [{"name": "d", "project": "dialogues"}],
                "datasets": [{"name": "s", "deliveries": [{"name": "e"}]}],
            }
        }
    )

    def everything(caller: V2Caller) -> object:
        place = {"project_name": "dialogues"}
        return [
            caller.get("/tasks", **place),
            caller.get("/batches"),
            caller.get("/deliveries", **place),
            caller.get("/delivery/tasks", **place),
            caller.get("/datasets/deliveries", expand="dataset"),
            caller.get("/annotation", annotation_id="n"),
        ]

    before = everything(test)
    snapshot = sandbox.snapshot()
    sandbox.reset()
    assert test.get("/projects") == {"projects": []}
    assert test.get("/datasets") == {"datasets": []}
    sandbox.restore(snapshot)
    assert everything(test) == before
    with Sandbox(database=tmp_path / "a.db") as other:
        other.restore(snapshot)
        assert everything(V2Caller(other, other.test_key)) == before


@pytest.mark.parametrize("status", ["staging", "paused", "cancelled"])
def test_seeded_batch_can_have_any_status(sandbox: Sandbox, test: V2Caller, status: str) -> None:
    """Nobody works on its tasks then."""
    sandbox.seed(
        {
            "test": {
                "projects": [{"name": "dialogues", "type": "chat"}],
                "batches": [{"name": "b", "project": "dialogues", "status": status}],
                "tasks": [{"type": "chat", "batch": "b"}],
            }
        }
    )
    assert test.get("/batch", batch_name="b")["status"] == status
    assert test.get("/tasks", batch_name="b")["tasks"][0]["status"] == "pending"


@pytest.mark.parametrize(
    ("rows", "conditions", "index"),
    [
        (TASK_ROWS, {"+project": "p", "batch": "b"}, "tasks_by_batch"),
        (TASK_ROWS, {"+project": "p", "batch": "b", "status": "error"}, "tasks_by_batch_status"),
        (BATCH_ROWS, {}, "generative_batches"),
        (BATCH_ROWS, {"project": "p", "status": "paused"}, "batches_by_project"),
        (DELIVERY_ROWS, {"delivery": "d"}, "tasks_by_delivery"),
        (DELIVERY_ROWS, {"project": "p", "status": "completed"}, "tasks_by_project_status"),
        (DATASET_ROWS, {"dataset": "d"}, "dataset_tasks_by_dataset"),
        (DATASET_ROWS, {"+dataset": "d", "delivery": "d"}, "dataset_tasks_by_delivery"),
    ],
)
def test_pages_use_an_index(rows: Keyset, conditions: dict[str, str], index: str) -> None:
    """No list sorts or scans: it starts at its cursor, wherever that is."""
    store = Store()
    where = Where("test")
    if rows is BATCH_ROWS:
        where.add("generative")
    for name, value in conditions.items():
        where.equal(name, value)
    query, values = keyset_query(rows, where, 100, Cursor("5", "2026-11-23T14:25:14.576Z"))
    with store.transaction() as db:
        plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + query, values)]
    store.close()
    assert re.match(rf"SEARCH {rows.table} USING (COVERING )?INDEX {index} ", plan[0]), plan
    assert f"({rows.time},{rows.identity})<" in plan[0] or f"{rows.time}<" in plan[0], plan
    assert not any("TEMP B-TREE" in step or step.startswith("SCAN") for step in plan), plan
