"""Database files and snapshots of other versions, corrupt ones, and those of other programs."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox, StartError
from scaleapi.sandbox.storage.schema import VERSION
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.v2.caller import V2Caller

DATA = Path(__file__).parents[2] / "data"
TASK = {"type": "imageannotation"} | IMAGE_TASK


def execute(path: Path, script: str) -> None:
    """Run SQL on a database file."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script)


def older(path: Path, version: int) -> Path:
    """Create a database the way an older version left it."""
    execute(path, (DATA / f"sandbox_v{version}.sql").read_text())
    return path


def check_content(sandbox: Sandbox) -> None:
    """Check that everything in the older databases is there and works."""
    test, live = (Caller(sandbox, key) for key in (sandbox.test_key, sandbox.live_key))
    (task,) = test.get("/tasks", unique_id="u", tags="a", batch="week_1")["docs"]
    assert (task["status"], task["metadata"], task["instruction"]) == (
        "completed",
        {"n": 1},
        "Box.",
    )
    assert test.get("/batches/week_1")["status"] == "completed"
    assert [one["role"] for one in test.get("/teams")] == ["admin", "labeler"]
    (video,) = test.get("/tasks", type="videoannotation", include_attachment_url=True)["docs"]
    link = video["attachmentS3Downloads"][0]["s3URL"]
    assert requests.get(link, timeout=5).content == b"a"
    result = video["response"]["annotations"]["url"]
    assert result.startswith(f"{sandbox.url}/task/")
    assert requests.get(result, auth=(sandbox.live_key, ""), timeout=5).status_code == 200
    assert live.get("/tasks")["total"] == 1
    assert len(sandbox.deliveries) == 2
    ahead = sandbox.clock.now() - datetime.now(timezone.utc)
    assert round(ahead / timedelta(minutes=1)) == 120
    assert test.task(project="parcels")["status"] == "completed"
    test.error("POST", "/projects", 409, json={"name": "parcels", "type": "imageannotation"})


@pytest.mark.parametrize("version", [1, 2])
def test_older_database_is_migrated(tmp_path: Path, version: int) -> None:
    """Everything is there, and stays there."""
    path = older(tmp_path / "old.db", version)
    for _ in range(2):
        with Sandbox(database=path) as sandbox:
            check_content(sandbox)
            if version == 2:
                talks = V2Caller(sandbox, sandbox.test_key).get(
                    "/delivery", delivery_name="first", project_name="talks"
                )
                assert len(talks["tasks"]) == 1
        execute(
            path,
            "DELETE FROM tasks WHERE unique_id IS NULL AND type = 'imageannotation'"
            " AND world = 'test' AND batch IS NULL",
        )
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_database_from_before_an_index(tmp_path: Path) -> None:
    """An older database may lack what only makes it quick."""
    path = older(tmp_path / "old.db", 2)
    execute(path, "DROP INDEX tasks_by_review; DROP INDEX task_tags_by_tag")
    with Sandbox(database=path) as sandbox:
        check_content(sandbox)


@pytest.mark.parametrize("version", [1, 2])
def test_older_snapshot_is_restored(sandbox: Sandbox, tmp_path: Path, version: int) -> None:
    """A snapshot of an older version has no checksum."""
    sandbox.restore(older(tmp_path / "old.db", version).read_bytes())
    check_content(sandbox)


def without_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    execute(path, "".join(f"DROP TABLE {name};" for (name,) in tables))


