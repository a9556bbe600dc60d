"""States of any size: snapshots over HTTP, long seeds, disk space, a full disk and a kill."""

from __future__ import annotations

import itertools
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox
from tests.sandbox.rules.caller import IMAGE_TASK, Caller

TASK: dict[str, Any] = {"type": "imageannotation"} | IMAGE_TASK
BINARY = {"Content-Type": "application/octet-stream"}

sizes = pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.soak)])


def fill(sandbox: Sandbox, count: int, mode: str = "live") -> None:
    sandbox.seed({mode: {"tasks": [TASK | {"status": "completed", "count": count}]}})


def control(sandbox: Sandbox, path: str) -> str:
    return sandbox.url.removesuffix("/v1") + f"/_sandbox/{path}"


def disk_space(path: Path) -> int:
    return sum(one.stat().st_size for one in path.parent.iterdir() if path.name in one.name)


@sizes
@pytest.mark.parametrize("chunked", [False, True])
def test_snapshot_of_any_size_over_http(
    sandbox: Sandbox, live: Caller, tmp_path: Path, count: int, chunked: bool
) -> None:
    """It is streamed to the caller and back, with a length or in chunks."""
    fill(sandbox, count)
    path = tmp_path / "snapshot"
    with requests.get(control(sandbox, "snapshot"), stream=True, timeout=60) as response:
        with path.open("wb") as file:
            for piece in response.iter_content(1_048_576):
                file.write(piece)
        assert int(response.headers["Content-Length"]) == path.stat().st_size > count * 500
    sandbox.reset()
    with path.open("rb") as file:
        body = iter(lambda: file.read(1_048_576), b"") if chunked else file
        answer = requests.post(control(sandbox, "restore"), body, headers=BINARY, timeout=60)
    assert answer.status_code == 200, answer.text
    assert live.get("/tasks", status="completed")["total"] == count


