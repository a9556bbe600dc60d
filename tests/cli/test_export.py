"""``scaleapi export``: what it writes, what it prints, and its exit status."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox
from tests.cli.conftest import Run
from tests.export.conftest import exported
from tests.export.task_list import TaskList, spread
from tests.wire.server import Reply, Request, Server

BOX = {"type": "box", "label": "car", "left": 1, "top": 2, "width": 30, "height": 40}
LINE = {"type": "line", "label": "car", "vertices": [{"x": 1, "y": 1}, {"x": 9, "y": 9}]}
BOXES = {"box": {"objects_to_annotate": ["car"]}}


@pytest.fixture
def tasks(sandbox: Sandbox) -> list[str]:
    """Three tasks on images, two of them completed; the first is in a batch."""
    client = ScaleClient(sandbox.live_key, api_instance_url=sandbox.url)
    client.create_project("p", "imageannotation")
    client.create_batch("p", "b")
    made = [
        client.create_task(
            "imageannotation",
            attachment=f"{sandbox.url}/nothing/{number}.jpg",
            geometries=BOXES,
            unique_id=f"u{number}",
            metadata={"size": [640, 480]},
            **({"batch": "b"} if number == 0 else {"project": "p"}),
        ).id
        for number in range(3)
    ]
    for task_id in made[:2]:
        sandbox.complete(task_id, {"annotations": [BOX, LINE]})
    return made


@pytest.fixture
def live(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with the live key, and needs no consent: an export only reads."""
    monkeypatch.setenv("SCALE_API_KEY", sandbox.live_key)
    return run


