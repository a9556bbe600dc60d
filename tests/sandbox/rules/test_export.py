"""An export is a seed that recreates the state."""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox
from tests.sandbox.database import state
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.test_files import PNG

NOON = "2026-03-01T12:00:00Z"
BOX = {"objects_to_annotate": ["parcel"]}
PERSON = "ann@example.com"
STORED_TASK: dict[str, Any] = {"task_id": "t1", "type": "imageannotation", "status": "completed"}


def fill(sandbox: Sandbox) -> None:
    """Make rows in every table."""
    sandbox.clock.freeze(NOON)
    live, test = (Caller(sandbox, key) for key in (sandbox.live_key, sandbox.test_key))
    live.project(params={"instruction": "Box."})
    live.post("/projects/parcels/setParams", {"instruction": "Box tightly.", "patch": True})
    live.project("quick", rapid=True)
    live.project("studio", studio=True, pipeline="consensus_task", consensus_attempts=2)
    live.project("talk", type="chat")
    live.batch(callback="https://example.com/batch", metadata={"a": [1, {"b": None}]})
    live.batch("staged", "quick")
    live.batch("begun", "studio", calibration_batch=True)
    live.batch("talks", "talk")
    file = live.post(
        "/files/upload",
        files={"file": ("a.png", PNG)},
        data={"reference_id": "r", "project_name": "parcels", "metadata": '{"a": "\u00e9"}'},
    )
    live.post("/files/upload", data={"id": file["id"], "project_name": "quick"})
    live.post("/files/import", {"file_url": "https://example.com/far.pdf"})
    attachment = file["attachment_url"]
    first = live.task(batch="week_1", attachment=attachment, unique_id="u", tags=["b", "a"])
    live.task(batch="staged", clear_unique_id_on_error=True, unique_id="v", priority=30)
    live.task(batch="begun")
    key = {"Idempotency-Key": "k"}
    live.post("/task/imageannotation", IMAGE_TASK | {"project": "parcels"}, headers=key)
    labels = {"attachment": attachment, "labels": ["a", "b"]}
    segmented = live.post("/task/segmentannotation", labels)["task_id"]
    failing = live.task(attachment="http://127.0.0.1:9/gone.png", callback_url="http://127.0.0.1:9")
    chats = [live.post("/task/chat", {"batch": "talks"})["task_id"] for _ in range(3)]
    live.post("/teams/invite", {"emails": [PERSON, "bob@example.com"], "team_role": "labeler"})
    live.post("/studio/assignments/add", {"emails": [PERSON], "projects": ["studio"]})
    live.post("/studio/projects/studio/groups", {"emails": [PERSON], "name": "team"})
    live.post("/batches/begun/finalize")
    live.put("/studio/batches/begun", {"groups": ["team", PERSON]})
    live.post("/studio/batches/set_priorities", {"batches": [{"name": "begun"}]})
    live.post(
        "/evaluation_tasks/imageannotation",
        IMAGE_TASK | {"project": "quick", "expected_response": {"annotations": []}},
    )
    for task_id in (first["task_id"], segmented):
        sandbox.complete(task_id)
    note = {"id": "note", "key": "rating", "type": "integer", "value": 5}
    sandbox.complete(chats[0], {"threads": [{"id": "x", "turns": [], "annotations": [note]}]})
    sandbox.complete(chats[1])
    sandbox.recall(segmented)
    sandbox.fix(first["task_id"], {"annotations": []})
    live.post(f"/task/{first['task_id']}/audit", {"accepted": False, "comments": "No."})
    sandbox.fail(failing["task_id"])
    live.post(f"/task/{live.task()['task_id']}/cancel")
    sandbox.transition = "after 90s"
    live.task(callback_url="https://example.com/hook")
    sandbox.transition = "after 3 reads"
    test.task()
    test.post("/task/segmentannotation", labels | {"attachment": "https://example.com/a.png"})
    test.get("/tasks")
    sandbox.transition = "manual"
    sandbox.seed(
        {
            "live": {
                "deliveries": [{"name": "d", "project": "talk", "schema": {"a": 1}}],
                "datasets": [
                    {
                        "name": "voices",
                        "deliveries": [
                            {
                                "name": "january",
                                "turn_count": 3,
                                "tasks": [
                                    {
                                        "response": {"a": 1},
                                        "count": 2,
                                        "attachments": [{"id": "x", "content": "YQ=="}],
                                    }
                                ],
                            }
                        ],
                    }
                ],
            }
        }
    )
    sandbox.wait_for_callbacks()


@pytest.fixture
def copy() -> Iterator[Sandbox]:
    """An empty sandbox beside the exported one."""
    with Sandbox(transition="manual") as sandbox:
        sandbox.clock.freeze(NOON)
        yield sandbox


def test_export_recreates_the_state(manual: Sandbox, copy: Sandbox) -> None:
    """Every table has the same rows with the same documents, also after a second export."""
    fill(manual)
    exported = manual.export()
    copy.seed(json.loads(json.dumps(exported)))
    copy.wait_for_callbacks()
    before, after = state(manual), state(copy)
    assert [table for table, rows in before.items() if not rows] in ([], ["probes"])
    for table, rows in before.items():
        assert after[table] == rows, table
    assert copy.export() == exported


