"""Snapshots with a checksum whose content was changed: rejected, or usable by every route."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox, StartError
from tests.sandbox.database import state
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.test_databases import check_content, execute, older
from tests.sandbox.rules.test_openapi import WORLD

GEOMETRIES = {"box": {"objects_to_annotate": ["a"]}}
SQL = tuple[str, tuple[Any, ...]]

HOSTILE_JSON = (None, 0, -1, 1e300, True, "", "x", [], {}, [1], {"a": 1}, [None], [{}])

KEYED = "task_id IN (SELECT task_id FROM idempotency_keys)"

HOSTILE: tuple[Any, ...] = (
    None,
    0,
    -1,
    2**63 - 1,
    1e300,
    -1e12,
    float("inf"),
    "",
    "x",
    "2026-13-45T99:99:99.000Z",
    "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    "test",
    "live",
    "[]",
    "{}",
    "null",
    "[1]",
    '{"a": 1}',
    b"\xff\xfe",
    b"",
)


def sealed(path: Path, *changes: SQL) -> bytes:
    """Change a database file, and return it as a snapshot with a checksum."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for change in changes:
            db.execute(*change)
    content = path.read_bytes()
    return content + b"scaleapi snapshot " + hashlib.sha256(content).digest()


def fill(sandbox: Sandbox) -> None:
    """Create at least one row of every table in both modes."""
    sandbox.seed(dict.fromkeys(("test", "live"), WORLD))
    for key in (sandbox.test_key, sandbox.live_key):
        caller = Caller(sandbox, key)
        file = caller.post(
            "/files/upload",
            files={"file": ("a.png", b"a")},
            data={"reference_id": "r", "project_name": "parcels"},
        )
        body = {"project": "parcels", "batch": "week_1", "attachment": file["attachment_url"]}
        hook = {"callback_url": "http://127.0.0.1:9/hook"}
        task = caller.task(**body, **hook, unique_id="u", tags=["a"])
        caller.session.headers["Idempotency-Key"] = "k"
        caller.task(tags=["a"])
        del caller.session.headers["Idempotency-Key"]
        sandbox.complete(task["task_id"])
        caller.post(f"/task/{task['task_id']}/audit", {"accepted": True})
        video = {"attachments": [file["attachment_url"]], "geometries": GEOMETRIES}
        sandbox.complete(caller.post("/task/videoannotation", video)["task_id"])
        for talk in caller.get("/tasks", type="chat")["docs"]:
            sandbox.recall(talk["task_id"])
            sandbox.complete(talk["task_id"], {"threads": [{"annotations": [{"id": "n"}]}]})
        caller.post("/teams/invite", {"emails": ["a@b.example"], "team_role": "labeler"})
        caller.project("r2", rapid=True)
        caller.post(
            "/evaluation_tasks/imageannotation",
            IMAGE_TASK | {"project": "r2", "expected_response": {"annotations": {}}},
        )
    caller.post("/studio/assignments/add", {"emails": ["a@b.example"], "projects": ["studio"]})
    caller.post("/studio/projects/studio/groups", {"emails": ["a@b.example"], "name": "g"})
    caller.batch("s", project="studio")
    caller.task(project="studio", batch="s")
    caller.post("/batches/s/finalize")
    caller.put("/studio/batches/s", {"groups": ["g"]})
    caller.post("/studio/batches/set_priorities", {"batches": [{"name": "s"}]})
    sandbox.clock.freeze()


def use_every_route(sandbox: Sandbox, known: dict[str, str]) -> list[str]:
    """Call every route, most of them with what exists; return the calls with a 5xx status."""
    failed: list[str] = []
    with requests.Session() as session:
        session.trust_env = False
        session.auth = (sandbox.live_key, "")
        for method, path, options in calls(known):
            url = path if "://" in path else sandbox.url.removesuffix("/v1") + path
            response = session.request(method, url, timeout=20, **options)
            if response.status_code >= 500:
                failed.append(f"{method} {path}: {response.status_code}")
    return failed


