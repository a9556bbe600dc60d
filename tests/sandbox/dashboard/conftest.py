"""A visitor of the sandbox whose tasks are done by hand."""

from __future__ import annotations

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.dashboard.visitor import Visitor


@pytest.fixture
def visitor(manual: Sandbox) -> Visitor:
    return Visitor(manual)
