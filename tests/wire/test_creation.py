"""Tasks are created once: idempotency keys, and finding a task after a lost response."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleDeadlineExceeded, ScaleDuplicateResource, ScaleException
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import (
    Reply,
    Server,
    after,
    before,
    connect_through,
    delay,
    hang,
    reset,
    respond,
    succeed,
)
from tests.wire.service import TaskStore

pytestmark = pytest.mark.usefixtures("no_waits")

TYPE = "imageannotation"


@pytest.fixture
def store() -> TaskStore:
    """The tasks of the service."""
    return TaskStore()


@pytest.fixture
def tasks(serve: Serve, store: TaskStore) -> Server:
    """A server that creates tasks."""
    return serve(store)


def methods(server: Server) -> list[str]:
    return [request.method for request in server.requests]


@pytest.mark.parametrize(
    "create",
    ["create_task", "create_evaluation_task", "create_training_task"],
)
def test_attempts_share_a_key_and_calls_do_not(
    server: Server, connect: Connect, create: str
) -> None:
    """The ``Idempotency-Key`` is a uuid4, the same for all attempts of one call."""
    client = connect(server)
    server.script(before(reset), before(respond(status=500)), before(respond(status=503)))
    getattr(client, create)(TYPE)
    getattr(client, create)(TYPE)
    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert len(keys) == 5
    assert len(set(keys[:4])) == 1
    assert keys[4] != keys[0]
    assert {uuid.UUID(key).version for key in keys} == {4}


def test_other_calls_have_no_idempotency_key(server: Server, connect: Connect) -> None:
    """Only creations of tasks have a key."""
    client = connect(server)
    client.create_batch("p", "b")
    client.cancel_task("t")
    assert all("idempotency-key" not in request.headers for request in server.requests)


def test_the_body_is_sent_as_given(tasks: Server, connect: Connect) -> None:
    """The parameters of a task are sent unchanged."""
    params: dict[str, Any] = {
        "project": "p",
        "attachment": "u",
        "geometries": {},
        "tags": [],
        "priority": None,
    }
    connect(tasks).create_task(TYPE, **params)
    assert tasks.requests[0].json == params


def test_a_lost_task_is_found_by_its_unique_id(
    tasks: Server, connect: Connect, store: TaskStore
) -> None:
    """The lookup is one request with the exact id, whatever characters it contains."""
    unique_id = "a&b c=ü%/+"
    tasks.script(after(reset))
    task = connect(tasks).create_task(TYPE, unique_id=unique_id)
    assert task.as_dict() == store.tasks[0]
    assert methods(tasks) == ["POST", "POST", "GET"]
    assert tasks.requests[2].target == "/v1/tasks?unique_id=a%26b+c%3D%C3%BC%25%2F%2B"
    assert "idempotency-key" not in tasks.requests[2].headers


def test_a_lost_task_is_found_by_the_id_in_the_409(
    tasks: Server, connect: Connect, store: TaskStore
) -> None:
    """Without a ``unique_id``, the id is in the last parentheses of the 409's message."""
    tasks.script(after(reset))
    task = connect(tasks).create_task(TYPE)
    assert task.as_dict() == store.tasks[0]
    assert methods(tasks) == ["POST", "POST", "GET"]
    assert tasks.requests[2].path == f"/v1/task/{task.id}"


@pytest.mark.parametrize("skew", [-86400, -30, 30, 86400])
def test_the_clock_of_the_service_is_used(
    tasks: Server, connect: Connect, store: TaskStore, skew: int
) -> None:
    """A wrong local or remote clock does not affect the decision."""
    store.skew = timedelta(seconds=skew)
    client = connect(tasks)
    tasks.script(after(reset))
    assert client.create_task(TYPE, unique_id="new").unique_id == "new"
    store.add(TYPE, age=30, unique_id="old")
    tasks.script(before(reset))
    with pytest.raises(ScaleDuplicateResource):
        client.create_task(TYPE, unique_id="old")


@pytest.mark.parametrize("unique_id", ["u", None])
@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("type", "categorization"),
        ("type", None),
        ("created_at", "2020-01-01T00:00:00.000Z"),
        ("created_at", None),
        ("created_at", "yesterday"),
        ("created_at", 17),
    ],
)
def test_an_older_task_is_a_duplicate(
    tasks: Server,
    connect: Connect,
    store: TaskStore,
    unique_id: str | None,
    change: str,
    value: object,
) -> None:
    """The 409 is raised for another type, an older task, or if these are unknown."""

    def commit_and_change(exchange: Any, reply: Reply) -> None:
        store.tasks[0][change] = value
        exchange.reset()

    tasks.script(after(commit_and_change))
    with pytest.raises(ScaleDuplicateResource, match="may nevertheless") as caught:
        connect(tasks).create_task(TYPE, unique_id=unique_id)
    assert caught.value.status == 409
    assert caught.value.may_have_been_applied
    assert caught.value.attempts == 2
    assert caught.value.method == "POST"


