"""Waiting for tasks and batches."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleArgumentError, ScaleClient, ScaleTaskFailed, Task, _waiting
from scaleapi.exceptions import ScaleInternalError
from scaleapi.sandbox import Sandbox
from tests.bulk.conftest import images

TYPE = "imageannotation"


@pytest.fixture(autouse=True)
def _short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_waiting, "FIRST_INTERVAL", 0.02)


@pytest.fixture
def tasks(client: ScaleClient, defaults: dict[str, Any]) -> list[Task]:
    return client.create_tasks(TYPE, images(5), defaults=defaults).tasks


def soon(do: Callable[[], object], seconds: float = 0.1) -> None:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()


def listings(sandbox: Sandbox, since: int) -> int:
    return sum(one.path.startswith(("/v1/tasks", "/v2/tasks")) for one in sandbox.requests[since:])


def test_a_task(sandbox: Sandbox, tasks: list[Task]) -> None:
    task = tasks[0]
    soon(lambda: sandbox.complete(task.id))
    assert task.wait(timeout=10) is task
    assert task.status == "completed"
    assert "annotations" in task.response


def test_a_task_that_does_not_get_completed(sandbox: Sandbox, tasks: list[Task]) -> None:
    broken, canceled, *_ = tasks
    sandbox.fail(broken.id, "The file is no image.")
    with pytest.raises(ScaleTaskFailed, match=rf"{broken.id} is error: The file is no image\."):
        broken.wait(timeout=10)
    soon(lambda: Task(canceled.as_dict(), canceled._client).cancel())
    with pytest.raises(ScaleTaskFailed, match="is canceled") as caught:
        canceled.wait(timeout=10)
    assert caught.value.tasks == [canceled]


def test_all_tasks_in_the_order_given(
    client: ScaleClient, sandbox: Sandbox, tasks: list[Task]
) -> None:
    for task in tasks[3:]:
        sandbox.complete(task.id)
    soon(lambda: [sandbox.complete(task.id) for task in tasks[:3]])
    given: list[Task | str] = [tasks[4].id, *tasks[:4], tasks[0]]
    done = client.wait_for_tasks(given, timeout=10)
    assert [task.id for task in done] == [getattr(one, "id", one) for one in given]
    assert {task.status for task in done} == {"completed"}
    assert tasks[0].status == "completed"
    assert client.wait_for_tasks([]) == []


def test_tasks_that_failed_are_told_when_all_have_ended(
    client: ScaleClient, sandbox: Sandbox, tasks: list[Task]
) -> None:
    sandbox.fail(tasks[0].id)
    tasks[1].cancel()
    soon(lambda: [sandbox.complete(task.id) for task in tasks[2:]])
    with pytest.raises(ScaleTaskFailed, match=r"^2 tasks were not completed: task ") as caught:
        client.wait_for_tasks(tasks, timeout=10)
    assert sorted(task.id for task in caught.value.tasks) == sorted(t.id for t in tasks[:2])
    assert {task.status for task in tasks[2:]} == {"completed"}


def test_tasks_as_they_end(client: ScaleClient, sandbox: Sandbox, tasks: list[Task]) -> None:
    ended = client.as_completed(tasks, timeout=10)
    for task, end in zip(tasks, [sandbox.complete, sandbox.fail] * 2, strict=False):
        end(task.id)
        assert next(ended) == task
    tasks[4].cancel()
    assert [task.status for task in ended] == ["canceled"]


def test_all_tasks_of_a_project_or_batch(
    client: ScaleClient, sandbox: Sandbox, tasks: list[Task], defaults: dict[str, Any]
) -> None:
    batch = client.ensure_batch("plain", "week_11")
    more = client.create_tasks(TYPE, images(2), defaults={**defaults, "batch": batch.name}).tasks
    for task in [*tasks, *more]:
        sandbox.complete(task.id)
    assert len(list(client.as_completed(project_name="plain", timeout=10))) == 7
    assert set(client.as_completed(batch_name="week_11", timeout=10)) == set(more)
    wrong: dict[str, Any]
    for wrong in ({}, {"tasks": tasks, "batch_name": "week_11"}, {"tasks": 5}):
        with pytest.raises(ScaleArgumentError, match=r"^tasks "):
            client.as_completed(**wrong)


def test_tasks_of_several_projects(
    client: ScaleClient, sandbox: Sandbox, tasks: list[Task], defaults: dict[str, Any]
) -> None:
    other = client.create_task(
        TYPE, **{**defaults, "project": None}, attachment="https://example.com/a.jpg"
    )
    soon(lambda: [sandbox.complete(task.id) for task in [*tasks, other]])
    assert len(client.wait_for_tasks([*tasks, other], timeout=10)) == 6


@pytest.mark.slow
def test_a_look_is_one_listing_whatever_the_number(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the first, which looks for each way to end."""
    monkeypatch.setattr(_waiting, "_OVERLAP", _waiting._OVERLAP * 0)
    tasks = client.create_tasks(TYPE, images(250), defaults=defaults).tasks
    ended = client.as_completed(tasks, timeout=20)
    sandbox.complete(tasks[0].id)
    begun = len(sandbox.requests)
    assert next(ended) == tasks[0]
    assert listings(sandbox, begun) == 3
    for task in tasks[1:4]:
        begun = len(sandbox.requests)
        sandbox.complete(task.id)
        assert next(ended) == task
        assert listings(sandbox, begun) == 1


