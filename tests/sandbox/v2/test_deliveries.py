"""Deliveries of tasks, and the schemas of what is delivered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scaleapi.sandbox import Refusal, Sandbox
from tests.sandbox.v2.caller import ALL, V2Caller

CHAT = {"type": "chat", "project": "dialogues"}


def seed(sandbox: Sandbox, **sections: Any) -> None:
    sandbox.seed({"test": sections})


def deliver(sandbox: Sandbox, name: str = "first", **fields: Any) -> None:
    seed(sandbox, deliveries=[{"name": name, "project": "dialogues"} | fields])


@pytest.fixture
def delivery(sandbox: Sandbox, test: V2Caller) -> Any:
    """A delivery of three of four tasks: one is pending."""
    test.chat_project()
    tasks = [CHAT | {"status": "completed", "count": 3}, CHAT | {"status": "pending"}]
    deliveries = [{"name": "first", "project": "dialogues", "delivered_at": "2026-01-02"}]
    seed(sandbox, tasks=tasks, deliveries=deliveries)
    (found,) = test.get("/deliveries", project_name="dialogues")["deliveries"]
    return found


def test_get_delivery(test: V2Caller, delivery: Any) -> None:
    """It holds what was completed, and is found by its id or by its name in its project."""
    project = test.get("/project", project_name="dialogues")
    assert delivery == {
        "id": delivery["id"],
        "name": "first",
        "task_count": 3,
        "delivered_at": "2026-01-02T00:00:00.000Z",
        "project": project["id"],
    }
    page = test.get("/delivery", delivery_id=delivery["id"])
    assert page["delivery"] == delivery["id"]
    assert [task["status"] for task in page["tasks"]] == ["completed"] * 3
    query = {"delivery_name": "first", "project_id": project["id"]}
    assert test.get("/delivery", **query) == page
    assert test.get("/delivery", **query, delivery_id=delivery["id"]) == page


def test_expand_related_resources(sandbox: Sandbox, test: V2Caller, delivery: Any) -> None:
    """Delivery, project and batch, as they are asked for."""
    test.new_batch()
    test.chat(batch_name="week_1")
    deliver(sandbox, "second", batch="week_1")
    project = test.get("/project", project_name="dialogues")
    listed = test.get("/deliveries", project_name="dialogues", expand="project")["deliveries"]
    assert listed[1] == delivery | {"project": project}
    found = {"delivery_name": "second", "project_name": "dialogues"}
    page = test.get("/delivery", **found, expand=["project", "batch", "delivery"])
    assert page["delivery"] == listed[0] | {"project": project["id"]}
    assert page["tasks"][0]["project"] == project
    assert page["tasks"][0]["batch"]["name"] == "week_1"
    page = test.get("/delivery", **found, opts=ALL)
    assert page["tasks"] == [test.whole(page["tasks"][0]["task_id"])]


def test_tasks_are_delivered_once(sandbox: Sandbox, test: V2Caller, delivery: Any) -> None:
    """A second delivery has what has been completed since, of one batch if it says so."""
    test.new_batch()
    test.chat()
    test.chat(batch_name="week_1")
    deliver(sandbox, "of_batch", batch="week_1")
    deliver(sandbox, "of_rest")
    deliver(sandbox, "of_nothing")
    listed = test.get("/deliveries", project_name="dialogues")["deliveries"]
    assert [(one["name"], one["task_count"]) for one in listed] == [
        ("of_nothing", 0),
        ("of_rest", 1),
        ("of_batch", 1),
        ("first", 3),
    ]
    later = test.get("/deliveries", project_name="dialogues", delivered_after="2026-01-03")
    assert later == {"deliveries": listed[:3]}
    query = {"project_name": "dialogues", "delivered_before": "2026-01-02T00:00:00Z"}
    assert test.get("/deliveries", **query) == {"deliveries": [delivery]}


def test_raw_responses(test: V2Caller, delivery: Any) -> None:
    """All tasks are listed; those that were delivered with all parts, and a schema."""
    page = test.get("/delivery/tasks", project_name="dialogues")
    pending, *delivered = page["docs"]
    assert page["total"] == 4
    empty = ("delivery_id", "delivered_at", "response_schema_id", "response")
    assert {name: pending[name] for name in empty} == dict.fromkeys(empty)
    for row in delivered:
        assert row["delivery_id"] == delivery["id"]
        assert row["delivered_at"] == delivery["delivered_at"]
        assert row["response"]["threads"] == test.whole(row["task_id"])["threads"]
    of_delivery = test.get("/delivery/tasks", project_name="dialogues", delivery_id=delivery["id"])
    assert of_delivery["docs"] == delivered
    assert test.get("/delivery/tasks", project_name="dialogues", status="pending")["total"] == 1
    query = {"project_name": "dialogues", "completed_after": "9000-01-01"}
    assert test.get("/delivery/tasks", **query) == {"total": 0, "docs": []}


@pytest.mark.parametrize(
    ("path", "query", "entries"),
    [
        ("/delivery", {"delivery_name": "first"}, "tasks"),
        ("/delivery/tasks", {}, "docs"),
    ],
)
def test_pagination(test: V2Caller, delivery: Any, path: str, query: Any, entries: str) -> None:
    """They go by token, and count only themselves."""
    query = {"project_name": "dialogues", "limit": 2} | query
    first = test.get(path, **query)
    rest = test.get(path, **query, next_token=first["next_token"])
    assert "next_token" not in rest
    assert first.get("total", 2) == 2
    ids = [one["task_id"] for page in (first, rest) for one in page[entries]]
    whole = test.get(path, **query | {"limit": 100})
    assert ids == [one["task_id"] for one in whole[entries]]


def test_response_schema(sandbox: Sandbox, test: V2Caller, delivery: Any) -> None:
    """It is JSON Schema as text, and may be given."""
    row = test.get("/delivery/tasks", project_name="dialogues")["docs"][1]
    answer = test.get("/schema", schema_id=row["response_schema_id"])
    schema = answer["schema"]
    assert schema["id"] == row["response_schema_id"]
    assert set(json.loads(schema["json"])["properties"]) == {"threads"}
    test.chat()
    deliver(sandbox, "second", schema={"type": "object"})
    row = test.get("/delivery/tasks", project_name="dialogues")["docs"][0]
    answer = test.get("/schema", schema_id=row["response_schema_id"])
    assert answer["schema"]["json"] == '{"type":"object"}'


def test_missing_schema(test: V2Caller) -> None:
    """An unknown one answers 404; what is no id, or none at all, 400."""
    test.error("GET", "/schema", 404, params={"schema_id": "0" * 24})
    assert "24 hex" in test.error("GET", "/schema", 400, params={"schema_id": "one"})
    assert '"schema_id"' in test.error("GET", "/schema", 400)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({}, 400, "delivery_id or delivery_name"),
        ({"project_name": "dialogues"}, 400, "delivery_id or delivery_name"),
        ({"delivery_name": "first"}, 400, "project_id or project_name"),
        ({"delivery_id": "none"}, 404, "none"),
        ({"delivery_name": "none", "project_name": "dialogues"}, 404, "none"),
        ({"delivery_name": "first", "project_name": "other"}, 404, "first"),
        ({"delivery_id": "", "delivery_name": "first", "project_name": "none"}, 404, "none"),
        ({"delivery_id": "ID", "delivery_name": "second"}, 400, "delivery_name"),
        ({"delivery_id": "ID", "project_name": "other"}, 400, "delivery_id"),
    ],
)
def test_missing_delivery(
    test: V2Caller, delivery: Any, query: dict[str, str], status: int, said: str
) -> None:
    """A name needs its project, and all that is given must agree."""
    test.chat_project("other")
    query = {key: delivery["id"] if value == "ID" else value for key, value in query.items()}
    assert said in test.error("GET", "/delivery", status, params=query)


def test_rejects_delivery_of_another_project(test: V2Caller, delivery: Any) -> None:
    """It does not narrow a list to nothing, it is refused."""
    test.chat_project("other")
    query = {"project_name": "other", "delivery_id": delivery["id"]}
    assert '"delivery_id"' in test.error("GET", "/delivery/tasks", 400, params=query)
    query = {"project_name": "other", "delivery_id": "none"}
    test.error("GET", "/delivery/tasks", 404, params=query)


def test_lists_require_a_project(test: V2Caller, live: V2Caller, delivery: Any) -> None:
    """None answers 400; the other mode has other deliveries."""
    for path in ("/deliveries", "/delivery/tasks"):
        assert "project_id or project_name" in test.error("GET", path, 400)
        test.error("GET", path, 404, params={"project_name": "none"})
    live.error("GET", "/delivery", 404, params={"delivery_id": delivery["id"]})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, '"name"'),
        ({"name": "first"}, "already exists"),
        ({"project": "none"}, "none"),
        ({"project": "parcels"}, '"project"'),
        ({"batch": "none"}, "none"),
        ({"batch": "elsewhere"}, '"batch"'),
        ({"delivered_at": "soon"}, '"delivered_at"'),
        ({"schema": "{}"}, "schema"),
    ],
)
def test_rejects_invalid_seed(
    sandbox: Sandbox, test: V2Caller, delivery: Any, fields: dict[str, str], said: str
) -> None:
    """The error names the place, and nothing is delivered."""
    test.chat()
    test.v1.project()
    test.chat_project("other")
    test.new_batch("elsewhere", "other")
    with pytest.raises(Refusal, match="deliveries") as refusal:
        deliver(sandbox, **{"name": "second"} | fields)
    assert said in str(refusal.value)
    assert test.get("/deliveries", project_name="dialogues") == {"deliveries": [delivery]}
