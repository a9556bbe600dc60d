"""Who may call, and what refusals look like."""

from __future__ import annotations

import base64

import pytest
import requests

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import IMAGE_TASK, Caller


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "header",
    [
        basic("test_sandbox_key:"),
        "Bearer test_sandbox_key",
        basic("test_sandbox_key:").lower()[:5] + basic("test_sandbox_key:")[5:],
    ],
)
def test_accepts_basic_and_bearer_authentication(sandbox: Sandbox, header: str) -> None:
    """The key may come as a user name without password, or as a bearer token."""
    answer = requests.get(sandbox.url + "/projects", headers={"Authorization": header}, timeout=5)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        basic("other:"),
        basic("test_sandbox_key"),
        "Bearer other",
        "Basic %%%",
        "Basic \xe9\xe9",
        "Digest test_sandbox_key",
    ],
)
def test_rejects_invalid_key(sandbox: Sandbox, header: str) -> None:
    """Without a valid key every path of the API answers 401, unknown ones too."""
    for path in ("/projects", "/nowhere"):
        answer = requests.get(sandbox.url + path, headers={"Authorization": header}, timeout=5)
        assert answer.status_code == 401
        assert list(answer.json()) == ["status_code", "error"]


def test_keys_can_be_chosen() -> None:
    """The keys given are the ones that open the two modes."""
    with Sandbox(test_key="mine|test", live_key="mine") as sandbox:
        assert Caller(sandbox, "mine|test").task()["is_test"] is True
        assert Caller(sandbox, "mine").task()["is_test"] is False
        Caller(sandbox, "test_sandbox_key").get("/tasks", 401)


def test_unknown_route_and_wrong_method(test: Caller) -> None:
    """An unknown path answers 404, a known one with a wrong method 405 and what it allows."""
    assert "/v1/nowhere" in test.error("GET", "/nowhere", 404)
    assert "PATCH" in test.error("PATCH", "/projects", 405)
    answer = test.session.put(test.url + "/projects")
    assert answer.headers["Allow"] == "GET, HEAD, POST"
    test.error("OPTIONS", "/projects", 405)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"{",
        b"a=b",
        b'{"name": NaN}',
        b"\xff",
        b'{"name": "\\ud800"}',
        b'{"name": "\xed\xa0\x80"}',
        b'{"name": 1e999}',
        b"[" * 5000,
    ],
)
def test_rejects_invalid_json(test: Caller, body: bytes) -> None:
    """A body that is missing or no JSON answers 400."""
    assert "JSON" in test.error("POST", "/projects", 400, data=body)


def test_rejects_body_that_is_not_an_object(test: Caller) -> None:
    """A JSON body that is no object, where one is needed, answers 400."""
    assert "object" in test.error("POST", "/task/imageannotation", 400, json=[1])


def test_success_is_always_200_and_json(test: Caller) -> None:
    """Creating answers 200 as everything does, and the type is JSON."""
    answer = test.session.post(test.url + "/task/imageannotation/", json=IMAGE_TASK)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"


def test_accepts_trailing_slash(test: Caller) -> None:
    """Collections may be named with a slash at the end."""
    test.post("/projects/", {"name": "parcels", "type": "imageannotation"})
    test.post("/batches/", {"name": "week_1", "project": "parcels"})
    assert test.get("/projects/")[0]["name"] == "parcels"


def test_modes_share_nothing(test: Caller, live: Caller) -> None:
    """What one key makes, the other does not find, and may make again."""
    for caller in (test, live):
        caller.project()
        caller.batch()
        caller.task(unique_id="u", project="parcels", batch="week_1")
        caller.post("/files/upload", files={"file": ("a.txt", b"a")}, data={"reference_id": "r"})
        assert caller.get("/tasks")["total"] == 1
        assert caller.get("/batches")["totalDocs"] == 1
        assert len(caller.get("/projects")) == 1
    task = test.get("/tasks")["docs"][0]
    live.get(f"/task/{task['task_id']}", 404)
    live.post(f"/task/{task['task_id']}/cancel", status=404)


def test_rejects_project_of_the_other_mode(test: Caller, live: Caller) -> None:
    """A test task cannot name a live project."""
    live.project()
    assert "parcels" in test.error(
        "POST", "/task/imageannotation", 400, json=IMAGE_TASK | {"project": "parcels"}
    )


def test_unknown_query_parameters_are_ignored(test: Caller) -> None:
    """A parameter that nobody knows changes nothing."""
    assert test.get("/tasks", anything="at all")["total"] == 0


def test_names_with_any_characters(caller: Caller) -> None:
    """A name is one segment of the path, whatever it is made of."""
    for name in ("a bc/def", "50%", "a%2Fb", "ä🙂?#&+", ".."):
        caller.project(name)
        quoted = "".join(f"%{byte:02X}" for byte in name.encode())
        assert caller.get(f"/projects/{quoted}")["name"] == name


def test_internal_error_is_a_json_500(
    test: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that nobody foresaw answers 500 and leaves its traceback in the log."""
    monkeypatch.setattr("scaleapi.sandbox.resources.transaction.Transaction.project", None)
    test.error("GET", "/projects/parcels", 500)
    assert "TypeError" in caplog.text


def test_format_of_ids_and_times(test: Caller) -> None:
    """Ids are 24 hex digits and times ISO 8601 with milliseconds, in UTC."""
    import re

    task = test.task()
    assert re.fullmatch(r"[0-9a-f]{24}", task["task_id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", task["created_at"])
