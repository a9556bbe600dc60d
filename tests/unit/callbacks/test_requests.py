"""Requests that receivers reject: not from Scale, or not callbacks."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import Any

import flask
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from scaleapi.callbacks import (
    CALLBACK_BODY_LIMIT,
    Callback,
    flask_callback,
    starlette_callback,
    wsgi_callback_app,
)
from tests.unit.callbacks.receivers import (
    BODY,
    JSON,
    SECRETS,
    Post,
    Receive,
    by_flask,
    by_wsgi,
    call_wsgi,
    encoded,
    every_receiver,
    headers,
)
from tests.unit.quick import quick


@every_receiver
@pytest.mark.parametrize(
    ("post", "status", "reason"),
    [
        (Post(secret=None), 401, "header is missing"),
        (Post(secret="wrong"), 401, "no known secret"),
        (Post(secret="\xe9"), 401, "no known secret"),
        (Post(content_type=None), 415, "not application/json"),
        (Post(content_type="application/x-www-form-urlencoded"), 415, "not application/json"),
        (Post(content_type="text/json"), 415, "not application/json"),
        (Post(b""), 400, "not JSON"),
        (Post(b"{"), 400, "not JSON"),
        (Post(b"\xff"), 400, "not JSON"),
        (Post(b'{"task": {"task_id": "a", "b": NaN}}'), 400, "not JSON: it has NaN"),
        (Post(b"[" * 100_000), 400, "not JSON"),
        (Post(b"[]"), 400, "not a JSON object"),
        (Post(b"null"), 400, "not a JSON object"),
        (Post(b"{}"), 400, "neither a task nor a batch"),
        (Post(encoded({"task": {}})), 400, "neither a task nor a batch"),
        (Post(encoded({"task": {"task_id": 1}, "batch": []})), 400, "neither a task nor a batch"),
        (Post(b" " * (CALLBACK_BODY_LIMIT + 1)), 413, "over 10485760 bytes"),
    ],
)
def test_bad_requests_are_rejected(
    by: Callable[..., Receive], post: Post, status: int, reason: str
) -> None:
    """The response is a 4xx in plain text that says why, and the handler is not called."""
    handled: list[Callback] = []
    response = by(handled.append)(post)
    assert response.status == status
    assert reason in response.text
    content_type = response.headers.get("Content-Type") or response.headers["content-type"]
    assert content_type == "text/plain; charset=utf-8"
    assert not any(secret in response.text for secret in SECRETS)
    assert handled == []


@pytest.mark.parametrize("by", [by_wsgi, by_flask])
@pytest.mark.parametrize(
    ("post", "status"),
    [
        (Post(length=None), 411),
        (Post(length=""), 411),
        (Post(length="a"), 411),
        (Post(length="-1"), 411),
        (Post(length="+5"), 411),
        (Post(length="\xb2"), 411),
        (Post(length=str(CALLBACK_BODY_LIMIT + 1)), 413),
        (Post(length="9" * 5000), 413),
        (Post(length="10"), 400),
        (Post(length=str(len(encoded()) + 1)), 400),
        (Post(b" " * (CALLBACK_BODY_LIMIT + 1), length=None, chunked=True), 413),
    ],
)
def test_wrong_lengths_are_rejected(by: Callable[..., Receive], post: Post, status: int) -> None:
    handled: list[Callback] = []
    assert by(handled.append)(post).status == status
    assert handled == []


@every_receiver
def test_a_body_of_the_largest_size_is_read(by: Callable[..., Receive]) -> None:
    handled: list[Callback] = []
    large = encoded().ljust(CALLBACK_BODY_LIMIT)
    assert by(handled.append)(Post(large)).status == 200
    assert by(handled.append)(Post(large, length=None, chunked=True)).status == 200
    assert len(handled) == 2


def test_no_more_is_read_than_a_callback_may_have() -> None:
    """The memory for a callback is limited, whatever the sender claims."""
    read: list[int] = []

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size >= 0
            read.append(size)
            return b" " * size

    app = wsgi_callback_app(print, SECRETS)
    statuses: list[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[..., None]:
        statuses.append(status)
        return print

    for secret in (SECRETS[0], "wrong"):
        read.clear()
        environ = {
            "REQUEST_METHOD": "POST",
            "HTTP_SCALE_CALLBACK_AUTH": secret,
            "CONTENT_TYPE": JSON,
            "wsgi.input": Endless(),
            "wsgi.input_terminated": True,
        }
        app(environ, start_response)
        assert sum(read) == CALLBACK_BODY_LIMIT + 1
        assert max(read) <= 65_536
    assert [status[:3] for status in statuses] == ["413", "401"]


def test_a_short_read_is_not_the_end_of_the_body() -> None:
    handled: list[Callback] = []

    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(7, size or 0))

    app = wsgi_callback_app(handled.append, SECRETS)
    environ = {
        "REQUEST_METHOD": "POST",
        "HTTP_SCALE_CALLBACK_AUTH": SECRETS[0],
        "CONTENT_TYPE": JSON,
        "CONTENT_LENGTH": str(len(encoded())),
        "wsgi.input": Dripping(encoded()),
    }
    app(environ, lambda status, headers, exc_info=None: print)
    assert handled[0].body == BODY


def test_a_rejected_body_is_read_to_its_end() -> None:
    """A server that closes with unread bytes resets the connection before the response is read."""
    stream = io.BytesIO(encoded())
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(encoded())),
        "wsgi.input": stream,
    }
    wsgi_callback_app(print, SECRETS)(environ, lambda status, headers, exc_info=None: print)
    assert stream.read() == b""


@pytest.mark.parametrize("secret", [SECRETS[0], "wrong"])
def test_starlette_reads_to_the_end_or_the_limit(secret: str) -> None:
    read: list[bytes] = []

    async def receive() -> Any:
        read.append(b" " * 1_000_000)
        return {"type": "http.request", "body": read[-1], "more_body": len(read) < 50}

    async def send(event: Any) -> None:
        pass

    app = Starlette(routes=[Route("/", starlette_callback(SECRETS)(print), methods=["POST"])])
    given = [(name.encode(), value.encode()) for name, value in headers(secret).items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": given}
    asyncio.run(app(scope, receive, send))
    assert len(read) == 11


def test_only_post_is_accepted() -> None:
    response = by_wsgi(print)(Post(method="GET"))
    assert (response.status, response.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("post", [Post(), Post(length=None, chunked=True)])
def test_a_flask_application_may_have_read_the_body(post: Post) -> None:
    """An application that logs every request reads the body before the view does."""
    handled: list[Callback] = []
    app = flask.Flask("receiver")
    app.before_request(lambda: flask.request.get_data() and None)
    app.post("/")(flask_callback(SECRETS)(handled.append))
    assert call_wsgi(app.wsgi_app, post).status == 200
    assert handled[0].body == BODY


@quick
@given(st.binary())
def test_any_body_gets_a_response(body: bytes) -> None:
    assert by_wsgi(print)(Post(body)).status == 400