@pytest.mark.parametrize("unique_id", ["u", None])
def test_a_409_on_the_first_attempt_is_a_duplicate(
    tasks: Server, connect: Connect, store: TaskStore, unique_id: str | None
) -> None:
    """Nothing is looked up, even though the task is new."""
    old = store.add(TYPE, unique_id="u")
    if unique_id is None:
        text = f"The Idempotency-Key is in use for a different request ({old['task_id']})."
        tasks.script(before(respond({"status_code": 409, "error": text}, 409)))
    with pytest.raises(ScaleDuplicateResource) as caught:
        connect(tasks).create_task(TYPE, unique_id=unique_id)
    assert methods(tasks) == ["POST"]
    assert not caught.value.may_have_been_applied
    assert "nevertheless" not in str(caught.value)


@pytest.mark.parametrize("status", [408, 429, 503])
def test_a_409_after_a_throttled_attempt_is_a_duplicate(
    tasks: Server, connect: Connect, store: TaskStore, status: int
) -> None:
    """A 409 after 408, 429 or 503 with Retry-After is a duplicate; nothing is looked up."""
    store.add(TYPE, unique_id="u")
    tasks.script(before(respond(status=status, Retry_After="0")))
    with pytest.raises(ScaleDuplicateResource) as caught:
        connect(tasks).create_task(TYPE, unique_id="u")
    assert methods(tasks) == ["POST", "POST"]
    assert not caught.value.may_have_been_applied


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("unique_id", ["u", None])
def test_a_409_with_the_key_after_throttling_is_proof(
    tasks: Server, connect: Connect, store: TaskStore, status: int, unique_id: str | None
) -> None:
    """Even after a 429 or 503 of a service that created the task nevertheless."""

    def lie(exchange: Any, reply: Reply) -> None:
        key = exchange.request.headers["idempotency-key"]
        store.refusal = f'The idempotency key ("{key}") is in use for a different request ({{id}}).'
        respond(status=status)(exchange, reply)

    tasks.script(after(lie))
    task = connect(tasks).create_task(TYPE, unique_id=unique_id)
    assert task.as_dict() == store.tasks[0]
    assert methods(tasks) == ["POST", "POST", "GET"]


@pytest.mark.parametrize("date", ["Mon, 01 Jan 9999999999999999 00:00:00 GMT", "x"])
def test_an_invalid_date_is_not_proof(
    tasks: Server, connect: Connect, store: TaskStore, date: str
) -> None:
    """The 409 is raised for any invalid ``Date``."""
    text = {"error": "in use (1)."}
    tasks.script(after(reset), before(respond(text, 409, Date=date)))
    with pytest.raises(ScaleDuplicateResource):
        connect(tasks).create_task(TYPE)


@pytest.mark.parametrize("unique_id", ["u", None])
def test_a_missing_date_is_not_proof(
    tasks: Server, connect: Connect, store: TaskStore, unique_id: str | None
) -> None:
    """A 409 without a ``Date`` is raised."""
    store.date = False
    tasks.script(after(reset))
    with pytest.raises(ScaleDuplicateResource):
        connect(tasks).create_task(TYPE, unique_id=unique_id)
    assert len(store.tasks) == 1


@pytest.mark.parametrize("unique_id", ["u", None])
@pytest.mark.parametrize(
    "lookup",
    [
        respond(status=404),
        respond(status=401),
        respond({"docs": [], "total": 0}),
        respond({"docs": 5}),
        respond({"docs": [None, 3, {}]}),
        respond({"docs": None}),
        respond(b"not JSON"),
        respond(b""),
        respond([]),
    ],
    ids=["404", "401", "nothing", "no list", "no tasks", "null", "no JSON", "empty", "array"],
)
def test_a_failed_lookup_raises_the_409(
    tasks: Server, connect: Connect, unique_id: str | None, lookup: Any
) -> None:
    """The 409 is raised with a hint, not the error of the lookup."""
    tasks.script(after(reset), after(succeed), before(lookup))
    with pytest.raises(ScaleDuplicateResource, match="may nevertheless") as caught:
        connect(tasks).create_task(TYPE, unique_id=unique_id)
    assert caught.value.code == caught.value.status == 409
    assert str(caught.value).startswith("<Response [409]> ")
    assert methods(tasks) == ["POST", "POST", "GET"]


@pytest.mark.parametrize("text", ["no id here", "()", "(..)", "x (not/an id?)"])
def test_a_409_without_a_task_id(
    tasks: Server, connect: Connect, store: TaskStore, text: str
) -> None:
    """Without a ``unique_id`` or an id in the message, nothing is looked up."""
    store.refusal = text
    tasks.script(after(reset))
    with pytest.raises(ScaleDuplicateResource):
        connect(tasks).create_task(TYPE)
    assert all(
        request.path in {f"/v1/task/{TYPE}", "/v1/task/not%2Fan%20id%3F"}
        for request in tasks.requests
    )