def test_tasks_that_a_journal_has(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any], tmp_path: Path
) -> None:
    """Only their ids are known; nothing is listed that is not theirs."""
    options: dict[str, Any] = {"defaults": defaults, "journal": tmp_path / "journal"}
    client.create_tasks(TYPE, images(3), **options)
    tasks = client.create_tasks(TYPE, images(3), **options).tasks
    for task in tasks:
        sandbox.complete(task.id)
    assert tasks[0].wait(timeout=10).status == "completed"
    begun = len(sandbox.requests)
    assert len(client.wait_for_tasks(tasks, timeout=10)) == 3
    assert listings(sandbox, begun) == 0
    rows = [{"template_variables": {"prompt": "?"}}]
    options["defaults"] = {"project_name": "dialogues"}
    options["journal"] = tmp_path / "chats"
    client.v2.create_chat_tasks(rows, **options)
    (chat,) = client.v2.create_chat_tasks(rows, **options).tasks
    sandbox.complete(chat.task_id)
    assert client.v2.wait_for_tasks([chat], timeout=10)[0].status == "completed"


def test_time_is_up(client: ScaleClient, tasks: list[Task]) -> None:
    for wait in (
        lambda: tasks[0].wait(0.2),
        lambda: client.wait_for_tasks(tasks, 0.2),
        lambda: list(client.as_completed(tasks, timeout=0.2)),
    ):
        begun = time.monotonic()
        with pytest.raises(TimeoutError, match=r"did not end within 0\.2 s"):
            wait()
        assert time.monotonic() - begun < 5


def test_time_is_up_in_the_middle_of_a_request(sandbox: Sandbox, tasks: list[Task]) -> None:
    sandbox.faults.add("GET /v1/task/* hang")
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match="did not end"):
        tasks[0].wait(0.5)
    assert time.monotonic() - begun < 5
    sandbox.faults.clear()


def test_time_is_up_while_tasks_are_asked_for(
    client: ScaleClient, sandbox: Sandbox, tasks: list[Task]
) -> None:
    """Ids are asked for one by one, and a project is a listing, before the first look."""
    ids = [task.id for task in tasks]
    rows = [{"template_variables": {"prompt": "?"}}] * 5
    chats = client.v2.create_chat_tasks(rows, defaults={"project_name": "dialogues"}).tasks
    sandbox.set_latency(2)
    try:
        for wait in (
            lambda: client.wait_for_tasks(ids, 0.5),
            lambda: client.v2.wait_for_tasks([chat.task_id for chat in chats], 0.5),
            lambda: client.as_completed(project_name="plain", timeout=0.1),
            lambda: client.v2.as_completed(project_name="dialogues", timeout=0.1),
        ):
            begun = time.monotonic()
            with pytest.raises(TimeoutError, match="did not end within"):
                list(wait())
            assert time.monotonic() - begun < 1.8
    finally:
        sandbox.set_latency(0)


def test_a_timeout_beyond_all_numbers(
    client: ScaleClient, sandbox: Sandbox, tasks: list[Task]
) -> None:
    sandbox.complete(tasks[0].id)
    for timeout in (10**400, float("inf")):
        tasks[0].wait(timeout)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), "5", True])
def test_a_bad_timeout(client: ScaleClient, tasks: list[Task], timeout: Any) -> None:
    for wait in (tasks[0].wait, lambda t: client.wait_for_tasks(tasks, t)):
        with pytest.raises(ScaleArgumentError, match=r"^timeout "):
            wait(timeout)


