"""A snapshot whose content somebody has changed is rejected, or can be used by every route."""

from __future__ import annotations

import io
import json
import random
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox
from scaleapi.sandbox.storage import snapshots
from tests.sandbox.rules.caller import Caller
from tests.sandbox.rules.test_export import fill

NAMES = ("parcels", "quick", "studio", "talk", "week_1", "staged", "begun", "talks")
"""The projects and batches of ``fill``."""

CELLS: list[Any] = [
    *(None, 5, -1, 10**18, 1e300, float("inf"), b"\xff\xfe", "", "\x00", "x" * 10_000, "test"),
    *("[]", "{}", "null", '"a"', "[1]", '{"a":1}', "[[]]", '[["a", "b", "c", "d"]]'),
    *("9999-12-31T23:59:59.999Z", "2026-02-30T00:00:00.000Z", "0000-01-01T00:00:00.000Z"),
]
VALUES: list[Any] = [
    *(None, True, 0, -1, 1e300, 10**40, "", "x", [], [None], [[]], [{}], [1, "a"], {}, {"a": None}),
    *("2026-13-01", "9999-12-31T23:59:59.999Z"),
]


@pytest.fixture(scope="module")
def snapshot() -> bytes:
    """The snapshot of a sandbox with rows in every table."""
    with Sandbox(transition="manual") as sandbox:
        fill(sandbox)
        return sandbox.snapshot()


@contextmanager
def opened_copy(snapshot: bytes, path: Path) -> Generator[sqlite3.Connection]:
    """Open a copy of the database in a snapshot."""
    path.unlink(missing_ok=True)
    with (
        snapshots.opened(io.BytesIO(snapshot)) as source,
        closing(sqlite3.connect(path)) as db,
        db,
    ):
        source.backup(db)
        yield db


def sealed(path: Path) -> bytes:
    """Return a database as a snapshot with a valid checksum."""
    file = io.BytesIO()
    snapshots.write(path, file)
    return file.getvalue()


def failures(sandbox: Sandbox) -> list[str]:
    """Return the pages of both APIs, of the control API and of the dashboard that fail."""
    origin = sandbox.url.removesuffix("/v1")
    with requests.Session() as session:

        def status(path: str) -> int:
            key = None if path.startswith(("/_", "/dash")) else (sandbox.live_key, "")
            return session.get(origin + path, auth=key, timeout=10).status_code

        return [path for path in paths(sandbox) if status(path) >= 500]


def paths(sandbox: Sandbox) -> Iterator[str]:
    for name in ("tasks", "batches", "projects", "teams", "studio/assignments", "studio/batches"):
        yield f"/v1/{name}"
    yield "/v1/tasks?include_attachment_url=true"
    for name in ("batches?expand=project", "deliveries", "datasets", "projects"):
        yield f"/v2/{name}"
    yield "/v2/tasks?project_name=talk&expand=project&expand=batch"
    for name in NAMES:
        yield from (f"/v1/projects/{name}", f"/v1/batches/{name}", f"/v1/batches/{name}/status")
        yield from (f"/dashboard/projects/{name}", f"/dashboard/batches/{name}")
    for name in ("", "callbacks", "export", "clock"):
        yield f"/_sandbox/{name}"
    for name in ("tasks", "projects", "batches", "files", "team", "requests", "clock"):
        yield f"/dashboard/{name}"
    for mode_key in (sandbox.live_key, sandbox.test_key):
        for task in Caller(sandbox, mode_key).call("GET", "/tasks", 200)["docs"]:
            task_id = task["task_id"]
            yield from (f"/v1/task/{task_id}", f"/v2/task?task_id={task_id}")
            yield from (f"/dashboard/tasks/{task_id}", f"/dashboard/tasks/{task_id}/label")


def change_cell(db: sqlite3.Connection, chance: random.Random) -> str:
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    table = chance.choice(tables)[0]
    column = chance.choice(db.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchall())
    value = chance.choice(CELLS)
    key = chance.choice([*db.execute(f"SELECT {column[0]} FROM {table}"), ("",)])[0]
    try:
        db.execute(f"UPDATE {table} SET {column[0]} = ? WHERE {column[0]} IS ?", (value, key))
    except sqlite3.IntegrityError:
        return "nothing"
    return f"{table}.{column[0]} = {value!r:.40}"


