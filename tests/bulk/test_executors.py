"""Rows created by executors: threads, and processes that may be killed."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from scaleapi import RateLimiter, RowOutcome, ScaleArgumentError, ScaleClient, ScaleException, Task
from scaleapi.sandbox import Sandbox
from tests.bulk.conftest import images

TYPE = "imageannotation"


class Elsewhere(Executor):
    """Runs each function at once and from a pickle, as another machine would."""

    def __init__(self) -> None:
        self.submitted: list[tuple[Any, ...]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted.append((fn, *args))
        function, arguments = pickle.loads(pickle.dumps((fn, args)))
        future: Future[Any] = Future()
        try:
            future.set_result(pickle.loads(pickle.dumps(function(*arguments, **kwargs))))
        except Exception as error:  # noqa: BLE001 - raised in the caller
            future.set_exception(error)
        return future


def creations(sandbox: Sandbox) -> int:
    """Return how many creations the service was asked for, of the last 1,000 requests."""
    return sum(one.method == "POST" and "/v1/task/" in one.path for one in sandbox.requests)


def parse_time(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def by_number(outcome: RowOutcome[Task]) -> int:
    return outcome.number


@pytest.fixture(params=["threads", pytest.param("elsewhere", marks=pytest.mark.slow)])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with ThreadPoolExecutor(4) if request.param == "threads" else Elsewhere() as executor:
        yield executor


@pytest.fixture
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


def test_each_row_is_a_task(
    client: ScaleClient, defaults: dict[str, Any], executor: Executor
) -> None:
    rows: list[Any] = [*images(150), {"metadata": {"a": object()}}, "text"]
    seen: list[int] = []
    result = client.create_tasks(
        TYPE,
        rows,
        defaults=defaults,
        executor=executor,
        progress=lambda progress: seen.append(progress.done),
    )
    assert repr(result) == "BulkResult(created=150, existing=0, failed=2)"
    for number, outcome in enumerate(sorted(result.created, key=by_number)):
        assert (outcome.number, outcome.row) == (number, rows[number])
        assert outcome.task is not None
        assert outcome.task.params["attachment"] == rows[number]["attachment"]
    assert seen == list(range(1, 153))
    result.tasks[0].refresh()
    assert client.get_tasks_count("plain") == 150


@pytest.mark.parametrize("unique_id", [None, "scan-{id}"])
def test_runs_with_and_without_it_are_the_same(
    client: ScaleClient,
    sandbox: Sandbox,
    tmp_path: Path,
    defaults: dict[str, Any],
    executor: Executor,
    unique_id: str | None,
) -> None:
    """They have the same keys, and one journal."""
    options: dict[str, Any] = {"defaults": defaults, "unique_id": unique_id}
    journal = tmp_path / "journal"
    first = client.create_tasks(TYPE, images(20), journal=journal, **options)
    second = client.create_tasks(TYPE, images(40), executor=executor, **options)
    assert (len(second.existing), len(second.created)) == (20, 20)
    assert second.tasks[:20] == first.tasks
    sent = creations(sandbox)
    third = client.create_tasks(TYPE, images(40), executor=executor, journal=journal, **options)
    assert creations(sandbox) == sent + 20
    assert third.tasks == second.tasks
    fourth = client.create_tasks(TYPE, images(40), journal=journal, **options)
    assert creations(sandbox) == sent + 20
    assert fourth.tasks == second.tasks
    assert client.get_tasks_count("plain") == 40


def test_what_was_under_way_is_finished_and_not_made_twice(
    client: ScaleClient, tmp_path: Path, defaults: dict[str, Any]
) -> None:
    """Cut after each line, the journal is that of a program that died there."""
    whole = tmp_path / "whole"
    options: dict[str, Any] = {"defaults": defaults, "executor": Elsewhere()}
    first = client.create_tasks(TYPE, images(4), journal=whole, **options)
    lines = whole.read_bytes().splitlines(keepends=True)
    assert len(lines) == 9
    for count in range(len(lines) + 1):
        journal = tmp_path / f"cut {count}"
        journal.write_bytes(b"".join(lines[:count]))
        again = client.create_tasks(TYPE, images(4), journal=journal, **options)
        assert again.tasks == first.tasks
        assert not again.failed
    assert client.get_tasks_count("plain") == 4


def test_rows_that_failed_are_tried_again(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any], executor: Executor
) -> None:
    sandbox.faults.add("POST /v1/task/* 500 after-commit 50% seed 3")
    unlucky = client.with_options(max_retries=0)
    result = unlucky.create_tasks(TYPE, images(40), defaults=defaults, executor=executor)
    assert result.failed
    assert all(isinstance(outcome.error, ScaleException) for outcome in result.failed)
    with pytest.raises(ScaleException, match="This was row 0"):
        unlucky.create_tasks(TYPE, [{}], defaults=defaults, executor=executor, on_error="raise")
    sandbox.faults.clear()
    again = result.retry_failed()
    assert not again.failed
    assert client.get_tasks_count("plain") == 40


def test_an_endless_iterable_is_read_as_it_is_needed(
    client: ScaleClient, tmp_path: Path, defaults: dict[str, Any]
) -> None:
    """When the caller stops, the journal has what was done since."""
    read: list[int] = []

    def endless() -> Iterator[dict[str, Any]]:
        for number in itertools.count():
            read.append(number)
            yield {"attachment": f"https://example.com/{number}.jpg"}

    journal = tmp_path / "journal"
    with ThreadPoolExecutor(3) as executor:
        outcomes = client.iter_create_tasks(
            TYPE, endless(), defaults=defaults, executor=executor, workers=3, journal=journal
        )
        assert len(list(itertools.islice(outcomes, 30))) == 30
        outcomes.close()
    assert len(read) < 30 + 5 * 8
    assert journal.read_text().count("task_id") == client.get_tasks_count("plain")


def test_large_rows_are_in_small_shards(client: ScaleClient, defaults: dict[str, Any]) -> None:
    executor = Elsewhere()
    rows = [{**image, "instruction": "x" * 400_000} for image in images(7)]
    client.create_tasks(TYPE, rows, defaults=defaults, executor=executor)
    assert [len(items) for _, items in executor.submitted] == [3, 3, 1]


@pytest.mark.parametrize("call", ["create_evaluation_tasks", "create_training_tasks", "chat"])
def test_the_other_kinds(client: ScaleClient, call: str) -> None:
    rows: list[dict[str, Any]] = images(3)
    defaults: dict[str, Any] = {
        "project": "parcels",
        "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
        "expected_response": {"annotations": []},
    }
    create: Any = client.v2.create_chat_tasks
    if call == "chat":
        rows = [{"template_variables": {"prompt": str(n)}} for n in range(3)]
        defaults = {"project_name": "dialogues"}
    else:
        create = partial(getattr(client, call), TYPE)
    first = create(rows, defaults=defaults, executor=Elsewhere())
    assert len(first.created) == 3
    second = create(rows, defaults=defaults)
    assert len(second.existing) == 3
    assert type(second.tasks[0]) is type(first.tasks[0])


# Arguments and secrets


class Budget:
    """A limiter of the caller's."""

    turns = 0

    def acquire(self) -> None:
        Budget.turns += 1


