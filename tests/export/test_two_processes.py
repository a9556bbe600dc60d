"""Two processes export to one folder at the same instant: one whole export, never a mixture."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from scaleapi import ScaleArgumentError, ScaleClient
from scaleapi.export.claims import Taken, claim
from scaleapi.export.folder import Folder
from scaleapi.export.formats import write_annotations, writing
from scaleapi.export.manifest import ExportFile
from tests.export.conftest import Connect, exported, ids
from tests.export.task_list import DAY, TaskList, spread, stamp, task

#: Spawned, as another program would be.
_PROCESSES = multiprocessing.get_context("spawn")

BOX = {"type": "box", "left": 1, "top": 1, "width": 3, "height": 3}


def at_once(function: Callable[..., str], *arguments: object, rounds: int) -> list[list[str]]:
    """Run a function in two processes, round by round, and return what both returned in each."""
    barrier, results = _PROCESSES.Barrier(2, timeout=60), _PROCESSES.Queue()
    processes = [
        _PROCESSES.Process(
            target=_rounds, args=(function, name, rounds, barrier, results, arguments)
        )
        for name in "ab"
    ]
    for process in processes:
        process.start()
    found = dict(results.get(timeout=120) for _ in processes)
    for process in processes:
        process.join(30)
    return [list(pair) for pair in zip(found["a"], found["b"], strict=True)]


def _rounds(
    function: Callable[..., str],
    name: str,
    rounds: int,
    barrier: Any,
    results: Any,
    arguments: tuple[object, ...],
) -> None:
    told = []
    for number in range(rounds):
        barrier.wait()
        try:
            told.append(function(name, number, *arguments))
        except ScaleArgumentError as error:
            told.append(f"refused: {error}")
        except Exception as error:  # noqa: BLE001 - the test says what it was
            told.append(f"failed: {error!r}")
    results.put((name, told))


def late_move(made: Path, final: Path, move: Callable[..., None] = writing._move) -> None:
    """Move files a while after the last look at the folder, which both processes find empty."""
    time.sleep(0.02)
    move(made, final)


def annotate(name: str, number: int, root: str, format: str) -> str:
    """Export tasks of one label, which is the name of the process."""
    annotations = [{**BOX, "label": name}]
    tasks = [task(one, DAY, response={"annotations": annotations}) for one in range(20)]
    with patch.object(writing, "_move", late_move):
        write_annotations(tasks, Path(root, str(number)), format, image_size=lambda _: (9, 9))
    return name


@pytest.mark.parametrize("is_there", [True, False], ids=["empty folder", "no folder"])
@pytest.mark.parametrize("format", ["coco", "voc"])
def test_annotations_of_two_processes(tmp_path: Path, format: str, is_there: bool) -> None:
    rounds = 5
    for number in range(rounds) if is_there else ():
        (tmp_path / str(number)).mkdir()
    told = at_once(annotate, str(tmp_path), format, rounds=rounds)
    for number, pair in enumerate(told):
        (winner,) = [one for one in pair if one in ("a", "b")]
        (loser,) = [one for one in pair if one not in ("a", "b")]
        assert loser.startswith("refused: path must be a new or an empty folder")
        folder = tmp_path / str(number)
        assert not list(folder.rglob(".*"))
        assert json.loads((folder / "report.json").read_text())["written"] == {"box": 20}
        texts = [path.read_text() for path in folder.rglob("*") if path.is_file()]
        assert any(f'"{winner}"' in text or f">{winner}<" in text for text in texts)
        other = "b" if winner == "a" else "a"
        assert not any(f'"{other}"' in text or f">{other}<" in text for text in texts)
    assert not list(tmp_path.glob(".*"))


def export(name: str, number: int, url: str, root: str, change: str) -> str:
    """Export the same tasks."""
    with ScaleClient("live_key", api_instance_url=url) as client:
        arguments: dict[str, Any] = {"window": 10, "workers": 3}
        if change == "format":
            arguments["format"] = "jsonl" if name == "a" else "parquet"
        if change == "since":
            arguments["since"] = Path(root, "0")
        folder = Path(root, "0" if change == "since" else str(number))
        return repr(client.export_tasks("parcels", folder, **arguments))


def check(folder: Path) -> int:
    """Check that a folder has what its manifest says and nothing else; return its tasks."""
    manifest = json.loads((folder / "_manifest.json").read_text())
    files = {file["name"]: file["tasks"] for run in manifest["runs"] for file in run["files"]}
    assert {path.name for path in folder.iterdir()} == {"_manifest.json", *files}
    for name, tasks in files.items():
        if name.endswith("jsonl"):
            assert len((folder / name).read_text().splitlines()) == tasks, name
    return sum(files.values())


@pytest.mark.slow
@pytest.mark.parametrize("change", ["", "format"])
def test_tasks_of_two_processes(connect: Connect, tmp_path: Path, change: str) -> None:
    service = TaskList(spread(100))
    # What is listed changes all the time, so that no two files of a window are the same.
    service.before_page = lambda number: service.lost.add(service.tasks[number % 100]["task_id"])
    url, rounds = connect(service).api.base_api_url, 5
    told = at_once(export, url, str(tmp_path), change, rounds=rounds)
    for number, pair in enumerate(told):
        check(tmp_path / str(number))
        refused = [one for one in pair if one.startswith("refused: path has an export with format")]
        assert len(refused) == (1 if change else 0), pair
        assert sum(one.startswith("Export") for one in pair) == 2 - len(refused), pair


def test_a_process_that_plans_after_another_has_finished(connect: Connect, tmp_path: Path) -> None:
    """It looked at the folder before, and has another format."""
    service = TaskList(spread(30))
    client, other = connect(service), connect(service)

    def finish_first(number: int) -> None:
        service.before_count = lambda number: None
        other.export_tasks("parcels", tmp_path, window=10)

    service.before_count = finish_first
    with pytest.raises(ScaleArgumentError, match="path has an export with format 'jsonl'"):
        client.export_tasks("parcels", tmp_path, window=10, format="parquet")
    assert check(tmp_path) == 30
    assert not (tmp_path / "_plan.json").exists()
    assert ids(exported(tmp_path)) == ids(service.tasks)


def test_a_plan_of_other_arguments_that_came_too_late(connect: Connect, tmp_path: Path) -> None:
    """Its process was killed before it could remove it: the finished export counts."""
    client = connect(TaskList(spread(30)))
    finished = client.export_tasks("parcels", tmp_path / "a", window=10)
    other = {**json.loads((tmp_path / "a" / "_manifest.json").read_text()), "format": "parquet"}
    (tmp_path / "a" / "_plan.json").write_text(json.dumps(other))
    assert client.export_tasks("parcels", tmp_path / "a", window=10) == finished
    assert check(tmp_path / "a") == 30


def test_since_never_adds_to_an_export_of_other_arguments(connect: Connect, tmp_path: Path) -> None:
    client = connect(TaskList(spread(30)))
    client.export_tasks("parcels", tmp_path / "a", status="completed")
    client.export_tasks("parcels", tmp_path / "b")
    with pytest.raises(ScaleArgumentError, match="path has an export with filters"):
        client.export_tasks("parcels", tmp_path / "b", status="completed", since=tmp_path / "a")
    assert check(tmp_path / "b") == 30


@pytest.mark.slow
def test_since_of_two_processes(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(spread(100))
    client = connect(service)
    client.export_tasks("parcels", tmp_path / "0")
    service.tasks += [
        task(200 + one, DAY, updated_at=stamp(DAY.replace(year=2999))) for one in range(30)
    ]
    told = at_once(export, client.api.base_api_url, str(tmp_path), "since", rounds=4)
    assert all(one.startswith("Export") for pair in told for one in pair), told
    check(tmp_path / "0")


def test_a_process_that_was_killed_before_its_file_appeared(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has said what the file has, and nobody else may write it until it is given up."""
    monkeypatch.setattr("scaleapi.export.claims._PATIENCE", 0.2)
    service = TaskList(spread(30))
    client = connect(service)

    def claim_first(number: int) -> None:
        (plan,) = json.loads((tmp_path / "_plan.json").read_text())["runs"]
        for file in plan["files"]:
            (tmp_path / f"_done-{file['name']}.json").write_text(json.dumps({**file, "tasks": 7}))

    service.before_page = claim_first
    assert client.export_tasks("parcels", tmp_path, window=10).tasks == 30
    check(tmp_path)


