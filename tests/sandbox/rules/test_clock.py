"""Setting and freezing the clock."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Clock, Sandbox
from tests.sandbox.rules.caller import Caller

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def test_frozen_clock_stands_still() -> None:
    clock = Clock()
    clock.freeze(NOON)
    time.sleep(0.01)
    assert clock.now() == NOON
    assert clock.frozen
    clock.advance(90)
    assert clock.now() == NOON + timedelta(seconds=90)
    clock.set("2026-03-01T11:00:00+01:00")
    assert clock.now() == NOON - timedelta(hours=2)
    clock.resume()
    assert not clock.frozen
    assert timedelta(0) <= clock.now() - (NOON - timedelta(hours=2)) < timedelta(seconds=5)
    clock.resume()


def test_freeze_without_a_time_stops_the_clock_where_it_is() -> None:
    clock = Clock(ahead=3600)
    clock.freeze()
    stopped = clock.now()
    time.sleep(0.005)
    assert clock.now() == stopped
    assert 3590 < clock.ahead <= 3600


def test_set_clock_runs_on() -> None:
    clock = Clock()
    clock.set(NOON)
    first = clock.now()
    time.sleep(0.005)
    assert NOON <= first < clock.now() < NOON + timedelta(seconds=5)


@pytest.mark.parametrize("ahead", [0, 90])
def test_reset_resumes(ahead: float) -> None:
    clock = Clock()
    clock.freeze(NOON)
    clock.reset(ahead)
    assert not clock.frozen
    assert abs(clock.ahead - ahead) < 1
    assert abs((clock.now() - datetime.now(timezone.utc)).total_seconds() - ahead) < 5


@pytest.mark.parametrize(
    "wrong",
    ["noon", "", 5, None, "9999-01-01", "1969-12-31T23:59:59Z", datetime(2026, 3, 1)],  # noqa: DTZ001
)
def test_rejects_invalid_time(wrong: Any) -> None:
    """A time is an ISO 8601 text or an aware datetime, from 1970 to 9000."""
    clock = Clock()
    with pytest.raises(ValueError, match="at must"):
        clock.set(wrong)
    if wrong is not None:
        with pytest.raises(ValueError, match="at must"):
            clock.freeze(wrong)
    assert not clock.frozen
    assert abs(clock.ahead) < 1


def test_created_at_is_the_frozen_time(sandbox: Sandbox, live: Caller) -> None:
    """Every timestamp is, and nothing falls due until the clock moves."""
    sandbox.clock.freeze(NOON)
    task = live.task()
    assert task["created_at"] == task["updated_at"] == "2026-03-01T12:00:00.000Z"
    assert live.get(f"/task/{task['task_id']}")["status"] == "pending"
    sandbox.clock.advance(1)
    completed = live.get(f"/task/{task['task_id']}")
    assert completed["completed_at"] == "2026-03-01T12:00:01.000Z"


def test_setting_the_clock_forward_processes_due_work(sandbox: Sandbox, live: Caller) -> None:
    live.task(callback_url="https://example.com/hook")
    sandbox.clock.set(datetime.now(timezone.utc) + timedelta(days=1))
    sandbox.wait_for_callbacks()
    assert [delivery.event for delivery in sandbox.deliveries] == ["completed"]


def test_frozen_clock_does_not_keep_the_worker_busy(sandbox: Sandbox, live: Caller) -> None:
    """While time stands still just before work is due, the worker sleeps."""
    sandbox.clock.freeze(NOON)
    live.task()
    sandbox.clock.advance(0.999)
    worker = sandbox._running.worker
    rounds: list[int] = []
    work = worker._work
    worker._work = lambda: (rounds.append(threading.get_ident()), work())[1]  # type: ignore[method-assign]
    try:
        sandbox.wait_for_callbacks()
        time.sleep(0.1)
        assert len(rounds) <= 3
    finally:
        del worker._work


def test_clock_survives_restore_and_restart(tmp_path: Path) -> None:
    """A snapshot of a frozen clock restores it frozen, at its time; so does a restart."""
    with Sandbox(database=tmp_path / "a.db") as sandbox:
        sandbox.clock.freeze(NOON)
        frozen = sandbox.snapshot()
        sandbox.clock.advance(60)
        sandbox.restore(frozen)
        assert sandbox.clock.now() == NOON
        sandbox.clock.resume()
        running = sandbox.snapshot()
        sandbox.clock.freeze("2030-01-01")
        sandbox.restore(running)
        assert not sandbox.clock.frozen
        assert timedelta(0) <= sandbox.clock.now() - NOON < timedelta(seconds=10)
        sandbox.clock.freeze("2031-01-01")
        sandbox.stop()
        sandbox.start()
        assert sandbox.clock.now() == datetime(2031, 1, 1, tzinfo=timezone.utc)


def test_database_without_a_frozen_clock_is_migrated(tmp_path: Path) -> None:
    """The version before clocks could be frozen is read, with everything in it."""
    path = tmp_path / "a.db"
    with Sandbox(database=path) as sandbox:
        Caller(sandbox, sandbox.live_key).task()
        sandbox.clock.advance(3600)
    db = sqlite3.connect(path)
    db.execute("ALTER TABLE account DROP COLUMN frozen_at")
    db.execute("PRAGMA user_version = 2")
    db.close()
    with Sandbox(database=path) as sandbox:
        assert Caller(sandbox, sandbox.live_key).get("/tasks")["total"] == 1
        assert 3590 < sandbox.clock.ahead <= 3600
        sandbox.clock.freeze(NOON)
    with Sandbox(database=path) as sandbox:
        assert sandbox.clock.now() == NOON


@pytest.mark.parametrize("seconds", [10**400, -(10**400), float("inf"), float("nan")])
def test_rejects_seconds_without_a_finite_value(seconds: float) -> None:
    clock = Clock()
    with pytest.raises(ValueError, match="seconds must be a finite number"):
        clock.advance(seconds)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"advance": 10**400}),
        ("clock", {"advance": "9" * 400}),
        ("callbacks/wait", {"timeout": 10**400}),
        ("traffic", {"rate_limit": 10**400}),
        ("traffic", {"latency": -(10**400)}),
    ],
)
def test_rejects_numbers_that_are_too_large(
    sandbox: Sandbox, path: str, body: dict[str, Any]
) -> None:
    control = sandbox.url.replace("/v1", "/_sandbox")
    response = requests.post(f"{control}/{path}", json=body, timeout=5)
    assert response.status_code == 400, response.text
