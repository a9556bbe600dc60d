"""The list of tasks: filters, search and pages."""

from __future__ import annotations

from typing import Any

from scaleapi.sandbox import Sandbox
from tests.sandbox.dashboard.visitor import Page, Visitor
from tests.sandbox.rules.caller import IMAGE_TASK, Caller


def listed(page: Page) -> list[str]:
    """The ids of the tasks on a page."""
    return [link.split("/tasks/")[1] for link in page.links if "/dashboard/tasks/" in link]


def walk(visitor: Visitor, **query: str) -> list[str]:
    """The ids of the tasks on all pages."""
    page = visitor.open("/dashboard/tasks", **query)
    found = listed(page)
    while following := [link for link in page.links if "after=" in link]:
        page = visitor.open(following[0])
        found += listed(page)
    return found


def test_filters(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """Each filter keeps what it says, and they work together."""
    caller.project()
    caller.batch()
    caller.batch("week_2")
    ids = [caller.task(batch="week_1", tags=["early"])["task_id"] for _ in range(4)]
    ids.append(caller.task(batch="week_2")["task_id"])
    text = {"text": "a", "labels": [{"name": "b", "description": "c"}]}
    ids.append(caller.post("/task/namedentityrecognition", text)["task_id"])
    for task_id in ids[:3]:
        manual.complete(task_id)
    caller.post(f"/task/{ids[0]}/audit", {"accepted": True})
    caller.post(f"/task/{ids[1]}/audit", {"accepted": False})
    expected: dict[str, list[int]] = {
        "status=pending": [5, 4, 3],
        "type=namedentityrecognition": [5],
        "project=parcels": [4, 3, 2, 1, 0],
        "batch=week_2": [4],
        "review=accepted": [0],
        "review=pending": [5, 4, 3, 2],
        "status=completed&review=pending": [2],
        "batch=week_1&status=pending&type=imageannotation": [3],
        "q=early&status=pending": [3],
        "project=none": [],
        "": [5, 4, 3, 2, 1, 0],
    }
    for query, places in expected.items():
        page = visitor.open(f"/dashboard/tasks?{query}")
        assert listed(page) == [ids[place] for place in places], query
    for name in ("status", "type", "review"):
        visitor.open("/dashboard/tasks", 400, **{name: "none"})


def test_form_keeps_filters(visitor: Visitor) -> None:
    """The form shows the filters of its list, and keeps its mode."""
    page = visitor.open(
        "/dashboard/tasks", mode="test", q='a "b"', status="error", project="p", batch="b"
    )
    assert page.forms[0].fields == {"mode": "test", "q": 'a "b"', "project": "p", "batch": "b"}
    chosen = [one.attributes for one in page.all("option") if "selected" in one.attributes]
    assert len(chosen) == 1


def test_search(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """An id and a unique id lead to the task, a tag to its tasks, anything else to none."""
    task = caller.task(unique_id="belt-7", tags=["early"])
    other = Caller(manual, manual.test_key).task(unique_id="belt-8", tags=["early"])
    for text in (task["task_id"], "belt-7"):
        assert visitor.open("/dashboard/tasks", q=text).url.endswith(task["task_id"])
    page = visitor.open("/dashboard/tasks", q="early")
    assert listed(page) == [task["task_id"]]
    for text in ("earl", "belt-8", other["task_id"], "%", "' OR 1=1 --"):
        page = visitor.open("/dashboard/tasks", q=text)
        assert "No tasks." in page.text
    page = visitor.open("/dashboard/tasks", q="belt-8", mode="test")
    assert page.url.endswith(f"{other['task_id']}?mode=test")


def test_pagination(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """All tasks come once, newest first, in pages of fifty, by age and by tag."""
    entry: dict[str, Any] = {"type": "imageannotation", "status": "pending"} | IMAGE_TASK
    for tags in (["a"], ["b"], ["a", "b"]):
        manual.seed({"live": {"tasks": [entry | {"tags": tags, "count": 51}]}})
        manual.clock.advance(1)
    newest_first: list[str] = []
    token: dict[str, str] = {}
    while True:
        answer = caller.get("/tasks", **token)
        newest_first += [task["task_id"] for task in answer["docs"]]
        if not answer["has_more"]:
            break
        token = {"next_token": answer["next_token"]}
    assert walk(visitor) == newest_first
    assert walk(visitor, q="a", status="pending") == newest_first[:51] + newest_first[102:]
    first = visitor.open("/dashboard/tasks")
    assert len(listed(first)) == 50
    second = visitor.open(next(link for link in first.links if "after=" in link))
    assert f"{visitor.url}dashboard/tasks" in second.links
    visitor.open("/dashboard/tasks", 400, after="?")
