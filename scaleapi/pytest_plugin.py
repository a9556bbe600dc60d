"""Fixtures for tests of programs that use Scale: each test gets a Scale service of its own.

pytest loads this module at every start. It imports neither the client's dependencies nor Flask,
so a test run that does not use the fixtures does not pay for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from scaleapi import ScaleClient
    from scaleapi.sandbox import Sandbox

__all__ = ["pytest_configure", "scale_client", "scale_sandbox"]


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    config.addinivalue_line(
        "markers",
        "scale_faults(*rules): let calls of the test go wrong,"
        ' such as scale_faults("POST /v1/task/* reset 20%").',
    )
    config.addinivalue_line(
        "markers",
        "scale_transition(rule): say when tasks get done in the test,"
        ' such as scale_transition("manual").',
    )


@pytest.fixture(scope="session")
def _scale_sandbox() -> Iterator[Sandbox]:
    """Run the one server of this process, from its first use to the end of the run."""
    from scaleapi.sandbox import Sandbox  # noqa: PLC0415  # Flask is needed here only

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def scale_sandbox(request: pytest.FixtureRequest, _scale_sandbox: Sandbox) -> Sandbox:
    """Return a Scale service that knows nothing yet."""
    from scaleapi.sandbox import StartError  # noqa: PLC0415

    with suppress(StartError):  # It runs, unless an earlier test has tried an outage.
        _scale_sandbox.start()
    _scale_sandbox.reset()
    transition = request.node.get_closest_marker("scale_transition")
    if transition is not None:
        _scale_sandbox.transition = transition.args[0]
    for marker in request.node.iter_markers("scale_faults"):
        for rule in marker.args:
            _scale_sandbox.faults.add(rule)
    return _scale_sandbox


@pytest.fixture
def scale_client(scale_sandbox: Sandbox) -> Iterator[ScaleClient]:
    """Return a client of the test's Scale service, with its live key."""
    from scaleapi import ScaleClient  # noqa: PLC0415  # not before a test wants it

    client = ScaleClient(scale_sandbox.live_key, api_instance_url=scale_sandbox.url)
    with client:
        yield client