def test_a_claim_is_waited_for_though_one_before_it_was_given_up(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes have waited for one that was killed; the other was first to claim the file."""
    connect(TaskList(spread(5))).export_tasks("parcels", tmp_path / "done")
    manifest = (tmp_path / "done" / "_manifest.json").read_bytes()
    (file,) = json.loads(manifest)["runs"][0]["files"]
    folder = Folder(str(tmp_path / "a"))
    folder.write("_plan.json", manifest)
    name = f"_done-{file['name']}.json"
    folder.write(name, json.dumps({**file, "tasks": 7}).encode())

    class Clock:
        """The other process claims the file after 4 of 5 s, and has it after 3 more."""

        time = 0.0

        def monotonic(self) -> float:
            return self.time

        def sleep(self, seconds: float) -> None:
            before, self.time = self.time, self.time + seconds
            if before < 4.0 <= self.time:
                folder.write(name, json.dumps({**file, "tasks": 8}).encode())
            if before < 7.0 <= self.time:
                folder.write(file["name"], b"theirs")

    monkeypatch.setattr("scaleapi.export.claims.time", Clock())
    with pytest.raises(Taken) as taken:
        claim(folder, ExportFile(file["name"], file["first"], file["last"], file["planned"]))
    assert taken.value.file.tasks == 8


def test_a_process_whose_run_another_has_finished(connect: Connect, tmp_path: Path) -> None:
    """As a worker whose program was killed, and called again: its file comes too late."""
    service = TaskList(spread(30))
    client, other = connect(service), connect(service)

    def finish_first(number: int) -> None:
        service.before_page = lambda number: None
        other.export_tasks("parcels", tmp_path, window=10)
        files.update({path.name: path.read_bytes() for path in tmp_path.iterdir()})
        service.lost = {one["task_id"] for one in service.tasks[:20]}

    files: dict[str, bytes] = {}
    service.before_page = finish_first
    assert client.export_tasks("parcels", tmp_path, window=10, workers=1).tasks == 30
    assert files == {path.name: path.read_bytes() for path in tmp_path.iterdir()}
