"""``ensure_project`` and ``ensure_batch``: one deadline, and errors that say what may be there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleDeadlineExceeded, ScaleException
from tests.wire.conftest import Connect
from tests.wire.server import Exchange, Fault, Reply, Server, before, hang, reset, respond

pytestmark = pytest.mark.usefixtures("no_waits")

Ensure = Callable[[ScaleClient], Any]

CALLS: dict[str, Ensure] = {
    "project": lambda client: client.ensure_project("p", "imageannotation"),
    "batch": lambda client: client.ensure_batch("p", "b"),
}


def by_method(get: Fault, post: Fault) -> Fault:
    """Handle GET and POST differently."""

    def fault(exchange: Exchange, reply: Reply) -> None:
        (get if exchange.request.method == "GET" else post)(exchange, reply)

    return fault


MISSING = respond(status=404)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize(
    ("get", "post"), [(401, 500), (503, 500), (404, 409), (404, 429), (404, 400)]
)
def test_a_creation_whose_response_was_lost(
    server: Server, connect: Connect, call: Ensure, get: int, post: int
) -> None:
    """Whatever happens later, it may be there."""
    server.script(before(MISSING), before(reset))
    server.default = before(by_method(respond(status=get), respond(status=post)))
    with pytest.raises(ScaleException) as caught:
        call(connect(server, max_retries=0))
    assert caught.value.may_have_been_applied
    assert str(caught.value).count("may nevertheless have carried") == 1


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("status", [400, 409, 429])
def test_a_creation_that_was_refused(
    server: Server, connect: Connect, call: Ensure, status: int
) -> None:
    server.default = before(by_method(MISSING, respond(status=status)))
    with pytest.raises(ScaleException) as caught:
        call(connect(server, max_retries=0))
    assert caught.value.status == status
    assert not caught.value.may_have_been_applied


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_all_its_requests_have_one_deadline(server: Server, connect: Connect, call: Ensure) -> None:
    server.default = before(by_method(MISSING, hang))
    begun = time.monotonic()
    with pytest.raises(ScaleDeadlineExceeded) as caught:
        call(connect(server, deadline=1.5))
    assert time.monotonic() - begun < 2.9
    assert caught.value.may_have_been_applied
