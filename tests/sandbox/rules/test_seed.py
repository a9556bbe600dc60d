"""Filling a sandbox from a document."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox
from scaleapi.sandbox.rules.statuses import TASK_STATUSES
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.test_files import PNG

TASK: dict[str, Any] = {"type": "imageannotation"} | IMAGE_TASK
URL = "scaledata://parcels/a.png"
SEED: dict[str, Any] = {
    "projects": [
        {"name": "parcels", "type": "imageannotation", "params": {"instruction": "Box."}},
        {"name": "letters", "type": "imageannotation", "studio": True},
    ],
    "teammates": [
        {"emails": ["a@x.net"], "team_role": "labeler"},
        {"emails": ["b@x.net"], "team_role": "invited"},
    ],
    "batches": [
        {"name": "done", "project": "parcels", "status": "completed"},
        {"name": "begun", "project": "letters", "status": "in_progress"},
        {"name": "staged", "project": "letters"},
    ],
    "files": [
        {
            "name": "a.png",
            "content": base64.b64encode(PNG).decode(),
            "attachment_url": URL,
            "reference_id": "r",
            "project_name": "parcels",
        }
    ],
    "tasks": [
        TASK | {"batch": "done", "status": "completed", "attachment": URL, "unique_id": "u"},
        TASK | {"batch": "done", "status": "completed", "response": {"annotations": []}},
        TASK | {"project": "parcels", "status": "canceled", "tags": ["a"], "count": 3},
        TASK | {"status": "error", "response": {"error": "Gone."}},
        TASK | {"batch": "begun", "status": "pending"},
        TASK | {"batch": "staged"},
        TASK,
    ],
}


def refused(sandbox: Sandbox, seed: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        sandbox.seed(seed)
    return str(refusal.value)


def test_seed_with_all_sections(sandbox: Sandbox, live: Caller) -> None:
    """Everything listed is there, in the state that the list says."""
    sandbox.seed({"live": SEED})
    assert [project["name"] for project in live.get("/projects")] == ["parcels", "letters"]
    assert [one["role"] for one in live.get("/teams")] == ["admin", "labeler", "invited"]
    statuses = {batch["name"]: batch["status"] for batch in live.get("/batches")["docs"]}
    assert statuses == {"done": "completed", "begun": "in_progress", "staged": "staging"}
    assert [batch["name"] for batch in live.get("/studio/batches")] == ["begun"]
    (file,) = live.get("/files", project="parcels")["docs"]
    assert (file["attachment_url"], file["mime_type"]) == (URL, "image/png")
    tasks = list(reversed(live.get("/tasks")["docs"]))
    assert [task["status"] for task in tasks] == [
        *("completed", "completed"),
        *("canceled", "canceled", "canceled"),
        *("error", "pending", "pending", "pending"),
    ]
    assert len({task["task_id"] for task in tasks}) == 9
    assert (tasks[0]["project"], tasks[0]["instruction"]) == ("parcels", "Box.")
    assert tasks[0]["response"]["annotations"][0]["width"] >= 160
    assert tasks[1]["response"] == {"annotations": []}
    assert tasks[5]["response"] == {"error": "Gone."}
    assert live.get("/tasks", tags="a")["total"] == 3
    assert live.get("/tasks", unique_id="u")["docs"] == [tasks[0]]
    assert live.read(tasks[3]["task_id"]) == tasks[3]


@pytest.mark.parametrize("status", TASK_STATUSES)
def test_every_status_can_be_seeded(sandbox: Sandbox, live: Caller, status: str) -> None:
    sandbox.seed({"live": {"tasks": [TASK | {"status": status}]}})
    assert [task["status"] for task in live.get("/tasks")["docs"]] == [status]


def test_tasks_with_a_status_keep_it(sandbox: Sandbox, live: Caller) -> None:
    """A task that is seeded as pending stays so; one without a status is like any other."""
    sandbox.seed({"live": {"tasks": [TASK | {"status": "pending"}, TASK | {"count": 2}]}})
    sandbox.clock.advance(10)
    assert live.get("/tasks", status="pending")["total"] == 1
    assert live.get("/tasks", status="completed")["total"] == 2


def test_inactive_members_are_not_assigned(sandbox: Sandbox, live: Caller) -> None:
    """Who is only invited has no projects."""
    sandbox.seed({"live": SEED})
    body = {"emails": ["b@x.net"], "projects": ["letters"]}
    live.error("POST", "/studio/assignments/add", 400, json=body)
    assert "b@x.net" not in live.get("/studio/assignments")
    assert live.get("/studio/assignments")["a@x.net"] == []


def test_both_modes_are_seeded(sandbox: Sandbox, test: Caller, live: Caller) -> None:
    """Each part fills its mode, and no other."""
    sandbox.seed({"test": {"tasks": [TASK]}, "live": {"tasks": [TASK, TASK]}})
    assert test.get("/tasks")["docs"][0]["status"] == "completed"
    assert (test.get("/tasks")["total"], live.get("/tasks")["total"]) == (1, 2)


@pytest.mark.slow
def test_seed_from_a_generator(sandbox: Sandbox, live: Caller) -> None:
    """In code the tasks need not all exist at once."""

    def tasks() -> Iterator[dict[str, Any]]:
        for number in range(12_000):
            yield TASK | {"status": "pending", "unique_id": f"u{number}", "tags": ["a"]}

    sandbox.seed({"live": {"tasks": tasks()}})
    assert live.get("/tasks", tags="a", limit=1)["total"] == 12_000
    assert live.get("/tasks", unique_id="u11999")["total"] == 1


@pytest.mark.parametrize(
    ("seed", "place"),
    [
        ({"world": {}}, '"world"'),
        ({"live": []}, '"live"'),
        ({"live": {"people": []}}, '"people"'),
        ({"live": {"tasks": {}}}, "live.tasks:"),
        ({"live": {"tasks": [TASK, 1]}}, "live.tasks[1]:"),
        ({"live": {"tasks": [{"fields": {}}]}}, 'live.tasks[0]: Parameter is invalid, reason: "ty'),
        ({"live": {"tasks": [{"type": "none"}]}}, "live.tasks[0]:"),
        ({"live": {"tasks": [TASK, {"type": "datacollection"}]}}, "live.tasks[1]:"),
        ({"live": {"tasks": [TASK | {"status": "done"}]}}, "live.tasks[0]: Parameter is invalid, "),
        ({"live": {"tasks": [TASK | {"response": {}}]}}, "live.tasks[0]:"),
        ({"live": {"tasks": [TASK | {"status": "pending", "response": {}}]}}, "live.tasks[0]:"),
        ({"live": {"tasks": [TASK | {"count": 0}]}}, "live.tasks[0]:"),
        ({"live": {"tasks": [TASK | {"count": 2, "unique_id": "u"}]}}, "live.tasks[0]:"),
        (
            {"live": {"tasks": [TASK | {"status": "pending", "unique_id": "u"}] * 2}},
            "live.tasks[1]:",
        ),
        ({"live": {"projects": [{"name": "a"}]}}, "live.projects[0]:"),
        ({"live": {"batches": [{"name": "a", "project": "none"}]}}, "live.batches[0]:"),
        ({"live": SEED | {"tasks": [], "batches": SEED["batches"][:1]}}, "live.batches[0]:"),
        (
            {
                "live": SEED
                | {"batches": [{"name": "a", "project": "parcels", "status": "staging"}]}
            },
            "live.batches[0]:",
        ),
        (
            {"live": SEED | {"batches": [{"name": "a", "project": "parcels", "status": "new"}]}},
            "live.batches[0]:",
        ),
        ({"live": {"files": [{"name": "a", "content": "?"}]}}, "live.files[0]:"),
        ({"live": {"files": [{"content": "YQ=="}]}}, "live.files[0]:"),
        ({"live": {"files": [SEED["files"][0] | {"attachment_url": "a"}]}}, "live.files[0]:"),
        ({"live": SEED | {"files": SEED["files"] * 2}}, "live.files[1]:"),
        ({"live": {"teammates": [{"emails": ["a@x.net"]}]}}, "live.teammates[0]:"),
        (
            {"live": {"teammates": [{"emails": ["a@x.net"], "team_role": "admin"}]}},
            "live.teammates[0]:",
        ),
    ],
)
def test_rejects_invalid_seed_completely(
    sandbox: Sandbox, live: Caller, seed: Any, place: str
) -> None:
    """The error names the place, and nothing of the seed is kept."""
    assert place in refused(sandbox, seed)
    assert live.get("/projects") == []
    assert live.get("/tasks")["total"] == 0
    assert len(live.get("/teams")) == 1


def test_seed_from_a_file(sandbox: Sandbox, live: Caller, tmp_path: Path) -> None:
    """A file that is missing, or holds something else, is named."""
    path = tmp_path / "seed.json"
    assert str(path) in refused(sandbox, path)
    for wrong in ("", "[1", "[1]", '{"live": {"tasks": NaN}}', '{"live": "\\ud800"}'):
        path.write_text(wrong)
        assert str(path) in refused(sandbox, str(path))
    path.write_text(json.dumps({"live": SEED}))
    sandbox.seed(path)
    assert live.get("/tasks")["total"] == 9


def test_seed_over_http(sandbox: Sandbox, live: Caller) -> None:
    """The body is the seed."""
    url = sandbox.url.removesuffix("/v1") + "/_sandbox/seed"
    assert requests.post(url, json={"live": SEED}, timeout=10).status_code == 200
    assert live.get("/tasks")["total"] == 9
    refusal = requests.post(url, json={"live": SEED}, timeout=10)
    assert (refusal.status_code, "live.projects[0]" in refusal.text) == (409, True)
    assert live.get("/tasks")["total"] == 9


def test_seeded_tasks_complete_an_existing_batch(sandbox: Sandbox, live: Caller) -> None:
    """A seed may add to what exists."""
    live.project()
    live.batch()
    sandbox.seed({"live": {"tasks": [TASK | {"batch": "week_1", "status": "completed"}]}})
    assert live.get("/batches/week_1")["status"] == "completed"
