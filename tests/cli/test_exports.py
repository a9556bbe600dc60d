"""``scaleapi export``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pexpect
import pytest

from scaleapi.sandbox import Sandbox
from tests.cli.conftest import Run

BOX = json.dumps({"box": {"objects_to_annotate": ["parcel", "tape"]}})


TASK = ("project=parcels", f"geometries:={BOX}")


@pytest.fixture(autouse=True)
def _tasks(run: Run, sandbox: Sandbox) -> None:
    """Three tasks with two boxes, one of them pending."""
    assert run("projects", "create", "parcels", "imageannotation").status == 0
    picture = Path(__file__).parents[2] / "examples" / "data" / "belt_north.jpg"
    for number in range(3):
        uploaded = run("files", "upload", str(picture), "--project-name", "parcels").lines[0]
        image = f"attachment={uploaded['attachment_url']}"
        made = run("tasks", "create", "imageannotation", *TASK, image, 'tags:=["a"]')
        if number:
            box = {"type": "box", "label": "tape", "left": 1, "top": 2, "width": 3, "height": 4}
            sandbox.complete(made.lines[0]["task_id"], {"annotations": [box]})


def exported(folder: Path) -> list[str]:
    """Return the ids in the files of an export."""
    lines = [line for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]
    return [json.loads(line)["task_id"] for line in lines]


def test_tasks(run: Run, tmp_path: Path) -> None:
    """Again, it goes on; since an export, it has what is new."""
    folder = tmp_path / "out"
    for _ in range(2):
        ran = run("export", "tasks", "parcels", str(folder))
        assert ran.status == 0
        (made,) = ran.lines
        assert (made["tasks"], made["format"], made["failed_downloads"]) == (3, "jsonl", [])
        assert len({*exported(folder)}) == 3
    new = run("tasks", "create", "imageannotation", *TASK, "attachment=https://img.example.net/x")
    ran = run("export", "tasks", "parcels", str(folder), "--since", str(folder))
    assert (ran.status, ran.err) == (0, "")
    assert new.lines[0]["task_id"] in exported(folder)


def test_tasks_that_match_filters(run: Run, tmp_path: Path) -> None:
    filters = ("--status", "completed", "--tags", "a", "--workers", "2", "--rate", "100")
    ran = run("export", "tasks", "parcels", str(tmp_path / "out"), *filters)
    assert ran.lines[0]["tasks"] == 2


def test_annotations(run: Run, tmp_path: Path) -> None:
    """The report is the output; it says what could not be written."""
    folder = tmp_path / "coco"
    ran = run("export", "annotations", "parcels", str(folder), "--categories", "tape,parcel")
    assert ran.status == 0
    assert ran.lines[0] == json.loads((folder / "report.json").read_text())
    assert ran.lines[0]["tasks"] == 2


@pytest.mark.parametrize(
    ("words", "status", "text"),
    [
        (("tasks", "parcels"), 2, "FOLDER"),
        (("tasks", "parcels", "{}/a", "--format", "csv"), 2, "format"),
        (("tasks", "parcels", "{}/a", "--workers", "0"), 2, "workers"),
        (("tasks", "parcels", "{}/a", "--rate", "no"), 2, "--rate"),
        (("tasks", "parcels", "{}/a", "--since", "{}/none"), 2, "since"),
        (("tasks", "none", "{}/a"), 1, "none"),
        (("tasks", "parcels", "{}/a", "--status", "gone"), 1, "status"),
        (("annotations", "parcels", "{}/a", "--format", "tfrecord"), 2, "format"),
        (("annotations", "none", "{}/a"), 1, "none"),
        (("annotations", "parcels", "/proc/none/a"), 1, "/proc/none"),
    ],
)
def test_bad_input(
    run: Run, tmp_path: Path, words: tuple[str, ...], status: int, text: str
) -> None:
    """The last line says what is wrong."""
    ran = run("export", *(word.format(tmp_path) for word in words))
    assert (ran.status, ran.out) == (status, "")
    assert text in ran.err.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize("what", ["tasks", "annotations"])
def test_progress_on_a_terminal(sandbox: Sandbox, tmp_path: Path, what: str) -> None:
    """A bar on standard error, nothing in the output but the result."""
    environment = os.environ | {
        "SCALE_API_KEY": sandbox.test_key,
        "SCALE_API_INSTANCE_URL": sandbox.url,
    }
    words = ["-m", "scaleapi", "export", what, "parcels", str(tmp_path / "out")]
    child = pexpect.spawn(sys.executable, words, env=environment, dimensions=(30, 100), timeout=60)
    child.expect("3/3" if what == "tasks" else "2/2")
    child.expect('"tasks": ' + ("3" if what == "tasks" else "2"))
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
