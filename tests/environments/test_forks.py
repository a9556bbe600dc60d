"""A forked child that drops its copy of a generator does not affect the parent."""

from __future__ import annotations

import json
import os
import threading

import pytest

from tests.environments.running import finish, start
from tests.environments.service import EXPECTED, PAGES, service
from tests.wire.conftest import Authority, Serve
from tests.wire.server import Exchange, Reply, after, succeed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork"),
]

WAYS = [
    "close",
    "delete",
    "close the client",
    "exit",
    "exit at once",
    "an exception",
    "a list of its own",
]


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_child_drops_a_list(serve: Serve, authority: Authority, scheme: str, how: str) -> None:
    """One request per page without retries, although a page was in progress at the fork."""
    secure = scheme == "https"
    server = serve(service, tls=authority.server if secure else None)
    ended = threading.Event()

    def wait_for_the_child(exchange: Exchange, reply: Reply) -> None:
        exchange.send(reply.head)
        ended.wait(20)
        exchange.send(reply.body)

    server.script(after(succeed), after(wait_for_the_child))
    program = start("forked_list", server.url, authority.bundle if secure else "", how)
    with program:
        try:
            server.wait_for(lambda: len(server.requests) == 2, 20)
            assert program.stdin
            assert program.stdout
            program.stdin.write("\n")
            program.stdin.flush()
            said = program.stdout.readline()
        finally:
            ended.set()
        out = finish(program, 20)
    assert said == "child ended\n"
    assert json.loads(out) == {"tasks": EXPECTED["pages"], "child": 0}
    mine = PAGES if how == "a list of its own" else 0
    assert len(server.requests) == PAGES + mine
