"""The sandbox's own surface."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.base.clock import parse_stamp
from tests.sandbox.rules.caller import Caller


class Controller:
    """Calls ``/_sandbox`` without a key."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.origin = sandbox.url.removesuffix("/v1")

    def call(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        url = f"{self.origin}/_sandbox{path}"
        answer = requests.request(method, url, timeout=5, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.call("POST", path, status, json={} if body is None else body)


@pytest.fixture
def controller(manual: Sandbox) -> Controller:
    return Controller(manual)


def test_description(manual: Sandbox, controller: Controller) -> None:
    """It tells where its API is, its time, and how tasks get done."""
    answer = controller.call("GET", "/")
    assert (answer["url"], answer["transition"]) == (manual.url, "manual")
    assert controller.call("GET", "")["url"] == manual.url


def test_clock(manual: Sandbox, controller: Controller) -> None:
    """The clock is read and moved forward, never back."""
    before = parse_stamp(controller.call("GET", "/clock")["now"])
    after = parse_stamp(controller.post("/clock", {"advance": 3600})["now"])
    assert 3600 <= (after - before).total_seconds() < 3610
    for wrong in ({}, {"advance": -1}, {"advance": "a"}, {"advance": 1e300}, {"advance": 1e12}):
        controller.post("/clock", wrong, 400)
    assert (manual.clock.now() - after).total_seconds() < 10


def test_task_actions(caller: Caller, controller: Controller) -> None:
    """Every move has a path, and the body it needs."""
    path = f"/tasks/{caller.task()['task_id']}"
    assert controller.post(f"{path}/start_work")["work_started"] is True
    assert controller.post(f"{path}/complete", {"response": {"a": 1}})["response"] == {"a": 1}
    assert controller.post(f"{path}/fix", {"response": {"a": 2}})["response"]["a"] == 2
    assert controller.post(f"{path}/recall")["status"] == "pending"
    assert controller.post(f"{path}/fail", {"error": "Gone."})["response"]["error"] == "Gone."
    controller.post(f"{path}/recall", status=400)
    controller.post(f"{path}/fix", status=400)
    controller.post(f"{path}/complete", {"response": 1}, 400)
    controller.post(f"{path}/vanish", status=404)
    controller.post("/tasks/none/complete", status=404)
    path = f"/tasks/{caller.task()['task_id']}"
    assert "attachments" in controller.post(f"{path}/fail")["response"]


def test_reset(manual: Sandbox, caller: Caller, controller: Controller) -> None:
    """Everything is gone, and the clock is back at the real time."""
    caller.project()
    caller.batch()
    caller.post(
        "/task/imageannotation",
        {
            "batch": "week_1",
            "attachment": "http://a.example/a",
            "tags": ["a"],
            "unique_id": "u",
            "geometries": {"box": {"objects_to_annotate": ["a"]}},
        },
        headers={"Idempotency-Key": "k"},
    )
    caller.post("/files/upload", files={"file": ("a", b"a")}, data={"project_name": "parcels"})
    manual.clock.advance(3600)
    controller.post("/reset")
    assert caller.get("/projects") == []
    assert caller.get("/batches")["totalDocs"] == caller.get("/tasks")["total"] == 0
    caller.project()
    assert caller.get("/files", project="parcels")["total"] == 0
    later = parse_stamp(controller.call("GET", "/clock")["now"])
    from datetime import datetime, timezone

    assert abs((later - datetime.now(timezone.utc)).total_seconds()) < 10


def test_requests_are_listed(manual: Sandbox, caller: Caller, controller: Controller) -> None:
    """The log has method, path, status and time of the last 1,000 requests."""
    caller.get("/tasks", limit=1)
    caller.get("/projects/none", 404)
    listed = controller.call("GET", "/requests")
    assert [(entry["method"], entry["path"], entry["status"]) for entry in listed] == [
        ("GET", "/v1/tasks?limit=1", 200),
        ("GET", "/v1/projects/none", 404),
    ]
    assert all(0 < entry["milliseconds"] < 5000 for entry in listed)
    assert manual.requests[0].path == "/v1/tasks?limit=1"
    for _ in range(1010):
        manual._running.log_request(manual.requests[0])
    assert len(manual.requests) == 1000


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"],
)
def test_rejects_forms_of_other_sites(controller: Controller, content_type: str | None) -> None:
    """A write without a JSON content type is refused, whatever its body."""
    headers = {"Content-Type": content_type} if content_type else {}
    for path in ("/reset", "/clock", "/tasks/none/complete"):
        controller.call("POST", path, 403, data=b'{"advance": 1}', headers=headers)


def test_delete_needs_no_content_type(controller: Controller) -> None:
    """No form can send it, and a browser that asks whether a site may is refused."""
    controller.call("DELETE", "/faults")
    controller.call("OPTIONS", "/faults", 405)


@pytest.mark.parametrize(
    "host", ["scale.example", "scale.example:80", "127.0.0.1.example", "[::2]"]
)
def test_rejects_hosts_of_other_sites(controller: Controller, host: str) -> None:
    """A Host header that does not name this machine is refused, for reading too."""
    controller.call("GET", "/requests", 403, headers={"Host": host})
    controller.call("POST", "/reset", 403, headers={"Host": host}, json={})


def test_health(controller: Controller) -> None:
    """It responds while the database does; a broken one is a failure."""
    assert controller.call("GET", "/health") == {"status": "ok"}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]", "[::1]:80"])
def test_accepts_loopback_hosts(controller: Controller, host: str) -> None:
    """Every loopback name is taken."""
    controller.call("GET", "/clock", headers={"Host": host})
