"""Datasets: their deliveries and tasks."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox
from tests.sandbox.v2.caller import V2Caller

SOUND = {
    "id": "a_1",
    "content": base64.b64encode(b"sound").decode(),
    "mime_type": "audio/mpeg",
}
DATASETS: list[dict[str, Any]] = [
    {
        "name": "voices",
        "deliveries": [
            {
                "name": "january",
                "delivered_at": "2026-01-31",
                "turn_count": 8,
                "tasks": [
                    {"response": {"file": "a_1"}, "attachments": [SOUND]},
                    {"response": {"said": "No."}, "count": 3},
                ],
            },
            {"name": "february", "delivered_at": "2026-02-28", "tasks": [{"response": {}}]},
        ],
    },
    {"name": "letters", "deliveries": [{"name": "january", "delivered_at": "2026-01-15"}]},
]


@pytest.fixture
def seeded(sandbox: Sandbox, test: V2Caller) -> V2Caller:
    """A caller of a mode with two datasets."""
    sandbox.seed({"test": {"datasets": DATASETS}})
    return test


def names(entries: Any) -> list[str]:
    return [entry["name"] for entry in entries]


def delivery(caller: V2Caller, name: str) -> Any:
    voices = caller.get("/datasets")["datasets"][0]
    found = caller.get("/datasets/deliveries", dataset_id=voices["id"])["deliveries"]
    return next(one for one in found if one["name"] == name)


def test_datasets(seeded: V2Caller, live: V2Caller) -> None:
    """All of a mode."""
    assert names(seeded.get("/datasets")["datasets"]) == ["voices", "letters"]
    assert live.get("/datasets") == {"datasets": []}


def test_deliveries(seeded: V2Caller) -> None:
    """Of one dataset or of all, newest first, by time."""
    voices, letters = seeded.get("/datasets")["datasets"]
    found = seeded.get("/datasets/deliveries")["deliveries"]
    assert names(found) == ["february", "january", "january"]
    assert [one["dataset"] for one in found] == [voices["id"]] * 2 + [letters["id"]]
    assert [one["metadata"] for one in found] == [
        {"task_count": 1},
        {"task_count": 4, "turn_count": 8},
        {"task_count": 0},
    ]
    (of_letters,) = seeded.get("/datasets/deliveries", dataset_id=letters["id"], expand="dataset")[
        "deliveries"
    ]
    assert of_letters == found[2] | {"dataset": letters}
    later = seeded.get("/datasets/deliveries", delivered_after="2026-02-01T00:00:00+0100")
    assert later == {"deliveries": found[:1]}
    earlier = seeded.get("/datasets/deliveries", delivered_before="2026-01-15")
    assert earlier == {"deliveries": found[2:]}


def test_get_delivery(seeded: V2Caller) -> None:
    """Its tasks, page by page."""
    voices = seeded.get("/datasets")["datasets"][0]
    january = delivery(seeded, "january")
    first = seeded.get("/datasets/delivery", delivery_id=january["id"], limit=3)
    rest = seeded.get(
        "/datasets/delivery",
        delivery_id=january["id"],
        limit=3,
        next_token=first["next_token"],
        expand=["dataset", "delivery"],
    )
    assert first["delivery"] == january["id"]
    assert rest["delivery"] == january
    assert [task["response"] for task in first["tasks"]] == [{"said": "No."}] * 3
    (task,) = rest["tasks"]
    assert (task["dataset"], task["delivery"]) == (voices, january)
    assert "next_token" not in rest


def test_tasks(seeded: V2Caller) -> None:
    """Of a dataset, of a delivery, by time, alone and as objects."""
    voices, letters = seeded.get("/datasets")["datasets"]
    january = delivery(seeded, "january")
    found = seeded.get("/datasets/tasks", dataset_id=voices["id"])["tasks"]
    assert len({task["task_id"] for task in found}) == 5
    of_january = seeded.get("/datasets/tasks", delivery_id=january["id"])
    assert of_january == {"tasks": found[1:]}
    later = seeded.get("/datasets/tasks", dataset_id=voices["id"], delivered_after="2026-02-01")
    assert later == {"tasks": found[:1]}
    both = {"dataset_id": letters["id"], "delivery_id": january["id"]}
    assert seeded.get("/datasets/tasks", **both) == {"tasks": []}
    task = found[1]
    assert seeded.get("/datasets/task", task_id=task["task_id"]) == task
    expanded = seeded.get("/datasets/task", task_id=task["task_id"], expand=["dataset", "delivery"])
    assert expanded == task | {"dataset": voices, "delivery": january}


def test_attachment(sandbox: Sandbox, seeded: V2Caller, live: V2Caller) -> None:
    """A link that needs no key leads to its bytes, for an hour."""
    found = seeded.get("/datasets/tasks", delivery_id=delivery(seeded, "january")["id"])["tasks"]
    task_id = next(one["task_id"] for one in found if one["response"] == {"file": "a_1"})
    path = f"/datasets/task/{task_id}/response_url/a_1"
    answer = seeded.session.get(seeded.url + path, allow_redirects=False)
    assert (answer.status_code, answer.content) == (302, b"")
    stored = requests.get(answer.headers["Location"], timeout=5)
    assert (stored.content, stored.headers["Content-Type"]) == (b"sound", "audio/mpeg")
    sandbox.clock.advance(3601)
    assert requests.get(answer.headers["Location"], timeout=5).status_code == 403
    live.error("GET", path, 404)
    seeded.error("GET", path + "1", 404)
    seeded.error("GET", path.replace(task_id, "none"), 404)


@pytest.mark.parametrize(
    ("path", "query", "status", "said"),
    [
        ("/datasets/deliveries", {"dataset_id": "none"}, 404, "none"),
        ("/datasets/deliveries", {"expand": "delivery"}, 400, '"expand"'),
        ("/datasets/deliveries", {"delivered_after": "x"}, 400, '"delivered_after"'),
        ("/datasets/delivery", {}, 400, '"delivery_id"'),
        ("/datasets/delivery", {"delivery_id": "none"}, 404, "none"),
        ("/datasets/task", {}, 400, '"task_id"'),
        ("/datasets/task", {"task_id": "none"}, 404, "none"),
        ("/datasets/task", {"task_id": "none", "expand": "project"}, 400, '"expand"'),
        ("/datasets/tasks", {}, 400, "dataset_id or delivery_id"),
        ("/datasets/tasks", {"dataset_id": "none"}, 404, "none"),
        ("/datasets/tasks", {"delivery_id": "none"}, 404, "none"),
    ],
)
def test_missing_resources(
    seeded: V2Caller, path: str, query: dict[str, str], status: int, said: str
) -> None:
    """The error names it."""
    assert said in seeded.error("GET", path, status, params=query)


def test_later_seed_extends_dataset(sandbox: Sandbox, seeded: V2Caller) -> None:
    """A later seed adds deliveries to it."""
    before = seeded.get("/datasets")
    more = {"name": "voices", "deliveries": [{"name": "march", "tasks": [{"response": {}}]}]}
    sandbox.seed({"test": {"datasets": [more]}})
    assert seeded.get("/datasets") == before
    assert delivery(seeded, "march")["metadata"] == {"task_count": 1}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({}, '"name"'),
        ({"name": "a", "deliveries": {}}, '"deliveries"'),
        ({"name": "a", "deliveries": [1]}, "deliveries"),
        ({"name": "a", "deliveries": [{}]}, '"name"'),
        ({"name": "voices", "deliveries": [{"name": "january"}]}, "already exists"),
        ({"name": "a", "deliveries": [{"name": "b", "tasks": [{}]}]}, "response"),
        ({"name": "a", "deliveries": [{"name": "b", "delivered_at": 5}]}, '"delivered_at"'),
        ({"name": "a", "deliveries": [{"name": "b", "turn_count": -1}]}, '"turn_count"'),
    ],
)
def test_rejects_invalid_seed(
    sandbox: Sandbox, seeded: V2Caller, entry: dict[str, Any], said: str
) -> None:
    """The error names the place, and nothing is added."""
    before = seeded.get("/datasets/deliveries")
    with pytest.raises(Refusal, match=r"datasets\[0\]") as refusal:
        sandbox.seed({"test": {"datasets": [entry]}})
    assert said in str(refusal.value)
    assert seeded.get("/datasets/deliveries") == before


@pytest.mark.parametrize(("field", "value"), [("id", "a/b"), ("id", ""), ("content", "?")])
def test_rejects_invalid_attachment(sandbox: Sandbox, field: str, value: str) -> None:
    """Its id becomes part of a URL, and its bytes come in base64."""
    tasks = [{"response": {}, "attachments": [SOUND | {field: value}]}]
    entry = {"name": "a", "deliveries": [{"name": "b", "tasks": tasks}]}
    with pytest.raises(Refusal, match=f'"{field}"'):
        sandbox.seed({"test": {"datasets": [entry]}})
