"""Chat tasks: creating, finding, listing."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.v2.caller import V2Caller


def ids(page: Any) -> list[str]:
    return [task["task_id"] for task in page["tasks"]]


def test_create_task(caller: V2Caller) -> None:
    """It is pending and without a conversation, and v1 has it too."""
    project = caller.chat_project()
    batch = caller.new_batch()
    variables = {"prompt": "Why?"}
    task = caller.chat(
        batch_name="week_1",
        template_variables=variables,
        metadata={"a": {"b": None}},
        callback_url="ops@example.com",
        unique_id="u",
    )
    assert task == {
        "task_id": task["task_id"],
        "project": project["id"],
        "batch": batch["id"],
        "status": "pending",
        "created_at": task["created_at"],
        "metadata": {"a": {"b": None}},
        "threads": [],
    }
    assert caller.get("/task", task_id=task["task_id"]) == task
    known = caller.v1.get(f"/task/{task['task_id']}")
    assert (known["type"], known["status"], known["batch"]) == ("chat", "pending", "week_1")
    assert known["params"] == {"template_variables": variables}
    assert (known["callback_url"], known["unique_id"]) == ("ops@example.com", "u")


def test_v1_task_is_a_v2_task(test: V2Caller) -> None:
    """Under the same id, with what v1 says it answered."""
    test.chat_project()
    made = test.v1.post("/task/chat", {"project": "dialogues", "metadata": {"n": 1}})
    task = test.whole(made["task_id"])
    assert task["metadata"] == {"n": 1}
    assert task["completed_at"] == made["completed_at"]
    answers = [m["content"]["text"] for m in task["threads"][0]["turns"][-1]["messages"]]
    assert made["response"]["responses"][0]["output"] in answers


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "project_id or project_name"),
        ({"project_name": "none"}, 404, "none"),
        ({"project_name": "dialogues", "batch_name": "none"}, 404, "none"),
        ({"project_name": "dialogues", "batch_name": "elsewhere"}, 400, "belongs to"),
        ({"project_name": 5}, 400, "project_name"),
        ({"project_name": "dialogues", "template_variables": []}, 400, "template_variables"),
        ({"project_name": "dialogues", "metadata": "m"}, 400, "metadata"),
        ({"project_name": "dialogues", "callback_url": "not one"}, 400, "callback_url"),
    ],
)
def test_rejects_invalid_task(test: V2Caller, body: dict[str, Any], status: int, said: str) -> None:
    """The error names what is wrong."""
    test.chat_project()
    test.chat_project("other")
    test.new_batch("elsewhere", "other")
    assert said in test.error("POST", "/task/chat", status, json=body)
    assert test.get("/tasks", project_name="dialogues") == {"tasks": []}


def test_duplicate_task_conflicts(test: V2Caller) -> None:
    """A unique id or an idempotency key that was used answers 409 with the task, in v1 too."""
    test.chat_project()
    task = test.chat(unique_id="u")
    body = {"project_name": "dialogues", "unique_id": "u"}
    assert task["task_id"] in test.error("POST", "/task/chat", 409, json=body)
    assert task["task_id"] in test.v1.error("POST", "/task/chat", 409, json={"unique_id": "u"})
    headers = {"Idempotency-Key": "k"}
    body = {"project_name": "dialogues"}
    made = test.post("/task/chat", body, headers=headers)
    said = test.error("POST", "/task/chat", 409, json=body, headers=headers)
    assert made["task_id"] in said
    assert len(ids(test.get("/tasks", project_name="dialogues"))) == 2


def test_disabled_type() -> None:
    """Chat tasks of an account that does not have them answer 402."""
    with Sandbox(disabled_types=["chat"]) as sandbox:
        caller = V2Caller(sandbox, sandbox.test_key)
        caller.chat_project()
        caller.error("POST", "/task/chat", 402, json={"project_name": "dialogues"})


def test_expand_related_resources(caller: V2Caller) -> None:
    """Each that is named in expand is an object; those within it stay ids."""
    project = caller.chat_project()
    batch = caller.new_batch()
    task_id = caller.chat(batch_id=batch["id"])["task_id"]
    task = caller.get("/task", task_id=task_id, expand=["project", "batch"])
    assert (task["project"], task["batch"]) == (project, batch)
    task = caller.get("/tasks", batch_id=batch["id"], expand="batch")["tasks"][0]
    assert (task["project"], task["batch"]) == (project["id"], batch)
    assert batch["project"] == project["id"]


@pytest.mark.parametrize("path", ["/task", "/tasks", "/delivery"])
@pytest.mark.parametrize(
    "query", [{"expand": "task"}, {"expand": "project,batch"}, {"opts": "everything"}]
)
def test_rejects_unknown_expand_and_opts(test: V2Caller, path: str, query: dict[str, str]) -> None:
    """What cannot be expanded or added is named, and so are commas instead of repetition."""
    query = {"task_id": "t", "project_id": "p", "delivery_id": "d"} | query
    assert f'"{list(query)[-1]}"' in test.error("GET", path, 400, params=query)


def test_pagination_while_tasks_are_added(caller: V2Caller) -> None:
    """Newest first, each once, whatever is created in between; the last page has no token."""
    caller.chat_project()
    made = [caller.chat()["task_id"] for _ in range(7)]
    seen: list[str] = []
    query: dict[str, Any] = {"project_name": "dialogues", "limit": 3}
    page = caller.get("/tasks", **query)
    while "next_token" in page:
        seen += ids(page)
        caller.chat()
        page = caller.get("/tasks", **query, next_token=page["next_token"])
    assert seen + ids(page) == made[::-1]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"next_token": "?"}]
)
@pytest.mark.parametrize("path", ["/tasks", "/batches", "/delivery/tasks", "/datasets/tasks"])
def test_rejects_invalid_pagination(test: V2Caller, path: str, query: dict[str, Any]) -> None:
    """A limit is from 1 to 100, and a token is one from an answer."""
    test.chat_project()
    query = {"project_name": "dialogues", "dataset_id": "d"} | query
    assert f'"{list(query)[-1]}"' in test.error("GET", path, 400, params=query)


def test_default_page_size(sandbox: Sandbox, test: V2Caller) -> None:
    """Unless fewer are asked for."""
    test.chat_project()
    task = {"type": "chat", "project": "dialogues", "status": "pending", "count": 150}
    sandbox.seed({"test": {"tasks": [task]}})
    page = test.get("/tasks", project_name="dialogues")
    rest = test.get("/tasks", project_name="dialogues", next_token=page["next_token"])
    assert (len(page["tasks"]), len(rest["tasks"]), "next_token" in rest) == (100, 50, False)


def test_filters(manual: Sandbox, caller: V2Caller) -> None:
    """By place, by status, and by the time of completion, alone or together."""
    caller.chat_project()
    batch = caller.new_batch()
    first, second, third = (caller.chat(batch_id=batch["id"])["task_id"] for _ in range(3))
    loose = caller.chat()["task_id"]
    manual.complete(first)
    manual.clock.advance(60)
    done = caller.v1.get(f"/task/{second}")["created_at"]
    at = manual.complete(second)["completed_at"]
    manual.fail(third)
    assert ids(caller.get("/tasks", batch_name="week_1")) == [third, second, first]
    assert ids(caller.get("/tasks", project_name="dialogues", status="pending")) == [loose]
    assert ids(caller.get("/tasks", batch_name="week_1", status="error")) == [third]
    assert ids(caller.get("/tasks", batch_name="week_1", completed_after=at)) == [second]
    assert ids(caller.get("/tasks", batch_name="week_1", completed_before=done)) == []
    assert ids(caller.get("/tasks", batch_name="week_1", status="deleted")) == []
    query = {"batch_name": "week_1", "status": "cancelled"}
    assert '"status"' in caller.error("GET", "/tasks", 400, params=query)
    names = "project_id or project_name or batch_id or batch_name"
    assert names in caller.error("GET", "/tasks", 400)


def test_missing_task(test: V2Caller, live: V2Caller) -> None:
    """An unknown one, and one of the other mode, answer 404; none at all 400."""
    live.chat_project()
    task_id = live.chat()["task_id"]
    for unknown in (task_id, "6b0473a09b931b0500000000"):
        test.error("GET", "/task", 404, params={"task_id": unknown})
        body = {"task_id": unknown, "metadata": {}}
        test.error("POST", "/task/metadata", 404, json=body)
    assert '"task_id"' in test.error("GET", "/task", 400)


def test_metadata_is_replaced_or_merged(test: V2Caller) -> None:
    """Merging goes into objects, and new values win."""
    test.chat_project()
    body = {"task_id": test.chat(metadata={"a": {"b": 1, "c": 2}, "d": [1]})["task_id"]}
    merged = {"metadata": {"a": {"c": {"e": 3}}, "d": None}, "merge": True}
    task = test.post("/task/metadata", body | merged)
    assert task["metadata"] == {"a": {"b": 1, "c": {"e": 3}}, "d": None}
    task = test.post("/task/metadata", body | {"metadata": {"f": 1}, "merge": False})
    assert task["metadata"] == {"f": 1}
    assert task == test.get("/task", task_id=body["task_id"])
    for wrong in ({}, {"metadata": []}, {"metadata": {"x": "x" * 10240}}):
        assert '"metadata"' in test.error("POST", "/task/metadata", 400, json=body | wrong)


def test_reads_count(sandbox: Sandbox, test: V2Caller) -> None:
    """Answers of v2 count as those of v1 do."""
    sandbox.transition = "after 3 reads"
    try:
        test.chat_project()
        task_id = test.chat(batch_id=test.new_batch()["id"])["task_id"]
    finally:
        sandbox.transition = None
    assert test.get("/task", task_id=task_id)["status"] == "pending"
    assert test.get("/tasks", project_name="dialogues")["tasks"][0]["status"] == "pending"
    test.get("/batch", batch_name="week_1")
    assert test.get("/task", task_id=task_id)["status"] == "completed"
