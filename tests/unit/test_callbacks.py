"""The receiving end of callbacks: who is believed, what is refused, and what is handled once."""

from __future__ import annotations

import asyncio
import copy
import functools
import io
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

import flask
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from scaleapi import ScaleClient
from scaleapi.callbacks import (
    CALLBACK_BODY_LIMIT,
    Callback,
    CallbackEvent,
    CallbackVerificationError,
    SeenCallbacks,
    flask_callback,
    starlette_callback,
    verify_callback,
    wsgi_callback_app,
)
from scaleapi.exceptions import ScaleArgumentError

SECRETS = ["test_auth_4f1", "live_auth_a02"]
TASK = {
    "task_id": "65f0a1b2c3d4e5f60718293a",
    "type": "imageannotation",
    "status": "completed",
    "completed_at": "2024-03-12T18:40:02.511Z",
    "updated_at": "2024-03-12T18:40:02.511Z",
    "response": {"annotations": []},
}
BODY = {
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
JSON = "application/json"


def headers(secret: str = SECRETS[0], content_type: str = JSON) -> dict[str, str]:
    return {"scale-callback-auth": secret, "content-type": content_type}


def encoded(body: object = BODY) -> bytes:
    return json.dumps(body).encode()


def task_callback(**changes: Any) -> Callback:
    task = TASK | changes
    return Callback({"task": task, "task_id": task["task_id"], "status": task["status"]})


# Who is believed


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "name", ["scale-callback-auth", "Scale-Callback-Auth", "SCALE-CALLBACK-AUTH"]
)
def test_each_secret_is_known_in_a_header_of_any_case(secret: str, name: str) -> None:
    given = {name: secret, "CONTENT-TYPE": "Application/JSON; charset=utf-8"}
    for form in (given, list(given.items())):
        assert verify_callback(form, encoded(), SECRETS).body == BODY
    assert verify_callback(given, encoded(), secret).body == BODY
    assert verify_callback(given, encoded(), iter([secret])).body == BODY


@pytest.mark.parametrize(
    "value",
    [
        "",
        "test_auth_4f",
        "test_auth_4f1 ",
        "TEST_AUTH_4F1",
        "test_auth_4f1,x",
        "ключ",
        "é",
        "\udcff",
    ],
)
def test_an_unknown_secret_is_refused_without_telling_the_known(value: str) -> None:
    with pytest.raises(CallbackVerificationError) as refusal:
        verify_callback(headers(value), encoded(), SECRETS)
    assert refusal.value.code == 401
    assert str(refusal.value) == "the scale-callback-auth header has no known secret"
    assert refusal.value.__cause__ is refusal.value.__context__ is None


def test_a_missing_header_is_named() -> None:
    with pytest.raises(CallbackVerificationError, match="header is missing") as refusal:
        verify_callback({"content-type": JSON}, encoded(), SECRETS)
    assert refusal.value.code == 401


def test_every_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first that fits does not end the comparison, and all that is compared has one length."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("hmac.compare_digest", compare)
    many = ["a", "test_auth_4f1", *(f"secret-{number}" for number in range(50))]
    verify_callback(headers(), encoded(), many)
    assert len(compared) == len(many)
    assert len({len(side) for pair in compared for side in pair}) == 1


@pytest.mark.parametrize(
    "secrets",
    [
        *("", [], [""], ["live", ""], None, 5, [None]),
        *(b"live_auth", [b"live_auth"], {"live_auth": 1}),
        *("live_auth\n", " live_auth", "live_äuth", "live\x00auth"),
    ],
)
def test_wrong_secrets_are_an_error_that_does_not_show_them(secrets: Any) -> None:
    def nothing(callback: Callback) -> None:
        pass

    for use in (
        lambda: verify_callback(headers(), encoded(), secrets),
        lambda: wsgi_callback_app(nothing, secrets),
        lambda: flask_callback(secrets),
        lambda: starlette_callback(secrets),
    ):
        with pytest.raises(ScaleArgumentError, match="secrets must") as error:
            use()
        assert "auth" not in str(error.value).replace("callback auth key", "")


# What is refused


class Answer(NamedTuple):
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


Receive = Callable[[Post], Answer]
Handler = Callable[[Callback], object]


def by_wsgi(handler: Handler, seen: SeenCallbacks | None = None) -> Receive:
    app = wsgi_callback_app(handler, SECRETS, seen=seen)
    return lambda post: call_wsgi(app, post)


def by_flask(handler: Handler, seen: SeenCallbacks | None = None) -> Receive:
    app = flask.Flask("receiver")
    app.post("/")(flask_callback(SECRETS, seen=seen)(handler))
    return lambda post: call_wsgi(app.wsgi_app, post)


