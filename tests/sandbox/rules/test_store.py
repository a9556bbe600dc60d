"""What is kept, and what it costs to find."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from scaleapi.sandbox import Sandbox, StartError
from scaleapi.sandbox.resources.listing import TASK_ROWS, Cursor, Where, keyset_query
from scaleapi.sandbox.storage.schema import VERSION
from scaleapi.sandbox.storage.store import Store
from tests.sandbox.rules.caller import IMAGE_TASK, Caller

FILTERS = {
    "status": "pending",
    "type": "imageannotation",
    "project": "parcels",
    "batch": "week_1",
}


@pytest.mark.parametrize(
    "names", [names for size in range(4) for names in itertools.combinations(FILTERS, size)]
)
@pytest.mark.parametrize("further", [False, True])
def test_pages_use_an_index(names: tuple[str, ...], further: bool) -> None:
    """No list of tasks sorts or scans: it starts at its cursor, wherever that is."""
    store = Store()
    where = Where("test")
    for name in names:
        where.equal(name, FILTERS[name])
    if further:
        where.between("updated_at", "2024", "2025")
        where.reviewed(["pending"])
        where.tagged(["a", "b"])
    after = Cursor("6b044cca859c2ec6eb00015e", "2026-11-23T14:25:14.576Z")
    query, values = keyset_query(TASK_ROWS, where, 100, after)
    with store.transaction() as db:
        plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + query, values)]
        count = f"EXPLAIN QUERY PLAN SELECT COUNT(*) FROM tasks WHERE {where}"
        count_plan = [row[3] for row in db.execute(count, where.values)]
    store.close()
    assert plan[0].startswith("SEARCH tasks USING INDEX tasks_by_"), plan
    assert "created_at" in plan[0] or "(created_at,task_id)<" in plan[0], plan
    assert not any("TEMP B-TREE" in step or step.startswith("SCAN") for step in plan), plan
    assert "INDEX tasks_by_" in count_plan[0]
    assert not any("documents" in step for step in count_plan), count_plan


def test_the_state_is_kept_in_a_file(tmp_path: Path) -> None:
    """What was made is there when the file is opened again; work that was due is done then."""
    path = tmp_path / "sandbox.db"
    with Sandbox(database=path, transition="after 1s") as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        task = caller.task(unique_id="u", tags=["a"])
        file = caller.post("/files/upload", files={"file": ("a.txt", b"a")})
    with Sandbox(database=str(path)) as sandbox:
        sandbox.clock.advance(1)
        caller = Caller(sandbox, sandbox.test_key)
        assert caller.get("/tasks", tags="a")["docs"][0]["task_id"] == task["task_id"]
        assert caller.get(f"/task/{task['task_id']}")["status"] == "completed"
        caller.task(attachment=file["attachment_url"])
        (newest,) = caller.get("/tasks", include_attachment_url=True, limit=1)["docs"]
        link = newest["attachmentS3Downloads"][0]["s3URL"]
        assert requests.get(link, timeout=5).content == b"a"


@pytest.mark.parametrize("version", [1, VERSION + 1])
def test_a_file_of_another_version(tmp_path: Path, version: int) -> None:
    """A database that another sandbox has written is left alone."""
    path = tmp_path / "sandbox.db"
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {version}")
    db.close()
    with pytest.raises(StartError, match=f"has schema version {version}"):
        Sandbox(database=path).start()


def test_rejects_other_files(tmp_path: Path) -> None:
    """A file of another kind, or of another program, is left alone; a missing folder is named."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at as one" * 40)
    with pytest.raises(StartError, match=r"notes\.txt"):
        Store(path)
    other = tmp_path / "other.db"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE something (a)")
    db.close()
    with pytest.raises(StartError, match="was not created by a sandbox"):
        Store(other)
    with pytest.raises(StartError, match="none"):
        Store(tmp_path / "none" / "a.db")


def test_a_file_in_use(tmp_path: Path) -> None:
    """Two sandboxes do not share one file."""
    path = tmp_path / "sandbox.db"
    with Sandbox(database=path), pytest.raises(StartError, match="locked"):
        Sandbox(database=path).start()


def test_a_refused_call_leaves_nothing_behind(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a call fails halfway, all of it is undone."""
    caller.project()
    caller.batch()

    def fail(*_: object) -> None:
        raise RuntimeError("halfway")

    monkeypatch.setattr("scaleapi.sandbox.resources.transaction.Transaction.refresh_batch", fail)
    body = IMAGE_TASK | {"batch": "week_1", "unique_id": "u", "tags": ["a"]}
    caller.post("/task/imageannotation", body, 500, headers={"Idempotency-Key": "k"})
    monkeypatch.undo()
    assert caller.get("/tasks")["total"] == 0
    caller.post("/task/imageannotation", body, headers={"Idempotency-Key": "k"})


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_in_the_middle_of_writes(tmp_path: Path) -> None:
    """Every task that was answered is there after a kill, whole, and the file opens again.

    ``CREATES`` sets how many tasks are answered before the kill.
    """
    creates = int(os.environ.get("CREATES", "300"))
    path = tmp_path / "sandbox.db"
    command = [sys.executable, "-m", "scaleapi.sandbox", "--db", str(path), "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None
    url = next(line for line in process.stdout if "at http" in line).split()[-1]
    answered: list[str] = []
    enough = threading.Event()

    def create(worker: int) -> None:
        session = requests.Session()
        session.auth = ("test_sandbox_key", "")
        with session:
            for number in range(10_000):
                body = IMAGE_TASK | {"unique_id": f"{worker}-{number}", "tags": ["a"]}
                try:
                    answer = session.post(f"{url}/task/imageannotation", json=body, timeout=10)
                except requests.RequestException:
                    return
                answered.append(answer.json()["task_id"])
                if len(answered) >= creates:
                    enough.set()

    workers = [threading.Thread(target=create, args=(number,)) for number in range(16)]
    for worker in workers:
        worker.start()
    assert enough.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    for worker in workers:
        worker.join(10)
    assert len(answered) >= creates
    store = Store(path)
    with store.transaction() as db:
        rows = db.execute("SELECT task_id, body FROM tasks JOIN documents USING (key)").fetchall()
        counts = [
            db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
            for table in ("tasks", "documents", "task_tags")
        ]
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    store.close()
    kept = {task_id: json.loads(body) for task_id, body in rows}
    assert set(answered) <= set(kept)
    # An answer that was on its way when the process ended may be missing, one per connection.
    assert len(kept) <= len(answered) + len(workers)
    assert all(task["status"] == "completed" for task in kept.values())
    assert len(set(counts)) == 1


def test_a_count_is_counted_again_after_a_restore() -> None:
    """What was counted before does not hold for the state of a snapshot."""
    store, query = Store(), "SELECT COUNT(*) FROM teammates"
    snapshot = store.snapshot()
    with store.transaction() as db:
        db.execute("INSERT INTO teammates (world, email) VALUES ('test', 'a@x.net')")
    assert store.total(query, ()) == 1
    store.restore(snapshot)
    assert store.total(query, ()) == 0
    store.close()
