"""Probes of attachments never make a request, a reset or a stop hang."""

from __future__ import annotations

import logging
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.links import prober
from scaleapi.sandbox.links.prober import Prober
from tests.sandbox.rules.caller import Caller

BOXES = {"box": {"objects_to_annotate": ["a"]}}
HTTP_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

_logger = logging.getLogger(__name__)

Peer = Callable[[socket.socket], object]


def slow(connection: socket.socket) -> None:
    time.sleep(random.uniform(0.0, 0.3))
    connection.sendall(HTTP_OK)


def dripping(connection: socket.socket) -> None:
    """Send a response of which every byte takes a while."""
    for byte in HTTP_OK * 20:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def hanging(connection: socket.socket) -> None:
    """Send nothing until the client goes away."""
    while connection.recv(1024):
        pass


def closing_at_once(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"\xff" * 100_000)


@contextmanager
def running(peer: Peer) -> Generator[str]:
    """Run a server that treats each connection like this; yield its URL."""

    def treat(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(4096)
            peer(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                connection.settimeout(5)
                threading.Thread(target=treat, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        acceptor = threading.Thread(target=accept, daemon=True)
        acceptor.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            acceptor.join()


def refusing() -> str:
    """Return a URL at which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def dead() -> Iterator[str]:
    with running(hanging) as url:
        yield url


def seconds_of(call: Callable[[], object]) -> float:
    begun = time.monotonic()
    call()
    return time.monotonic() - begun


STRANGE = ["a\x7f", "a\\", "xn--", "a" * 70, "%0d", "\u212a", "a b", "a\u0130"]
"""Starts of names of loopback that a library may reject in a way of its own."""


@pytest.mark.slow
@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("seed", [None, 1])
def test_strange_hosts(name: str, seed: int | None) -> None:
    """A host that cannot even be asked is broken; the probes after it are made."""
    with Sandbox(random_seed=seed) as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        for _ in range(9):  # more than there are threads
            body = {"attachment": f"http://{name}.localhost/1.png", "geometries": BOXES}
            response = caller.session.post(f"{caller.url}/task/imageannotation", json=body)
            assert response.status_code in (200, 400)
        task = caller.task(attachment=refusing())
        sandbox.clock.advance(60)
        sandbox.wait_for_callbacks(5)
        assert caller.get(f"/task/{task['task_id']}")["status"] == "error"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [None, 1])
@pytest.mark.parametrize("path", ["dashboard/tasks", "dashboard/tasks/{task}", "_sandbox/export"])
def test_pages_of_the_sandbox(monkeypatch: pytest.MonkeyPatch, seed: int | None, path: str) -> None:
    """A page that shows tasks is there, though it is asked for while a probe is made: its own."""
    monkeypatch.setattr(prober, "_PROBE_SECONDS", 9)  # a page takes two on a busy machine
    with Sandbox(random_seed=seed, transition="manual") as sandbox:
        caller = Caller(sandbox, sandbox.live_key)
        first = caller.task()["task_id"]
        url = sandbox.url.removesuffix("v1") + path.format(task=first)
        task = caller.task(attachment=url)
        sandbox.wait_for_callbacks(20)
        caller.get("/tasks")
        assert sandbox.complete(task["task_id"])["status"] == "completed"
        with sandbox._running.store.transaction() as db:
            found = db.execute("SELECT 1 FROM tasks WHERE broken_attachments IS NOT NULL")
            assert found.fetchone() is None


@pytest.mark.parametrize("seed", [None, 1])
def test_stop_does_not_wait(dead: str, seed: int | None, tmp_path: Path) -> None:
    """Requests that wait for a probe end when the sandbox stops; the next start probes again."""
    path = tmp_path / "a.db"
    with Sandbox(random_seed=seed, database=path) as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        body = {"attachments": [f"{dead}/{one}" for one in range(4)], "geometries": BOXES}
        task = caller.post("/task/videoannotation", body)["task_id"]
        with ThreadPoolExecutor(8) as pool:

            def create() -> int:
                reader = Caller(sandbox, sandbox.test_key)
                return len(reader.task(attachment=dead)["task_id"])

            calls = [pool.submit(create) for _ in range(8)]
            wait(calls, 0.3)
            assert seconds_of(sandbox.stop) < 1.5
    with Sandbox(random_seed=seed, database=path) as sandbox:
        assert sandbox._running.prober.busy
        sandbox.reset()
        assert not sandbox._running.prober.busy
        assert seconds_of(lambda: Caller(sandbox, sandbox.test_key).get("/tasks")) < 1.5
        Caller(sandbox, sandbox.test_key).call("GET", f"/task/{task}", 404)


def test_reset_and_restore_end_the_wait(dead: str) -> None:
    """With a random seed, requests wait for probes, but not for those that were discarded."""
    with Sandbox(random_seed=1) as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        before = sandbox.snapshot()
        for change in (sandbox.reset, lambda: sandbox.restore(before)):
            body = {"attachments": [f"{dead}/{one}" for one in range(9)], "geometries": BOXES}
            caller.post("/task/videoannotation", body)
            timer = threading.Timer(0.3, change)
            timer.start()
            assert seconds_of(lambda: caller.get("/projects")) < 1.5
            timer.join()


@pytest.mark.slow
def test_nobody_starves(dead: str) -> None:
    """A request waits for the probes of earlier ones, not for those of later ones."""
    prober = Prober(lambda _job: None, in_order=True)
    prober.add("first", [f"{dead}/1"])
    waiting = threading.Thread(target=prober.wait_if_in_order)
    waiting.start()
    time.sleep(0.1)
    for number in range(4):
        prober.add(str(number), [f"{dead}/{number}"])
    waiting.join(4.0)  # the first takes two seconds, all take ten
    assert (waiting.is_alive(), prober.busy) == (False, True)
    prober.stop()


@pytest.mark.slow
def test_many_probes_are_resumed_quickly(dead: str) -> None:
    """The store is held meanwhile."""
    with Sandbox() as sandbox:
        task = {"type": "imageannotation", "attachment": f"{dead}/a", "geometries": BOXES}
        sandbox.seed({"test": {"tasks": [task | {"count": 10_000}]}})
        with sandbox._running.store.transaction() as db:
            db.execute("INSERT INTO probes SELECT key, world, task_id FROM tasks")
        snapshot = sandbox.snapshot()
        assert seconds_of(lambda: sandbox.restore(snapshot)) < 20
        assert Caller(sandbox, sandbox.test_key).get("/tasks")["total"] == 10_000


PEERS = (slow, dripping, hanging, closing_at_once, no_http)


class Load:
    """Threads that use a sandbox while its probes meet every kind of server.

    Attributes:
        slowest: The longest time of each kind of call, in seconds.
        statuses: How many responses had each status.
    """

    def __init__(self, sandbox: Sandbox, files: list[str], end: float) -> None:
        self.sandbox = sandbox
        self.files = files
        self.end = end
        self.slowest: dict[str, float] = {}
        self.statuses: Counter[str] = Counter()
        self._snapshot = sandbox.snapshot()
        self._restarting = threading.Lock()

    def run(self) -> None:
        kinds = [*["create"] * 5, "create", "read", "read", "state", "restart"]
        with ThreadPoolExecutor(len(kinds)) as pool:
            for one in [pool.submit(self._repeat, kind) for kind in kinds]:
                one.result()

    def _repeat(self, kind: str) -> None:
        chance = random.Random()
        while time.monotonic() < self.end:
            begun = time.monotonic()
            try:
                status = str(getattr(self, f"_{kind}")(chance))
            except requests.RequestException as error:  # It was stopped.
                status = type(error).__name__
            seconds = time.monotonic() - begun
            self.slowest[kind] = max(self.slowest.get(kind, 0.0), seconds)
            self.statuses[f"{kind} {status}"] += 1
            time.sleep(chance.uniform(0.0, {"state": 2.0, "restart": 6.0}.get(kind, 0.05)))

    def _call(self, chance: random.Random, method: str, path: str, body: Any = None) -> int:
        key = chance.choice((self.sandbox.test_key, self.sandbox.live_key))
        url = f"http://127.0.0.1:{self.port}{path}"
        return requests.request(method, url, json=body, auth=(key, ""), timeout=30).status_code

    port: int

    def _create(self, chance: random.Random) -> int:
        frames = [f"{chance.choice(self.files)}/{chance.random()}" for _ in range(3)]
        body = {"attachments": frames[: chance.randint(1, 3)], "geometries": BOXES}
        return self._call(chance, "POST", "/v1/task/videoannotation", body)

    def _read(self, chance: random.Random) -> int:
        return self._call(
            chance, "GET", chance.choice(("/v1/tasks?limit=5", "/dashboard/tasks", "/_sandbox"))
        )

    def _state(self, chance: random.Random) -> str:
        with self._restarting:
            name = chance.choice(("reset", "restore", "snapshot", "export", "seed"))
            if name == "restore":
                self.sandbox.restore(self._snapshot)
            elif name == "snapshot":
                self._snapshot = self.sandbox.snapshot()
            elif name == "seed":
                self.sandbox.seed({"test": {"projects": [{"name": str(time.time_ns())} | CHAT]}})
            else:
                getattr(self.sandbox, name)()
            return name

    def _restart(self, _chance: random.Random) -> str:
        with self._restarting:
            begun = time.monotonic()
            self.sandbox.stop()
            self.slowest["stop"] = max(self.slowest.get("stop", 0.0), time.monotonic() - begun)
            self.sandbox.start()
        return "done"


CHAT = {"type": "chat"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [None, 1])
@pytest.mark.parametrize("seconds", [8, pytest.param(60, marks=pytest.mark.soak)])
def test_everything_at_once(tmp_path: Path, seed: int | None, seconds: float) -> None:
    """Nothing takes longer than ten seconds of probes, no request fails, and no thread is left."""
    before = threading.enumerate()
    with ExitStack() as stack:
        files = [stack.enter_context(running(peer)) for peer in PEERS]
        files += [refusing(), "http://a\x7f.localhost"]
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            port = server.getsockname()[1]
        sandbox = Sandbox(port=port, random_seed=seed, database=tmp_path / "a.db")
        stack.enter_context(sandbox)
        files.append(f"http://127.0.0.1:{port}/dashboard/tasks")
        load = Load(sandbox, files, time.monotonic() + seconds)
        load.port = port
        load.run()
        _logger.info("%s %s", load.slowest, dict(load.statuses))
        assert [name for name in load.statuses if name.split()[1].startswith("5")] == []
        assert max(load.slowest.values()) < 15, load.slowest
        assert load.slowest["stop"] < 5, load.slowest
        sandbox.wait_for_callbacks(30)
        assert not sandbox._running.prober.busy
    end = time.monotonic() + 5
    while left := {*threading.enumerate()} - {*before}:
        assert time.monotonic() < end, left
        time.sleep(0.05)