def by_starlette(handler: Handler, seen: SeenCallbacks | None = None) -> Receive:
    endpoint = starlette_callback(SECRETS, seen=seen)(handler)
    app = Starlette(routes=[Route("/", endpoint, methods=["POST"])])
    return lambda post: asyncio.run(call_asgi(app, post))


def call_wsgi(app: Any, post: Post) -> Answer:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": post.method,
        "PATH_INFO": "/",
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
    told: list[Any] = []
    chunks = app(
        {name: value for name, value in environ.items() if value is not None},
        lambda status, headers, exc_info=None: told.extend([status, headers]),
    )
    return Answer(int(told[0][:3]), b"".join(chunks).decode(), dict(told[1]))


async def call_asgi(app: Any, post: Post) -> Answer:
    given = {"scale-callback-auth": post.secret, "content-type": post.content_type}
    scope = {
        "type": "http",
        "method": post.method,
        "path": "/",
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

    with suppress(RuntimeError):  # Starlette answers, and then raises it again for its server.
        await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    text = b"".join(event.get("body", b"") for event in sent).decode()
    return Answer(sent[0]["status"], text, headers)


RECEIVERS = [by_wsgi, by_flask, by_starlette]
every_receiver = pytest.mark.parametrize("by", RECEIVERS)


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
def test_what_is_no_callback_is_refused(
    by: Callable[..., Receive], post: Post, status: int, reason: str
) -> None:
    """Each refusal is a 4xx in plain text that says why, and no handler is called."""
    handled: list[Callback] = []
    answer = by(handled.append)(post)
    assert answer.status == status
    assert reason in answer.text
    content_type = answer.headers.get("Content-Type") or answer.headers["content-type"]
    assert content_type == "text/plain; charset=utf-8"
    assert not any(secret in answer.text for secret in SECRETS)
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
def test_a_length_that_lies(by: Callable[..., Receive], post: Post, status: int) -> None:
    handled: list[Callback] = []
    assert by(handled.append)(post).status == status
    assert handled == []


@every_receiver
def test_a_body_up_to_the_limit_is_taken(by: Callable[..., Receive]) -> None:
    handled: list[Callback] = []
    large = encoded().ljust(CALLBACK_BODY_LIMIT)
    assert by(handled.append)(Post(large)).status == 200
    assert by(handled.append)(Post(large, length=None, chunked=True)).status == 200
    assert len(handled) == 2


def test_no_more_is_read_than_a_callback_may_have() -> None:
    """Whatever the sender claims, the memory that a callback takes is bounded."""
    read: list[int] = []

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size >= 0
            read.append(size)
            return b" " * size

    app = wsgi_callback_app(print, SECRETS)
    told: list[str] = []
    for secret in (SECRETS[0], "wrong"):
        read.clear()
        environ = {
            "REQUEST_METHOD": "POST",
            "HTTP_SCALE_CALLBACK_AUTH": secret,
            "CONTENT_TYPE": JSON,
            "wsgi.input": Endless(),
            "wsgi.input_terminated": True,
        }
        app(environ, lambda status, headers, exc_info=None: told.append(status) or print)
        assert sum(read) == CALLBACK_BODY_LIMIT + 1
        assert max(read) <= 65_536
    assert [status[:3] for status in told] == ["413", "401"]


def test_a_stream_that_gives_little_at_a_time() -> None:
    """A short read is not the end of the body."""
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


def test_a_refused_body_is_read_to_its_end() -> None:
    """A server that closes on unread bytes would reset the connection before the answer is read."""
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
    """A refused body is read as far as a callback may go, and memory is bounded here too."""
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


def test_a_large_body_is_refused_without_a_server_too() -> None:
    with pytest.raises(CallbackVerificationError, match="over 10485760 bytes") as refusal:
        verify_callback(headers(), encoded().ljust(CALLBACK_BODY_LIMIT + 1), SECRETS)
    assert refusal.value.code == 413


def test_only_post_is_taken() -> None:
    answer = by_wsgi(print)(Post(method="GET"))
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_a_flask_application_may_have_read_the_body() -> None:
    """Applications that log every request have done so before the view is called."""
    handled: list[Callback] = []
    app = flask.Flask("receiver")
    app.before_request(lambda: flask.request.get_data() and None)
    app.post("/")(flask_callback(SECRETS)(handled.append))
    assert call_wsgi(app.wsgi_app, Post()).status == 200
    assert handled[0].body == BODY


REVIEW = ("customer_review_status", "customer_audited_at")
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.binary() | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    answer = by_wsgi(print)(Post(body))
    assert answer.status == 400 or "task" in json.loads(body) or "batch" in json.loads(body)


@given(st.dictionaries(st.sampled_from([*TASK, *REVIEW]), JSON_VALUES))
def test_any_task_and_batch_can_be_read(changes: dict[str, Any]) -> None:
    """Fields of any type, or without a value, break nothing: not all of them are documented."""
    for body in (
        {"task": changes | {"task_id": "a"}, "status": "completed"},
        {"batch": changes | {"name": "a"}, "response": None},
    ):
        callback = verify_callback(headers(), json.dumps(body).encode(), SECRETS)
        assert isinstance(callback.event, CallbackEvent)
        assert hash(callback.identity)
        assert repr(callback)


@given(st.text())
def test_any_header_is_compared(value: str) -> None:
    with pytest.raises(CallbackVerificationError):
        verify_callback(headers(value), encoded(), ["another secret"])


# What it says


def test_a_task() -> None:
    callback = verify_callback(headers(), encoded(), SECRETS)
    assert callback.task
    assert callback.task.id == TASK["task_id"]
    assert callback.batch is None
    assert (callback.event, callback.status) == (CallbackEvent.Completed, "completed")
    assert callback.response == {"annotations": []}
    assert repr(callback) == (
        "Callback(event='completed', task=Task(id='65f0a1b2c3d4e5f60718293a',"
        " type='imageannotation', status='completed'))"
    )


def test_a_batch() -> None:
    callback = verify_callback(headers(), encoded(BATCH_BODY), SECRETS)
    assert callback.task is callback.response is None
    assert callback.batch
    assert callback.batch.name == "week_11"
    assert (callback.event, callback.status) == (CallbackEvent.BatchCompleted, "completed")
    assert repr(callback).startswith("Callback(event='batch_completed', batch=Batch(")


def test_fields_at_the_top_may_be_missing() -> None:
    """The status and the response are also in the task."""
    callback = Callback({"task": TASK, "response": None})
    assert (callback.status, callback.response) == ("completed", {"annotations": []})
    assert Callback({"batch": BATCH_BODY["batch"]}).status == "completed"
    with pytest.raises(CallbackVerificationError, match="neither"):
        Callback({})


def test_a_task_that_is_none_does_not_hide_a_batch() -> None:
    callback = Callback(BATCH_BODY | {"task": {}})
    assert callback.task is None
    assert callback.batch


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({}, "completed"),
        ({"status": "error"}, "error"),
        ({"status": "pending"}, "recalled"),
        ({"customer_review_status": "pending"}, "completed"),
        ({"customer_review_status": "accepted"}, "audited"),
        (
            {"customer_review_status": "fixed", "customer_audited_at": "2024-03-13T00:00:00.000Z"},
            "audited",
        ),
        (
            {"customer_review_status": "fixed", "customer_audited_at": "2024-03-11T00:00:00.000Z"},
            "completed",
        ),
        ({"customer_review_status": "accepted", "status": "pending"}, "recalled"),
    ],
)
def test_events(changes: dict[str, Any], event: str) -> None:
    assert task_callback(**changes).event == event