READS = [
    "/v1/task/{task}",
    "/v1/task/{task}?include_attachment_url=true",
    "/v1/tasks",
    "/v1/tasks?limit=1",
    "/v1/tasks?include_attachment_url=true",
    "/v1/tasks?limited_response=true",
    "/v1/tasks?project=parcels",
    "/v1/tasks?batch=week_1",
    "/v1/tasks?unique_id=u",
    "/v1/tasks?tags=a",
    "/v1/tasks?status=completed",
    "/v1/tasks?customer_review_status=accepted",
    "/v1/audits?task_id={task}",
    "/v1/batches",
    "/v1/batches?detailed=true",
    "/v1/batches?project=studio",
    "/v1/batches/week_1",
    "/v1/batches/week_1/status",
    "/v1/batches/s",
    "/v1/projects",
    "/v1/projects/parcels",
    "/v1/projects/parcels/taskTemplates",
    "/v1/projects/talk",
    "/v1/files?project=parcels",
    "/v1/files?project=parcels&limit=1",
    "/v1/teams",
    "/v1/studio/assignments",
    "/v1/studio/projects/studio/groups",
    "/v1/studio/batches",
    "/v1/quality/labelers?quality_task_ids={quality}",
    "/v2/task?task_id={chat}",
    "/v2/task?task_id={chat}&expand=project&expand=batch",
    "/v2/tasks?project_name=talk",
    "/v2/tasks?project_name=talk&expand=project&expand=batch",
    "/v2/annotation?annotation_id={annotation}",
    "/v2/batch?batch_name=talk_1&expand=project",
    "/v2/batches?project_name=talk",
    "/v2/project?project_name=talk",
    "/v2/projects",
    "/v2/deliveries?project_name=talk",
    "/v2/delivery?delivery_name=first&project_name=talk",
    "/v2/delivery/tasks?delivery_name=first&project_name=talk",
    "/v2/schema?schema_id={schema}",
    "/v2/datasets",
    "/v2/datasets/deliveries?dataset_id={dataset}&expand=dataset",
    "/v2/datasets/delivery?delivery_id={dataset_delivery}",
    "/v2/datasets/tasks?dataset_id={dataset}",
    "/v2/datasets/task?task_id={dataset_task}",
    "/v2/datasets/task/{dataset_task}/response_url/a1",
    "/_sandbox/",
    "/_sandbox/health",
    "/_sandbox/clock",
    "/_sandbox/deliveries",
    "/_sandbox/deliveries?task_id={task}",
    "/_sandbox/requests",
    "/_sandbox/export",
    "{file}",
    "{result}",
    "/dashboard",
]

