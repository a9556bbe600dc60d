"""Lists of tasks."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller


def ids(answer: Any) -> list[str]:
    return [task["task_id"] for task in answer["docs"]]


def pages(caller: Caller, **query: Any) -> list[list[str]]:
    """Return the ids of every page."""
    answer = caller.get("/tasks", **query)
    found = [ids(answer)]
    while answer["has_more"]:
        answer = caller.get("/tasks", **query, next_token=answer["next_token"])
        found.append(ids(answer))
    return found


def test_pages_are_newest_first_and_complete(test: Caller) -> None:
    """The pages together hold every task once, the newest first, each with the same total."""
    made = [test.task()["task_id"] for _ in range(7)]
    found = pages(test, limit=3)
    assert [len(page) for page in found] == [3, 3, 1]
    assert [task_id for page in found for task_id in page] == made[::-1]


def test_envelope(test: Caller) -> None:
    """A page says how many there are, how long it may be, and where the next one starts."""
    for _ in range(2):
        test.task()
    answer = test.get("/tasks", limit=1)
    assert list(answer) == ["docs", "total", "limit", "offset", "has_more", "next_token"]
    assert (answer["total"], answer["limit"], answer["offset"]) == (2, 1, 0)
    token = json.loads(base64.b64decode(answer["next_token"]))
    last = answer["docs"][0]
    assert token == {"id": last["task_id"], "created_at": last["created_at"]}
    answer = test.get("/tasks", limit=1, next_token=answer["next_token"])
    assert answer["has_more"] is False
    assert "next_token" not in answer
    assert test.get("/tasks")["limit"] == 100


def test_pagination_while_tasks_are_added(test: Caller) -> None:
    """A page starts after the last task of the one before, whatever was made meanwhile."""
    made = [test.task()["task_id"] for _ in range(4)]
    first = test.get("/tasks", limit=2)
    test.task()
    second = test.get("/tasks", limit=2, next_token=first["next_token"])
    assert ids(first) + ids(second) == made[::-1]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1.5"])
def test_rejects_limit_out_of_range(test: Caller, limit: str) -> None:
    """A page holds from 1 to 100 tasks."""
    assert '"limit"' in test.error("GET", f"/tasks?limit={limit}", 400)


@pytest.mark.parametrize("token", ["x", "e30=", "W10=", "eyJpZCI6MSwiY3JlYXRlZF9hdCI6Mn0="])
def test_rejects_invalid_cursor(test: Caller, token: str) -> None:
    """Only cursors from an answer are taken."""
    assert '"next_token"' in test.error("GET", f"/tasks?next_token={token}", 400)


def test_filters_by_time(sandbox: Sandbox, live: Caller) -> None:
    """Times bound created_at, completed_at and updated_at, both ends included."""
    made = []
    for _ in range(3):
        made.append(live.task())
        sandbox.clock.advance(60)
    first, second, third = (task["task_id"] for task in made)
    created = made[1]["created_at"]
    assert ids(live.get("/tasks", start_time=created)) == [third, second]
    assert ids(live.get("/tasks", end_time=created)) == [second, first]
    done = live.get(f"/task/{second}")
    for name in ("completed", "updated"):
        moment = done[f"{name}_at"]
        assert ids(live.get("/tasks", **{f"{name}_after": moment})) == [third, second]
        assert ids(live.get("/tasks", **{f"{name}_before": moment})) == [second, first]


@pytest.mark.parametrize(
    "moment",
    [
        "2021-04-25",
        "2021-04-25T03:14:15-07:00",
        "2021-04-25T03:14:15+07:00",
        "2021-04-25T03:14",
        "2021-04-25T03:14:15.123456Z",
        "2021-04-25 03:14:15",
    ],
)
def test_accepts_time_formats(test: Caller, moment: str) -> None:
    """A date, a time with or without an offset, fractions: all are taken."""
    test.task()
    assert test.get("/tasks", start_time=moment)["total"] == 1
    assert test.get("/tasks", end_time=moment)["total"] == 0


def test_time_offsets(sandbox: Sandbox, test: Caller) -> None:
    """A time with an offset is the same moment as in UTC, with its plus sign escaped or not."""
    made = test.task()["created_at"]
    hour = int(made[11:13])
    shifted = f"{made[:11]}{(hour + 2) % 24:02}{made[13:-1]}+02:00"
    if hour < 22:
        assert test.call("GET", f"/tasks?start_time={shifted}")["total"] == 1
        assert test.get("/tasks", start_time=shifted, end_time=shifted)["total"] == 1


@pytest.mark.parametrize("moment", ["yesterday", "2021-13-01", "2021-04-25T25:00", "1619320000"])
def test_rejects_invalid_time(test: Caller, moment: str) -> None:
    """What is no date or time answers 400 with the parameter's name."""
    assert '"start_time"' in test.error("GET", f"/tasks?start_time={moment}", 400)