def test_the_client_is_given_to_the_objects() -> None:
    with ScaleClient("test_key") as client:
        callback = verify_callback(headers(), encoded(), SECRETS, client)
        assert callback.task
        assert callback.task._client is client


# What is handled once


def identity_of(**changes: Any) -> tuple[str, ...]:
    return task_callback(**changes).identity


def test_identity() -> None:
    """A repetition is the same callback; another change, event or task is another one."""
    assert identity_of() == identity_of()
    assert identity_of() != identity_of(updated_at="2024-03-12T18:40:02.512Z")
    assert identity_of() != identity_of(status="pending")
    assert identity_of() != identity_of(task_id="65f0a1b2c3d4e5f60718293b")
    undated = {"updated_at": None, "customer_review_status": "rejected"}
    assert identity_of(**undated) == identity_of(**undated)
    assert identity_of(**undated, customer_review_comments=["a"]) != identity_of(**undated)
    batch = Callback(BATCH_BODY)
    assert batch.identity == Callback(copy.deepcopy(BATCH_BODY)).identity
    again = copy.deepcopy(BATCH_BODY)
    again["batch"]["completed_at"] = "2024-03-13T00:00:00.000Z"
    assert batch.identity != Callback(again).identity


@every_receiver
def test_a_repetition_is_acknowledged_and_not_handled(by: Callable[..., Receive]) -> None:
    handled: list[Callback] = []
    receive = by(handled.append)
    assert [receive(Post()).status for _ in range(3)] == [200, 200, 200]
    assert len(handled) == 1
    assert receive(Post(encoded(BATCH_BODY))).status == 200
    assert len(handled) == 2


@every_receiver
def test_memory_can_be_shared(by: Callable[..., Receive]) -> None:
    """An empty memory is one, too."""
    handled: list[Callback] = []
    seen = SeenCallbacks()
    for _ in range(2):
        assert by(handled.append, seen)(Post()).status == 200
    assert len(handled) == 1


