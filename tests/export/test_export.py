"""An export has every task once, whatever the service and the caller do meanwhile."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleArgumentError, ScaleBadResponse, ScaleClient, ScaleException
from scaleapi.bulk.executors import Shared
from scaleapi.exceptions import ScaleInternalError
from scaleapi.export import compact
from tests.export.conftest import Connect, exported, ids
from tests.export.task_list import DAY, TaskList, spread, stamp, task
from tests.wire.server import Reply


@pytest.mark.parametrize("inclusive", [True, False])
def test_every_task_is_exported_once_as_it_was_sent(
    connect: Connect, tmp_path: Path, inclusive: bool
) -> None:
    service = TaskList(spread(250, timedelta(milliseconds=1)), inclusive=inclusive)
    export = connect(service).export_tasks("parcels", tmp_path / "out", window=20)
    assert sorted(exported(tmp_path / "out"), key=lambda one: one["task_id"]) == service.tasks
    assert export.tasks == 250
    assert len(export.files) > 10


def test_the_manifest_says_what_there_is(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(30))
    export = connect(service).export_tasks("parcels", tmp_path, window=10, status="completed")
    manifest = json.loads((tmp_path / "_manifest.json").read_text())
    assert manifest["filters"] == {"project": "parcels", "status": "completed"}
    (run,) = manifest["runs"]
    assert run["service_time"].startswith("20")
    assert sum(file["tasks"] for file in run["files"]) == export.tasks == 30
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"_manifest.json", *(file["name"] for file in run["files"])}


def test_an_empty_project_is_an_empty_export(connect: Connect, tmp_path: Path) -> None:
    export = connect(TaskList()).export_tasks("parcels", tmp_path)
    assert (export.tasks, export.files) == (0, [])


def test_a_finished_export_is_not_read_again(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(30))
    client = connect(service)
    first = client.export_tasks("parcels", tmp_path)
    asked = len(service.queries)
    assert client.export_tasks("parcels", tmp_path) == first
    assert len(service.queries) == asked


def test_tasks_that_arrive_meanwhile_are_left_to_the_next_run(
    connect: Connect, tmp_path: Path
) -> None:
    service = TaskList(spread(300))
    before = ids(service.tasks)

    def arrive(number: int) -> None:
        service.tasks.append(task(10_000 + number, DAY + timedelta(days=1, minutes=number)))

    service.before_page = arrive
    connect(service).export_tasks("parcels", tmp_path, window=50)
    assert len(service.tasks) > 300
    assert ids(exported(tmp_path)) == before


def test_a_run_that_failed_goes_on(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(100))
    client = connect(service).with_options(max_retries=0)
    pages = 0

    def fail_later(number: int) -> None:
        nonlocal pages
        pages += 1
        if pages > 4:
            raise ConnectionError

    service.before_page = fail_later
    with pytest.raises(ScaleException):
        client.export_tasks("parcels", tmp_path, window=10, workers=1)
    there = set(tmp_path.glob("tasks-*"))
    assert len(there) == 4
    assert not (tmp_path / "_manifest.json").exists()
    changed = {path: path.stat().st_mtime_ns for path in there}
    # What arrives between must not move the windows.
    service.tasks.append(task(5_000, DAY + timedelta(seconds=30)))
    service.tasks.append(task(5_001, DAY + timedelta(days=1)))
    service.before_page = lambda number: None
    export = client.export_tasks("parcels", tmp_path, window=10)
    assert {path: path.stat().st_mtime_ns for path in there} == changed
    found = ids(exported(tmp_path))
    assert len(found) == len(set(found)) == export.tasks
    assert set(found) >= set(ids(spread(100)))
    assert f"{5_001:024x}" not in found


def test_a_file_of_a_finished_export_is_gone(connect: Connect, tmp_path: Path) -> None:
    """An export that is returned as it is must be there."""
    client = connect(TaskList(spread(30)))
    (file, *_) = client.export_tasks("parcels", tmp_path, window=10).files
    (tmp_path / file.name).unlink()
    with pytest.raises(ScaleArgumentError, match=f"{file.name} has been removed"):
        client.export_tasks("parcels", tmp_path)
    with pytest.raises(ScaleArgumentError, match=f"{file.name} has been removed"):
        compact(tmp_path)


@pytest.mark.parametrize("below", ["", "below", "below/below"])
def test_a_path_that_leads_through_a_file(connect: Connect, tmp_path: Path, below: str) -> None:
    client, file = connect(TaskList(spread(3))), tmp_path / "file"
    file.touch()
    with pytest.raises(ScaleArgumentError, match=r"path must be a folder, but .*file' is a file"):
        client.export_tasks("parcels", file / below)
    with pytest.raises(ScaleArgumentError, match="path must be a"):
        client.export_annotations("parcels", file / below)


def test_leftovers_of_killed_processes_go_away(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "_temporary-0123-tasks-0001-00001.jsonl").write_text("{half a ta")
    connect(TaskList(spread(3))).export_tasks("parcels", tmp_path)
    assert not list(tmp_path.glob("_temporary-*"))


@pytest.mark.parametrize(
    "change", [{"format": "parquet"}, {"status": "pending"}, {"download_results": True}]
)
def test_another_export_in_the_folder_is_an_error(
    connect: Connect, tmp_path: Path, change: dict[str, Any]
) -> None:
    client = connect(TaskList(spread(3)))
    client.export_tasks("parcels", tmp_path)
    with pytest.raises(ScaleArgumentError, match="path has an export with"):
        client.export_tasks("parcels", tmp_path, **change)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 2}', "\x00", "[" * 100_000])
def test_a_damaged_manifest_is_an_error(connect: Connect, tmp_path: Path, content: str) -> None:
    (tmp_path / "_manifest.json").write_text(content)
    with pytest.raises(ScaleArgumentError, match=r"_manifest\.json that cannot be read"):
        connect(TaskList()).export_tasks("parcels", tmp_path)


def test_a_manifest_names_no_other_files(connect: Connect, tmp_path: Path) -> None:
    """They may be removed."""
    connect(TaskList(spread(3))).export_tasks("parcels", tmp_path)
    manifest = tmp_path / "_manifest.json"
    manifest.write_text(manifest.read_text().replace("tasks-0001-00001", "../precious"))
    with pytest.raises(ScaleArgumentError, match="not the name of a file of an export"):
        compact(tmp_path)


def test_a_page_that_comes_twice_gives_no_task_twice(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(150))
    service.tasks += spread(150)[20:40]  # the list has them twice
    connect(service).export_tasks("parcels", tmp_path)
    assert ids(exported(tmp_path)) == ids(spread(150))


def test_tasks_that_the_service_counts_and_does_not_list_are_missed(
    connect: Connect, tmp_path: Path
) -> None:
    service = TaskList(spread(50))
    service.lost = {service.tasks[7]["task_id"], service.tasks[8]["task_id"]}
    with pytest.warns(UserWarning, match="counted 2 tasks more than it listed"):
        export = connect(service).export_tasks("parcels", tmp_path)
    assert (export.tasks, sum(file.missing for file in export.files)) == (48, 2)


def test_a_range_of_creation_times(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(60))
    connect(service).export_tasks(
        "parcels",
        tmp_path,
        created_after=DAY + timedelta(minutes=10),
        created_before=stamp(DAY + timedelta(minutes=19)),
        window=4,
    )
    assert ids(exported(tmp_path)) == ids(spread(60)[10:20])


@pytest.mark.parametrize(
    "newest", ["0001-01-01T00:00:00+14:00", None, 5, "9999-12-31T23:59:59.999Z"]
)
def test_times_at_the_end_of_time(connect: Connect, tmp_path: Path, newest: Any) -> None:
    """The newest task tells until when tasks are exported; the others are not lost with it."""
    service = TaskList(spread(30))
    client = connect(service)
    odd = task(99, DAY, created_at=newest)
    service.before_list = lambda found: [odd, *found]
    export = client.export_tasks("parcels", tmp_path, window=100)
    assert {task["task_id"] for task in service.tasks} <= {*ids(exported(tmp_path))}
    assert export.tasks >= 30


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc)),
        (date.min, date.max),
        ("0001-01-01", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_all_of_time(connect: Connect, tmp_path: Path, early: Any, late: Any) -> None:
    service = TaskList(spread(30))
    connect(service).export_tasks(
        "parcels", tmp_path, created_after=early, created_before=late, window=10
    )
    assert ids(exported(tmp_path)) == ids(service.tasks)


def test_tasks_that_are_counted_and_none_is_listed(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(5))
    service.lost = {task["task_id"] for task in service.tasks}
    with pytest.warns(UserWarning, match="counted 5 tasks more than it listed"):
        assert connect(service).export_tasks("parcels", tmp_path).tasks == 0


def test_a_service_that_does_not_know_the_filters_of_time(connect: Connect, tmp_path: Path) -> None:
    class Timeless(TaskList):
        def _matches(self, one: dict[str, Any], query: dict[str, list[str]]) -> bool:
            return True

    service = Timeless(spread(30))
    with pytest.raises(ScaleBadResponse, match="creation time"):
        connect(service).export_tasks("parcels", tmp_path, window=10)
    assert len(service.queries) < 1_000


def test_a_run_that_finished_while_another_was_planned(connect: Connect, tmp_path: Path) -> None:
    """Its plan has the same names for other windows, and would take its files away."""
    service = TaskList(spread(100))
    client, other = connect(service), connect(service)

    def finish_first(number: int) -> None:
        service.before_count = lambda number: None
        other.export_tasks("parcels", tmp_path, window=10)
        service.tasks[:] = spread(30)
        files.update({path.name: path.read_bytes() for path in tmp_path.iterdir()})

    files: dict[str, bytes] = {}
    service.before_count = finish_first
    export = client.export_tasks("parcels", tmp_path, window=10)
    assert export.tasks == 100
    assert files == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_limit_is_the_size_of_pages(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(10))
    connect(service).export_tasks("parcels", tmp_path, limit=5)
    assert service.pages == 2
    assert ids(exported(tmp_path)) == ids(spread(10))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"format": "csv"}, "format must be 'jsonl' or 'parquet', not 'csv'"),
        ({"format": None}, "format must be"),
        ({"window": 0}, "window must be a whole number from 1"),
        ({"rate": 0}, "rate must be requests per second"),
        ({"rate": float("nan")}, "rate must be"),
        ({"rate": True}, "rate must be"),
        ({"workers": 0}, "workers must be"),
        ({"executor": "dask"}, r"executor must be an object with submit\(\)"),
        ({"executor": ThreadPoolExecutor}, r"executor must be an object with submit\(\)"),
        ({"limited_response": True}, "limited_response"),
        ({"next_token": "x"}, "next_token"),
        ({"stauts": "completed"}, "stauts is an illegal parameter"),
        ({"created_after": "last week"}, "created_after must be a date"),
        ({"since": "nowhere"}, "since must be the folder of a finished export; .*nowhere has none"),
        ({"since": "nowhere", "updated_after": "2026-01-01"}, "since must not be given with"),
        ({"since": 5}, "since must be the path"),
        ({"limit": 101}, "limit must be"),
    ],
)
def test_bad_arguments_are_named(
    connect: Connect, tmp_path: Path, arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(ScaleArgumentError, match=named):
        connect(TaskList()).export_tasks("parcels", tmp_path, **arguments)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", ["", None, 5, b"out", "a\0b", "\ud800", Path("a\0b")])
def test_a_path_that_is_none(connect: Connect, path: Any) -> None:
    with pytest.raises(ScaleArgumentError, match="path must be the path or URL of a folder"):
        connect(TaskList()).export_tasks("parcels", path)


def test_a_project_or_a_batch_is_needed(connect: Connect, tmp_path: Path) -> None:
    client = connect(TaskList(task(number, DAY, batch="week_1") for number in range(3)))
    with pytest.raises(ScaleArgumentError, match="project or batch_name must be given"):
        client.export_tasks(None, tmp_path)
    assert client.export_tasks(None, tmp_path, batch_name="week_1").tasks == 3


def test_rate_with_an_executor_needs_the_number_of_workers(
    connect: Connect, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(2) as executor, pytest.raises(ScaleArgumentError, match="workers"):
        connect(TaskList()).export_tasks("parcels", tmp_path, executor=executor, rate=5)


def test_rate_is_divided_among_the_workers(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(40))
    client = connect(service)
    began = time.monotonic()
    client.export_tasks("parcels", tmp_path, window=10, workers=2, rate=100)
    # Not faster than the rate allows; how much slower is the machine's affair.
    assert len(service.queries) / (time.monotonic() - began) < 110


def test_progress_is_told(connect: Connect, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    connect(TaskList(spread(40))).export_tasks(
        "parcels", tmp_path, window=10, progress=lambda done, of: told.append((done, of))
    )
    assert told[-1] == (40, 40)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_progress_that_raises_ends_the_run(connect: Connect, tmp_path: Path) -> None:
    def progress(done: int, of: int) -> None:
        raise KeyboardInterrupt

    client = connect(TaskList(spread(40)))
    with pytest.raises(KeyboardInterrupt):
        client.export_tasks("parcels", tmp_path, window=10, progress=progress)
    client.export_tasks("parcels", tmp_path, window=10)
    assert ids(exported(tmp_path)) == ids(spread(40))


def test_other_threads(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(100))
    with ThreadPoolExecutor(3) as executor:
        connect(service).export_tasks("parcels", tmp_path, window=10, executor=executor)
    assert ids(exported(tmp_path)) == ids(service.tasks)


@pytest.mark.slow
def test_other_processes(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(100))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        connect(service).export_tasks(
            "parcels", tmp_path, window=10, executor=executor, format="parquet"
        )
    from pyarrow import dataset

    table = dataset.dataset(tmp_path).to_table()
    assert sorted(table["task_id"].to_pylist()) == ids(service.tasks)


def test_two_runs_at_once_in_one_folder(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(200))
    client = connect(service)
    with ThreadPoolExecutor(2) as both:
        runs = [both.submit(client.export_tasks, "parcels", tmp_path, window=20) for _ in "ab"]
        exports = [run.result() for run in runs]
    assert exports[0] == exports[1]
    assert ids(exported(tmp_path)) == ids(service.tasks)


def test_the_first_error_ends_the_run(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(500))

    class Failing(TaskList):
        def __call__(self, request):  # type: ignore[no-untyped-def]
            reply = super().__call__(request)
            if "next_token" not in request.query and request.query.get("limit") != ["1"]:
                return Reply({"error": "broken"}, 500)
            return reply

    failing = Failing(service.tasks)
    client = connect(failing).with_options(max_retries=0)
    with pytest.raises(ScaleInternalError):
        client.export_tasks("parcels", tmp_path, window=10, workers=2)
    assert sum(query.get("limit") != ["1"] for query in failing.queries) < 10


def test_keys_are_in_no_file(connect: Connect, tmp_path: Path) -> None:
    client: ScaleClient = connect(TaskList(spread(10)))
    client.export_tasks("parcels", tmp_path)
    assert not any(b"live_key" in path.read_bytes() for path in tmp_path.iterdir())


def test_a_process_has_one_client_however_often_it_is_pickled() -> None:
    shared = Shared(ScaleClient("live_key"))
    copies = [pickle.loads(pickle.dumps(shared)) for _ in range(3)]
    assert copies[0].value.api.api_key == "live_key"
    assert len({id(copy.value) for copy in copies}) == 1
