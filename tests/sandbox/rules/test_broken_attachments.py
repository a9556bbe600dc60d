"""Attachments that cannot be loaded, and task types that are switched off."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import IMAGE_TASK, Caller

MISSING = "scaledata://parcels/none"
GEOMETRIES = IMAGE_TASK["geometries"]

#: Seconds; a link that hangs takes two.
AT_ONCE = 1.5


@pytest.mark.parametrize("path", ["/v1/projects", "/none"])
def test_local_urls_are_probed(sandbox: Sandbox, live: Caller, path: str) -> None:
    """The answer to the create is pending still; when work begins the task is an error."""
    url = sandbox.url.removesuffix("/v1") + path
    task = live.task(attachment=url, unique_id="u", clear_unique_id_on_error=True)
    assert task["status"] == "pending"
    sandbox.clock.advance(1)
    task = live.get(f"/task/{task['task_id']}")
    assert task["status"] == "error"
    status = 401 if path.startswith("/v1") else 404
    assert task["response"]["attachments"] == [{"statusCode": status, "url": url}]
    assert task["response"]["error"]
    assert "unique_id" not in task


def test_where_work_is_immediate(test: Caller) -> None:
    """The answer to the create is an error already."""
    task = test.task(attachment=MISSING)
    assert task["status"] == "error"
    assert task["response"]["attachments"] == [{"statusCode": 404, "url": MISSING}]


def probed(caller: Caller, created: Any) -> Any:
    """Return a task after its attachments were probed."""
    assert created["status"] == "pending"
    return caller.get(f"/task/{created['task_id']}")


def test_nobody_listens(test: Caller) -> None:
    """A server that is not there counts as one that does not answer in time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.png"
    task = probed(test, test.task(attachment=url))
    assert task["response"]["attachments"][0]["statusCode"] == 504


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:0/a",
        "http://localhost:99999/a",
        "http://user:word@localhost:1/a",
        "http://localhost:1/a b",
        "http://localhost:1/\u00e9",
        "https://127.0.0.1:1/",
        "http://[::1]:1",
    ],
)
def test_odd_local_urls(test: Caller, url: str) -> None:
    """None of them can be loaded, and none breaks anything."""
    task = test.task(attachment=url)
    if task["status"] == "pending":
        task = probed(test, task)
        assert task["response"]["attachments"] == [{"statusCode": 504, "url": url}]


def test_broken_frames_are_numbered(sandbox: Sandbox, test: Caller) -> None:
    """Of a list of frames those that are broken are told, with their position."""
    file = test.post("/files/upload", files={"file": ("a.txt", b"a")})["attachment_url"]
    gone = f"{sandbox.url}/tasks"
    body = {
        "attachments": [file, gone, "https://a.example/a.png", MISSING],
        "geometries": GEOMETRIES,
    }
    task = probed(test, test.post("/task/videoannotation", body))
    assert task["status"] == "error"
    frames = task["response"]["frames"]
    assert [(one["frame"], one["attachment"]) for one in frames] == [
        (1, {"statusCode": 401, "url": gone}),
        (3, {"statusCode": 404, "url": MISSING}),
    ]
    assert all(one["message"] for one in frames)


def test_available_attachments_are_no_error(sandbox: Sandbox, test: Caller) -> None:
    """Files of the sandbox, their links, and everything elsewhere are taken as good."""
    file = test.post("/files/upload", files={"file": ("a.txt", b"a")})["attachment_url"]
    test.task(attachment=file)
    link = test.get("/tasks", include_attachment_url=True)["docs"][0]["attachmentS3Downloads"][0]
    assert link["s3URL"].startswith(sandbox.url.removesuffix("/v1"))
    assert probed(test, test.task(attachment=link["s3URL"]))["status"] == "completed"
    for url in (file, "https://a.example/none.png", "s3://bucket/none.png"):
        assert test.task(attachment=url)["status"] == "completed"
    noted = test.post("/files/import", {"file_url": "https://a.example/a.png"})["attachment_url"]
    assert test.task(attachment=noted)["status"] == "completed"