@every_receiver
def test_what_could_not_be_handled_is_handled_when_it_comes_again(
    by: Callable[..., Receive],
) -> None:
    outcomes: list[Exception | None] = [RuntimeError("broken"), RuntimeError("broken"), None]
    handled: list[Callback] = []

    def handle(callback: Callback) -> None:
        handled.append(callback)
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    receive = by(handle)
    assert [receive(Post()).status for _ in range(4)] == [500, 500, 200, 200]
    assert len(handled) == 3


def test_a_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(callback: Callback) -> None:
        raise RuntimeError("broken")

    answer = by_wsgi(fail)(Post())
    assert (answer.status, answer.text) == (500, "the callback could not be handled")
    assert "RuntimeError: broken" in caplog.text


@pytest.mark.parametrize("by", [by_wsgi, by_flask])
def test_a_repetition_while_it_is_being_handled_must_come_again(by: Callable[..., Receive]) -> None:
    """It is not acknowledged, as the first may yet fail; and it is not handled twice at once."""
    began, go_on = threading.Event(), threading.Event()
    handled: list[Callback] = []

    def handle(callback: Callback) -> None:
        handled.append(callback)
        began.set()
        assert go_on.wait(10)
        if len(handled) == 1:
            raise RuntimeError("broken")

    receive = by(handle)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(receive, Post())
        assert began.wait(10)
        answer = receive(Post())
        assert (answer.status, answer.text) == (503, "the callback is being handled")
        go_on.set()
        assert first.result(10).status == 500
    assert [receive(Post()).status for _ in range(2)] == [200, 200]
    assert len(handled) == 2


def test_a_hundred_at_once_are_handled_once() -> None:
    handled: list[Callback] = []
    receive = by_wsgi(handled.append)
    barrier = threading.Barrier(20)

    def deliver(_: int) -> int:
        barrier.wait(10)
        return receive(Post()).status

    with ThreadPoolExecutor(20) as pool:
        statuses = set(pool.map(deliver, range(100)))
    assert statuses <= {200, 503}
    assert len(handled) == 1


def test_the_oldest_are_forgotten_first() -> None:
    seen = SeenCallbacks(capacity=2)

    def is_new(number: int) -> bool:
        with seen.handling(task_callback(task_id=str(number))) as new:
            return new

    assert [is_new(number) for number in (1, 2, 1, 3, 2, 3, 1)] == [
        *(True, True, False),
        *(True, False, False),
        True,
    ]
    assert len(seen._handled) == 2


def test_one_forgotten_while_it_is_handled() -> None:
    seen = SeenCallbacks(capacity=1)
    with seen.handling(task_callback(task_id="1")), seen.handling(task_callback(task_id="2")):
        pass
    assert len(seen._handled) == 1


# Handlers of every kind


async def handle_async(handled: list[Callback], callback: Callback) -> None:
    await asyncio.sleep(0)
    handled.append(callback)


class AsyncHandler:
    """Something that is called, and is async, but is no function."""

    def __init__(self, handled: list[Callback]) -> None:
        self.handled = handled

    async def __call__(self, callback: Callback) -> None:
        await handle_async(self.handled, callback)


@pytest.mark.parametrize(
    "kind", [lambda handled: functools.partial(handle_async, handled), AsyncHandler]
)
def test_async_handlers_of_starlette(kind: Callable[[list[Callback]], Handler]) -> None:
    handled: list[Callback] = []
    assert by_starlette(kind(handled))(Post()).status == 200
    assert len(handled) == 1


def test_others_run_in_a_thread() -> None:
    threads: list[threading.Thread] = []
    by_starlette(lambda _: threads.append(threading.current_thread()))(Post())
    assert threads[0] is not threading.main_thread()


def test_wsgi_takes_no_async_handler() -> None:
    """Its coroutine would never run, and the callback would be lost."""
    with pytest.raises(ScaleArgumentError, match="handler must be an ordinary function"):
        wsgi_callback_app(functools.partial(handle_async, []), SECRETS)


def test_an_async_handler_of_flask_is_run_or_answered_with_500() -> None:
    """Flask runs it if it can, which takes a package of its own; nothing is lost silently."""
    handled: list[Callback] = []

    async def handle(callback: Callback) -> None:
        handled.append(callback)

    status = by_flask(handle)(Post()).status
    assert (status, len(handled)) in ((200, 1), (500, 0))


def test_decorated_functions_keep_their_names() -> None:
    def labeled(callback: Callback) -> None:
        """Take it."""

    for decorated in (flask_callback(SECRETS)(labeled), starlette_callback(SECRETS)(labeled)):
        assert (decorated.__name__, decorated.__doc__) == ("labeled", "Take it.")  # type: ignore[attr-defined, union-attr]