def change_document(db: sqlite3.Connection, chance: random.Random) -> str:
    key, body = chance.choice(db.execute("SELECT key, body FROM documents").fetchall())
    document = place = json.loads(body)
    trail = []
    while True:
        name = chance.choice([*place] if isinstance(place, dict) else range(len(place)))
        trail.append(name)
        if not place[name] or not isinstance(place[name], (dict, list)) or chance.random() < 0.5:
            break
        place = place[name]
    value = chance.choice(VALUES)
    if chance.random() < 0.3:
        value = "missing"
        place.pop(name)
    else:
        place[name] = value
    db.execute("UPDATE documents SET body = ? WHERE key = ?", (json.dumps(document), key))
    return f"{trail} of {body[:60]} = {value!r:.40}"


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_random_changes(snapshot: bytes, tmp_path: Path, number: int) -> None:
    """Each of eight times eight changes is rejected with 400, or leaves every page working."""
    chance = random.Random(number)
    with Sandbox(transition="manual") as sandbox:
        for _ in range(8):
            path = tmp_path / "changed.db"
            with opened_copy(snapshot, path) as db:
                done = chance.choice((change_cell, change_document))(db, chance)
            refusal = refusal_of(sandbox, sealed(path))
            if refusal is not None:
                assert refusal.status_code == 400, done
                continue
            assert failures(sandbox) == [], done
            sandbox.export()
            sandbox.reset()


def refusal_of(sandbox: Sandbox, snapshot: bytes) -> Refusal | None:
    try:
        sandbox.restore(snapshot)
    except Refusal as refusal:
        return refusal
    return None


INVALID = {
    "clock far away": "UPDATE account SET ahead = 1e300",
    "clock before 1970": "UPDATE account SET ahead = -1e12",
    "clock of text": "UPDATE account SET ahead = 'soon'",
    "frozen on no day": "UPDATE account SET frozen_at = '2026-02-30T00:00:00Z'",
    "secret of text": "UPDATE account SET secret = 'secret'",
    "no account": "DELETE FROM account",
    "a document that is a list": "UPDATE documents SET body = '[]' WHERE key = 3",
    "a document that is no JSON": "UPDATE documents SET body = '{' WHERE key = 3",
    "no document": "DELETE FROM documents WHERE key = 3",
    "another name in the document": "UPDATE projects SET name = 'other' WHERE name = 'parcels'",
    "a third mode": "UPDATE tasks SET world = 'other'",
    "due on no day": "UPDATE tasks SET due_at = '2026-02-30T00:00:00.000Z'",
    "due some day": "UPDATE deliveries SET due_at = 'tomorrow'",
    "attempts that are no list": "UPDATE deliveries SET tries = '{}'",
    "attempts without a time": "UPDATE deliveries SET tries = '[[1]]'",
    "a body that is no object": "UPDATE deliveries SET body = '[]'",
    "an image of no width": "UPDATE files SET width = 0, height = 0",
    "params that are a list": "UPDATE documents SET body = json_set(body, '$.params', json('[]'))"
    " WHERE json_type(body, '$.params') = 'object'",
    "completed without a response": "UPDATE documents SET body = json_remove(body, '$.response')",
    "tags that are numbers": "UPDATE documents SET body = json_set(body, '$.tags', json('[1]'))"
    " WHERE json_type(body, '$.params') = 'object'",
}


@pytest.mark.parametrize("change", INVALID.values(), ids=[*INVALID])
def test_rejects_invalid_contents(
    sandbox: Sandbox, test: Caller, snapshot: bytes, tmp_path: Path, change: str
) -> None:
    """The checksum is right, but no sandbox has written this; the state stays."""
    test.task()
    path = tmp_path / "changed.db"
    with opened_copy(snapshot, path) as db:
        db.execute(change)
    with pytest.raises(Refusal, match=r"was not written by a sandbox|cannot be read") as refused:
        sandbox.restore(sealed(path))
    assert refused.value.status_code == 400
    assert test.get("/tasks")["total"] == 1


@pytest.mark.slow
def test_restores_valid_contents(sandbox: Sandbox, snapshot: bytes) -> None:
    sandbox.restore(snapshot)
    assert failures(sandbox) == []


@pytest.mark.slow
@pytest.mark.parametrize("kept", [False, True])
def test_pages_of_another_size(snapshot: bytes, tmp_path: Path, kept: bool) -> None:
    """A SQLite of another build writes other pages; its files are restored, used and reset."""
    database = tmp_path / "kept.db"
    with opened_copy(snapshot, tmp_path / "other.db") as db:
        db.commit()
        db.execute("PRAGMA page_size = 8192")
        db.execute("VACUUM")
    other = sealed(tmp_path / "other.db")
    if kept:
        with closing(sqlite3.connect(database)) as db:
            db.execute("PRAGMA page_size = 1024")
            db.execute("VACUUM")
    with Sandbox(transition="manual", database=database if kept else None) as sandbox:
        for _ in range(2):
            sandbox.restore(other)
            assert failures(sandbox) == []
            sandbox.restore(sandbox.snapshot())
            sandbox.reset()
            assert Caller(sandbox, sandbox.live_key).get("/tasks")["total"] == 0
