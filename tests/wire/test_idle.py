"""Connections that the service closes while they are idle, or during a request."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi._http import connection, policy
from scaleapi.exceptions import ScaleConnectionError, ScaleException
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import Exchange, Reply, Server, after, before, close, reset, respond, succeed

pytestmark = pytest.mark.usefixtures("no_waits")

Call = Callable[[ScaleClient], Any]

REPEATABLE: dict[str, Call] = {
    "get_task": lambda client: client.get_task("t"),
    "create_task": lambda client: client.create_task("imageannotation"),
    "cancel_task": lambda client: client.cancel_task("t"),
    "tasks": lambda client: client.tasks(project="p"),
}


def invite(client: ScaleClient) -> None:
    """Make a call that is not idempotent."""
    client.invite_teammates(["a@b.c"], "member")


class Closing:
    """A step that responds and closes; ``done`` is set when the connection is closed."""

    def __init__(self) -> None:
        self.done = threading.Event()

    def __call__(self, exchange: Exchange, reply: Reply) -> None:
        exchange.send(reply.raw)
        exchange.close()
        self.done.set()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_service_that_closes_after_each_response(
    serve: Serve, connect: Connect, authority: Authority, scheme: str
) -> None:
    """A closed connection is detected before it is used, by any call."""
    server = serve(tls=authority.server if scheme == "https" else None)
    client = connect(server, verify=authority.bundle, max_retries=0)
    for call in [*REPEATABLE.values(), invite] * 3:
        step = Closing()
        server.script(after(step))
        call(client)
        assert step.done.wait(10)
    assert server.connections == len(server.requests) == 3 * (len(REPEATABLE) + 1)


@pytest.mark.slow
def test_a_service_that_closes_during_every_second_request(
    server: Server, connect: Connect
) -> None:
    """Retries because of a kept connection do not use the budget."""
    client = connect(server, max_retries=1)
    server.script(after(succeed), *[before(close), after(succeed)] * 200)
    for _ in range(201):
        client.get_task("t")
    assert len(server.requests) == 401


def test_an_outage_on_kept_connections_is_not_multiplied(server: Server, connect: Connect) -> None:
    """Each kept connection fails once; after that, the budget applies."""
    client = connect(server)
    client.get_task("t")
    server.default = before(close)
    for _ in range(240):
        with pytest.raises(ScaleConnectionError):
            client.get_task("t")
    assert 240 < len(server.requests) <= 301


def test_a_connection_of_a_failed_call_gives_no_free_retry(
    server: Server, connect: Connect
) -> None:
    """A service that alternately returns 500 and closes the connection during the next request."""
    server.script(*[before(respond(status=500)), before(close)] * 300)
    client = connect(server, max_retries=1)
    for _ in range(240):
        with pytest.raises(ScaleException):
            client.get_task("t")
    assert 240 < len(server.requests) <= 300


@pytest.mark.parametrize("fault", [close, reset])
@pytest.mark.parametrize("name", REPEATABLE)
def test_a_connection_closed_during_a_request(
    server: Server, connect: Connect, name: str, fault: Any
) -> None:
    """If the close and the request cross, an idempotent call is retried immediately."""
    client = connect(server, max_retries=1)
    for _ in range(3):
        server.script(after(succeed), before(fault))
        client.get_project("p")
        REPEATABLE[name](client)
    assert len(server.requests) == 9


def test_calls_that_cannot_be_retried_avoid_old_connections(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Idle connections may be closed at any moment; only idempotent calls reuse them."""
    client = connect(server)
    now = 1000.0
    monkeypatch.setattr(connection, "now", lambda: now)
    client.get_task("t")
    now += policy.FRESH_FOR - 0.1
    invite(client)
    now += policy.FRESH_FOR + 0.1
    client.get_task("t")
    now += policy.FRESH_FOR + 0.1
    client.create_task("imageannotation")
    now += policy.FRESH_FOR + 0.1
    invite(client)
    assert [request.connection for request in server.requests] == [1, 1, 1, 1, 2]


def test_known_limitation_of_calls_that_cannot_be_retried(server: Server, connect: Connect) -> None:
    """If the close crosses a call that is not idempotent, the error says so."""
    client = connect(server)
    server.script(after(succeed), before(close))
    client.get_task("t")
    with pytest.raises(ScaleConnectionError) as caught:
        invite(client)
    assert caught.value.may_have_been_applied
    assert caught.value.attempts == 1
    assert [request.connection for request in server.requests] == [1, 1]
