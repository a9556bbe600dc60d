"""A sandbox delivers to receivers that stand on the client, each on a real server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import fastapi
import flask
import pytest
import starlette.applications
import starlette.routing
import uvicorn

from scaleapi import ScaleClient
from scaleapi.callbacks import (
    Callback,
    CallbackEvent,
    flask_callback,
    starlette_callback,
    wsgi_callback_app,
)
from scaleapi.sandbox import Sandbox
from tests.wsgi import serving

Handler = Callable[[Callback], object]
Serve = Callable[[Handler, list[str]], AbstractContextManager[str]]


def by_wsgi(handler: Handler, secrets: list[str]) -> AbstractContextManager[str]:
    return serving(wsgi_callback_app(handler, secrets))


def by_flask(handler: Handler, secrets: list[str]) -> AbstractContextManager[str]:
    app = flask.Flask("receiver")
    app.logger.disabled = True
    app.post("/scale")(flask_callback(secrets)(handler))
    return serving(app)


@contextmanager
def asgi_server(app: Any) -> Generator[str]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/scale"
        server.should_exit = True
        thread.join()


def by_starlette(handler: Handler, secrets: list[str]) -> AbstractContextManager[str]:
    endpoint = starlette_callback(secrets)(handler)
    route = starlette.routing.Route("/scale", endpoint, methods=["POST"])
    return asgi_server(starlette.applications.Starlette(routes=[route]))


def by_fastapi(handler: Handler, secrets: list[str]) -> AbstractContextManager[str]:
    app = fastapi.FastAPI()

    async def labeled(callback: Callback) -> None:
        handler(callback)

    app.post("/scale")(starlette_callback(secrets)(labeled))
    return asgi_server(app)


every_receiver = pytest.mark.parametrize("serve", [by_wsgi, by_flask, by_starlette, by_fastapi])


@pytest.fixture(scope="module")
def _sandbox() -> Iterator[Sandbox]:
    with Sandbox(transition="manual") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_sandbox: Sandbox) -> Sandbox:
    _sandbox.reset()
    return _sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ScaleClient]:
    with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as client:
        yield client


def create(client: ScaleClient, url: str, **fields: Any) -> str:
    task = client.create_task("datacollection", fields={"name": "?"}, callback_url=url, **fields)
    return task.id


def statuses(sandbox: Sandbox) -> list[list[int | None]]:
    sandbox.wait_for_callbacks()
    return [[tried.status for tried in delivery.tries] for delivery in sandbox.deliveries]


@every_receiver
def test_callbacks_of_a_task(sandbox: Sandbox, client: ScaleClient, serve: Serve) -> None:
    """Every event arrives as what it is, with the state of the task at that time."""
    received: list[Callback] = []
    with serve(
        received.append, [sandbox.test_callback_secret, sandbox.live_callback_secret]
    ) as url:
        client.create_project("forms", "datacollection")
        client.create_batch("forms", "week_11", callback=url)
        failed = create(client, url, batch="week_11")
        task_id = create(client, url, batch="week_11")
        sandbox.fail(failed)
        sandbox.wait_for_callbacks()
        sandbox.complete(task_id, {"fields": {"name": "Ada"}})
        sandbox.wait_for_callbacks()
        for step in (
            lambda: client.audit_task(task_id, False, "Look again."),
            lambda: sandbox.fix(task_id, {"fields": {"name": "Ada L."}}),
            lambda: sandbox.recall(task_id),
        ):
            step()
            sandbox.wait_for_callbacks()
        assert {state for (state,) in statuses(sandbox)} == {200}
    of_batch = [callback for callback in received if callback.batch]
    of_tasks = [callback for callback in received if callback.task]
    assert [(one.event, one.batch and one.batch.name) for one in of_batch] == [
        (CallbackEvent.BatchCompleted, "week_11")
    ]
    assert (of_batch[0].body["completed"], of_batch[0].body["error"]) == (1, 1)
    assert [(one.event.value, one.task and one.task.id) for one in of_tasks] == [
        ("error", failed),
        ("completed", task_id),
        ("audited", task_id),
        ("audited", task_id),
        ("recalled", task_id),
    ]
    assert of_tasks[1].response == {"fields": {"name": "Ada"}}
    assert of_tasks[2].task
    assert of_tasks[2].task.customer_review_comments == ["Look again."]
    assert of_tasks[3].response == {"fields": {"name": "Ada L."}, "is_customer_fix": True}
    assert of_tasks[4].response is None


@every_receiver
def test_wrong_secret_is_rejected(sandbox: Sandbox, client: ScaleClient, serve: Serve) -> None:
    """The receiver refuses, nothing is handled, and the sandbox lists every try."""
    received: list[Callback] = []
    with serve(received.append, ["of another account"]) as url:
        # Longer than what a server reads along with the head.
        task_id = create(client, url, instruction="x" * 300_000)
        sandbox.complete(task_id)
        assert statuses(sandbox) == [[401]]
        sandbox.clock.advance(24 * 3600)
        assert statuses(sandbox) == [[401] * 21]
    assert received == []
    assert sandbox.deliveries[0].state == "failed"
    assert client.get_task(task_id).as_dict()["callback_succeeded"] is False


@every_receiver
def test_failed_handler_is_retried(sandbox: Sandbox, client: ScaleClient, serve: Serve) -> None:
    received: list[Callback] = []

    def handle(callback: Callback) -> None:
        received.append(callback)
        if len(received) == 1:
            raise RuntimeError("the disk is full")

    with serve(handle, [sandbox.live_callback_secret]) as url:
        task_id = create(client, url)
        sandbox.complete(task_id)
        assert statuses(sandbox) == [[500]]
        sandbox.clock.advance(10)
        assert statuses(sandbox) == [[500, 200]]
    assert [callback.task and callback.task.id for callback in received] == [task_id] * 2
    assert client.get_task(task_id).as_dict()["callback_succeeded"] is True


@every_receiver
def test_duplicate_is_acknowledged(sandbox: Sandbox, client: ScaleClient, serve: Serve) -> None:
    """The same callback again is not handled again; after a change of the task it is."""
    received: list[Callback] = []
    with serve(received.append, [sandbox.live_callback_secret]) as url:
        task_id = create(client, url)
        sandbox.complete(task_id)
        for _ in range(2):
            sandbox.wait_for_callbacks()
            client.send_task_callback(task_id)
        assert statuses(sandbox) == [[200]] * 3
        assert len(received) == 1
        sandbox.clock.advance(1)
        client.set_task_metadata(task_id, {"seen": True})
        client.send_task_callback(task_id)
        assert statuses(sandbox) == [[200]] * 4
        assert len(received) == 2


def test_callback_task_uses_the_client(sandbox: Sandbox, client: ScaleClient) -> None:
    """With a client, the task of a callback can be audited where it arrives."""

    def audit(callback: Callback) -> None:
        if callback.event == CallbackEvent.Completed and callback.task:
            callback.task.audit(True)

    with serving(wsgi_callback_app(audit, sandbox.live_callback_secret, client=client)) as url:
        task_id = create(client, url)
        sandbox.complete(task_id)
        assert statuses(sandbox) == [[200], [200]]
    assert client.get_task(task_id).customer_review_status == "accepted"