def test_lookups_are_retried(tasks: Server, connect: Connect, store: TaskStore) -> None:
    """A temporary failure of the lookup is retried."""
    tasks.script(
        after(respond(status=500)), after(succeed), before(reset), before(respond(status=502))
    )
    assert connect(tasks).create_task(TYPE, unique_id="u").id == store.tasks[0]["task_id"]
    assert methods(tasks) == ["POST", "POST", "GET", "GET", "GET"]


@pytest.mark.slow
def test_the_deadline_includes_the_lookup(
    tasks: Server, connect: Connect, store: TaskStore
) -> None:
    """A hanging lookup does not get a new deadline; the 409 is raised in time."""
    tasks.script(after(delay(1.5, reset)), after(succeed), before(hang))
    client = connect(tasks, deadline=2)
    begun = time.monotonic()
    with pytest.raises(ScaleDuplicateResource):
        client.create_task(TYPE, unique_id="u")
    assert time.monotonic() - begun < 3.4
    assert methods(tasks) == ["POST", "POST", "GET"]


def test_when_all_attempts_are_lost_the_error_says_so(
    tasks: Server, connect: Connect, store: TaskStore
) -> None:
    """If no attempt gets a response, the error says so, and there is at most one task."""
    tasks.default = after(reset)
    with pytest.raises(ScaleException, match="may nevertheless") as caught:
        connect(tasks).create_task(TYPE)
    assert caught.value.may_have_been_applied
    assert caught.value.attempts == 4
    assert len(store.tasks) == 1


def test_a_deadline_over_a_hanging_creation(
    tasks: Server, connect: Connect, store: TaskStore
) -> None:
    """After a deadline, the task may exist as well."""
    tasks.default = after(hang)
    with pytest.raises(ScaleDeadlineExceeded) as caught:
        connect(tasks, deadline=0.5).create_task(TYPE, unique_id="u")
    assert caught.value.may_have_been_applied
    assert len(store.tasks) == 1


@pytest.mark.parametrize("create", ["create_evaluation_task", "create_training_task"])
def test_quality_tasks_are_not_looked_up(server: Server, connect: Connect, create: str) -> None:
    """They are not in the task list, so a 409 after a lost response is raised."""
    refusal = {"status_code": 409, "error": "already used (65f0a1b2c3d4e5f60718293a)"}
    server.script(after(reset), before(respond(refusal, 409)))
    with pytest.raises(ScaleDuplicateResource, match="may nevertheless"):
        getattr(connect(server), create)(TYPE, unique_id="u")
    assert methods(server) == ["POST", "POST"]


OTHERS: dict[str, Callable[[ScaleClient], Any]] = {
    "cancel_task": lambda client: client.cancel_task("t"),
    "create_batch": lambda client: client.create_batch("p", "b"),
    # The path has "task" in it, and the body a unique_id.
    "post_request": lambda client: client.api.post_request("projects/mytask", {"unique_id": "u"}),
}


@pytest.mark.parametrize("call", OTHERS.values(), ids=OTHERS.keys())
def test_other_calls_are_not_looked_up(
    server: Server, connect: Connect, call: Callable[[ScaleClient], Any]
) -> None:
    """Only creations of tasks are looked up after a 409."""
    server.script(before(respond(status=503, Retry_After="0")), before(respond(status=409)))
    with pytest.raises(ScaleDuplicateResource):
        call(connect(server))
    assert methods(server) == ["POST", "POST"]


def test_conflict_after_a_list_was_sent(server: Server, connect: Connect) -> None:
    """The body of ``set_task_tags`` is a list without a ``unique_id``."""
    refusal = {"status_code": 409, "error": 'The unique_id ("u") is already used (65f0).'}
    server.script(before(respond(refusal, 409)))
    with pytest.raises(ScaleDuplicateResource, match="already used"):
        connect(server).set_task_tags("t", ["a"])
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "content", [b"", b"no", b"[]", b"[{}]", b"null", b'"text"', b"7", b'{"error": null}']
)
def test_conflict_with_any_body(server: Server, connect: Connect, content: bytes) -> None:
    """A 409 is a ``ScaleDuplicateResource`` whatever its body, also of ``cancel_task``."""
    server.default = before(respond(content, 409))
    client = connect(server)
    calls: list[Callable[[], object]] = [
        lambda: client.cancel_task("t"),
        lambda: client.create_task(TYPE),
    ]
    for call in calls:
        with pytest.raises(ScaleDuplicateResource) as caught:
            call()
        assert caught.value.code == 409
        assert str(caught.value).startswith("<Response [409]> ")


def test_lookup_uses_the_settings_of_the_client(
    serve: Serve, store: TaskStore, connect: Connect, authority: Authority
) -> None:
    """It works behind a private CA, through a proxy and with a client certificate."""
    server = serve(store, tls=authority.mutual)
    proxy = serve(default=before(connect_through))
    server.script(after(respond(status=500)))
    client = connect(
        server,
        verify=authority.bundle,
        proxies={"https": proxy.origin},
        cert=authority.client_pem,
    )
    assert client.create_task(TYPE, unique_id="u").unique_id == "u"
    assert methods(server) == ["POST", "POST", "GET"]
    assert server.connections == proxy.connections == 1
