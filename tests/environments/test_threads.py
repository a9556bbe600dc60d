"""If no thread can be started, calls run in the caller's thread."""

from __future__ import annotations

import sys

import pytest

from tests.environments.running import run
from tests.environments.service import EXPECTED, PAGES, service
from tests.environments.stuck import slow_or_stuck
from tests.wire.conftest import Authority, Serve
from tests.wire.server import Server, Step

pytestmark = pytest.mark.slow

DEADLINE_EXCEEDED = "scaleapi.exceptions.ScaleDeadlineExceeded"


@pytest.fixture
def target(request: pytest.FixtureRequest, serve: Serve, authority: Authority) -> tuple[str, str]:
    """The URL of a server, and its CA bundle."""
    secure = request.param == "https"
    tls = authority.server if secure else None
    server = serve(service, tls=tls, default=Step(slow_or_stuck, carried_out=True))
    return server.url, authority.bundle if secure else ""


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http", "atexit"),
        ("https", "main has ended"),
        ("http", "Thread.start raises"),
        ("http", "no memory for a stack"),
        ("https", "no memory for a stack"),
    ],
    indirect=["target"],
)
def test_without_threads(target: tuple[str, str], why: str) -> None:
    """Every call works, and the deadline still limits a hanging or dripping service."""
    found = run("no_threads", *target, why)
    assert found.pop("took") < 8
    assert found == {**EXPECTED, "hang": DEADLINE_EXCEEDED, "drip": DEADLINE_EXCEEDED}


@pytest.mark.parametrize(
    "why", ["atexit in the middle of a list", "no memory in the middle of a list"]
)
def test_when_no_thread_can_be_started(server: Server, why: str) -> None:
    """An iteration that was started with threads continues with one request per page."""
    assert run("no_threads", server.url, "", why) == {"pages": EXPECTED["pages"]}
    assert len(server.requests) == PAGES


def test_a_call_at_the_end_of_the_interpreter_does_not_hang(server: Server) -> None:
    """urllib3 cannot import any more, so the call may fail, but it never waits for a thread."""
    found = run("no_threads", server.url, "", "the interpreter ends")
    assert found.pop("took") < 8
    assert found.keys() == {*EXPECTED, "hang", "drip"}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="older ones cannot load ssl")
@pytest.mark.parametrize("kind", ["isolated", "legacy"])
@pytest.mark.parametrize("target", ["http", "https"], indirect=True)
def test_subinterpreter(target: tuple[str, str], kind: str) -> None:
    assert run("subinterpreter", *target, kind) == EXPECTED