HOOK = "http://127.0.0.1:9/hook"
BOX = IMAGE_TASK | {"attachment": "https://a.example/1.png"}
CHANGES: list[tuple[str, str, Any]] = [
    ("POST", "/v1/task/{task}/setMetadata", {"a": 1}),
    ("PUT", "/v1/task/{task}/tags", ["b"]),
    ("POST", "/v1/task/{task}/tags", ["c"]),
    ("DELETE", "/v1/task/{task}/tags", ["c"]),
    ("DELETE", "/v1/task/{task}/unique_id", None),
    ("POST", "/v1/task/{task}/unique_id", {"unique_id": "v"}),
    ("POST", "/v1/task/{task}/audit", {"accepted": False, "comments": "No."}),
    ("POST", "/v1/task/{task}/send_callback", None),
    ("POST", "/v1/task/imageannotation", BOX | {"unique_id": "u"}),
    ("POST", "/v1/task/imageannotation", BOX | {"project": "parcels", "batch": "week_1"}),
    ("POST", "/v1/task/imageannotation", BOX | {"attachment": "{attachment}", "tags": ["z"]}),
    ("POST", "/_sandbox/tasks/{pending}/start_work", {}),
    ("POST", "/_sandbox/tasks/{pending}/complete", {}),
    ("POST", "/_sandbox/tasks/{task}/recall", {}),
    ("POST", "/_sandbox/tasks/{task}/fail", {}),
    ("POST", "/_sandbox/tasks/{chat}/fix", {"response": {"threads": []}}),
    ("POST", "/v1/task/{waiting}/cancel?clear_unique_id=true", None),
    ("POST", "/v1/batches/week_1/setMetadata", {"a": 1}),
    ("POST", "/v1/batches/week_1/finalize", None),
    ("POST", "/v1/batches/s/prioritize", {"priority": 10}),
    ("POST", "/v1/projects/parcels/setParams", {"instruction": "Box."}),
    ("POST", "/v1/projects/parcels/setOntology", {"ontology": ["a"]}),
    ("POST", "/v1/batches", {"project": "parcels", "name": "week_2"}),
    ("POST", "/v1/projects", {"type": "imageannotation", "name": "other"}),
    ("POST", "/v1/teams/invite", {"emails": ["c@d.example"], "team_role": "labeler"}),
    ("POST", "/v1/teams/set_role", {"emails": ["a@b.example"], "team_role": "labeler"}),
    ("POST", "/v1/studio/assignments/add", {"emails": ["a@b.example"], "projects": ["studio"]}),
    ("POST", "/v1/studio/projects/studio/groups", {"emails": [], "name": "h"}),
    ("PUT", "/v1/studio/projects/studio/groups/g", {"add_emails": ["a@b.example"]}),
    ("PUT", "/v1/studio/batches/s", {"groups": ["g"]}),
    ("POST", "/v1/studio/batches/set_priorities", {"batches": [{"name": "s"}]}),
    ("POST", "/v1/studio/batches/reset_priorities", None),
    ("POST", "/v1/studio/assignments/remove", {"emails": ["a@b.example"], "projects": ["studio"]}),
    (
        "POST",
        "/v1/evaluation_tasks/imageannotation",
        BOX | {"project": "r2", "expected_response": {"annotations": {}}},
    ),
    ("POST", "/v2/task/chat", {"project_name": "talk", "template_variables": {"prompt": "A?"}}),
    ("POST", "/v2/task/metadata", {"task_id": "{chat}", "metadata": {"a": 1}}),
    ("POST", "/v2/batch", {"project_name": "talk", "name": "talk_2"}),
    ("POST", "/v2/batch/pause", {"batch_name": "talk_2"}),
    ("POST", "/v2/batch/resume", {"batch_name": "talk_2"}),
    ("POST", "/v2/batch/metadata", {"batch_name": "talk_1", "metadata": {"a": 1}}),
    ("POST", "/v2/batch/finalize", {"batch_name": "talk_2"}),
    ("POST", "/_sandbox/clock", {"advance": 86_400}),
    ("POST", "/_sandbox/callbacks/wait", {"timeout": 10}),
    ("POST", "/v2/batch/cancel", {"batch_name": "talk_2"}),
]


def calls(known: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield calls of every route: reading ones, then changes, then the same reading ones."""
    for path in READS:
        yield "GET", path.format(**known), {}
    for method, path, body in CHANGES:
        text = json.dumps(body)
        for name, value in known.items():
            text = text.replace(f"{{{name}}}", value)
        yield method, path.format(**known), {"json": json.loads(text)}
    for path in READS:
        yield "GET", path.format(**known), {}


def ids(path: Path) -> dict[str, str]:
    """Return the ids in the world of the live key, by the names in the calls above."""
    queries = {
        "task": "SELECT task_id FROM tasks WHERE unique_id = 'u'",
        "pending": "SELECT task_id FROM tasks WHERE status = 'pending' AND due_at IS NOT NULL",
        "waiting": f"SELECT task_id FROM tasks WHERE {KEYED}",
        "chat": "SELECT task_id FROM tasks WHERE type = 'chat'",
        "annotation": "SELECT id FROM annotations",
        "quality": "SELECT id FROM quality_tasks",
        "schema": "SELECT id FROM response_schemas",
        "dataset": "SELECT id FROM datasets",
        "dataset_delivery": "SELECT id FROM dataset_deliveries",
        "dataset_task": "SELECT task_id FROM dataset_tasks",
        "attachment": "SELECT attachment_url FROM files",
    }
    with closing(sqlite3.connect(path)) as db:
        return {
            name: db.execute(
                f"{query}{' AND' if 'WHERE' in query else ' WHERE'} world = 'live'"
            ).fetchone()[0]
            for name, query in queries.items()
        }


class Changed:
    """A filled sandbox, and snapshots of it with one changed cell."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.path = folder / "snapshot.db"
        self.random = Random(0)
        fill(sandbox)
        self.original = sandbox.snapshot()
        self.path.write_bytes(self.original[:-50])
        probe = f"INSERT INTO probes SELECT key, world, task_id FROM tasks WHERE {KEYED}"
        self.original = sealed(self.path, (probe, ()))
        self.ids = ids(self.path)
        with requests.Session() as session:
            session.auth = (sandbox.live_key, "")
            url = f"{sandbox.url}/task/{self.ids['task']}?include_attachment_url=true"
            task = session.get(url, timeout=5).json()
            self.ids["file"] = task["attachmentS3Downloads"][0]["s3URL"]
            video = session.get(f"{sandbox.url}/tasks?type=videoannotation", timeout=5).json()
            self.ids["result"] = video["docs"][0]["response"]["annotations"]["url"]

    def mutations(self) -> Iterator[tuple[str, Any, SQL]]:
        """Yield changes of one cell: its column, the new value, and the SQL."""
        with closing(sqlite3.connect(self.path)) as db:
            tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                for _, column, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                    rows = db.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
                    if not rows:
                        continue
                    for value in HOSTILE:
                        (old,) = self.random.choice(rows)
                        change = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} IS ?"
                        yield f"{table}.{column}", value, (change, (value, old))

    def document_mutations(self) -> Iterator[tuple[str, Any, SQL]]:
        """Yield changes of one value in a document."""
        with closing(sqlite3.connect(self.path)) as db:
            documents = db.execute("SELECT key, body FROM documents").fetchall()
        for key, text in documents:
            for path in paths(json.loads(text)):
                for value in HOSTILE_JSON:
                    body = json.loads(text)
                    place = body
                    for step in path[:-1]:
                        place = place[step]
                    place[path[-1]] = value
                    change = "UPDATE documents SET body = ? WHERE key = ?"
                    yield f"{key}: {path}", value, (change, (json.dumps(body), key))

    def check(self, change: SQL) -> bool:
        """Restore a changed snapshot and return whether it is accepted; it must be usable then."""
        before = self.path.read_bytes()
        try:
            snapshot = sealed(self.path, change)
        except sqlite3.IntegrityError:  # SQLite itself rejects the value
            return False
        finally:
            self.path.write_bytes(before)
        self.sandbox.restore(self.original)
        unchanged = state(self.sandbox)
        try:
            self.sandbox.restore(snapshot)
        except Refusal as error:
            refusal = error
        else:
            assert use_every_route(self.sandbox, self.ids) == []
            return True
        assert (refusal.status_code, "\n" in str(refusal)) == (400, False)
        assert state(self.sandbox) == unchanged
        return False