class Hanging:
    """A server that accepts connections and sends nothing, or a byte from time to time."""

    def __init__(self, drip: bytes = b"") -> None:
        self._drip = drip
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._connections: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._connections.append(self._server.accept()[0])
                if self._drip:
                    threading.Thread(target=self._send, args=self._connections[-1:]).start()

    def _send(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection.sendall(self._drip)
                time.sleep(0.2)

    def __enter__(self) -> Hanging:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for connection in self._connections:
            connection.close()


def test_a_create_waits_for_no_attachment(manual: Sandbox, caller: Caller) -> None:
    """Tasks with links that hang are created at once, one after the other."""
    with Hanging() as hanging:
        body = {
            "attachments": [f"{hanging.url}/{number}" for number in range(8)],
            "geometries": GEOMETRIES,
        }
        start = time.monotonic()
        tasks = [caller.post("/task/videoannotation", body) for _ in range(5)]
        assert time.monotonic() - start < AT_ONCE
        assert {task["status"] for task in tasks} == {"pending"}
        manual.reset()
        start = time.monotonic()
        assert caller.get("/tasks")["total"] == 0
        assert time.monotonic() - start < AT_ONCE


@pytest.mark.slow
@pytest.mark.parametrize("drip", [b"", b"H", b"HTTP/1.1 200 OK\r\nA: "])
def test_links_that_hang(sandbox: Sandbox, test: Caller, drip: bytes) -> None:
    """They count as broken after two seconds, and nobody waits that long."""
    with Hanging(drip) as hanging:
        urls = [f"{hanging.url}/{number}" for number in range(8)]
        body = {"attachments": urls, "geometries": GEOMETRIES}
        created = test.post("/task/videoannotation", body)
        start = time.monotonic()
        other = test.task()
        assert time.monotonic() - start < AT_ONCE
        assert other["status"] == "completed"
        assert test.get(f"/task/{created['task_id']}")["status"] == "pending"
        assert time.monotonic() - start < AT_ONCE
        sandbox.wait_for_callbacks()
        assert time.monotonic() - start < 4
        task = test.get(f"/task/{created['task_id']}")
        assert [frame["attachment"]["url"] for frame in task["response"]["frames"]] == urls
        assert {frame["attachment"]["statusCode"] for frame in task["response"]["frames"]} == {504}


@pytest.mark.parametrize("again", ["restart", "restore"])
def test_probes_are_part_of_the_state(tmp_path: Path, again: str) -> None:
    """What was not probed when a process ended, or a snapshot was taken, is probed then."""
    path = tmp_path / "sandbox.db"
    with Hanging() as hanging, Sandbox(database=path) as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        task_id = caller.task(attachment=f"{hanging.url}/a")["task_id"]
        snapshot = sandbox.snapshot()
    if again == "restore":
        path = tmp_path / "other.db"
    with Sandbox(database=path) as sandbox:
        if again == "restore":
            sandbox.restore(snapshot)
        caller = Caller(sandbox, sandbox.test_key)
        assert caller.get(f"/task/{task_id}")["status"] == "error"


@pytest.mark.slow
def test_other_outcomes_than_that_of_a_probe() -> None:
    """A task that is canceled, completed or begun by hand before its attachments are probed."""
    with Hanging() as hanging, Sandbox() as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        url = f"{hanging.url}/a"
        canceled, completed, begun = (caller.task(attachment=url)["task_id"] for _ in range(3))
        caller.post(f"/task/{canceled}/cancel")
        sandbox.complete(completed)
        sandbox.start_work(begun)
        sandbox.wait_for_callbacks()
        statuses = [caller.get(f"/task/{one}")["status"] for one in (canceled, completed, begun)]
        assert statuses == ["canceled", "completed", "error"]


@pytest.mark.parametrize("transition", ["after 2 reads", "after 5s", "manual"])
def test_probes_with_every_transition(transition: str) -> None:
    """The outcome shows when work starts."""
    with Sandbox(transition=transition) as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        task_id = caller.task(attachment=f"{sandbox.url}/projects")["task_id"]
        for _ in range(2):
            assert caller.get(f"/task/{task_id}")["status"] == "pending"
        sandbox.clock.advance(5)
        if transition == "manual":
            sandbox.start_work(task_id)
        assert caller.get(f"/task/{task_id}")["status"] == "error"


def test_file_of_the_other_mode_is_missing(test: Caller, live: Caller) -> None:
    """The modes share no files."""
    file = live.post("/files/upload", files={"file": ("a.txt", b"a")})["attachment_url"]
    assert test.task(attachment=file)["status"] == "error"


def test_work_by_hand(manual: Sandbox, caller: Caller) -> None:
    """Beginning shows the error; whoever completes a task by hand has seen the attachment."""
    begun, completed = (caller.task(attachment=MISSING)["task_id"] for _ in range(2))
    assert manual.start_work(begun)["status"] == "error"
    assert manual.complete(completed)["status"] == "completed"


@pytest.mark.parametrize("attachment", [5, [], "http://[::1", None])
def test_what_is_no_url_is_refused_as_ever(test: Caller, attachment: Any) -> None:
    """Nothing is asked for a body that is wrong."""
    status = 200 if attachment == "http://[::1" else 400
    test.call("POST", "/task/imageannotation", status, json=IMAGE_TASK | {"attachment": attachment})
    body = {"attachments": attachment, "geometries": GEOMETRIES}
    test.error("POST", "/task/videoannotation", 400, json=body)


def test_disabled_type(sandbox: Sandbox) -> None:
    """To create such a task answers 402, and no other call does."""
    with Sandbox(disabled_types=["imageannotation"]) as limited:
        caller = Caller(limited, limited.test_key)
        assert "imageannotation" in caller.error(
            "POST", "/task/imageannotation", 402, json=IMAGE_TASK
        )
        caller.error("POST", "/training_tasks/imageannotation", 402, json=IMAGE_TASK)
        caller.post("/task/datacollection", {"fields": {"a": "b"}})
        caller.project()
    with pytest.raises(ValueError, match="disabled_types"):
        Sandbox(disabled_types={"none"})
