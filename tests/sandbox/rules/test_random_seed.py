"""With a random seed, ids and canned responses are the same on every run."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller

BOXES = {"box": {"objects_to_annotate": ["a"]}}
NOON = "2026-03-01T12:00:00Z"
CHAT = {"project": "talk", "template_variables": {"prompt": "Which?"}}


def make_everything(sandbox: Sandbox) -> list[Any]:
    """Create a resource of every kind, and return all responses."""
    live = Caller(sandbox, sandbox.live_key)
    seen = [live.project(), live.project("talk", type="chat"), live.batch()]
    seen.append(live.project("quick", type="namedentityrecognition", rapid=True))
    file = live.post("/files/upload", files={"file": ("a.png", b"a")}, data={"reference_id": "r"})
    seen += [file, live.task(batch="week_1", attachment=file["attachment_url"])]
    seen.append(live.post("/task/chat", CHAT))
    seen.append(live.task(callback_url="https://example.com/hook", unique_id="u"))
    labels = {"attachment": file["attachment_url"], "labels": ["a", "b"]}
    seen.append(live.post("/task/segmentannotation", labels))
    quality = {"project": "quick", "text": "A b.", "labels": ["a"]}
    answer = {"expected_response": {"annotations": []}}
    seen.append(live.post("/evaluation_tasks/namedentityrecognition", quality | answer))
    sandbox.clock.advance(60)
    sandbox.wait_for_callbacks()
    seen.append([dict(task) for task in live.get("/tasks", include_attachment_url=True)["docs"]])
    live.post(f"/task/{seen[5]['task_id']}/audit", {"accepted": True})
    seen.append(live.get("/audits", task_id=seen[5]["task_id"]))
    return [seen, [delivery.id for delivery in sandbox.deliveries]]


def same_port(value: object, sandbox: Sandbox) -> str:
    return repr(value).replace(sandbox.url.removesuffix("/v1"), "URL")


def run(seed: int | None, path: Path | None = None) -> str:
    with Sandbox(random_seed=seed, database=path) as sandbox:
        sandbox.clock.freeze(NOON)
        return same_port(make_everything(sandbox), sandbox)


@pytest.mark.slow
def test_two_runs_are_the_same() -> None:
    """With the clock frozen, whole responses are; with another seed, or none, they differ."""
    first = run(7)
    assert first == run(7)
    assert len({first, run(8), run(None), run(None)}) == 4


def test_ids_do_not_depend_on_the_time() -> None:
    """The ids are the same without freezing the clock."""
    ids: list[list[str]] = []
    for _ in range(2):
        with Sandbox(random_seed=0) as sandbox:
            caller = Caller(sandbox, sandbox.test_key)
            ids.append([caller.task()["task_id"] for _ in range(3)])
            sandbox.clock.advance(10**6)
    assert ids[0] == ids[1]
    assert ids[0] == sorted(set(ids[0]))
    assert all(len(bytes.fromhex(one)) == 12 for one in ids[0])


def test_reset_starts_again() -> None:
    """After a reset the same calls return the same ids, which the pytest fixture relies on."""
    with Sandbox(random_seed=7) as sandbox:
        sandbox.clock.freeze(NOON)
        first = make_everything(sandbox)
        sandbox.reset()
        sandbox.clock.freeze(NOON)
        assert make_everything(sandbox) == first


def restarted(sandbox: Sandbox) -> None:
    sandbox.stop()
    sandbox.start()


def restored(sandbox: Sandbox) -> None:
    before = sandbox.snapshot()
    sandbox.reset()
    sandbox.restore(before)


def seeded(sandbox: Sandbox) -> None:
    exported = sandbox.export()
    sandbox.reset()
    sandbox.seed(exported)


@pytest.mark.parametrize("change", [restarted, restored, seeded])
def test_ids_are_never_used_twice(tmp_path: Path, change: Callable[[Sandbox], None]) -> None:
    """Ids continue after those in the database, however they came there, and sort after them."""
    with Sandbox(random_seed=7, database=tmp_path / "a.db", transition="manual") as sandbox:
        sandbox.clock.freeze(NOON)
        for number in range(3):
            caller = Caller(sandbox, sandbox.live_key)
            made = [caller.task(callback_url="https://example.com")["task_id"] for _ in range(5)]
            for path in ("a", "b"):
                caller.post("/files/upload", files={"file": (path, b"a")})
            sandbox.complete(made[0])
            sandbox.clock.freeze(NOON)
            listed = [task["task_id"] for task in caller.get("/tasks")["docs"]]
            assert len(set(listed)) == 5 * (number + 1)
            assert listed[:5] == list(reversed(made))
            change(sandbox)


def test_callbacks_do_not_disturb_ids() -> None:
    """When the worker queues a callback between two requests, the next id is the same."""
    ids: list[str] = []
    for wait in (True, False):
        with Sandbox(random_seed=7) as sandbox:
            caller = Caller(sandbox, sandbox.live_key)
            caller.task(callback_url="https://example.com")
            if wait:
                sandbox.clock.advance(1)
                sandbox.wait_for_callbacks()
            ids.append(caller.task()["task_id"])
    assert ids[0] == ids[1]


@pytest.fixture
def slow_images() -> Iterator[str]:
    """The URL of images, each of which takes another time on every request."""
    delays = itertools.cycle((0.08, 0, 0.05, 0.01, 0.03))

    class Image(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(next(delays))
            self.send_response(404 if self.path == "/3.png" else 200)
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Image) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.slow
def test_probes_do_not_disturb_ids(slow_images: str) -> None:
    """Tasks are completed in the order of their creation, whichever image came first."""
    runs: list[str] = []
    for _ in range(3):
        with Sandbox(random_seed=7, transition="immediate") as sandbox:
            sandbox.clock.freeze(NOON)
            live = Caller(sandbox, sandbox.live_key)
            made: list[str] = []
            for number in range(12):
                frames = [
                    f"{slow_images}/{(5 * number + one) % 7}.png" for one in range(number % 3)
                ]
                body = {"attachments": frames or ["https://example.com/1.png"]}
                body |= {"geometries": BOXES, "callback_url": f"{slow_images}/hook"}
                made.append(live.post("/task/videoannotation", body)["task_id"])
                live.post("/files/upload", files={"file": ("a.png", b"a")})
            sandbox.wait_for_callbacks()
            listed = live.get("/tasks")["docs"]
            assert {task["status"] for task in listed} == {"completed", "error"}
            callbacks = [(sent.id, sent.task_id, sent.event) for sent in sandbox.deliveries]
            assert [sent[1] for sent in callbacks] == made
            runs.append(same_port([listed, callbacks], sandbox).replace(slow_images, "IMAGES"))
    assert len({*runs}) == 1


@pytest.mark.parametrize("wrong", ["7", 7.5, True])
def test_seed_must_be_a_whole_number(wrong: Any) -> None:
    with pytest.raises(ValueError, match="random_seed must be a whole number"):
        Sandbox(random_seed=wrong)
