"""Going back to an earlier state, and keeping it from one run to the next."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox
from scaleapi.sandbox.storage.schema import VERSION
from tests.sandbox.rules.caller import IMAGE_TASK, Caller

VIDEO_TASK = {
    "attachments": ["https://a.example/1"],
    "geometries": {"box": {"objects_to_annotate": ["a"]}},
}


def ahead(sandbox: Sandbox) -> float:
    """Return how far the clock is ahead, to the minute."""
    return round((sandbox.clock.now() - datetime.now(timezone.utc)) / timedelta(minutes=1))


def test_restore(sandbox: Sandbox, test: Caller) -> None:
    """What was made since is gone, what was removed is back, and so is the time."""
    test.project()
    task_id = test.task(unique_id="u", tags=["a"])["task_id"]
    sandbox.clock.advance(3600)
    snapshot = sandbox.snapshot()
    test.task()
    test.delete(f"/task/{task_id}/unique_id")
    test.project("other")
    sandbox.clock.advance(3600)
    clock = sandbox.clock
    assert test.get("/tasks")["total"] == 2
    for _ in range(2):
        sandbox.restore(snapshot)
        assert test.get("/tasks", unique_id="u", tags="a")["total"] == 1
        assert test.get("/tasks")["total"] == 1
        assert len(test.get("/projects")) == 1
        assert ahead(sandbox) == 60
        test.task()
    assert sandbox.clock is clock


@pytest.mark.parametrize("kept", [False, True])
def test_restore_in_another_sandbox(
    sandbox: Sandbox, test: Caller, tmp_path: Path, kept: bool
) -> None:
    """In memory or in a file, it is the other one then: links work, and it is kept."""
    file = test.post("/files/upload", files={"file": ("a.txt", b"a")})
    test.post("/task/videoannotation", VIDEO_TASK | {"attachments": [file["attachment_url"]]})
    path = tmp_path / "a.db" if kept else None
    with Sandbox(database=path) as other:
        Caller(other, other.test_key).task()
        other.restore(sandbox.snapshot())
        check_links(other)
    if kept:
        with Sandbox(database=path) as other:
            check_links(other)


def check_links(sandbox: Sandbox) -> None:
    """Follow the links of the one task that there is."""
    caller = Caller(sandbox, sandbox.test_key)
    (task,) = caller.get("/tasks", include_attachment_url=True)["docs"]
    assert requests.get(task["attachmentS3Downloads"][0]["s3URL"], timeout=5).content == b"a"
    result = task["response"]["annotations"]["url"]
    assert result.startswith(f"{sandbox.url}/task/")
    assert requests.get(result, auth=(sandbox.live_key, ""), timeout=5).status_code == 200


def test_links_and_clock_survive_a_restart(tmp_path: Path) -> None:
    """On another port result files are linked there, and the clock goes on from where it was."""
    path = tmp_path / "a.db"
    with Sandbox(database=path) as first:
        url = first.url
        caller = Caller(first, first.test_key)
        file = caller.post("/files/upload", files={"file": ("a.txt", b"a")})
        body = VIDEO_TASK | {"attachments": [file["attachment_url"]]}
        caller.post("/task/videoannotation", body)
        first.clock.advance(3600)
    port = int(url.split(":")[2].split("/")[0])
    with Sandbox(port=port), Sandbox(database=path) as second:
        assert ahead(second) == 60
        check_links(second)
        second.reset()
    with Sandbox(database=path) as third:
        assert ahead(third) == 0


@pytest.mark.parametrize("broken", [b"", b"no database at all", "version"])
def test_rejects_invalid_snapshot(
    sandbox: Sandbox, test: Caller, tmp_path: Path, broken: bytes | str
) -> None:
    """What is no snapshot of this version is refused."""
    test.task()
    if isinstance(broken, str):
        path = tmp_path / "a.db"
        db = sqlite3.connect(path)
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
        db.close()
        broken = path.read_bytes()
    with pytest.raises(Refusal, match="snapshot"):
        sandbox.restore(broken)
    assert test.get("/tasks")["total"] == 1


def test_snapshots_over_http(sandbox: Sandbox, test: Caller) -> None:
    """A snapshot is downloaded, and sent back as the body."""
    origin = sandbox.url.removesuffix("/v1") + "/_sandbox"
    test.task()
    snapshot = requests.get(f"{origin}/snapshot", timeout=5)
    assert snapshot.headers["Content-Type"] == "application/octet-stream"
    test.task()
    headers = {"Content-Type": "application/octet-stream"}
    answer = requests.post(f"{origin}/restore", snapshot.content, headers=headers, timeout=5)
    assert answer.status_code == 200
    assert test.get("/tasks")["total"] == 1
    answer = requests.post(f"{origin}/restore", b"?", headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["status_code"]) == (400, 400)


def test_change_of_transition(test: Caller, sandbox: Sandbox) -> None:
    """It holds for tasks that are created from then on, in code and over HTTP."""
    url = sandbox.url.removesuffix("/v1") + "/_sandbox/transition"
    try:
        assert sandbox.transition is None
        sandbox.transition = "manual"
        task = test.post("/task/imageannotation", IMAGE_TASK)
        assert task["status"] == "pending"
        answer = requests.post(url, json={"transition": "after 2s"}, timeout=5)
        assert (answer.json()["transition"], sandbox.transition) == ("after 2s", "after 2s")
        with pytest.raises(ValueError, match="transition"):
            sandbox.transition = "soon"
        assert requests.post(url, json={"transition": "soon"}, timeout=5).status_code == 400
        assert sandbox.transition == "after 2s"
        assert requests.post(url, json={"transition": None}, timeout=5).status_code == 200
        assert test.task()["status"] == "completed"
        assert test.get(f"/task/{task['task_id']}")["status"] == "pending"
    finally:
        sandbox.transition = None
