"""Callers of the v2 API, of the same sandboxes as for v1."""

from __future__ import annotations

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.v2.caller import V2Caller


@pytest.fixture
def test(sandbox: Sandbox) -> V2Caller:
    """A caller with the test key, in a mode that completes tasks at once."""
    return V2Caller(sandbox, sandbox.test_key)


@pytest.fixture
def live(sandbox: Sandbox) -> V2Caller:
    """A caller with the live key."""
    return V2Caller(sandbox, sandbox.live_key)


@pytest.fixture
def caller(manual: Sandbox) -> V2Caller:
    """A caller of the sandbox whose tasks are done by hand."""
    return V2Caller(manual, manual.live_key)
