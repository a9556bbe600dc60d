"""One sandbox for all tests, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller


@pytest.fixture(scope="session")
def _sandboxes() -> Iterator[tuple[Sandbox, Sandbox]]:
    with Sandbox() as sandbox, Sandbox(transition="manual") as manual:
        yield sandbox, manual


@pytest.fixture
def sandbox(_sandboxes: tuple[Sandbox, Sandbox]) -> Sandbox:
    """A sandbox as it comes: test tasks are done at once, live ones after a second."""
    _sandboxes[0].reset()
    return _sandboxes[0]


@pytest.fixture
def manual(_sandboxes: tuple[Sandbox, Sandbox]) -> Sandbox:
    """A sandbox whose tasks are done by hand."""
    _sandboxes[1].reset()
    return _sandboxes[1]


@pytest.fixture
def test(sandbox: Sandbox) -> Caller:
    """A caller with the test key."""
    return Caller(sandbox, sandbox.test_key)


@pytest.fixture
def live(sandbox: Sandbox) -> Caller:
    """A caller with the live key."""
    return Caller(sandbox, sandbox.live_key)


@pytest.fixture
def caller(manual: Sandbox) -> Caller:
    """A caller of the sandbox whose tasks are done by hand."""
    return Caller(manual, manual.live_key)
