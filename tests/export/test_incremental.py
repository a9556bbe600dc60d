"""What has changed since an export, and one set of files of both."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pyarrow import dataset

from scaleapi import ScaleArgumentError
from scaleapi.export import compact, compaction
from tests.export.conftest import Connect, exported, ids
from tests.export.task_list import DAY, TaskList, spread, stamp, task


def rows(folder: Path, format: str) -> list[dict[str, Any]]:
    """Return id and metadata of every task in a folder."""
    if format == "jsonl":
        return exported(folder)
    found = dataset.dataset(folder).to_table().to_pylist()
    return [{**row, "metadata": json.loads(row["metadata"])} for row in found]


def change(service: TaskList, *numbers: int) -> None:
    """Change the metadata of tasks."""
    for number in numbers:
        service.tasks[number] = {
            **service.tasks[number],
            "updated_at": stamp(datetime.now(timezone.utc)),
            "metadata": {"number": number, "changed": True},
        }


def test_only_what_changed_is_exported(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(100))
    client = connect(service)
    client.export_tasks("parcels", tmp_path, window=30)
    before = {path: path.read_bytes() for path in tmp_path.glob("tasks-*")}
    change(service, 3, 77)
    service.tasks.append(task(500, datetime.now(timezone.utc)))
    export = client.export_tasks("parcels", tmp_path, since=tmp_path)
    assert {path: path.read_bytes() for path in before} == before
    assert export.tasks == 103
    assert len(export.runs) == 2
    assert ids(exported(tmp_path)) == sorted(
        ids([*service.tasks, *service.tasks[3:4], *service.tasks[77:78]])
    )


def test_a_later_run_begins_a_little_before_the_earlier_one_did(
    connect: Connect, tmp_path: Path
) -> None:
    service = TaskList(spread(5))
    client = connect(service)
    first = client.export_tasks("parcels", tmp_path)
    client.export_tasks("parcels", tmp_path, since=tmp_path)
    (after,) = service.queries[-1]["updated_after"]
    began = datetime.fromisoformat(first.runs[0].service_time.replace("Z", "+00:00"))
    assert after == stamp(began - timedelta(minutes=1))


def test_the_service_tells_the_time(connect: Connect, tmp_path: Path) -> None:
    """The clock of this machine may be wrong."""

    class Late(TaskList):
        def __call__(self, request):  # type: ignore[no-untyped-def]
            reply = super().__call__(request)
            return type(reply)(reply.content, 200, {"Date": "Mon, 05 Jan 2026 12:00:00 GMT"})

    export = connect(Late(spread(5))).export_tasks("parcels", tmp_path)
    assert export.runs[0].service_time == "2026-01-05T12:00:00.000Z"


def test_without_a_date_the_newest_task_tells_the_time(connect: Connect, tmp_path: Path) -> None:
    class Dateless(TaskList):
        def __call__(self, request):  # type: ignore[no-untyped-def]
            reply = super().__call__(request)
            return type(reply)(reply.content, 200, {"Date": None})

    export = connect(Dateless(spread(5))).export_tasks("parcels", tmp_path)
    assert export.runs[0].service_time == stamp(DAY + timedelta(minutes=4))


def test_changes_go_to_another_folder(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(20))
    client = connect(service)
    client.export_tasks("parcels", tmp_path / "all")
    change(service, 5)
    export = client.export_tasks("parcels", tmp_path / "changes", since=tmp_path / "all")
    assert ids(exported(tmp_path / "changes")) == [service.tasks[5]["task_id"]]
    assert export.runs[0].updated_after is not None


def test_other_filters_are_no_continuation(connect: Connect, tmp_path: Path) -> None:
    client = connect(TaskList(spread(3)))
    client.export_tasks("parcels", tmp_path / "all")
    with pytest.raises(ScaleArgumentError, match="filters"):
        client.export_tasks(
            "parcels", tmp_path / "changes", since=tmp_path / "all", status="completed"
        )


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_compaction_keeps_the_newest_of_each_task(
    connect: Connect, tmp_path: Path, format: str
) -> None:
    service = TaskList(spread(100))
    client = connect(service)
    client.export_tasks("parcels", tmp_path, format=format, window=30)
    for numbers in ((3, 77), (3, 50)):
        change(service, *numbers)
        client.export_tasks("parcels", tmp_path, format=format, since=tmp_path)
    assert len(rows(tmp_path, format)) > 100
    export = compact(tmp_path)
    found = rows(tmp_path, format)
    assert ids(found) == ids(service.tasks)
    assert export.tasks == 100
    changed = {row["metadata"]["number"] for row in found if "changed" in row["metadata"]}
    assert changed == {3, 50, 77}
    assert compact(tmp_path) == export
    # and it goes on from there
    change(service, 9)
    assert client.export_tasks("parcels", tmp_path, format=format, since=tmp_path).tasks > 100


def test_compaction_leaves_files_that_nothing_changed(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(100))
    client = connect(service)
    client.export_tasks("parcels", tmp_path, window=30)
    change(service, 3)
    client.export_tasks("parcels", tmp_path, since=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("tasks-*")}
    compact(tmp_path)
    same = [path for path in before if path.stat().st_mtime_ns == before[path]]
    assert len(same) == len(before) - 1


def test_a_compaction_that_was_killed_is_finished(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(40))
    client = connect(service)
    client.export_tasks("parcels", tmp_path, window=10)
    change(service, 3, 30)
    client.export_tasks("parcels", tmp_path, since=tmp_path)
    manifest = (tmp_path / "_manifest.json").read_bytes()
    export = compact(tmp_path)
    (tmp_path / "_manifest.json").write_bytes(manifest)  # as if it had been killed before
    assert compact(tmp_path) == export


def test_a_run_that_ends_during_a_compaction_is_not_lost(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = TaskList(spread(20))
    client = connect(service)
    client.export_tasks("parcels", tmp_path)
    change(service, 3)
    client.export_tasks("parcels", tmp_path, since=tmp_path)
    rewrite = compaction._rewrite

    def export_first(*arguments: Any) -> None:
        monkeypatch.setattr(compaction, "_rewrite", rewrite)
        service.tasks.append(task(99, DAY, updated_at="2999-01-01T00:00:00.000Z"))
        client.export_tasks("parcels", tmp_path, since=tmp_path)
        rewrite(*arguments)

    monkeypatch.setattr(compaction, "_rewrite", export_first)
    with pytest.raises(ScaleArgumentError, match="is being changed by another process"):
        compact(tmp_path)
    assert compact(tmp_path).tasks == 21
    assert ids(rows(tmp_path, "jsonl")) == ids(service.tasks)


def test_two_compactions_at_once(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = TaskList(spread(20))
    client = connect(service)
    client.export_tasks("parcels", tmp_path, window=5)
    change(service, *range(12))
    client.export_tasks("parcels", tmp_path, since=tmp_path, window=5)
    read = compaction._ids

    def compact_first(*arguments: Any) -> list[str]:
        monkeypatch.setattr(compaction, "_ids", read)
        compact(tmp_path)
        return read(*arguments)

    monkeypatch.setattr(compaction, "_ids", compact_first)
    with pytest.raises(ScaleArgumentError, match="is being changed by another process"):
        compact(tmp_path)
    assert compact(tmp_path).tasks == 20


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_a_file_that_was_cut_off_is_not_compacted(
    connect: Connect, tmp_path: Path, format: str
) -> None:
    client = connect(TaskList(spread(10)))
    (file,) = client.export_tasks("parcels", tmp_path, format=format).files
    path = tmp_path / file.name
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ScaleArgumentError, match=f"{file.name} that is damaged"):
        compact(tmp_path)


def test_a_file_without_tasks_goes_away(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(3))
    client = connect(service)
    client.export_tasks("parcels", tmp_path)
    change(service, 0, 1, 2)
    client.export_tasks("parcels", tmp_path, since=tmp_path)
    compact(tmp_path)
    assert [path.name for path in tmp_path.glob("tasks-*")] == ["tasks-0002-00001.jsonl"]


def test_nothing_to_compact(connect: Connect, tmp_path: Path) -> None:
    with pytest.raises(ScaleArgumentError, match="must be the folder of a finished export"):
        compact(tmp_path)
    connect(TaskList(spread(3))).export_tasks("parcels", tmp_path)
    (tmp_path / "_plan.json").write_text("{}")
    with pytest.raises(ScaleArgumentError, match="not finished"):
        compact(tmp_path)
