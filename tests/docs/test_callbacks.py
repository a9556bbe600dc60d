"""The recipes of docs/callbacks.rst: Django, AWS Lambda, and a store for processes."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

from scaleapi import ScaleClient
from scaleapi.callbacks import Callback, CallbackVerificationError
from scaleapi.sandbox import Sandbox
from tests.docs.test_blocks import ROOT, blocks
from tests.wsgi import serving

SECRET = "live_auth_..."
HEADERS = {"scale-callback-auth": SECRET, "content-type": "application/json"}


def recipe(of: str) -> str:
    """Return the block of the page that contains a text."""
    page = (ROOT / "docs" / "callbacks.rst").read_text("utf-8")
    (block,) = (block for block in blocks(page) if of in block.code)
    return block.code


@pytest.fixture
def received() -> list[Callback]:
    return []


@pytest.fixture
def names(received: list[Callback]) -> dict[str, Any]:
    """Run the recipes of other frameworks, with a handler that records callbacks."""
    names: dict[str, Any] = {"__name__": "recipes", "labeled": received.append, "SECRETS": [SECRET]}
    exec(recipe("def scale_view"), names)
    exec(recipe("def lambda_handler"), names)
    return names


def body_of(task_id: str = "65f0a1b2c3d4e5f60718293a") -> bytes:
    return json.dumps({"task": {"task_id": task_id, "status": "completed"}}).encode()


# Django


def django_app(view: Callable[..., Any]) -> Any:
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import clear_url_caches, path

    urls = ModuleType("urls_of_the_recipe")
    urls.urlpatterns = [path("scale", view)]  # type: ignore[attr-defined]
    if not settings.configured:
        settings.configure(
            ROOT_URLCONF=urls,
            ALLOWED_HOSTS=["127.0.0.1"],
            MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
            LOGGING_CONFIG=None,
        )
        django.setup()
    settings.ROOT_URLCONF = urls
    clear_url_caches()
    return WSGIHandler()


def test_django(names: dict[str, Any], received: list[Callback]) -> None:
    """A sandbox delivers each callback once, and a wrong secret is rejected."""
    with (
        serving(django_app(names["scale_view"])) as url,
        Sandbox(transition="manual", live_callback_secret=SECRET) as sandbox,
    ):
        client = ScaleClient(sandbox.live_key, api_instance_url=sandbox.url)
        task = client.create_task("datacollection", fields={"name": "?"}, callback_url=url)
        sandbox.complete(task.id, {"fields": {"name": "Ada"}})
        sandbox.wait_for_callbacks()
        client.send_task_callback(task.id)
        sandbox.wait_for_callbacks()
        attempts = [[tried.status for tried in one.tries] for one in sandbox.deliveries]
        wrong = requests.post(
            url, body_of(), headers=HEADERS | {"scale-callback-auth": "wrong"}, timeout=10
        )
        assert requests.get(url, timeout=10).status_code == 405
    assert attempts == [[200], [200]]
    assert [callback.response for callback in received] == [{"fields": {"name": "Ada"}}]
    assert (wrong.status_code, wrong.text) == (
        401,
        "the scale-callback-auth header has no known secret",
    )


# AWS Lambda


def lambda_event(body: bytes | None, encode: bool, **headers: str) -> dict[str, Any]:
    """The relevant parts of an API Gateway event."""
    sent = HEADERS | headers
    text = None if body is None else (base64.b64encode(body) if encode else body).decode()
    return {
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "body": text,
        "isBase64Encoded": encode,
    }


@pytest.mark.parametrize("encode", [False, True])
def test_lambda(names: dict[str, Any], received: list[Callback], encode: bool) -> None:
    handle = names["lambda_handler"]
    assert handle(lambda_event(body_of(), encode), None) == {"statusCode": 200, "body": "ok"}
    assert handle(lambda_event(body_of(), encode), None) == {"statusCode": 200, "body": "ok"}
    assert len(received) == 1
    wrong = lambda_event(body_of(), encode, **{"scale-callback-auth": "wrong"})
    assert handle(wrong, None)["statusCode"] == 401
    assert handle(lambda_event(None, encode), None)["statusCode"] == 400
    assert handle(lambda_event(None, encode) | {"headers": None}, None)["statusCode"] == 400
    assert len(received) == 1


# A store for several processes

RECEIVER = """
import pathlib, sys, time
from wsgiref.simple_server import make_server
from scaleapi.callbacks import wsgi_callback_app
from store import SQLiteCallbacks

name, lease, then = sys.argv[1:]