def test_links_lead_to_the_new_sandbox(manual: Sandbox, copy: Sandbox) -> None:
    """Result files and attachments can be downloaded from there."""
    fill(manual)
    copy.seed(manual.export())
    live = Caller(copy, copy.live_key)
    (task,) = live.get("/tasks", unique_id="u", include_attachment_url=True)["docs"]
    assert requests.get(task["attachmentS3Downloads"][0]["s3URL"], timeout=5).content == PNG
    test = Caller(copy, copy.test_key)
    test.get("/tasks")
    test.get("/tasks")
    (segmented,) = test.get("/tasks", type="segmentannotation")["docs"]
    link = segmented["response"]["annotations"]["combined"]["image"]
    assert link.startswith(f"{copy.url}/task/")
    assert live.session.get(link).content.startswith(b"\x89PNG")


def test_work_goes_on(manual: Sandbox, copy: Sandbox) -> None:
    """A task that is due in 60 seconds is due in 60 seconds there, whatever the time there is."""
    manual.clock.freeze(NOON)
    manual.transition = "after 90s"
    live = Caller(manual, manual.live_key)
    task_id = live.task()["task_id"]
    manual.clock.advance(30)
    copy.clock.freeze("2031-01-01")
    copy.seed(manual.export())
    caller = Caller(copy, copy.live_key)
    copy.clock.advance(59)
    assert caller.get(f"/task/{task_id}")["status"] == "pending"
    copy.clock.advance(1)
    assert caller.get(f"/task/{task_id}")["completed_at"] == "2031-01-01T00:01:00.000Z"
    assert caller.task()["status"] == "pending"


def test_export_over_http(manual: Sandbox, copy: Sandbox) -> None:
    fill(manual)
    exported = requests.get(manual.url.replace("/v1", "/_sandbox/export"), timeout=10)
    assert exported.headers["Content-Type"] == "application/json"
    headers = {"Content-Type": "application/json"}
    url = copy.url.replace("/v1", "/_sandbox/seed")
    assert requests.post(url, exported.content, headers=headers, timeout=10).status_code == 200
    assert Caller(copy, copy.live_key).get("/tasks")["total"] == 11
    again = requests.post(url, exported.content, headers=headers, timeout=10)
    assert (again.status_code, "test.tasks[0]: " in again.json()["error"]) == (409, True)


def test_export_of_an_empty_sandbox(manual: Sandbox) -> None:
    assert manual.export() == {}
    manual.seed({})


def test_stored_resources_by_hand(sandbox: Sandbox, live: Caller) -> None:
    """A resource needs what identifies it; the rest has defaults, and it works like any other."""
    sandbox.seed(
        {
            "live": {
                "projects": [{"resource": {"name": "p", "type": "imageannotation"}}],
                "batches": [{"resource": {"name": "b", "project": "p", "status": "in_progress"}}],
                "tasks": [
                    {"resource": STORED_TASK | {"batch": "b", "project": "p", "tags": ["x"]}},
                    {"resource": {"task_id": "t2", "type": "novel", "status": "pending"}},
                ],
                "teammates": [{"resource": {"email": PERSON, "role": "manager"}}],
                "files": [{"resource": {"attachment_url": "scaledata://x/y"}}],
            }
        }
    )
    assert live.get("/tasks", tags="x")["docs"][0]["task_id"] == "t1"
    assert live.get("/task/t1")["created_at"] == live.get("/task/t2")["created_at"]
    live.post("/task/t1/audit", {"accepted": True})
    assert live.get("/tasks", customer_review_status="accepted")["total"] == 1
    assert sandbox.complete("t2")["status"] == "completed"
    sandbox.recall("t1")
    assert live.get("/batches/b")["status"] == "in_progress"
    assert live.get("/batches/b/status")["pending"] == 1
    live.post("/projects/p/setParams", {"instruction": "a"})
    live.task(batch="b", attachment="scaledata://x/y")
    assert live.get("/teams")[1]["role"] == "manager"


