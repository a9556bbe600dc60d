"""Rate limits and latency."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.faults.rule_set import Faults
from scaleapi.sandbox.faults.traffic import Latency, RateLimit
from tests.sandbox.rules.caller import Caller

Clock = Callable[[float], None]


@pytest.fixture
def advance(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replaces the clock of rate limits; moves it forward."""
    now = [1000.0]
    monkeypatch.setattr("scaleapi.sandbox.faults.traffic.time.monotonic", lambda: now[0])

    def move(seconds: float) -> None:
        now[0] += seconds

    return move


@pytest.fixture
def waits(manual: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Records the delays instead of waiting; restores the settings afterwards."""
    recorded: list[float] = []

    def wait(faults: Faults, seconds: float) -> bool:
        recorded.append(seconds)
        return True

    monkeypatch.setattr(Faults, "wait", wait)
    yield recorded
    manual.reset()


def test_rate_limit() -> None:
    """The requests above the limit get 429 and are told when to come back; each key has its own."""
    with Sandbox(rate_limit=3) as sandbox:
        callers = [Caller(sandbox, key) for key in (sandbox.test_key, sandbox.live_key)]
        for caller in callers:
            begun = time.monotonic()
            responses = [caller.session.get(caller.url + "/projects") for _ in range(4)]
            v2 = caller.session.get(caller.url.replace("/v1", "/v2") + "/projects")
            assert time.monotonic() - begun < 1  # or the first one no longer counts
            assert [response.status_code for response in responses] == [200, 200, 200, 429]
            assert v2.status_code == 429
            assert responses[-1].headers["Retry-After"] == "1"
            assert responses[-1].json() == {
                "status_code": 429,
                "error": "Too many requests; please retry later.",
            }
        # Neither the control API nor a wrong key counts or is limited.
        for path, status in (("/_sandbox/clock", 200), ("/", 200), ("/v1/projects", 401)):
            url = sandbox.url.replace("/v1", path)
            assert requests.get(url, timeout=5).status_code == status


@pytest.mark.parametrize(
    ("per_second", "accepted", "window"),
    [(1, 1, 1.0), (20, 20, 1.0), (0.25, 1, 4.0), (2.5, 2, 0.8)],
)
def test_no_window_has_more_than_the_limit(
    advance: Clock, per_second: float, accepted: int, window: float
) -> None:
    """Whatever moment a window begins at: requests are spread out and come in bursts."""
    limit, times, now = RateLimit(per_second), [], 0.0
    for step in [0.0] * 50 + [window / 7] * 50 + [0.0] * 5 + [window] * 3:
        advance(step)
        now += step
        if limit.wait_of("key") is None:
            times.append(now)
    for first in times:
        assert sum(first <= one < first + window - 1e-6 for one in times) <= accepted
    assert len(times) > 3 * accepted


def test_whoever_comes_back_when_told_is_accepted(advance: Clock) -> None:
    limit = RateLimit(0.3)
    assert limit.wait_of("key") is None
    advance(0.1)
    seconds = limit.wait_of("key")
    assert seconds == 4
    advance(seconds)
    assert limit.wait_of("key") is None


def test_rejected_requests_do_not_count(advance: Clock) -> None:
    """A client that does not wait is not locked out for good."""
    limit = RateLimit(1)
    accepted = 0
    for _ in range(100):
        accepted += limit.wait_of("key") is None
        advance(0.11)
    assert accepted == 10


def test_rate_limit_with_threads() -> None:
    limit = RateLimit(100)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: limit.wait_of("key"), range(400)))
    assert waits.count(None) == 100


def test_rejected_creates_create_nothing() -> None:
    """A refusal comes before any work."""
    with Sandbox(rate_limit=1) as sandbox, ThreadPoolExecutor(8) as pool:
        caller = Caller(sandbox, sandbox.test_key)

        def create(number: int) -> int:
            body = {"name": f"p{number}", "type": "imageannotation"}
            url, auth = f"{sandbox.url}/projects", (sandbox.test_key, "")
            return requests.post(url, json=body, auth=auth, timeout=5).status_code

        statuses = list(pool.map(create, range(16)))
        assert set(statuses) == {200, 429}
        sandbox.rate_limit = None
        assert len(caller.get("/projects")) == statuses.count(200)


def test_the_client_waits_as_told() -> None:
    """Every call succeeds, one after the other."""
    with Sandbox(rate_limit=2) as sandbox:
        with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as client:
            assert [client.projects() for _ in range(4)] == [[]] * 4
        assert [request.status for request in sandbox.requests].count(429) >= 1


@pytest.mark.parametrize("limit", [0, -1, 0.0001, float("nan"), float("inf"), True, "20", 1e9])
def test_a_rate_limit_is_positive(limit: Any) -> None:
    with pytest.raises(ValueError, match="rate_limit must be a number of requests per second"):
        Sandbox(rate_limit=limit)


@pytest.mark.parametrize(
    ("latency", "jitter", "name"),
    [
        *[
            (-1, 0, "latency"),
            (float("nan"), 0, "latency"),
            (1e9, 0, "latency"),
            ("1", 0, "latency"),
        ],
        *[(1, -1, "jitter"), (1, 2, "jitter"), (0, 1, "jitter"), (1, float("nan"), "jitter")],
    ],
)
def test_a_latency_is_not_negative(latency: Any, jitter: Any, name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be a number of seconds"):
        Sandbox(latency=latency, jitter=jitter)


def test_latency_takes_real_time() -> None:
    with Sandbox(latency=0.2, jitter=0.1) as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        begun = time.monotonic()
        caller.get("/projects")
        assert time.monotonic() - begun >= 0.1


def test_latency_is_spread_out(manual: Sandbox, caller: Caller, waits: list[float]) -> None:
    """Delays fill the range of the jitter and do not leave it; other paths are not delayed."""
    manual.set_latency(0.5, 0.2)
    for _ in range(60):
        caller.get("/projects")
    assert all(0.3 <= wait <= 0.7 for wait in waits)
    assert min(waits) < 0.4
    assert max(waits) > 0.6
    for path in ("/_sandbox/clock", "/", "/dashboard/tasks"):
        requests.get(manual.url.replace("/v1", path), timeout=5)
    assert len(waits) == 60


@pytest.mark.parametrize("effect", ["503", "truncate", "close", "503 after-commit", "delay 1s"])
def test_latency_comes_on_top_of_faults(
    manual: Sandbox, caller: Caller, waits: list[float], effect: str
) -> None:
    manual.set_latency(0.25)
    rule = manual.faults.add(f"GET /v1/projects {effect}")
    try:
        caller.session.get(caller.url + "/projects")
    except requests.RequestException:
        assert effect in {"close", "truncate"}
    assert rule.fired == 1
    assert waits == [0.25] + ([1.0] if "delay" in effect else [])


@pytest.mark.parametrize("order", [1, -1])
def test_delays_add_up_with_another_fault(
    manual: Sandbox, caller: Caller, waits: list[float], order: int
) -> None:
    """In any order: both delays apply and the first other rule; the second other one does not."""
    rules = ["GET ** delay 1s", "* /v1/** delay 2s jitter 0s after-commit", "GET /v1/projects 503"]
    added = [manual.faults.add(rule) for rule in rules[::order]]
    unused = manual.faults.add("GET /v1/projects 504")
    response = caller.session.get(caller.url + "/projects")
    assert response.status_code == 503
    assert response.headers["Scale-Sandbox-Fault"].count("delay") == 2
    assert sorted(waits) == [1.0, 2.0]
    assert [rule.fired for rule in (*added, unused)] == [1, 1, 1, 0]


def test_jitter_of_a_rule(manual: Sandbox, caller: Caller, waits: list[float]) -> None:
    """The same delays on every run."""
    runs = []
    for _ in range(2):
        rule = manual.faults.add("GET /v1/projects delay 0.5s jitter 0.25s")
        assert str(rule.fault) == "GET /v1/projects delay 0.5s jitter 0.25s"
        for _ in range(20):
            caller.get("/projects")
        manual.faults.remove(rule)
        runs.append(list(waits))
        waits.clear()
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 20
    assert all(0.25 <= wait <= 0.75 for wait in runs[0])


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("GET /v1 503 jitter 1s", "jitter goes with delay"),
        ("GET /v1 delay 1s jitter 2s", "jitter must be a number from 0 to the delay"),
        ("GET /v1 delay 1s jitter", "unknown clause"),
        ("GET /v1 delay jitter 1s", "seconds must be given"),
        ("GET /v1 delay 1s jitter 1s jitter 1s", "jitter is given twice"),
    ],
)
def test_invalid_jitter(rule: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Sandbox(faults=[rule])


def test_traffic_over_http(manual: Sandbox) -> None:
    """What is named changes, the rest stays; null turns a setting off, reset too."""
    url = manual.url.replace("/v1", "/_sandbox/traffic")
    off = {"rate_limit": None, "latency": 0, "jitter": 0}
    assert requests.get(url, timeout=5).json() == off

    def change(**body: Any) -> Any:
        response = requests.post(url, json=body, timeout=5)
        return response.json() if response.status_code == 200 else response.json()["error"]

    assert change(rate_limit=2.5) == off | {"rate_limit": 2.5}
    assert change(latency=0.5, jitter=0.25)["rate_limit"] == 2.5
    assert (manual.rate_limit, manual._running.latency) == (2.5, Latency(0.5, 0.25))
    assert change(latency=None) == off | {"rate_limit": 2.5}
    assert "rate_limit must be" in change(rate_limit=0, latency=1)
    assert "jitter must be" in change(jitter=1, rate_limit=7)
    assert "latency" in change(latency=True)
    assert "rate_limit" in change(ratelimit=1)
    assert requests.get(url, timeout=5).json() == off | {"rate_limit": 2.5}
    change(latency=0.01)
    manual.reset()
    assert requests.get(url, timeout=5).json() == off


@pytest.mark.parametrize("name", ["rate_limit", "latency", "jitter"])
@pytest.mark.parametrize("value", [False, True, "", "fast", [], {}])
def test_control_api_rejects_values_that_are_not_numbers(
    sandbox: Sandbox, name: str, value: object
) -> None:
    """Only null turns a setting off: an empty value is a mistake."""
    sandbox.set_latency(0.02, 0.01)
    sandbox.rate_limit = 9
    control = sandbox.url.replace("/v1", "/_sandbox/traffic")
    response = requests.post(control, json={name: value}, timeout=5)
    assert response.status_code == 400, response.text
    assert requests.get(control, timeout=5).json() == {
        "rate_limit": 9,
        "latency": 0.02,
        "jitter": 0.01,
    }