def handle(callback):
    with open("handled", "a") as file:
        file.write(f"{name} {callback.task.id}\\n")
    if then == "hang":
        time.sleep(600)
    if then == "fail" and not pathlib.Path("repaired").exists():
        raise RuntimeError("broken")
    time.sleep(0.01)

app = wsgi_callback_app(handle, "live_auth_...", seen=SQLiteCallbacks("callbacks.db", float(lease)))
with make_server("127.0.0.1", 0, app) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
"""


class Processes:
    """Receivers in separate processes that share a file."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self.directory = directory
        self.stack = stack
        code = recipe("class SQLiteCallbacks").split("@flask_app")[0]
        (directory / "store.py").write_text(code, "utf-8")
        (directory / "receiver.py").write_text(RECEIVER, "utf-8")

    def start(self, name: str, lease: float = 600, then: str = "") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "receiver.py", name, str(lease), then],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=self.stack.enter_context((self.directory / f"log-{name}").open("w")),
            text=True,
        )
        self.stack.enter_context(process)  # waits for it, and closes the pipe
        self.stack.callback(process.kill)
        return process

    def handled(self) -> list[str]:
        path = self.directory / "handled"
        return path.read_text("utf-8").splitlines() if path.exists() else []


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with ExitStack() as stack:
        yield Processes(tmp_path, stack)


def url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return f"http://127.0.0.1:{int(process.stdout.readline())}/"


def post(url: str, task_id: str) -> int:
    return requests.post(url, body_of(task_id), headers=HEADERS, timeout=60).status_code


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
def test_two_processes_handle_each_callback_once(processes: Processes) -> None:
    urls = [url_of(process) for process in [processes.start("a"), processes.start("b")]]
    tasks = [f"task-{number}" for number in range(25)]
    deliveries = [(url, task) for task in tasks for url in urls]
    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(lambda delivery: post(*delivery), deliveries))
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) >= len(tasks)
    assert sorted(line.split()[1] for line in processes.handled()) == sorted(tasks)
    # All of them are acknowledged when they come again, to whichever process.
    assert {post(url, task) for url, task in deliveries} == {200}
    assert [post(url, "last") for url in reversed(urls)] == [200, 200]
    assert processes.handled()[len(tasks) :] == ["b last"]


def crash(processes: Processes, lease: float) -> None:
    """Kill a process while it handles a callback."""
    process = processes.start("crashed", lease, "hang")
    url = url_of(process)
    with ThreadPoolExecutor(1) as pool:
        delivery = pool.submit(post, url, "task")
        wait_for(lambda: processes.handled() == ["crashed task"])
        process.kill()
        process.wait()
        with pytest.raises(requests.ConnectionError):
            delivery.result()


@pytest.mark.slow
def test_a_crashed_process_keeps_its_claim_until_the_lease_ends(processes: Processes) -> None:
    crash(processes, lease=3600)
    url = url_of(processes.start("other"))
    assert [post(url, "task") for _ in range(2)] == [503, 503]
    assert processes.handled() == ["crashed task"]


@pytest.mark.slow
def test_a_crash_loses_no_callback(processes: Processes) -> None:
    crash(processes, lease=0.5)
    url = url_of(processes.start("other"))
    wait_for(lambda: post(url, "task") == 200)
    assert post(url, "task") == 200
    assert processes.handled() == ["crashed task", "other task"]


@pytest.mark.slow
def test_a_failure_in_one_process_is_handled_in_another(processes: Processes) -> None:
    failing = url_of(processes.start("failing", then="fail"))
    other = url_of(processes.start("other"))
    assert [post(failing, "task"), post(other, "task"), post(failing, "task")] == [500, 200, 200]
    assert processes.handled() == ["failing task", "other task"]


def test_an_expired_claim_does_not_affect_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: dict[str, Any] = {}
    exec(recipe("class SQLiteCallbacks").split("@flask_app")[0], names)
    store = names["SQLiteCallbacks"](tmp_path / "callbacks.db", lease=0)
    patient = names["SQLiteCallbacks"](tmp_path / "callbacks.db")
    for fails in (True, False):
        callback = Callback({"task": {"task_id": f"fails: {fails}"}})
        slow = store.handling(callback)
        assert slow.__enter__()
        with patient.handling(callback) as new:
            assert new
            error = RuntimeError("too late") if fails else None
            assert not slow.__exit__(type(error) if error else None, error, None)
            with (
                pytest.raises(CallbackVerificationError, match="being handled"),
                patient.handling(callback),
            ):
                pass
        with patient.handling(callback) as new:
            assert not new