def overwrite(start: float, end: float, pattern: bytes) -> Callable[[Path], None]:
    """Return a function that overwrites a part of a file."""

    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        first, last = int(len(content) * start), int(len(content) * end)
        size = last - first
        content[first:last] = (pattern * (size // len(pattern) + 1))[:size]
        path.write_bytes(content)

    return damage


def foreign(version: int) -> Callable[[Path], None]:
    """Return a function that replaces a file by a database of another program."""

    def write(path: Path) -> None:
        path.unlink()
        execute(path, f"CREATE TABLE tasks (a, b); PRAGMA user_version = {version}")

    return write


DAMAGE: dict[str, Callable[[Path], object]] = {
    "newer": lambda path: execute(path, f"PRAGMA user_version = {VERSION + 1}"),
    "far newer": lambda path: execute(path, "PRAGMA user_version = 2147483647"),
    "negative version": lambda path: execute(path, "PRAGMA user_version = -1"),
    "without tables": without_tables,
    "without a table": lambda path: execute(path, "DROP TABLE tasks"),
    "without an index": lambda path: execute(path, "DROP INDEX tasks_by_age"),
    "with a trigger": lambda path: execute(
        path, "CREATE TRIGGER t AFTER INSERT ON tasks BEGIN DELETE FROM projects; END"
    ),
    "without an account": lambda path: execute(path, "DELETE FROM account"),
    "with a document that is no JSON": lambda path: execute(
        path, "UPDATE documents SET body = substr(body, 2) WHERE key = 1"
    ),
    "another program": foreign(0),
    "another program with our version": foreign(VERSION),
    "another program with an older version": foreign(2),
    "another program with the oldest version": foreign(1),
    "random middle": overwrite(0.4, 0.6, random.Random(1).randbytes(99_991)),
    "zeros in the middle": overwrite(0.4, 0.6, b"\0"),
    "zeros at the end": overwrite(0.9, 1, b"\0"),
    "zeros at the start": overwrite(0, 0.1, b"\0"),
    "header": overwrite(0, 0.0001, b"SQLite"),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "without its last page": lambda path: path.write_bytes(path.read_bytes()[:-4096]),
}

damaged = pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())


@damaged
def test_damaged_snapshot_is_rejected(
    sandbox: Sandbox, test: Caller, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    """It is rejected with 400, and the state stays as it is."""
    sandbox.seed({"test": {"tasks": [TASK | {"status": "completed", "count": 200}]}})
    path = tmp_path / "snapshot.db"
    path.write_bytes(sandbox.snapshot())
    damage(path)
    test.task()
    with pytest.raises(Refusal) as refusal:
        sandbox.restore(path.read_bytes())
    assert (refusal.value.status_code, "\n" in str(refusal.value)) == (400, False)
    assert test.get("/tasks")["total"] == 201
    test.task()


def test_every_changed_byte_is_noticed(sandbox: Sandbox, test: Caller) -> None:
    """A snapshot with a changed bit anywhere is rejected, and so is one that was cut anywhere."""
    test.task()
    snapshot = sandbox.snapshot()
    chance = random.Random(7)
    for _ in range(100):
        place = chance.randrange(len(snapshot))
        changed = bytearray(snapshot)
        changed[place] ^= 1 << chance.randrange(8)
        for wrong in (bytes(changed), snapshot[:place], snapshot + b"?"):
            with pytest.raises(Refusal) as refusal:
                sandbox.restore(wrong)
            assert refusal.value.status_code == 400
    sandbox.restore(snapshot)
    assert test.get("/tasks")["total"] == 1


@damaged
def test_damaged_database_is_refused_in_one_line(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    """It names the file and what is wrong, and leaves the file alone."""
    path = tmp_path / "sandbox.db"
    with Sandbox(database=path) as sandbox:
        sandbox.seed({"test": {"tasks": [TASK | {"status": "completed", "count": 200}]}})
    damage(path)
    before = path.read_bytes()
    with pytest.raises(StartError) as error:
        Sandbox(database=path).start()
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["newer", "random middle", "another program"])
def test_command_refuses_in_one_line(tmp_path: Path, name: str) -> None:
    """The command ends with status 2 and one line on stderr."""
    path = tmp_path / "sandbox.db"
    with Sandbox(database=path) as sandbox:
        sandbox.seed({"test": {"tasks": [TASK | {"status": "completed", "count": 200}]}})
    DAMAGE[name](path)
    command = [sys.executable, "-m", "scaleapi.sandbox", "--db", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert str(path) in done.stderr
