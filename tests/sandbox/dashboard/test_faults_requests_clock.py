"""Fault rules, the request log and the clock."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.dashboard.page import duration
from tests.sandbox.dashboard.test_pages import PAGES
from tests.sandbox.dashboard.visitor import Visitor
from tests.sandbox.rules.caller import Caller


def test_add_and_remove_rules(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """Its counts are shown, and the navigation says how many rules there are."""
    page = visitor.open("/dashboard/faults")
    assert "No fault rules." in page.text
    page = visitor.send(page, "/faults", rule="GET /v1/tasks 503 Retry-After=2 first 1")
    visitor.send(page, "/faults", rule="POST ** reset")
    caller.get("/tasks", 503)
    caller.get("/tasks")
    page = visitor.open("/dashboard/faults")
    assert "Faults (2)" in page.words
    assert "GET /v1/tasks 503 Retry-After=2 first 1 2 matched 1 fired Remove" in page.words
    first = next(iter(manual.faults))
    page = visitor.send(page, f"/faults/{first.id}/remove")
    assert [str(rule.fault) for rule in manual.faults] == ["POST ** reset"]
    token = page.form("/remove").fields["token"]
    answer = visitor.answer("POST", f"/dashboard/faults/{first.id}/remove", data={"token": token})
    assert answer.status_code == 404


@pytest.mark.parametrize("text", ["", "GET /v1/tasks", 'GET "><b> 503', "GET / 503", "x" * 5000])
def test_rejects_invalid_rule(visitor: Visitor, manual: Sandbox, text: str) -> None:
    """The form comes again, with what was typed and what is wrong with it."""
    page = visitor.send(visitor.open("/dashboard/faults"), "/faults", 400, rule=text)
    assert page.form("/faults").fields["rule"] == text
    assert "The fault '" in page.text
    (field,) = (one for one in page.all("input") if one.attributes.get("name") == "rule")
    assert field.attributes["aria-describedby"].split() == ["hint", "problem"]
    assert not manual.faults


def test_dashboard_is_exempt_from_faults(visitor: Visitor, manual: Sandbox) -> None:
    """A rule for everything can be taken away again, here as well."""
    rule = manual.faults.add("* ** reset")
    for path in PAGES:
        visitor.open(path)
    assert rule.matched == 0
    visitor.send(visitor.open("/dashboard/faults"), "/remove")
    assert not manual.faults
    with pytest.raises(ValueError, match="/dashboard/faults is exempt from faults"):
        manual.faults.add("GET /dashboard/faults 503")


def test_request_log_with_bodies(caller: Caller, visitor: Visitor, manual: Sandbox) -> None:
    """What was sent and what was answered is shown, text as text, and keys never."""
    caller.project("parcels", params={"instruction": f"für {manual.live_key}"})
    caller.get("/projects/none", 404, key=manual.live_key)
    caller.post("/files/upload", files={"file": ("a.bin", b"\xff\xfe\0")}, data={})
    answer = visitor.answer("GET", "/dashboard/requests")
    page = visitor.open("/dashboard/requests")
    assert manual.live_key not in answer.text
    assert "Authorization" not in answer.text
    assert '"instruction": "f\\u00fcr •••"' in page.text
    assert 'Project with the name "none" not found.' in page.text.replace("\\", "")
    assert "/v1/projects/none?key=•••" in page.words
    assert "bytes of binary data" in page.text
    assert [word for word in page.words.split() if word in ("200", "404")] == ["200", "404", "200"]


def test_bodies_are_truncated(caller: Caller, manual: Sandbox, visitor: Visitor) -> None:
    """The log keeps the beginning of a body, however large it is, even within a character."""
    caller.project("long", params={"a": "x" * 10_000})
    caller.post("/files/upload", files={"file": ("a.txt", b"y" * 3_000_000)}, data={})
    caller.post("/nowhere", status=404, data=("é" * 5000).encode(), headers={})
    log = manual.requests
    assert [len(one.sent) for one in log] == [4096] * 3
    assert len(log[0].response) == 4096
    assert log[0].sent.startswith(b'{"name": "long"')
    assert b'filename="a.txt"' in log[1].sent
    assert "é" * 2048 in visitor.open("/dashboard/requests").text
    manual.reset()
    caller.post("/nowhere", status=404, data=b"x" + ("é" * 5000).encode(), headers={})
    assert "x" + "é" * 2047 in visitor.open("/dashboard/requests").text


def test_requests_without_a_response(caller: Caller, manual: Sandbox, visitor: Visitor) -> None:
    """A connection that was reset has no status. It is in the log when the client notices."""
    manual.faults.add("GET /v1/tasks reset")
    for number in range(1, 31):
        with pytest.raises(requests.ConnectionError):
            caller.get("/tasks")
        assert len(manual.requests) == number
    assert "GET /v1/tasks no response" in visitor.open("/dashboard/requests").words


def test_a_request_that_hangs(manual: Sandbox, visitor: Visitor) -> None:
    """It is in the log while it hangs."""
    manual.faults.add("GET /v1/tasks hang")
    with pytest.raises(requests.Timeout):
        requests.get(f"{manual.url}/tasks", auth=(manual.test_key, ""), timeout=0.2)
    assert "GET /v1/tasks no response" in visitor.open("/dashboard/requests").words


def test_pagination_of_requests(caller: Caller, manual: Sandbox, visitor: Visitor) -> None:
    """Fifty on a page, newest first; pages of the dashboard are not among them."""
    for number in range(60):
        caller.get("/tasks", limit=number + 1)
    first = visitor.open("/dashboard/requests")
    assert "limit=60" in first.text
    assert "limit=11" in first.text
    assert "limit=10" not in first.words.split()
    older = next(link for link in first.links if "before=" in link)
    caller.get("/tasks")
    page = visitor.open(older)
    assert page.text.count("/v1/tasks") == 10
    assert {urlsplit(one.path).path for one in manual.requests} == {"/v1/tasks"}
    numbers = [one.number for one in manual.requests]
    assert numbers == sorted(set(numbers))
    assert manual.requests[0].time <= manual.requests[-1].time


def test_advance_clock(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """By a step or by seconds; what falls due on the way is done."""
    manual.transition = "after 3600s"
    task_id = caller.task()["task_id"]
    assert "Completes at" in visitor.open(f"/dashboard/tasks/{task_id}").words
    page = visitor.open("/dashboard/clock")
    assert "Same as real time." in page.text
    steps = [one.attributes["value"] for one in page.all("button") if one.attributes]
    assert steps == ["60", "3600", "86400"]
    token = page.forms[0].fields["token"]
    answer = visitor.answer("POST", "/dashboard/clock", data={"token": token, "seconds": "3600"})
    assert "1 hour ahead of real time." in answer.text
    assert answer.history[0].status_code == 303
    assert caller.get(f"/task/{task_id}")["status"] == "completed"
    visitor.answer("POST", "/dashboard/clock", data={"token": token, "seconds": "0.5"})
    assert manual.clock.ahead == 3600.5


@pytest.mark.parametrize("text", ["", "soon", "-1", "1e999", "NaN", "9" * 18, "<b>"])
def test_rejects_invalid_time(visitor: Visitor, manual: Sandbox, text: str) -> None:
    """The form comes again, with what was typed and what is wrong with it."""
    token = visitor.open("/dashboard/clock").forms[0].fields["token"]
    answer = visitor.answer("POST", "/dashboard/clock", data={"token": token, "seconds": text})
    assert answer.status_code == 400
    assert "seconds" in answer.text
    assert 'role="alert"' in answer.text
    assert manual.clock.ahead == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 seconds"), (61, "1 minute 1 second"), (7200, "2 hours"), (90_061, "1 day 1 hour")],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_attempts(caller: Caller, visitor: Visitor, manual: Sandbox) -> None:
    """The latest attempts of a callback are shown, and earlier ones are folded."""
    task = caller.task(callback_url="http://127.0.0.1:9/done")
    manual.complete(task["task_id"])
    manual.wait_for_callbacks()
    path = f"/dashboard/tasks/{task['task_id']}"
    assert "earlier attempt" not in visitor.open(path).text
    manual.clock.advance(86_400)
    manual.wait_for_callbacks()
    tries = len(manual.deliveries[0].tries)
    text = visitor.open(path).text
    assert f"{tries - 5} earlier attempts" in text
    assert text.count("Connection refused") == tries
