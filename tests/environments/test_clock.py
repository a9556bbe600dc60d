"""Deadlines and waits are independent of a frozen clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.environments.running import run
from tests.environments.service import EXPECTED, PAGES, REQUESTS, service
from tests.environments.stuck import slow_or_stuck
from tests.wire.conftest import Serve
from tests.wire.server import Exchange, Reply, Server, Step, after, before, respond, succeed

pytestmark = pytest.mark.slow

TOOLS = ["freezegun", "time-machine"]

DEADLINE_EXCEEDED = "scaleapi.exceptions.ScaleDeadlineExceeded"


@pytest.mark.parametrize("tool", TOOLS)
def test_imported_under_a_frozen_clock(server: Server, tool: str) -> None:
    found = run("frozen_clock", server.url, tool, "import under it", "")
    assert found.pop("afterwards") == EXPECTED
    assert found == EXPECTED


@pytest.mark.parametrize("how", ["entered", "left"])
@pytest.mark.parametrize("tool", TOOLS)
def test_clock_changes_in_the_middle_of_a_list(
    server: Server, tmp_path: Path, tool: str, how: str
) -> None:
    """By decades, while a page is being fetched."""
    changed = tmp_path / "changed"

    def wait_for_the_change(exchange: Exchange, reply: Reply) -> None:
        exchange.send(reply.head)
        while not changed.exists() and exchange.pause(0.01):
            pass
        for piece in (reply.body[:20], reply.body[20:]):
            exchange.pause(0.05)
            exchange.send(piece)

    server.script(after(succeed), after(wait_for_the_change))
    found = run("frozen_clock", server.url, tool, f"{how} in the middle of a list", str(changed))
    assert found.pop("afterwards") == EXPECTED
    assert found == {"pages": EXPECTED["pages"], "get": EXPECTED["get"]}
    assert len(server.requests) == PAGES + 1 + REQUESTS


def test_clock_that_advances_on_every_read(server: Server) -> None:
    assert run("frozen_clock", server.url, "freezegun", "jumping", "") == EXPECTED


@pytest.mark.parametrize("tool", TOOLS)
def test_retries(server: Server, tool: str) -> None:
    """Waits end although the clock is frozen."""
    server.script(
        before(respond(status=503, Retry_After="0.3")),
        before(respond(status=503, Retry_After="0.2")),
    )
    assert run("frozen_clock", server.url, tool, "retries", "") == {"get": EXPECTED["get"]}
    first, second, third = (request.at for request in server.requests)
    assert second - first > 0.29
    assert third - second > 0.19


@pytest.mark.parametrize("tool", TOOLS)
def test_deadline(serve: Serve, tool: str) -> None:
    """A hanging or dripping call ends by the real clock."""
    server = serve(service, default=Step(slow_or_stuck, carried_out=True))
    found = run("frozen_clock", server.url, tool, "deadline", "", seconds=15)
    assert found.pop("took") < 6
    assert found == {"hang": DEADLINE_EXCEEDED, "drip": DEADLINE_EXCEEDED}