def test_a_snapshot_that_is_cut_off_changes_nothing(sandbox: Sandbox, test: Caller) -> None:
    """A caller that goes away in the middle of a snapshot has restored nothing."""
    snapshot = sandbox.snapshot()
    test.task()

    def half() -> Iterator[bytes]:
        yield snapshot[: len(snapshot) // 2]
        raise ConnectionAbortedError

    with pytest.raises((ConnectionAbortedError, requests.ConnectionError)):
        requests.post(control(sandbox, "restore"), half(), headers=BINARY, timeout=5)
    assert test.get("/tasks")["total"] == 1


class Watch:
    """Calls one mode all the time and keeps the longest wait, in seconds."""

    def __init__(self, sandbox: Sandbox, key: str) -> None:
        self.longest = 0.0
        self.calls = 0
        self._caller = Caller(sandbox, key)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.is_set():
            start = time.monotonic()
            self._caller.task()
            self._caller.get("/tasks", limit=1)
            self.longest = max(self.longest, time.monotonic() - start)
            self.calls += 2


@pytest.mark.soak
@pytest.mark.parametrize("status", [{"status": "completed"}, {"status": "pending"}, {}])
def test_long_seed_does_not_block_the_other_mode(status: dict[str, str]) -> None:
    """100,000 tasks of one mode are seeded while the other one is used."""
    with Sandbox(transition="immediate") as sandbox:
        with Watch(sandbox, sandbox.test_key) as watch:
            sandbox.seed({"live": {"tasks": [TASK | status | {"count": 100_000}]}})
        assert Caller(sandbox, sandbox.live_key).get("/tasks")["total"] == 100_000
        assert Caller(sandbox, sandbox.test_key).get("/tasks")["total"] == watch.calls / 2
        # A seed that holds the store from beginning to end lets one or two through.
        assert watch.calls > 200
        assert watch.longest < 15


def test_a_seed_in_progress_is_invisible(sandbox: Sandbox, test: Caller, live: Caller) -> None:
    """The other mode goes on, and the seeded one sees all of it or nothing."""
    inside, go_on = threading.Event(), threading.Event()

    def tasks() -> Iterator[dict[str, Any]]:
        for _ in range(3):
            yield TASK | {"status": "completed", "tags": ["seeded"]}
        inside.set()
        assert go_on.wait(10)
        yield TASK

    seed = {"live": {"projects": [{"name": "p", "type": "imageannotation"}], "tasks": tasks()}}
    seeding = threading.Thread(target=sandbox.seed, args=(seed,))
    seeding.start()
    assert inside.wait(10)
    for number in range(5):
        test.task(unique_id=str(number), tags=["other"])
    test.project()
    snapshot = sandbox.snapshot()
    totals: list[int] = []
    reading = threading.Thread(target=lambda: totals.append(live.get("/tasks")["total"]))
    reading.start()
    go_on.set()
    seeding.join()
    reading.join()
    assert totals == [4]
    assert live.get("/tasks", tags="seeded")["total"] == 3
    assert test.get("/tasks", tags="other")["total"] == 5
    ids = [task["task_id"] for caller in (test, live) for task in caller.get("/tasks")["docs"]]
    assert len({*ids}) == 9
    sandbox.restore(snapshot)
    assert live.get("/tasks")["total"] == 0
    assert live.get("/projects") == []
    assert test.get("/tasks", tags="other")["total"] == 5


@pytest.mark.parametrize("act", ["reset", "restore"])
def test_a_seed_of_a_replaced_state_is_refused(sandbox: Sandbox, live: Caller, act: str) -> None:
    """What was made for a state that is gone is not added to the next one."""
    snapshot = sandbox.snapshot()

    def tasks() -> Iterator[dict[str, Any]]:
        yield TASK
        sandbox.restore(snapshot) if act == "restore" else sandbox.reset()

    with pytest.raises(Refusal, match="meanwhile") as refusal:
        sandbox.seed({"live": {"tasks": tasks()}})
    assert refusal.value.status_code == 409
    assert live.get("/tasks")["total"] == 0


def test_a_seed_changes_what_exists(sandbox: Sandbox, live: Caller) -> None:
    """Batches that get tasks are completed, and others keep what happened meanwhile."""
    live.project()
    live.batch("first")
    live.batch("second")
    live.task(batch="second")

    def tasks() -> Iterator[dict[str, Any]]:
        yield TASK | {"batch": "first", "status": "completed", "tags": ["a", "b"]}

    sandbox.seed({"live": {"tasks": tasks()}})
    assert live.get("/batches/first")["status"] == "completed"
    assert live.get("/batches/second")["status"] == "in_progress"
    sandbox.clock.advance(1)
    assert live.get("/batches/second")["status"] == "completed"


@pytest.mark.slow
def test_reset_gives_the_disk_space_back(tmp_path: Path) -> None:
    """So does restoring a small snapshot."""
    path = tmp_path / "sandbox.db"
    with Sandbox(database=path) as sandbox:
        small = sandbox.snapshot()
        empty = disk_space(path)
        for give_back in (sandbox.reset, lambda: sandbox.restore(small)):
            fill(sandbox, 3000)
            assert disk_space(path) > empty + 3_000_000
            give_back()
            assert disk_space(path) <= empty + 65_536
    with Sandbox(database=path) as sandbox:
        assert Caller(sandbox, sandbox.live_key).get("/tasks")["total"] == 0


def limit_disk(sandbox: Sandbox, pages: int) -> int:
    """Let the database grow by so many pages only; return the limit before."""
    assert sandbox._service
    db = sandbox._service.store._db
    (size,) = db.execute("PRAGMA page_count").fetchone()
    (before,) = db.execute("PRAGMA max_page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {size + pages}").fetchone()
    return int(before)


@pytest.mark.slow
@pytest.mark.parametrize("kept", [False, True])
def test_a_full_disk_changes_nothing(tmp_path: Path, kept: bool) -> None:
    """A restore, a seed and a create fail, and work once there is room."""
    with Sandbox(database=tmp_path / "sandbox.db" if kept else None) as sandbox:
        caller = Caller(sandbox, sandbox.live_key)
        fill(sandbox, 2000)
        large = sandbox.snapshot()
        sandbox.reset()
        task_id = caller.task(unique_id="u")["task_id"]
        sandbox.clock.advance(60)
        for room in (0, 10, 100):
            limit = limit_disk(sandbox, room)
            with pytest.raises(Refusal) as refusal:
                sandbox.restore(large)
            assert refusal.value.status_code == 507
            with pytest.raises(Refusal, match="full") as refusal:
                fill(sandbox, 2000)
            assert refusal.value.status_code == 507
            large_file = {"file": ("a.bin", b"b" * 500_000)}
            caller.call("POST", "/files/upload", 507, files=large_file)
            assert [task["task_id"] for task in caller.get("/tasks")["docs"]] == [task_id]
            assert caller.get(f"/task/{task_id}")["status"] == "completed"
            assert sandbox.clock.now().timestamp() - time.time() > 59
            assert sandbox._service
            sandbox._service.store._db.execute(f"PRAGMA max_page_count = {limit}").fetchone()
        caller.task()
        sandbox.restore(large)
        assert caller.get("/tasks")["total"] == 2000


class Command:
    """The sandbox in a process of its own, which is killed in the end."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-m", "scaleapi.sandbox", "--db", str(path), "--quiet"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        url = next(line for line in self._process.stdout if "at http" in line).split()[-1]
        self.control = url.removesuffix("/v1") + "/_sandbox"

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def repeat(self, act: Callable[[int], requests.Response]) -> threading.Thread:
        """Call a function again and again until the process is killed; return after one call."""
        begun = threading.Event()

        def run() -> None:
            with suppress(requests.RequestException):
                for number in itertools.count():
                    answer = act(number)
                    assert answer.status_code == 200, answer.text
                    begun.set()

        thread = threading.Thread(target=run)
        thread.start()
        assert begun.wait(20)
        return thread


def counts(path: Path) -> set[int]:
    """Return how many tasks and documents there are, once the database was opened again."""
    with Sandbox(database=path) as sandbox:
        found = {Caller(sandbox, sandbox.live_key).get("/tasks")["total"]}
    with closing(sqlite3.connect(path)) as db:
        for table in ("tasks", "documents"):
            found.add(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return found


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_during_restores(tmp_path: Path) -> None:
    """After a kill at any moment the database holds the state before or the one after.

    ``KILLS`` sets how many processes are killed.
    """
    snapshots: list[bytes] = []
    for count in (300, 3000):
        with Sandbox() as sandbox:
            fill(sandbox, count)
            snapshots.append(sandbox.snapshot())
    chance = random.Random(3)
    seen: set[int] = set()
    for _ in range(int(os.environ.get("KILLS", "20"))):
        path = tmp_path / "sandbox.db"
        command = Command(path)
        url = f"{command.control}/restore"
        thread = command.repeat(
            lambda number, url=url: requests.post(
                url, snapshots[number % 2], headers=BINARY, timeout=10
            )
        )
        time.sleep(chance.uniform(0, 0.3))
        command.kill()
        thread.join(20)
        (total,) = counts(path)
        seen.add(total)
    assert seen == {300, 3000}


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_during_seeds_and_resets(tmp_path: Path) -> None:
    """After a kill at any moment a seed is there as a whole or not at all."""
    chance = random.Random(4)
    seed = {"live": {"tasks": [TASK | {"status": "completed", "count": 2000}]}}
    seen: set[int] = set()
    for _ in range(int(os.environ.get("KILLS", "20"))):
        path = tmp_path / "sandbox.db"
        command = Command(path)
        url = command.control

        def act(number: int, url: str = url) -> requests.Response:
            name, body = ("seed", seed) if number % 3 else ("reset", {})
            return requests.post(f"{url}/{name}", json=body, timeout=20)

        thread = command.repeat(act)
        time.sleep(chance.uniform(0, 0.8))
        command.kill()
        thread.join(20)
        (total,) = counts(path)
        seen.add(total)
    assert seen <= {0, 2000, 4000}
    assert len(seen) > 1


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """The state is the one before, and everything works once there is room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine cannot mount a file system")
    try:
        with Sandbox() as sandbox:
            fill(sandbox, 4000)
            large = sandbox.snapshot()
        with Sandbox(database=disk / "sandbox.db") as sandbox:
            caller = Caller(sandbox, sandbox.live_key)
            fill(sandbox, 500)
            for _ in range(3):
                with pytest.raises(Refusal) as refusal:
                    sandbox.restore(large)
                assert refusal.value.status_code == 507
                with pytest.raises(Refusal, match="full"):
                    fill(sandbox, 4000)
                assert caller.get("/tasks")["total"] == 500
            filler = disk / "filler"
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(b"." * 4096)
            for _ in range(3):
                content = {"file": ("a.bin", b"b" * 4_000_000)}
                caller.call("POST", "/files/upload", 507, files=content)
                assert caller.get("/tasks")["total"] == 500
            filler.unlink()
            sandbox.reset()
            caller.task()
            assert caller.get("/tasks")["total"] == 1
        assert counts(disk / "sandbox.db") == {1}
    finally:
        subprocess.run(["umount", str(disk)], check=True)