@pytest.mark.parametrize(
    ("part", "place", "reason"),
    [
        ({"tasks": [{"resource": 1}]}, "live.tasks[0]: ", '"resource" must be an object'),
        ({"tasks": [{"resource": {"type": "a"}}]}, "live.tasks[0]: ", '"task_id" is required'),
        ({"tasks": [{"resource": {"task_id": "t"}}]}, "live.tasks[0]: ", '"type" is required'),
        (
            {"tasks": [{"resource": STORED_TASK | {"status": "done"}}]},
            "live.tasks[0]: ",
            '"status" must be one of',
        ),
        (
            {"tasks": [{"resource": STORED_TASK | {"created_at": "soon"}}]},
            "live.tasks[0]: ",
            '"created_at" must be an ISO 8601',
        ),
        (
            {"tasks": [{"resource": STORED_TASK | {"params": []}}]},
            "live.tasks[0]: ",
            '"params" must be an object',
        ),
        (
            {"tasks": [{"resource": STORED_TASK | {"tags": "a"}}]},
            "live.tasks[0]: ",
            '"tags" must be an array',
        ),
        (
            {"tasks": [{"resource": STORED_TASK | {"batch": "none"}}]},
            "live.tasks[0]: ",
            '"none" not found',
        ),
        (
            {"tasks": [{"resource": STORED_TASK | {"unique_id": {"a": 1}}}]},
            "live.tasks[0]: ",
            '"unique_id" must be a string',
        ),
        ({"tasks": [{"resource": STORED_TASK}] * 2}, "live.tasks[1]: ", "is already used"),
        (
            {"tasks": [{"resource": STORED_TASK, "due_inn": 5}]},
            "live.tasks[0]: ",
            'did you mean "due_in"',
        ),
        (
            {"tasks": [{"resource": STORED_TASK, "due_in": "soon"}]},
            "live.tasks[0]: ",
            '"due_in" must be a number',
        ),
        (
            {"tasks": [{"resource": STORED_TASK, "due_in": 1e300}]},
            "live.tasks[0]: ",
            '"due_in" must be between',
        ),
        (
            {"tasks": [{"resource": STORED_TASK, "delivery": ["a"]}]},
            "live.tasks[0]: ",
            '"delivery" must be',
        ),
        ({"projects": [{"resource": {"name": "p"}}]}, "live.projects[0]: ", '"type" is required'),
        (
            {"projects": [{"resource": {"name": "p", "type": "chat"}, "product": "quick"}]},
            "live.projects[0]: ",
            '"product" must be one of',
        ),
        (
            {"projects": [{"resource": {"name": "p", "type": "chat", "param_history": [1]}}]},
            "live.projects[0]: ",
            '"param_history" must be an array of objects',
        ),
        (
            {"batches": [{"resource": {"name": "b", "project": "none"}}]},
            "live.batches[0]: ",
            '"none" not found',
        ),
        ({"teammates": [{"resource": {}}]}, "live.teammates[0]: ", '"email" is required'),
        ({"audits": [{"resource": {"id": "a"}}]}, "live.audits[0]: ", '"task_id" is required'),
        ({"audits": [{"task_id": "a"}]}, "live.audits[0]: ", "only resource"),
        ({"audits": [{}]}, "live.audits[0]: ", '"resource" must be an object'),
        ({"contents": [{"id": "a", "mime_type": "b"}]}, "live.contents[0]: ", '"body" is required'),
        (
            {"contents": [{"id": "a", "mime_type": "b", "body": "?"}]},
            "live.contents[0]: ",
            "base64",
        ),
        ({"callbacks": [{"id": "a"}]}, "live.callbacks[0]: ", "is required"),
        ({"tasks": [{"resource": STORED_TASK | {"a": b"a"}}]}, "live.tasks[0]: ", "JSON"),
        ({"tasks": [{"resource": STORED_TASK | {"a": "\ud800"}}]}, "live.tasks[0]: ", "JSON"),
        ({"tasks": [{"resource": STORED_TASK, "delivery": "\ud800"}]}, "live.tasks[0]: ", "JSON"),
        ({"contents": [{"id": "a", "mime_type": b"b", "body": ""}]}, "live.contents[0]: ", "JSON"),
        ({"callback": []}, "live", 'did you mean "callbacks"'),
    ],
)
def test_rejects_invalid_resource(
    sandbox: Sandbox, live: Caller, part: Any, place: str, reason: str
) -> None:
    """The error names the place and what is wrong, and nothing is kept."""
    with pytest.raises(Refusal) as refusal:
        sandbox.seed({"live": part})
    assert place in str(refusal.value)
    assert reason in str(refusal.value)
    assert refusal.value.status_code in (400, 404, 409)
    assert live.get("/projects") == []
    assert live.get("/tasks")["total"] == 0


def test_binary_content_survives(manual: Sandbox, copy: Sandbox) -> None:
    """Bytes of every value are exported and loaded."""
    content = bytes(range(256)) * 100
    live = Caller(manual, manual.live_key)
    file = live.post("/files/upload", files={"file": ("a.bin", content)})
    exported = manual.export()
    assert base64.b64decode(exported["live"]["contents"][0]["body"]) == content
    copy.seed(exported)
    caller = Caller(copy, copy.live_key)
    caller.task(attachment=file["attachment_url"])
    (task,) = caller.get("/tasks", include_attachment_url=True)["docs"]
    assert requests.get(task["attachmentS3Downloads"][0]["s3URL"], timeout=5).content == content


def test_probe_in_progress_is_continued(sandbox: Sandbox) -> None:
    """An attachment that had not been probed at the export is probed there, and fails the task."""
    with Sandbox() as copy, socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a.png"
        caller = Caller(sandbox, sandbox.test_key)
        task_id = caller.task(attachment=url)["task_id"]
        exported = sandbox.export()
        assert exported["test"]["probes"] == [{"task_id": task_id}]
        silent.close()
        copy.seed(exported)
        copy.wait_for_callbacks()
        copied = Caller(copy, copy.test_key)
        deadline = time.monotonic() + 10
        while copied.read(task_id)["status"] == "pending":
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert copied.read(task_id)["status"] == "error"
