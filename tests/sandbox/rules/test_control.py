"""The sandbox's own surface."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.base.clock import parse_stamp
from tests.sandbox.rules.caller import Caller
from tests.sandbox.rules.receiver import Receiver


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


def test_a_transition_is_only_reset_by_null(manual: Sandbox) -> None:
    url = f"{manual.url.removesuffix('/v1')}/_sandbox/transition"
    refused = requests.post(url, json={}, timeout=5)
    assert refused.status_code == 400
    assert '"transition" is required' in refused.json()["error"]
    assert str(manual.transition) == "manual"
    assert requests.post(url, json={"transition": None}, timeout=5).json()["transition"] is None


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


def test_clock_is_set_and_frozen(manual: Sandbox, controller: Controller) -> None:
    """Everything that the clock can do in Python it can do over HTTP."""
    noon = "2031-03-01T12:00:00.000Z"
    assert controller.call("GET", "/clock")["frozen"] is False
    assert controller.post("/clock", {"freeze": noon}) == {"now": noon, "frozen": True}
    assert controller.post("/clock", {"advance": 60})["now"] == "2031-03-01T12:01:00.000Z"
    assert controller.post("/clock", {"set": "2031-04-01"})["now"] == "2031-04-01T00:00:00.000Z"
    assert manual.clock.frozen
    assert controller.post("/clock", {"freeze": False})["frozen"] is False
    assert controller.post("/clock", {"set": noon})["now"].startswith("2031-03-01T12:00:0")
    stopped = controller.post("/clock", {"freeze": True})
    assert stopped["frozen"]
    assert controller.call("GET", "/clock") == stopped
    for wrong in ({"set": "noon"}, {"set": 5}, {"freeze": 5}, {"freeze": "noon"}, {"set": None}):
        controller.post("/clock", wrong, 400)
    assert controller.call("GET", "/clock") == stopped


def test_wait_for_callbacks(sandbox: Sandbox, live: Caller) -> None:
    """A program in another language need not poll for callbacks."""
    controller = Controller(sandbox)
    live.task(callback_url="https://example.com/hook")
    controller.post("/clock", {"advance": 1})
    assert controller.post("/callbacks/wait") == {"success": True}
    assert [one["state"] for one in controller.call("GET", "/deliveries")] == ["not_sent"]
    for wrong in (-1, "soon", 601, True, float(10**9)):
        controller.post("/callbacks/wait", {"timeout": wrong}, 400)
    with Receiver() as receiver:
        receiver.go_on.clear()
        live.task(callback_url=receiver.url)
        sandbox.clock.advance(1)
        answer = controller.post("/callbacks/wait", {"timeout": 0.2}, 504)
        assert "0.2 seconds" in answer["error"]


def test_requests_have_headers_and_bodies(
    manual: Sandbox, caller: Caller, controller: Controller
) -> None:
    """A program can check what was sent and what came back; keys are left out."""
    caller.post("/projects", {"name": "p\u00e9", "type": "chat"}, headers={"X-Trace": "a, b"})
    (entry,) = controller.call("GET", "/requests")
    assert json.loads(entry["sent"]) == {"name": "p\u00e9", "type": "chat"}
    assert json.loads(entry["response"])["name"] == "p\u00e9"
    assert entry["headers"]["X-Trace"] == "a, b"
    assert entry["headers"]["Content-Type"] == "application/json"
    assert entry["response_headers"]["Content-Type"] == "application/json"
    assert manual.live_key not in json.dumps(entry)
    assert entry["headers"]["Authorization"] == "Basic [not shown]"
    assert manual.requests[0].headers == entry["headers"]
    assert manual.live_key not in repr(manual.requests)
    caller.session.headers["Authorization"] = "live_a_real_key_by_mistake"
    caller.session.auth = lambda request: request
    caller.get("/tasks", 401)
    assert "by_mistake" not in repr(manual.requests)


def test_bodies_that_are_no_text(manual: Sandbox, caller: Caller, controller: Controller) -> None:
    """Bytes are shown in base64; a text that is cut in the middle of a letter is still a text."""
    caller.post("/files/upload", files={"file": ("a", b"\xff\xfe\x00")})
    (entry,) = controller.call("GET", "/requests")
    assert "sent" not in entry
    assert b"\xff\xfe\x00" in base64.b64decode(entry["sent_base64"])
    for padding in range(4):
        long = "a" * padding + "\U0001f600" * 2000
        caller.call("POST", "/projects", 400, data=long.encode())
        entry = controller.call("GET", "/requests", params={"after": entry["number"]})[0]
        assert long.startswith(entry["sent"])
        assert len(entry["sent"].encode()) > 4092


def test_requests_are_filtered(manual: Sandbox, caller: Caller, controller: Controller) -> None:
    """By number, method, path and status."""
    task_id = caller.task()["task_id"]
    caller.get(f"/task/{task_id}")
    caller.get("/task/none", 404)
    caller.get("/tasks", limit=1)

    def found(**query: Any) -> list[int]:
        return [one["number"] for one in controller.call("GET", "/requests", params=query)]

    first = manual.requests[0].number
    assert found() == [first, first + 1, first + 2, first + 3]
    assert found(after=first + 1) == [first + 2, first + 3]
    assert found(method="POST") == [first]
    assert found(path="/v1/task/*") == [first, first + 1, first + 2]
    assert found(path="/v1/tasks") == [first + 3]
    assert found(status=404) == [first + 2]
    assert found(method="GET", path="/v1/task/*", status=200) == [first + 1]
    controller.call("GET", "/requests?status=x", 400)


def test_own_calls_are_not_in_the_log(manual: Sandbox, controller: Controller) -> None:
    """The log shows what the program under test does, not what the test does."""
    controller.call("GET", "/")
    controller.post("/clock", {"advance": 1})
    controller.post("/nothing", status=404)
    requests.get(manual.dashboard, timeout=5)
    assert controller.call("GET", "/requests") == []
    assert manual.requests == []


def test_description_has_what_a_program_needs(manual: Sandbox, controller: Controller) -> None:
    """Keys and secrets are there, so that only the port must be known."""
    answer = controller.call("GET", "/")
    assert answer["keys"] == {"test": manual.test_key, "live": manual.live_key}
    assert answer["callback_secrets"]["live"] == manual.live_callback_secret
    assert answer["dashboard"] == manual.dashboard
    assert answer["empty"] is manual.is_empty is True
    Caller(manual, manual.test_key).task()
    assert controller.call("GET", "/")["empty"] is manual.is_empty is False


def test_everything_in_python_has_a_route() -> None:
    """Whoever adds to `Sandbox` adds to the control API."""
    public = {name for name in dir(Sandbox) if not name.startswith("_")}
    assert public == {
        *(
            "url",
            "dashboard",
            "is_empty",
            "clock",
            "faults",
            "transition",
            "requests",
            "deliveries",
        ),
        *("wait_for_callbacks", "complete", "fail", "start_work", "recall", "fix"),
        *("seed", "export", "snapshot", "restore", "reset"),
        *("certificate", "rate_limit", "set_latency"),
        *("start", "stop"),  # of the process
    }