def test_an_outage_that_passes_does_not_end_a_wait(
    client: ScaleClient, sandbox: Sandbox, tasks: list[Task]
) -> None:
    hasty = client.with_options(max_retries=0)
    sandbox.faults.add("GET /v1/tasks* 500 first 4")
    soon(lambda: [sandbox.complete(task.id) for task in tasks])
    assert len(hasty.wait_for_tasks(tasks, timeout=10)) == 5
    sandbox.faults.add("GET /v1/tasks* 500")
    canceled = [Task({**task.as_dict(), "status": "pending"}, hasty) for task in tasks]
    with pytest.raises(ScaleInternalError):
        hasty.wait_for_tasks(canceled, timeout=10)
    sandbox.faults.clear()


def test_intervals_grow_and_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(_waiting, "FIRST_INTERVAL", 1.0)
    monkeypatch.setattr(_waiting.time, "sleep", slept.append)
    looks = _waiting.polls(lambda deadline: None, "it", _waiting.Deadline(None), None)
    for _ in range(15):
        next(looks)
    assert 0.8 <= slept[0] <= 1.2
    assert 48 <= slept[-1] <= 72
    assert len(set(slept)) == len(slept)


# Between the creation of a socket and its assignment, only the interpreter can close it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_leaves_nothing_behind(client: ScaleClient, tasks: list[Task]) -> None:
    threads = threading.active_count()
    ended = client.as_completed(tasks, timeout=30)
    soon(lambda: signal.raise_signal(signal.SIGINT), 0.2)
    with pytest.raises(KeyboardInterrupt):
        list(ended)
    assert threading.active_count() <= threads + 1  # the timer


def test_a_batch(client: ScaleClient, sandbox: Sandbox) -> None:
    batch = client.ensure_batch("parcels", "week_11")
    with pytest.raises(ScaleArgumentError, match=r"'week_11' is staging.*batch\.finalize"):
        batch.wait(timeout=10)
    geometries = {"box": {"objects_to_annotate": ["a"]}}
    tasks = client.create_tasks(
        TYPE, images(3), defaults={"batch": "week_11", "geometries": geometries}
    ).tasks
    batch.finalize()
    with pytest.raises(TimeoutError, match="batch 'week_11' did not end within"):
        batch.wait(timeout=0.1)
    sandbox.fail(tasks[0].id)
    soon(lambda: [sandbox.complete(task.id) for task in tasks[1:]])
    assert batch.wait(timeout=10) is batch
    assert (batch.status, batch.tasks_completed, batch.tasks_error) == ("completed", 2, 1)
    assert batch.completed_at


def test_tasks_of_v2(client: ScaleClient, sandbox: Sandbox) -> None:
    rows = [{"template_variables": {"prompt": str(n)}} for n in range(4)]
    tasks = client.v2.create_chat_tasks(rows, defaults={"project_name": "dialogues"}).tasks
    ids = [task.task_id for task in tasks]
    ended = client.v2.as_completed(project_name="dialogues", timeout=10)
    for task_id, end in zip(ids, [sandbox.complete, sandbox.fail], strict=False):
        end(task_id)
        assert next(ended).task_id == task_id
    client.cancel_task(ids[2])
    assert next(ended).status == "canceled"
    soon(lambda: sandbox.complete(ids[3]))
    done = client.v2.wait_for_tasks([ids[3], tasks[0]], timeout=10)
    assert [task.task_id for task in done] == [ids[3], ids[0]]
    with pytest.raises(ScaleTaskFailed, match=r"^2 tasks were not completed") as caught:
        client.v2.wait_for_tasks(tasks, timeout=10)
    assert len(caught.value.tasks) == 2
    with pytest.raises(ScaleArgumentError, match=r"^tasks "):
        client.v2.as_completed()


def test_a_batch_of_v2(client: ScaleClient, sandbox: Sandbox) -> None:
    v2 = client.v2
    batch = v2.create_batch(name="talk", project_name="dialogues", staging_batch=True)
    with pytest.raises(ScaleArgumentError, match="is staging"):
        v2.wait_for_batch(batch.id)
    rows = [{"template_variables": {"prompt": "?"}, "batch_id": batch.id}]
    (task,) = v2.create_chat_tasks(rows, defaults={"project_name": "dialogues"}).tasks
    v2.finalize_batch(batch.id)
    with pytest.raises(TimeoutError):
        v2.wait_for_batch(batch_name="talk", timeout=0.1)
    soon(lambda: sandbox.complete(task.task_id))
    assert v2.wait_for_batch(batch_name="talk", timeout=10).status == "completed"
    wrong: dict[str, Any]
    for wrong in ({}, {"batch_id": "a", "batch_name": "b"}):
        with pytest.raises(ScaleArgumentError, match=r"^batch_id "):
            v2.wait_for_batch(**wrong)