def test_a_limiter_of_the_callers(
    client: ScaleClient, defaults: dict[str, Any], executor: Executor
) -> None:
    Budget.turns = 0
    client.create_tasks(TYPE, images(20), defaults=defaults, executor=executor, rate=Budget())
    assert Budget.turns == 20


def test_a_limiter_that_cannot_be_sent_is_an_error(client: ScaleClient) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^rate must be a number, which is divided"):
        client.create_tasks(TYPE, [], executor=Elsewhere(), rate=RateLimiter(5))
    with ThreadPoolExecutor(1) as executor:
        client.create_tasks(TYPE, [], executor=executor, rate=RateLimiter(5))


@pytest.mark.parametrize("executor", [5, "dask", object()])
def test_what_is_no_executor_is_named_at_once(client: ScaleClient, executor: Any) -> None:
    for create in (client.iter_create_tasks, client.create_evaluation_tasks):
        with pytest.raises(
            ScaleArgumentError, match=r"^executor must be an object with submit\(\)"
        ):
            create(TYPE, [], executor=executor)


def test_a_dry_run_hands_nothing_to_the_executor(
    client: ScaleClient, defaults: dict[str, Any]
) -> None:
    executor = Elsewhere()
    result = client.create_tasks(
        TYPE, images(3), defaults=defaults, executor=executor, dry_run=True
    )
    assert len(result.checked) == 3
    assert not executor.submitted


