"""Requests of the background thread have the context of the caller."""

from __future__ import annotations

import logging
from contextvars import ContextVar

import pytest

from tests.environments.running import run
from tests.environments.service import EXPECTED, PAGES
from tests.wire.conftest import Connect
from tests.wire.server import Server

pytestmark = pytest.mark.slow

caller: ContextVar[str] = ContextVar("caller", default="nobody")


def test_opentelemetry(server: Server) -> None:
    """Every request is a child span of the span around the call."""
    found = run("traced", server.url)
    assert found["tasks"] == EXPECTED["pages"]
    parents = [span["parent"] for span in found["spans"]]
    assert parents == ["caller"] * (PAGES + 2) + ["another caller"] * PAGES
    # The request carries the span context.
    told = [request.headers["traceparent"].split("-")[2] for request in server.requests]
    assert told == [span["id"] for span in found["spans"]]


def test_context_variables(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """Context variables of the caller are visible for every page."""
    seen: list[str] = []

    def note(record: logging.LogRecord) -> bool:
        if "next_token" in record.getMessage() or "/tasks" in record.getMessage():
            seen.append(caller.get())
        return True

    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(note)
    token = caller.set("this test")
    try:
        tasks = connect(server).get_tasks("p")
        assert [task.id for task in tasks] == EXPECTED["pages"]
    finally:
        caller.reset(token)
        caplog.handler.removeFilter(note)
    assert len(seen) >= PAGES
    assert set(seen) == {"this test"}
