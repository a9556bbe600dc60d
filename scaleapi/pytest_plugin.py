"""pytest fixtures that give each test an empty sandbox and a client for it.

pytest always loads this module at startup, so it imports neither the client's dependencies nor
Flask: test runs that do not use the fixtures are not slowed down.
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
    """Register the markers."""
    config.addinivalue_line(
        "markers",
        "scale_faults(*rules): make requests of the test fail,"
        ' such as scale_faults("POST /v1/task/* reset 20%").',
    )
    config.addinivalue_line(
        "markers",
        "scale_transition(rule): set when tasks are completed in the test,"
        ' such as scale_transition("manual").',
    )


@pytest.fixture(scope="session")
def _scale_sandbox() -> Iterator[Sandbox]:
    """Run one server per process, from the first use to the end of the session."""
    from scaleapi.sandbox import Sandbox  # noqa: PLC0415 - needs Flask

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def scale_sandbox(request: pytest.FixtureRequest, _scale_sandbox: Sandbox) -> Sandbox:
    """Return an empty sandbox."""
    from scaleapi.sandbox import StartError  # noqa: PLC0415

    with suppress(StartError):  # already running, unless an earlier test stopped it
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
    """Return a client of the sandbox, with its live key."""
    from scaleapi import ScaleClient  # noqa: PLC0415 - only when a test uses it

    client = ScaleClient(scale_sandbox.live_key, api_instance_url=scale_sandbox.url)
    with client:
        yield client
