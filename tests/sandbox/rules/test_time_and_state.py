"""Time and state change together: nothing of a replaced state reaches the new one."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timezone

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.receiver import Receiver

TASK = {"type": "imageannotation"} | IMAGE_TASK

few_or_many = pytest.mark.parametrize("runs", [10, pytest.param(500, marks=pytest.mark.soak)])


@contextmanager
def readers(sandbox: Sandbox, count: int) -> Generator[None]:
    """Read lists of tasks all the time, in threads."""
    done = threading.Event()

    def read() -> None:
        caller = Caller(sandbox, sandbox.live_key)
        while not done.is_set():
            caller.get("/tasks")

    threads = [threading.Thread(target=read) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


@few_or_many
@pytest.mark.parametrize("reading", [0, 4])
def test_restore_takes_the_time_back(runs: int, reading: int) -> None:
    """A task that is not due at the time of the snapshot is not completed after a restore."""
    with Sandbox(transition="after 3000s") as sandbox, readers(sandbox, reading):
        caller = Caller(sandbox, sandbox.live_key)
        task_id = caller.task()["task_id"]
        snapshot = sandbox.snapshot()
        wrong = 0
        for _ in range(runs):
            sandbox.clock.advance(3600)
            sandbox.restore(snapshot)
            wrong += caller.get(f"/task/{task_id}")["status"] != "pending"
        assert wrong == 0


@pytest.mark.slow
@few_or_many
@pytest.mark.parametrize("reading", [0, 4])
def test_reset_takes_the_time_back(runs: int, reading: int) -> None:
    """A task that is created after a reset is not completed by the time before."""
    with Sandbox(transition="after 3000s") as sandbox:
        sandbox.seed({"live": {"tasks": [TASK | {"count": 1200}]}})
        snapshot = sandbox.snapshot()
        caller = Caller(sandbox, sandbox.live_key)
        wrong = 0
        with readers(sandbox, reading):
            for _ in range(runs):
                sandbox.restore(snapshot)
                sandbox.clock.advance(3600)
                sandbox.reset()
                task_id = caller.task()["task_id"]
                wrong += caller.get(f"/task/{task_id}")["status"] != "pending"
                wrong += caller.get("/tasks")["total"] != 1
        assert wrong == 0


@few_or_many
def test_completion_is_never_in_the_future(runs: int) -> None:
    """While the clock jumps back and forth, no response is from another time than its state."""
    with Sandbox(transition="after 3000s") as sandbox:
        caller = Caller(sandbox, sandbox.live_key)
        snapshot = sandbox.snapshot()
        stop = threading.Event()

        def jump() -> None:
            while not stop.is_set():
                sandbox.clock.advance(36_000)
                sandbox.restore(snapshot)

        thread = threading.Thread(target=jump)
        thread.start()
        try:
            for _ in range(runs):
                assert caller.task()["status"] == "pending"
                for task in caller.get("/tasks")["docs"]:
                    assert task["status"] == "pending" or task["completed_at"] > task["created_at"]
        finally:
            stop.set()
            thread.join()


def test_steps_of_the_clock_add_up() -> None:
    """No step is lost, however many threads advance the clock."""
    with Sandbox() as sandbox:

        def advance() -> None:
            for _ in range(100):
                sandbox.clock.advance(1000)

        threads = [threading.Thread(target=advance) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ahead = (sandbox.clock.now() - datetime.now(timezone.utc)).total_seconds()
        assert round(ahead / 1000) == 800


@few_or_many
def test_attempt_of_a_replaced_state_is_not_recorded(runs: int) -> None:
    """A receiver that responds during a restore responds to a callback of another state."""
    with Receiver() as receiver, Sandbox() as sandbox:
        receiver.go_on.clear()
        caller = Caller(sandbox, sandbox.test_key)
        caller.task(callback_url=receiver.url)
        receiver.arrivals.get(timeout=5)
        snapshot = sandbox.snapshot()
        for _ in range(runs):
            release = threading.Thread(target=receiver.go_on.set)
            release.start()
            sandbox.restore(snapshot)
            release.join()
            sandbox.wait_for_callbacks()
            (delivery,) = sandbox.deliveries
            assert [one.status for one in delivery.tries] == [200]
            receiver.go_on.clear()
            sandbox.restore(snapshot)
            while receiver.arrivals.get(timeout=5) and not receiver.arrivals.empty():
                pass
