"""Callbacks to post, and receivers for them: WSGI, Flask and Starlette."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import flask
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from scaleapi.callbacks import (
    Callback,
    CallbackStore,
    flask_callback,
    starlette_callback,
    wsgi_callback_app,
)

SECRETS = ["test_auth_4f1", "live_auth_a02"]
JSON = "application/json"
TASK: dict[str, Any] = {
    "task_id": "65f0a1b2c3d4e5f60718293a",
    "type": "imageannotation",
    "status": "completed",
    "completed_at": "2024-03-12T18:40:02.511Z",
    "updated_at": "2024-03-12T18:40:02.511Z",
    "response": {"annotations": []},
}
BODY: dict[str, Any] = {
    "task": TASK,
    "response": TASK["response"],
    "task_id": TASK["task_id"],
    "status": "completed",
}
BATCH_BODY: dict[str, Any] = {
    "batch": {"name": "week_11", "status": "completed", "completed_at": "2024-03-12T18:40:02.511Z"},
    "status": "completed",
    "completed": 3,
}


def headers(secret: str = SECRETS[0], content_type: str = JSON) -> dict[str, str]:
    return {"scale-callback-auth": secret, "content-type": content_type}


def encoded(body: object = BODY) -> bytes:
    return json.dumps(body).encode()


def task_callback(**changes: Any) -> Callback:
    task = TASK | changes
    return Callback({"task": task, "task_id": task["task_id"], "status": task["status"]})


class Response(NamedTuple):
    status: int
    text: str
    headers: dict[str, str]


class Post(NamedTuple):
    """A request to a receiver; ``None`` leaves out the header."""

    body: bytes = encoded()
    secret: str | None = SECRETS[0]
    content_type: str | None = JSON
    length: str | None = "right"
    method: str = "POST"
    chunked: bool = False
    path: str = "/"


Receive = Callable[[Post], Response]
Handler = Callable[[Callback], object]


def by_wsgi(handler: Handler, seen: CallbackStore | None = None) -> Receive:
    app = wsgi_callback_app(handler, SECRETS, seen=seen)
    return lambda post: call_wsgi(app, post)


def by_flask(handler: Handler, seen: CallbackStore | None = None) -> Receive:
    app = flask.Flask("receiver")
    app.post("/")(flask_callback(SECRETS, seen=seen)(handler))
    return lambda post: call_wsgi(app.wsgi_app, post)


def by_starlette(handler: Handler, seen: CallbackStore | None = None) -> Receive:
    endpoint = starlette_callback(SECRETS, seen=seen)(handler)
    app = Starlette(routes=[Route("/", endpoint, methods=["POST"])])
    return lambda post: asyncio.run(call_asgi(app, post))


every_receiver = pytest.mark.parametrize("by", [by_wsgi, by_flask, by_starlette])


def call_wsgi(app: Any, post: Post) -> Response:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": post.method,
        "PATH_INFO": post.path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(post.body),
        "HTTP_SCALE_CALLBACK_AUTH": post.secret,
        "CONTENT_TYPE": post.content_type,
        "CONTENT_LENGTH": str(len(post.body)) if post.length == "right" else post.length,
    }
    if post.chunked:
        environ["wsgi.input_terminated"] = True
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    started: list[Any] = []
    chunks = app(
        {name: value for name, value in environ.items() if value is not None},
        lambda status, headers, exc_info=None: started.extend([status, headers]),
    )
    return Response(int(started[0][:3]), b"".join(chunks).decode(), dict(started[1]))


async def call_asgi(app: Any, post: Post) -> Response:
    given = {"scale-callback-auth": post.secret, "content-type": post.content_type}
    scope = {
        "type": "http",
        "method": post.method,
        "path": post.path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items() if value],
    }
    middle = len(post.body) // 2
    events = [
        {"type": "http.request", "body": post.body[:middle], "more_body": True},
        {"type": "http.request", "body": post.body[middle:], "more_body": False},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return events.pop(0)

    async def send(event: Any) -> None:
        sent.append(event)

    with suppress(Exception):  # Starlette responds, then raises again for the server's log
        await app(scope, receive, send)
    response_headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    text = b"".join(event.get("body", b"") for event in sent).decode()
    return Response(sent[0]["status"], text, response_headers)