def test_filters_by_field(manual: Sandbox, caller: Caller) -> None:
    """Status, type, project, batch and unique ids, alone and together."""
    caller.project()
    caller.batch()
    plain = caller.task(unique_id="a")["task_id"]
    placed = caller.task(unique_id="b", batch="week_1")["task_id"]
    other = caller.post("/task/datacollection", {"fields": {"a": "b"}})["task_id"]
    manual.complete(placed)
    assert ids(caller.get("/tasks", status="pending")) == [other, plain]
    assert ids(caller.get("/tasks", status="completed")) == [placed]
    assert ids(caller.get("/tasks", status="error")) == []
    assert ids(caller.get("/tasks", type="datacollection")) == [other]
    assert ids(caller.get("/tasks", project="parcels")) == [placed]
    assert ids(caller.get("/tasks", batch="week_1", status="completed")) == [placed]
    assert ids(caller.get("/tasks", batch="week_1", status="pending")) == []
    assert ids(caller.get("/tasks", unique_id="a")) == [plain]
    assert ids(caller.get("/tasks", unique_id=["a", "b", "c"])) == [placed, plain]
    assert ids(caller.get("/tasks", project="nowhere", type="nothing")) == []
    assert '"status"' in caller.error("GET", "/tasks?status=done", 400)


def test_filters_by_tags(caller: Caller) -> None:
    """A task with any of the tags is found, by its tags as they are now."""
    both = caller.task(tags=["a", "b"])["task_id"]
    one = caller.task(tags=["b"])["task_id"]
    caller.task()
    assert ids(caller.get("/tasks", tags="a")) == [both]
    assert ids(caller.get("/tasks", tags=["a", "b"])) == [one, both]
    caller.post(f"/task/{both}/tags", ["c"])
    assert ids(caller.get("/tasks", tags=["a", "c"])) == [both]


def test_filters_by_review(manual: Sandbox, caller: Caller) -> None:
    """Review statuses may be joined by commas or repeated; none yet counts as pending."""
    accepted, rejected, fixed, none = (caller.task()["task_id"] for _ in range(4))
    for task_id in (accepted, rejected, fixed):
        manual.complete(task_id)
    caller.post(f"/task/{accepted}/audit", {"accepted": True})
    caller.post(f"/task/{rejected}/audit", {"accepted": False})
    manual.fix(fixed, {})
    name = "customer_review_status"
    assert ids(caller.get("/tasks", **{name: "accepted,fixed"})) == [fixed, accepted]
    assert ids(caller.get("/tasks", **{name: ["accepted", "rejected"]})) == [rejected, accepted]
    assert ids(caller.get("/tasks", **{name: "pending"})) == [none]
    assert f'"{name}"' in caller.error("GET", f"/tasks?{name}=good", 400)


def test_limited_response(test: Caller) -> None:
    """A limited answer carries little more than the ids."""
    test.project()
    test.task(project="parcels", metadata={"a": 1})
    (task,) = test.get("/tasks", limited_response=True)["docs"]
    assert set(task) == {"task_id", "status", "metadata", "project"}


@pytest.mark.parametrize("yes", ["True", "true", "1"])
@pytest.mark.parametrize("no", ["False", "false", "0", ""])
def test_accepts_boolean_formats(test: Caller, yes: str, no: str) -> None:
    """Booleans are taken as other languages spell them; anything else is refused."""
    test.task()
    assert "params" not in test.get("/tasks", limited_response=yes)["docs"][0]
    assert "params" in test.get("/tasks", limited_response=no)["docs"][0]
    test.error("GET", "/tasks?limited_response=maybe", 400)


def test_the_total_follows_every_change(caller: Caller) -> None:
    """Totals are counted once and again when something has changed."""
    task_id = caller.task()["task_id"]
    for _ in range(2):
        assert caller.get("/tasks", status="pending")["total"] == 1
    caller.post(f"/task/{task_id}/cancel")
    assert caller.get("/tasks", status="pending")["total"] == 0