def test_the_key_is_in_the_function_only_and_not_in_its_repr(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any]
) -> None:
    """Executors show functions and arguments, and may write large arguments to a disk."""
    executor = Elsewhere()
    client.create_tasks(TYPE, images(3), defaults=defaults, executor=executor)
    ((function, items),) = executor.submitted
    assert sandbox.live_key not in repr((function, items))
    key = sandbox.live_key.encode()
    assert key in pickle.dumps(function)
    assert key not in pickle.dumps(items)
    assert len(pickle.dumps(function)) < 20_000
    assert all(not item.row for item in items)


def test_no_key_comes_back_from_a_worker(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any]
) -> None:
    executor = Elsewhere()
    client.create_tasks(TYPE, [*images(2), {}], defaults=defaults, executor=executor)
    ((function, items),) = executor.submitted
    assert sandbox.live_key.encode() not in pickle.dumps(function(items))


# Processes


@pytest.mark.slow
def test_processes(
    client: ScaleClient, defaults: dict[str, Any], processes: ProcessPoolExecutor
) -> None:
    options: dict[str, Any] = {"defaults": defaults, "executor": processes}
    first = client.create_tasks(TYPE, images(600), **options)
    assert len(first.created) == 600
    assert client.get_tasks_count("plain") == 600
    assert len(client.create_tasks(TYPE, images(600), **options).existing) == 600


@pytest.mark.slow
@pytest.mark.parametrize("journal", [False, True])
def test_a_process_that_is_killed(
    client: ScaleClient,
    sandbox: Sandbox,
    tmp_path: Path,
    defaults: dict[str, Any],
    journal: bool,
) -> None:
    """The call says so, and the next one finishes."""
    sandbox.faults.add("POST /v1/task/* reset after-commit 5% seed 1")
    # With the default, one run in 40 would have a row that meets four faults in a row.
    client = client.with_options(max_retries=8)
    options: dict[str, Any] = {
        "defaults": defaults,
        "journal": tmp_path / "journal" if journal else None,
        "workers": 3,
    }
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:

        def kill() -> None:
            while client.get_tasks_count("plain") < 150:
                time.sleep(0.01)
            os.kill(next(iter(executor._processes)), signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(BrokenExecutor, match="Make the same call again to go on"):
            client.create_tasks(TYPE, images(2000), executor=executor, **options)
        killer.join()
    assert 150 <= client.get_tasks_count("plain") < 2000
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        last = client.create_tasks(TYPE, images(2000), executor=executor, **options)
    assert not last.failed
    assert len(last.tasks) == 2000
    assert client.get_tasks_count("plain") == 2000


@pytest.mark.slow
def test_a_rate_is_divided(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any], processes: ProcessPoolExecutor
) -> None:
    """No second has more calls than the rate, give or take some for how exact a clock is."""
    client.create_tasks(TYPE, images(2), defaults=defaults, executor=processes)  # they have started
    before = len(sandbox.requests)
    client.create_tasks(
        TYPE, images(200)[2:], defaults=defaults, executor=processes, workers=2, rate=60
    )
    times = [parse_time(one.time) for one in sandbox.requests[before:]]
    assert len(times) == 198
    for begin in times:
        assert sum(begin <= time < begin + 1 for time in times) <= 66


PROGRAM = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from scaleapi import ScaleClient

client = ScaleClient(sys.argv[1], api_instance_url=sys.argv[2])
rows = [{"attachment": f"https://example.com/{n}.jpg"} for n in range(3)]
defaults = {"project": "plain", "geometries": {"box": {"objects_to_annotate": ["a"]}}}
with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
    {call}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "call",
    [
        "client.create_tasks('imageannotation', rows, defaults=defaults, executor=executor)",
        "client.export_tasks('plain', sys.argv[3], executor=executor)",
    ],
)
def test_a_script_without_a_guard(
    client: ScaleClient, sandbox: Sandbox, tmp_path: Path, defaults: dict[str, Any], call: str
) -> None:
    """The last line says what to change."""
    client.create_tasks(TYPE, images(1), defaults=defaults)
    script = tmp_path / "script.py"
    script.write_text(PROGRAM.replace("{call}", call))
    ran = subprocess.run(
        [sys.executable, script, sandbox.live_key, sandbox.url, tmp_path / "out"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert '`if __name__ == "__main__":`' in ran.stderr.strip().splitlines()[-1]
    assert sandbox.live_key not in ran.stderr
