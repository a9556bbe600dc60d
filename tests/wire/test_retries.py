"""Which calls are retried when the service fails before or after the commit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from ssl import SSLCertVerificationError
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.exceptions import (
    ScaleConnectionError,
    ScaleException,
    ScaleInternalError,
    ScaleReadTimeout,
    ScaleServiceUnavailable,
    ScaleTooManyRequests,
)
from tests.wire.calls import ALWAYS, IF_UNSENT, Call, table
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import (
    Fault,
    Server,
    Step,
    after,
    before,
    close,
    hang,
    reset,
    respond,
    truncate,
)
from tests.wire.service import ANYTHING, TaskStore, ordinary

pytestmark = pytest.mark.usefixtures("no_waits")

#: Faults after which it is not known whether the service processed the request.
UNCERTAIN: dict[str, tuple[Fault, type[ScaleException]]] = {
    "reset": (reset, ScaleConnectionError),
    "close": (close, ScaleConnectionError),
    "truncate": (truncate, ScaleConnectionError),
    "500": (respond(status=500), ScaleInternalError),
}

#: Responses that mean that the request was not processed.
THROTTLED: dict[str, tuple[Fault, type[ScaleException]]] = {
    "503": (respond(status=503, Retry_After="0"), ScaleServiceUnavailable),
    "429": (respond(status=429, Retry_After="0.02"), ScaleTooManyRequests),
}

WHEN: dict[str, Callable[[Fault], Step]] = {"before": before, "after": after}


def faults(those: dict[str, tuple[Fault, type[ScaleException]]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("fault", "error"), those.values(), ids=those.keys())


when = pytest.mark.parametrize("when", WHEN.values(), ids=WHEN.keys())


@table(ALWAYS)
@faults(UNCERTAIN | THROTTLED)
@when
def test_idempotent_calls_are_retried_after_any_fault(
    server: Server,
    connect: Connect,
    call: Call,
    fault: Fault,
    error: type[ScaleException],
    when: Callable[[Fault], Step],
) -> None:
    """The second attempt is identical and succeeds."""
    server.script(when(fault))
    call(connect(server))
    assert len(server.requests) == 2
    assert len(server.applied) == (1 if when is before else 2)
    first, second = server.requests
    assert first.raw == second.raw


@table(IF_UNSENT)
@faults(UNCERTAIN)
@when
def test_other_calls_are_not_retried_after_an_uncertain_fault(
    server: Server,
    connect: Connect,
    call: Call,
    fault: Fault,
    error: type[ScaleException],
    when: Callable[[Fault], Step],
) -> None:
    """They fail after one request, and the error says that it may have been applied."""
    server.script(when(fault))
    with pytest.raises(error, match="may nevertheless have carried the call out") as caught:
        call(connect(server))
    assert len(server.requests) == 1
    assert len(server.applied) == (0 if when is before else 1)
    assert caught.value.may_have_been_applied
    assert caught.value.attempts == 1
    assert caught.value.retry_after is None


@table(IF_UNSENT)
@faults(THROTTLED)
@when
def test_other_calls_are_retried_after_throttling(
    server: Server,
    connect: Connect,
    call: Call,
    fault: Fault,
    error: type[ScaleException],
    when: Callable[[Fault], Step],
) -> None:
    """After 429, and 503 with Retry-After, a retry is safe."""
    server.script(when(fault))
    call(connect(server))
    assert len(server.requests) == 2
    assert server.requests[0].raw == server.requests[1].raw


@when
def test_calls_without_a_response(serve: Serve, when: Callable[[Fault], Step]) -> None:
    """Idempotent calls are retried after a read timeout; others are not."""

    def outcome(call: Call) -> tuple[object, ...]:
        server = serve()
        server.script(when(hang))
        with ScaleClient(KEY, api_instance_url=server.url, verify=False, timeout=1.5) as client:
            try:
                call(client)
            except ScaleReadTimeout as error:
                return len(server.requests), error.attempts, error.may_have_been_applied
        return len(server.requests), "succeeded"

    calls = ALWAYS | IF_UNSENT
    with ThreadPoolExecutor(len(calls)) as pool:
        outcomes = dict(zip(calls, pool.map(outcome, calls.values()), strict=True))
    expected: dict[str, tuple[object, ...]] = dict.fromkeys(ALWAYS, (2, "succeeded"))
    assert outcomes == expected | dict.fromkeys(IF_UNSENT, (1, 1, True))


def always_500(server: Server) -> None:
    server.default = before(respond(status=500))


@pytest.mark.parametrize(
    ("name", "applied"),
    [("get_task", False), ("add_task_tags", True), ("cancel_task", True)],
)
@faults(UNCERTAIN | THROTTLED)
def test_a_permanent_fault_is_raised_after_the_last_attempt(
    server: Server,
    connect: Connect,
    name: str,
    applied: bool,
    fault: Fault,
    error: type[ScaleException],
) -> None:
    """Four attempts with the default of three retries, and the error of the last one."""
    server.default = before(fault)
    with pytest.raises(error) as caught:
        ALWAYS[name](connect(server))
    assert type(caught.value) is error
    assert len(server.requests) == caught.value.attempts == 4
    uncertain = error not in (ScaleServiceUnavailable, ScaleTooManyRequests)
    assert caught.value.may_have_been_applied is (applied and uncertain)
    waits: dict[Any, float] = {ScaleTooManyRequests: 0.02, ScaleServiceUnavailable: 0.0}
    assert caught.value.retry_after == waits.get(error)


@faults(THROTTLED)
def test_permanent_throttling_has_applied_nothing(
    server: Server, connect: Connect, fault: Fault, error: type[ScaleException]
) -> None:
    """An invitation is throttled four times, and nobody is invited."""
    server.default = before(fault)
    with pytest.raises(error) as caught:
        connect(server).invite_teammates(["a@b.c"], "member")
    assert caught.value.attempts == 4
    assert not caught.value.may_have_been_applied


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("unique_id", [None, "scan A&17"])
@pytest.mark.parametrize("fault", [*UNCERTAIN, *THROTTLED])
@when
def test_a_task_is_created_exactly_once(
    serve: Serve,
    connect: Connect,
    authority: Authority,
    scheme: str,
    unique_id: str | None,
    fault: str,
    when: Callable[[Fault], Step],
) -> None:
    """Whatever happens to the first attempt, one task is created and returned."""
    store = TaskStore()
    server = serve(store, tls=authority.server if scheme == "https" else None)
    server.script(when((UNCERTAIN | THROTTLED)[fault][0]))
    client = connect(server, verify=authority.bundle)
    if when is after and fault in THROTTLED:
        # The service throttled but created the task, so the retry's 409 is raised.
        with pytest.raises(ScaleException) as caught:
            client.create_task("imageannotation", project="p", unique_id=unique_id)
        assert caught.value.code == 409
    else:
        task = client.create_task("imageannotation", project="p", unique_id=unique_id)
        assert task.id == store.tasks[0]["task_id"]
        assert task.unique_id == unique_id
    assert len(store.tasks) == 1
    posts = [request for request in server.requests if request.method == "POST"]
    assert len(posts) == 2
    assert posts[0].raw == posts[1].raw


@pytest.mark.parametrize("unique_id", [None, "scan A&17"])
@when
def test_a_task_is_created_once_if_the_first_attempt_hangs(
    serve: Serve, connect: Connect, unique_id: str | None, when: Callable[[Fault], Step]
) -> None:
    """A read timeout is as uncertain as a reset."""
    store = TaskStore()
    server = serve(store)
    server.script(when(hang))
    client = connect(server, timeout=0.5)
    task = client.create_task("imageannotation", project="p", unique_id=unique_id)
    assert [task.id] == [one["task_id"] for one in store.tasks]


@pytest.mark.parametrize("name", ["get_task", "add_task_tags", "invite_teammates"])
@faults(UNCERTAIN | THROTTLED)
def test_the_same_over_tls(
    serve: Serve,
    connect: Connect,
    authority: Authority,
    name: str,
    fault: Fault,
    error: type[ScaleException],
) -> None:
    """Each class of call with each fault, over TLS."""
    server = serve(tls=authority.server)
    server.script(after(fault))
    client = connect(server, verify=authority.bundle)
    once = name in IF_UNSENT and error not in (ScaleServiceUnavailable, ScaleTooManyRequests)
    if once:
        with pytest.raises(error) as caught:
            IF_UNSENT[name](client)
        assert caught.value.may_have_been_applied
    else:
        (ALWAYS | IF_UNSENT)[name](client)
    assert len(server.requests) == (1 if once else 2)


@pytest.mark.parametrize("name", ["get_task", "invite_teammates"])
def test_every_class_of_call_retries_a_refused_connection(connect: Connect, name: str) -> None:
    """Nothing was sent, so four attempts are safe."""
    with pytest.raises(ScaleConnectionError) as caught:
        (ALWAYS | IF_UNSENT)[name](connect("http://127.0.0.1:9/v1"))
    assert caught.value.attempts == 4
    assert not caught.value.may_have_been_applied


def test_a_kept_connection_closed_by_the_service_does_not_use_the_budget(
    server: Server, connect: Connect
) -> None:
    """An invitation uses a new connection if the kept one is closed."""
    closed = threading.Event()

    def answer_and_close(exchange: Any, reply: Any) -> None:
        exchange.send(reply.raw)
        exchange.close()
        closed.set()

    server.script(after(answer_and_close))
    client = connect(server)
    client.get_task("t")
    assert closed.wait(10)
    client.invite_teammates(["a@b.c"], "member")
    assert [request.connection for request in server.requests] == [1, 2]


def test_max_retries_zero(server: Server, connect: Connect) -> None:
    """``max_retries=0`` means one attempt."""
    always_500(server)
    with pytest.raises(ScaleInternalError) as caught:
        connect(server, max_retries=0).get_task("t")
    assert len(server.requests) == caught.value.attempts == 1


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422, 531])
def test_permanent_errors_are_raised_immediately(
    server: Server, connect: Connect, status: int
) -> None:
    """Client errors and unknown statuses are not retried."""
    server.script(before(respond(status=status)))
    with pytest.raises(ScaleException) as caught:
        connect(server).get_task("t")
    assert caught.value.status == status
    assert len(server.requests) == 1


def test_an_outage_is_not_multiplied(server: Server, connect: Connect) -> None:
    """In an outage, 240 calls send at most 1.25 requests each."""
    always_500(server)
    client = connect(server)
    for _ in range(240):
        with pytest.raises(ScaleInternalError):
            client.get_task("t")
    assert 240 < len(server.requests) <= 300


def test_calls_survive_random_faults(server: Server, connect: Connect) -> None:
    """If every fifth request fails, no call fails."""
    client = connect(server)
    for number in range(300):
        if number % 4 == 0:
            server.script(before(respond(status=500)))
        client.get_task("t")
    assert len(server.requests) == 375


def test_a_retried_upload_starts_at_the_same_position(
    server: Server, connect: Connect, picture: Path
) -> None:
    """All attempts send the file from its current position."""
    server.script(after(reset))
    with picture.open("rb") as file:
        file.read(8)
        connect(server).upload_file(file, reference_id="r")
    first, second = server.requests
    assert first.body == second.body
    assert picture.read_bytes()[8:] in second.body
    assert picture.read_bytes() not in second.body


def test_the_ordinary_responses_cover_every_call(server: Server, connect: Connect) -> None:
    """Without faults, each call of the tables sends one request."""
    client = connect(server)
    for call in (ALWAYS | IF_UNSENT).values():
        call(client)
    assert len(server.requests) == len(ALWAYS) + len(IF_UNSENT)
    assert server.connections == 1
    assert ordinary(server.requests[0]).content == ANYTHING


def raise_in_another_thread(error: BaseException) -> None:
    """Raise and handle an error there, as two threads do with that of a shared Future."""

    def run() -> None:
        with suppress(type(error)):
            raise error

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.parametrize("traceback", ["whole", "trimmed", "dropped", "of another thread"])
@pytest.mark.parametrize(
    "kind", [ValueError, TimeoutError, SSLCertVerificationError, KeyboardInterrupt]
)
def test_a_call_in_an_except_block(
    server: Server, connect: Connect, kind: type[BaseException], traceback: str
) -> None:
    """The error that is handled there is not a cause of the failures of the call."""
    client = connect(server)
    handled = kind("before")

    def fail() -> None:
        raise handled

    try:
        fail()
    except kind as error:
        if traceback == "trimmed" and error.__traceback__ is not None:
            error.__traceback__ = error.__traceback__.tb_next
        if traceback == "dropped":
            error.__traceback__ = None
        if traceback == "of another thread":
            raise_in_another_thread(error)
        kept = error.__traceback__
        server.script(before(reset))
        assert client.cancel_task("t").id == ANYTHING["task_id"]  # retried
        server.script(*[before(reset)] * 4)
        with pytest.raises(ScaleConnectionError, match="reset") as caught:
            client.cancel_task("t")
        assert caught.value.attempts == 4
        assert isinstance(caught.value.__cause__, OSError)
        assert caught.value.__cause__ is not handled
        assert handled.__traceback__ is kept
    assert handled.args == ("before",)
