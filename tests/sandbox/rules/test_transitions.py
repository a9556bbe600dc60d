"""When tasks get done."""

from __future__ import annotations

import pytest

from scaleapi.sandbox import Refusal, Sandbox
from scaleapi.sandbox.rules.transitions import Transition
from tests.sandbox.rules.caller import Caller


def status_of(caller: Caller, task_id: str) -> str:
    status: str = caller.get(f"/task/{task_id}")["status"]
    return status


def test_test_mode_is_immediate_by_default(test: Caller) -> None:
    """The answer to a create in test mode is already completed, with its response."""
    task = test.task()
    assert task["status"] == "completed"
    assert task["completed_at"] >= task["created_at"]
    assert task["response"]["annotations"]


def test_live_mode_takes_a_second_by_default(sandbox: Sandbox, live: Caller) -> None:
    """A live task is done after one second of the sandbox's clock, as of that second."""
    task = live.task()
    assert task["status"] == "pending"
    sandbox.clock.advance(3600)
    done = live.get(f"/task/{task['task_id']}")
    assert done["status"] == "completed"
    assert done["completed_at"][:17] == task["created_at"][:17] or done["completed_at"] < "9"
    assert 0 < seconds_between(task["created_at"], done["completed_at"]) < 2


def seconds_between(first: str, last: str) -> float:
    from datetime import datetime

    form = "%Y-%m-%dT%H:%M:%S.%fZ"
    return (datetime.strptime(last, form) - datetime.strptime(first, form)).total_seconds()  # noqa: DTZ007


def test_transition_applies_to_both_modes() -> None:
    """What is set replaces the way of either mode."""
    with Sandbox(transition="immediate") as sandbox:
        assert Caller(sandbox, sandbox.live_key).task()["status"] == "completed"
    with Sandbox(transition="after 2s") as sandbox:
        test = Caller(sandbox, sandbox.test_key)
        task_id = test.task()["task_id"]
        sandbox.clock.advance(1)
        assert status_of(test, task_id) == "pending"
        sandbox.clock.advance(1)
        assert status_of(test, task_id) == "completed"


def test_due_work_is_visible_everywhere(sandbox: Sandbox, live: Caller) -> None:
    """Lists, counts and batches see the work that has fallen due, whoever looks first."""
    live.project()
    live.batch()
    for _ in range(3):
        live.task(batch="week_1")
    assert live.get("/batches/week_1")["status"] == "in_progress"
    sandbox.clock.advance(1)
    assert live.get("/tasks", status="completed")["total"] == 3
    assert live.get("/batches", status="completed")["totalDocs"] == 1


def test_after_reads() -> None:
    """A task is pending for so many reads, and done for the next."""
    with Sandbox(transition="after 3 reads") as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        task_id = caller.task()["task_id"]
        seen = [status_of(caller, task_id) for _ in range(4)]
        assert seen == ["pending", "pending", "pending", "completed"]
        caller.task()
        lists = [caller.get("/tasks")["docs"][0]["status"] for _ in range(4)]
        assert lists == ["pending", "pending", "pending", "completed"]
        caller.project()
        caller.batch()
        caller.task(batch="week_1")
        states = [caller.get("/batches/week_1/status") for _ in range(4)]
        assert states[2] == {"status": "in_progress", "pending": 1}
        assert states[3] == {"status": "completed", "completed": 1}


def test_manual(manual: Sandbox, caller: Caller) -> None:
    """Nothing happens to a task until somebody does it."""
    task_id = caller.task()["task_id"]
    manual.clock.advance(10**6)
    assert status_of(caller, task_id) == "pending"


def test_canceled_or_failed_task_is_not_completed_later(sandbox: Sandbox, live: Caller) -> None:
    """Work that was planned for a task does not happen once it has another outcome."""
    canceled, failed = live.task()["task_id"], live.task()["task_id"]
    live.post(f"/task/{canceled}/cancel")
    sandbox.fail(failed)
    sandbox.clock.advance(10)
    assert status_of(live, canceled) == "canceled"
    assert status_of(live, failed) == "error"


def test_recalled_task_stays_pending(sandbox: Sandbox, test: Caller) -> None:
    """Recalling also holds where tasks are done at once."""
    task_id = test.task()["task_id"]
    sandbox.recall(task_id)
    sandbox.clock.advance(10)
    assert status_of(test, task_id) == "pending"


def test_started_work_completes_on_time(sandbox: Sandbox, live: Caller) -> None:
    """Starting the work by hand does not change when it is done."""
    task_id = live.task()["task_id"]
    assert sandbox.start_work(task_id)["work_started"] is True
    sandbox.clock.advance(1)
    assert status_of(live, task_id) == "completed"


def test_a_staged_task_waits_for_its_batch() -> None:
    """Nobody works on a staged batch; the time counts from its finalization."""
    with Sandbox(transition="after 5s") as sandbox:
        caller = Caller(sandbox, sandbox.live_key)
        caller.project(rapid=True)
        caller.batch()
        task_id = caller.task(batch="week_1")["task_id"]
        sandbox.clock.advance(100)
        assert status_of(caller, task_id) == "pending"
        for act in (sandbox.complete, sandbox.start_work):
            with pytest.raises(Refusal, match="finalized"):
                act(task_id)
        caller.post("/batches/week_1/finalize")
        sandbox.clock.advance(4)
        assert status_of(caller, task_id) == "pending"
        sandbox.clock.advance(1)
        assert status_of(caller, task_id) == "completed"
        assert caller.get("/batches/week_1")["status"] == "completed"


def test_finalizing_completes_immediate_tasks(test: Caller) -> None:
    """The answer to the finalization of a test batch is already completed."""
    test.project(studio=True)
    test.batch()
    assert test.task(batch="week_1")["status"] == "pending"
    assert test.post("/batches/week_1/finalize")["status"] == "completed"


def test_many_tasks_fall_due_together(sandbox: Sandbox, live: Caller) -> None:
    """However many are due, one look finds all of them done."""
    for _ in range(20):
        live.task()
    sandbox.clock.advance(1)
    assert live.get("/tasks", status="pending")["total"] == 0


@pytest.mark.parametrize("text", ["immediate", "manual", "after 2s", "after 0.5s", "after 3 reads"])
def test_str_round_trip(text: str) -> None:
    """A setting is shown as it was given."""
    assert str(Transition.parse(text)) == text
    assert Transition.parse("after 1 read") == ("reads", 1)


@pytest.mark.parametrize(
    "text", ["", "soon", "after", "after 0 reads", "after -1s", "after 1.5 reads"]
)
def test_rejects_invalid_transition(text: str) -> None:
    """A setting that is none is refused before anything starts."""
    with pytest.raises(ValueError, match='transition must be "immediate"'):
        Sandbox(transition=text)


@pytest.mark.parametrize(
    "rule",
    ["after 1234567s", "after 1234567.125s", "after 0.0000001s", "after 7654321 reads"],
)
def test_transition_can_be_set_again(manual: Sandbox, rule: str) -> None:
    """The text of a transition is the rule that was set, whatever its number."""
    manual.transition = rule
    assert manual.transition == rule
    assert Transition.parse(rule) == Transition.parse(str(Transition.parse(rule)))


@pytest.mark.parametrize(
    "rule", ["after 300000000000s", f"after {'9' * 400}s", "after 99999999999999999999 reads"]
)
def test_rejects_transition_that_cannot_be_reached(manual: Sandbox, rule: str) -> None:
    """An amount beyond what tasks can store is rejected when it is set, not at each create."""
    with pytest.raises(ValueError, match="transition must be at most"):
        manual.transition = rule
    assert manual.transition == "manual"