def paths(value: Any, before: tuple[Any, ...] = (), depth: int = 3) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of the values in a JSON document down to some depth."""
    if before:
        yield before
    if len(before) == depth:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, (*before, name), depth)
    elif isinstance(value, list):
        for place, inner in enumerate(value[:9]):
            yield from paths(inner, (*before, place), depth)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    with Sandbox(transition="after 60s") as sandbox:
        yield Changed(sandbox, tmp_path_factory.mktemp("changed"))


@pytest.mark.slow
def test_unchanged_snapshot_works(changed: Changed) -> None:
    assert changed.check(("UPDATE account SET ahead = 5", ()))


how_many = pytest.mark.parametrize(
    "count",
    [
        2,
        pytest.param(25, marks=pytest.mark.slow),
        pytest.param(2000, marks=pytest.mark.soak),
    ],
)


@how_many
@pytest.mark.parametrize("place", ["cell", "document"])
def test_any_one_value_is_changed(changed: Changed, place: str, count: int) -> None:
    """It is rejected with 400 and the state is kept, or every later call works: never a 5xx."""
    changed.random.seed(count)
    found = list(changed.mutations() if place == "cell" else changed.document_mutations())
    for column, value, change in changed.random.sample(found, min(count, len(found))):
        try:
            changed.check(change)
        except AssertionError as error:
            raise AssertionError(f"{column} = {value!r}: {error}") from error


NEVER = "9999-99-99T00:00:00.000Z"
INVALID: dict[str, SQL] = {
    "far ahead": ("UPDATE account SET ahead = 1e300", ()),
    "far behind": ("UPDATE account SET ahead = -1e12", ()),
    "text ahead": ("UPDATE account SET ahead = 'soon'", ()),
    "infinitely ahead": ("UPDATE account SET ahead = 9e999", ()),
    "frozen at no time": ("UPDATE account SET frozen_at = 'x'", ()),
    "frozen at a number": ("UPDATE account SET frozen_at = x'00'", ()),
    "document without an object": ("UPDATE documents SET body = '[]' WHERE key = 1", ()),
    "document without fields": ("UPDATE documents SET body = '{}' WHERE key = 1", ()),
    "document in another encoding": (
        "UPDATE documents SET body = CAST(x'227bff7d22' AS TEXT) WHERE key = 1",
        (),
    ),
    "deeply nested document": (
        "UPDATE documents SET body = ? WHERE key = 1",
        ("[" * 100_000 + "]" * 100_000,),
    ),
    "document that is missing": ("DELETE FROM documents WHERE key = 1", ()),
    "task due at no time": ("UPDATE tasks SET due_at = ?", (NEVER,)),
    "task due on February 30": ("UPDATE tasks SET due_at = '2026-02-30T00:00:00.000Z'", ()),
    "task of no project": ("UPDATE projects SET name = name || '_'", ()),
    "tries that are no array": ("UPDATE deliveries SET tries = '{}'", ()),
    "tries of another shape": ("UPDATE deliveries SET tries = '[[1]]'", ()),
    "text in another encoding": ("UPDATE deliveries SET reason = CAST(x'ff' AS TEXT)", ()),
    "image without a width": ("UPDATE files SET width = 0, height = 1", ()),
    "unknown mode": ("UPDATE teammates SET world = 'other'", ()),
}


@pytest.mark.parametrize("change", INVALID.values(), ids=INVALID)
def test_invalid_content_is_rejected(changed: Changed, change: SQL) -> None:
    assert not changed.check(change)


def test_invalid_content_of_a_database_is_refused(changed: Changed, tmp_path: Path) -> None:
    """A database file is verified like a snapshot."""
    path = tmp_path / "a.db"
    path.write_bytes(sealed(changed.path))
    with Sandbox(database=path) as sandbox:
        assert not sandbox.is_empty
    sealed(path, INVALID["tries of another shape"])
    with pytest.raises(StartError, match=r"deliveries\.tries has an invalid value"):
        Sandbox(database=path).start()


# Page sizes


def with_page_size(path: Path, size: int) -> bytes:
    """Return the snapshot in a file with pages of another size."""
    return sealed(path, (f"PRAGMA page_size = {size}", ()), ("VACUUM", ()))


@pytest.mark.parametrize("size", [1024, 65536])
def test_page_size(changed: Changed, tmp_path: Path, size: int) -> None:
    """A snapshot, and a database file, may have pages of any size."""
    path = tmp_path / "a.db"
    path.write_bytes(sealed(changed.path))
    snapshot = with_page_size(path, size)
    changed.sandbox.restore(changed.original)
    expected = state(changed.sandbox)
    changed.sandbox.restore(snapshot)
    assert state(changed.sandbox) == expected
    with Sandbox(database=path, transition="after 60s") as kept:
        kept.restore(changed.original)
        assert state(kept) == expected
        kept.reset()
        assert kept.is_empty
        kept.restore(snapshot)
        assert state(kept) == expected
        kept.seed({"test": {"teammates": [{"emails": ["z@z.example"], "team_role": "member"}]}})
        kept.restore(kept.snapshot())
    with Sandbox(database=path) as kept:
        assert not kept.is_empty


@pytest.mark.parametrize("version", [1, 2])
def test_page_size_of_an_older_database(tmp_path: Path, version: int) -> None:
    """It is migrated like any other."""
    path = older(tmp_path / "old.db", version)
    execute(path, "PRAGMA page_size = 1024; VACUUM")
    content = path.read_bytes()
    for _ in range(2):
        with Sandbox(database=path) as sandbox:
            check_content(sandbox)
    with Sandbox() as sandbox:
        sandbox.restore(content)
        check_content(sandbox)


# Seeds with stored resources are the other way in


@how_many
def test_any_one_value_of_an_export_is_changed(changed: Changed, count: int) -> None:
    """A seed is rejected, or every later call works, and so does a snapshot of the result."""
    changed.sandbox.restore(changed.original)
    exported = json.dumps(changed.sandbox.export())
    places = list(paths(json.loads(exported), depth=6))
    for _ in range(count):
        path, value = changed.random.choice(places), changed.random.choice(HOSTILE_JSON)
        seed = json.loads(exported)
        place = seed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        changed.sandbox.reset()
        try:
            changed.sandbox.seed(seed)
        except Refusal as error:
            refusal = error
        else:
            changed.sandbox.restore(changed.sandbox.snapshot())
            assert use_every_route(changed.sandbox, changed.ids) == [], (path, value)
            continue
        assert refusal.status_code in (400, 404, 409), (path, value)
        assert changed.sandbox.is_empty
