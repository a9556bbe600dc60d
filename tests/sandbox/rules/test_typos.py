"""A name that nothing reads is an error, in seeds and in the bodies of the control API."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Fault, Refusal, Sandbox
from tests.sandbox.rules.caller import IMAGE_TASK, Caller

TASK = {"type": "imageannotation"} | IMAGE_TASK
FILE = {"name": "a", "contents": "YQ=="}
PROJECT = {"name": "talk", "type": "chat"}
VOICES: dict[str, Any] = {"name": "v", "deliveries": [{"name": "j", "tasks": [{"response": {}}]}]}


def changed(value: dict[str, Any], *path: Any) -> dict[str, Any]:
    """Return a copy with another key, the last of the path, in the object that the path names."""
    copy = json.loads(json.dumps(value))
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = 1
    return copy


@pytest.mark.parametrize(
    ("seed", "place", "wrong", "meant"),
    [
        ({"lvie": {}}, "", "lvie", "live"),
        ({"live": {"projetcs": []}}, '"live"', "projetcs", "projects"),
        ({"live": {"projects": [PROJECT | {"rapd": True}]}}, "live.projects[0]", "rapd", "rapid"),
        (
            {"live": {"teammates": [{"email": [], "team_role": "labeler"}]}},
            "live.teammates[0]",
            "email",
            "emails",
        ),
        (
            {"live": {"projects": [PROJECT], "batches": [changed({"project": "talk"}, "nmae")]}},
            "live.batches[0]",
            "nmae",
            "name",
        ),
        (
            {"live": {"files": [{"name": "a", "contents": "YQ=="}]}},
            "live.files[0]",
            "contents",
            "content",
        ),
        (
            {"live": {"tasks": [TASK, TASK | {"staus": "error"}]}},
            "live.tasks[1]",
            "staus",
            "status",
        ),
        ({"test": {"tasks": [TASK | {"respnse": {}}]}}, "test.tasks[0]", "respnse", "response"),
        ({"live": {"tasks": [TASK | {"uniqueid": "a"}]}}, "live.tasks[0]", "uniqueid", "unique_id"),
        (
            {"live": {"tasks": [TASK | {"geometrys": {}}]}},
            "live.tasks[0]",
            "geometrys",
            "geometries",
        ),
        ({"live": {"tasks": [TASK | {"Count": 2}]}}, "live.tasks[0]", "Count", "count"),
        (
            {"live": {"projects": [PROJECT], "deliveries": [{"name": "d", "projct": "talk"}]}},
            "live.deliveries[0]",
            "projct",
            "project",
        ),
        ({"live": {"datasets": [changed(VOICES, "names")]}}, "live.datasets[0]", "names", "name"),
        (
            {"live": {"datasets": [changed(VOICES, "deliveries", 0, "delivered")]}},
            "live.datasets[0]",
            "delivered",
            "delivered_at",
        ),
        (
            {"live": {"datasets": [changed(VOICES, "deliveries", 0, "tasks", 0, "counts")]}},
            "live.datasets[0]",
            "counts",
            "count",
        ),
    ],
)
def test_seed(
    sandbox: Sandbox, live: Caller, seed: Any, place: str, wrong: str, meant: str
) -> None:
    """The error names the key, its place, and what was probably meant."""
    with pytest.raises(Refusal) as refusal:
        sandbox.seed(seed)
    assert refusal.value.status_code == 400
    assert place in refusal.value.error
    assert f'"{wrong}"' in refusal.value.error
    assert f'did you mean "{meant}"?' in refusal.value.error
    assert live.get("/projects") == []


def test_parameters_of_a_task_may_have_any_other_name(sandbox: Sandbox, live: Caller) -> None:
    """The API takes parameters that it does not know, and so do seeds."""
    sandbox.seed({"live": {"tasks": [TASK | {"shade": 5, "attachments": [], "camera_mode": "a"}]}})
    (task,) = live.get("/tasks")["docs"]
    assert task["params"]["shade"] == 5


@pytest.mark.parametrize(
    ("path", "body", "meant"),
    [
        ("/clock", {"advnace": 5}, "advance"),
        ("/clock", {"advance": 5, "frozen": True}, "freeze"),
        ("/transition", {"transitoin": "manual"}, "transition"),
        ("/tasks/none/complete", {"respons": {}}, "response"),
        ("/tasks/none/fail", {"eror": "a"}, "error"),
        ("/tasks/none/fix", {"response": {}, "reponse": {}}, "response"),
        ("/faults", {"rul": "GET / 503"}, "rule"),
        ("/faults", {"method": "GET", "path": "/v1/tasks", "effect": 503, "frist": 1}, "first"),
        ("/seed", {"tets": {}}, "test"),
        ("/callbacks/wait", {"timout": 5}, "timeout"),
        ("/traffic", {"latancy": 5}, "latency"),
    ],
)
def test_control_body(sandbox: Sandbox, path: str, body: Any, meant: str) -> None:
    url = sandbox.url.replace("/v1", "/_sandbox")
    answer = requests.post(url + path, json=body, timeout=5)
    assert answer.status_code == 400
    assert f'did you mean "{meant}"?' in answer.json()["error"]
    assert sandbox.clock.ahead < 5


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/reset", {"hard": True}),
        ("/tasks/none/recall", {"response": {}}),
        ("/tasks/none/start_work", {"now": True}),
        ("/faults", {"rule": "GET /v1/tasks 503", "first": 3}),
        ("/clock", {"advance": 5, "set": "2031-01-01"}),
        ("/clock", {}),
        ("/transition", {}),
        ("/traffic", {}),
        ("/faults", {}),
        ("/tasks/none/fix", {}),
    ],
)
def test_control_body_with_too_much_or_too_little(
    sandbox: Sandbox, live: Caller, path: str, body: Any
) -> None:
    """A key that the action does not have is an error, and nothing has happened."""
    live.project()
    sandbox.transition, sandbox.rate_limit = "manual", 1000
    url = sandbox.url.replace("/v1", "/_sandbox")
    assert requests.post(url + path, json=body, timeout=5).status_code == 400
    assert (sandbox.transition, sandbox.rate_limit) == ("manual", 1000)
    assert len(live.get("/projects")) == 1
    assert len(sandbox.faults) == 0


def test_body_says_what_it_lacks(sandbox: Sandbox) -> None:
    """A transition is turned off by null, not by leaving it out."""
    url = sandbox.url.replace("/v1", "/_sandbox/transition")
    error = requests.post(url, json={}, timeout=5).json()["error"]
    assert error == '"transition" is required; null restores the default of each mode.'


@pytest.mark.parametrize("path", ["/requests?afetr=5", "/deliveries?taskid=a", "/export?mode=live"])
def test_control_query(sandbox: Sandbox, path: str) -> None:
    """Names in queries are checked as well."""
    answer = requests.get(sandbox.url.replace("/v1", "/_sandbox") + path, timeout=5)
    assert answer.status_code == 400
    assert "There is no" in answer.json()["error"]


def test_fault_fields() -> None:
    """The fields of a fault have suggestions, too."""
    with pytest.raises(ValueError, match='did you mean "effect"'):
        Fault.from_json({"method": "GET", "path": "/v1/tasks", "efect": 503})