@pytest.fixture
def against(run: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs commands against a service of the test's own."""

    def against(server: Server) -> Run:
        monkeypatch.setenv("SCALE_API_INSTANCE_URL", server.url)
        return run

    return against


def test_tasks_are_written_and_counted(live: Run, tasks: list[str], tmp_path: Path) -> None:
    ran = live("export", "tasks", "p", str(tmp_path / "out"))
    assert (ran.status, ran.err) == (0, "")
    assert ran.lines == [
        {
            "path": str(tmp_path / "out"),
            "format": "jsonl",
            "tasks": 3,
            "files": 1,
            "exported": 3,
            "missing": 0,
            "failed_downloads": [],
        }
    ]
    assert {task["task_id"] for task in exported(tmp_path / "out")} == set(tasks)


def test_parquet(live: Run, tasks: list[str], tmp_path: Path) -> None:
    dataset = pytest.importorskip("pyarrow.dataset")
    words = ("--format", "parquet", "--workers", "2", "--rate", "1000")
    assert live("export", "tasks", "p", str(tmp_path / "out"), *words).status == 0
    found = dataset.dataset(tmp_path / "out").to_table(columns=["task_id"]).to_pylist()
    assert {task["task_id"] for task in found} == set(tasks)


FILTERED = [
    (("--status", "completed"), ["u0", "u1"]),
    (("--unique-id", "u0", "--unique-id", "u2"), ["u0", "u2"]),
    (("--batch-name", "b"), ["u0"]),
    (("--created-before", "2001-01-01"), []),
    (("--created-after", "2001-01-01", "--task-type", "imageannotation"), ["u0", "u1", "u2"]),
]


@pytest.mark.parametrize(("words", "found"), FILTERED, ids=str)
def test_tasks_have_the_filters_of_the_list(
    live: Run, tasks: list[str], tmp_path: Path, words: tuple[str, ...], found: list[str]
) -> None:
    ran = live("export", "tasks", "p", str(tmp_path / "out"), *words)
    assert (ran.status, ran.lines[0]["tasks"]) == (0, len(found))
    assert sorted(task["unique_id"] for task in exported(tmp_path / "out")) == found


def test_since_exports_what_has_changed(
    live: Run, tasks: list[str], sandbox: Sandbox, tmp_path: Path
) -> None:
    words = ("export", "tasks", "p", str(tmp_path / "out"))
    live(*words)
    sandbox.complete(tasks[2], {"annotations": []})
    new = ScaleClient(sandbox.live_key, api_instance_url=sandbox.url).create_task(
        "imageannotation", project="p", attachment="https://img.example.net/4.jpg", geometries=BOXES
    )
    ran = live(*words, "--since", str(tmp_path / "out"))
    assert ran.status == 0
    assert ran.lines[0]["files"] == 2
    assert ran.lines[0]["exported"] == ran.lines[0]["tasks"] - 3
    newest = {task["task_id"]: task["status"] for task in exported(tmp_path / "out")}
    assert (newest[tasks[2]], newest[new.id]) == ("completed", "pending")


def test_the_same_command_goes_on_where_it_failed(against: Any, tmp_path: Path) -> None:
    service, broken = TaskList(spread(100)), True

    def pages() -> int:
        return sum(query.get("limit") != ["1"] for query in service.queries)

    def reply(request: Request) -> Reply:
        if broken and pages() >= 5:
            return Reply({"message": "Not today."}, 403)
        return service(request)

    words = ("export", "tasks", "parcels", str(tmp_path / "out"))
    words += ("--window", "10", "--workers", "1")
    with Server(reply) as server:
        run = against(server)
        failed = run(*words)
        assert (failed.status, failed.out) == (1, "")
        assert "Not today." in failed.err
        assert "Traceback" not in failed.err
        assert 1 <= len([*(tmp_path / "out").glob("tasks-*")]) <= 5
        broken, before = False, pages()
        again = run(*words)
        assert (again.status, again.lines[0]["tasks"]) == (0, 100)
        assert len({task["task_id"] for task in exported(tmp_path / "out")}) == 100
        # One page for each file that was not there.
        assert pages() - before == again.lines[0]["files"] - 5
        finished = pages()
        assert run(*words).lines == again.lines
        assert pages() == finished


def test_a_result_that_is_gone_is_a_failure_that_is_printed(against: Any, tmp_path: Path) -> None:
    service = TaskList(spread(1))
    with Server(service) as server:
        link = f"{server.url}/gone.json"
        service.tasks[0] |= {
            "type": "videoannotation",
            "status": "completed",
            "response": {"annotations": {"url": f"{link}?signature=5ecret"}},
        }
        words = ("export", "tasks", "parcels", str(tmp_path / "out"))
        ran = against(server)(*words, "--download-results")
    assert ran.status == 1
    (failed,) = ran.lines[0]["failed_downloads"]
    assert (failed["link"], "404" in failed["error"]) == (link, True)
    assert "5ecret" not in ran.out + ran.err


def test_tasks_that_the_service_did_not_list_are_a_failure(against: Any, tmp_path: Path) -> None:
    service = TaskList(spread(5))
    service.lost = {task["task_id"] for task in service.tasks[:2]}
    with Server(service) as server:
        words = ("export", "tasks", "parcels", str(tmp_path / "out"))
        ran = against(server)(*words)
    assert (ran.status, ran.lines[0]["missing"]) == (1, 2)
    assert ran.err == "scaleapi: The service counted 2 tasks more than it listed.\n"


SIZE = ("--image-size", "size")


@pytest.mark.parametrize("format", ["coco", "yolo", "yolo-obb", "yolo-seg", "voc", "cvat"])
def test_annotations_and_their_report(
    live: Run, tasks: list[str], tmp_path: Path, format: str
) -> None:
    out = tmp_path / "out"
    ran = live("export", "annotations", "p", str(out), "--format", format, *SIZE)
    assert (ran.status, ran.err) == (0, "")
    (report,) = ran.lines
    assert report == json.loads((out / "report.json").read_text("utf-8"))
    assert (report["format"], report["images"], report["annotations"]) == (format, 2, 4)


def test_annotations_have_filters_and_categories(
    live: Run, tasks: list[str], tmp_path: Path
) -> None:
    words = ("--unique-id", "u1", *SIZE)
    words += ("--category", "van", "--category", "car")
    (report,) = live("export", "annotations", "p", str(tmp_path / "out"), *words).lines
    assert report["images"] == 1
    coco = json.loads((tmp_path / "out" / "annotations.json").read_text("utf-8"))
    assert [one["name"] for one in coco["categories"]] == ["van", "car"]
    assert {one["category_id"] for one in coco["annotations"]} == {2}


def test_images_that_cannot_be_copied_are_a_failure(
    live: Run, tasks: list[str], tmp_path: Path
) -> None:
    words = ("--images", *SIZE)
    ran = live("export", "annotations", "p", str(tmp_path / "out"), *words)
    assert ran.status == 1
    assert any("image not copied" in note for note in ran.lines[0]["notes"])


FAILURES = [
    (("tasks",), 2, "PROJECT"),
    (("tasks", "p"), 2, "PATH"),
    (("tasks", "", "{out}"), 2, "name"),
    (("tasks", "nowhere", "{out}"), 1, "<Response [404]>"),
    (("tasks", "p", "/proc/none/out"), 1, "/proc/none"),
    (("tasks", "p", "{out}", "--status", "gone"), 1, "status"),
    (("tasks", "p", "{out}", "--format", "xlsx"), 2, "invalid choice"),
    (("tasks", "p", "{out}", "--window", "0"), 2, "--window"),
    (("tasks", "p", "{out}", "--workers", "-1"), 2, "--workers"),
    (("tasks", "p", "{out}", "--rate", "nan"), 2, "--rate"),
    (("tasks", "p", "{out}", "--since", "{out}"), 2, "since"),
    (("tasks", "p", "{file}"), 2, "{file}"),
    (("tasks", "p", "nosuch://bucket/out"), 2, "Protocol not known: nosuch"),
    (("tasks", "p", ""), 2, "path"),
    (("tasks", "p", "{out}", "--created-after", "soon"), 2, "--created-after"),
    (("annotations", "nowhere", "{out}", "--category", "car"), 1, "<Response [404]>"),
    (("annotations", "p", "/proc/none/out"), 1, "/proc/none"),
    (("annotations", "nowhere", "{out}"), 1, "<Response [404]>"),
    (("annotations", "p", "{out}", "--format", "tfrecord"), 2, "invalid choice"),
    (("annotations", "p", "{out}", "--base", "1"), 2, "base"),
    (("annotations", "p", "{file}"), 2, "empty folder"),
    (("annotations", "p", "{out}"), 2, "--image-size"),
    (("everything",), 2, "invalid choice"),
    ((), 2, "COMMAND"),
]


@pytest.mark.parametrize(("words", "status", "text"), FAILURES, ids=str)
def test_bad_input_is_one_line_and_a_status(
    live: Run,
    tasks: list[str],
    tmp_path: Path,
    words: tuple[str, ...],
    status: int,
    text: str,
) -> None:
    places = {"out": str(tmp_path / "out"), "file": str(tmp_path / "file")}
    Path(places["file"]).write_text("mine")
    ran = live("export", *(word.format(**places) for word in words))
    assert (ran.status, ran.out) == (status, "")
    assert text.format(**places) in ran.err
    assert "Traceback" not in ran.err
    assert Path(places["file"]).read_text() == "mine"
    assert not (tmp_path / "out").exists()


def test_a_missing_extra_is_named(
    live: Run, tasks: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    words = ("--format", "parquet")
    ran = live("export", "tasks", "p", str(tmp_path / "out"), *words)
    assert (ran.status, ran.out) == (2, "")
    assert "scaleapi[arrow]" in ran.err


def test_a_refused_key_is_a_failure(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Request) -> Reply:
        return Reply({"message": "no"}, 403)

    with Server(refuse) as server:
        monkeypatch.setenv("SCALE_API_INSTANCE_URL", server.url)
        ran = run("export", "tasks", "p", str(tmp_path / "out"))
    assert (ran.status, ran.out) == (1, "")
