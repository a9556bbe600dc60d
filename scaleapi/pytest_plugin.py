"""pytest fixtures that give each test an empty sandbox and a client for it.

pytest always loads this module at startup, so it imports neither the client's dependencies nor
Flask: test runs that do not use the fixtures are not slowed down.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from scaleapi import ScaleClient
    from scaleapi.sandbox import Sandbox

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "scale_client",
    "scale_env",
    "scale_sandbox",
    "scale_session_client",
    "scale_session_env",
    "scale_session_sandbox",
]

_MARKERS = {
    "scale_faults(*rules)": (
        'let calls of the test go wrong, such as scale_faults("POST /v1/task/* reset 20%").'
    ),
    "scale_transition(rule)": (
        'say when tasks get done in the test, such as scale_transition("manual").'
    ),
    "scale_seed(*seeds)": "load seeds before the test: mappings, or JSON files beside its file.",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting of the guard."""
    text = "make every test fail that calls another host"
    parser.getgroup("scaleapi").addoption("--scale-guard", action="store_true", help=text)
    parser.addini("scale_guard", text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and start the guard if it is wanted."""
    for marker, text in _MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {text}")
    if config.getoption("scale_guard") or config.getini("scale_guard"):
        from ._pytest_guard import Guard  # noqa: PLC0415  # only those who want it pay for it

        config.pluginmanager.register(Guard(), "scaleapi-guard")


# Fixtures


@pytest.fixture(scope="session")
def _scale_sandbox() -> Iterator[Sandbox]:
    """Run one server per process, from the first use to the end of the session."""
    from scaleapi.sandbox import Sandbox  # noqa: PLC0415 - needs Flask

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def scale_sandbox(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _scale_sandbox: Sandbox
) -> Sandbox:
    """Return a sandbox that is empty but for the seeds of the test."""
    from scaleapi.sandbox import StartError  # noqa: PLC0415

    with suppress(StartError):  # already running, unless an earlier test stopped it
        _scale_sandbox.start()
    _scale_sandbox.reset()
    transition = request.node.get_closest_marker("scale_transition")
    if transition is not None:
        _scale_sandbox.transition = transition.args[0]
    for marker in reversed(list(request.node.iter_markers("scale_seed"))):
        for seed in marker.args:
            path = isinstance(seed, (str, os.PathLike))
            _scale_sandbox.seed(request.path.parent / seed if path else seed)
    for marker in request.node.iter_markers("scale_faults"):
        for rule in marker.args:
            _scale_sandbox.faults.add(rule)
    _avoid_proxies(monkeypatch)
    return _scale_sandbox


@pytest.fixture
def scale_client(scale_sandbox: Sandbox) -> Iterator[ScaleClient]:
    """Return a client of the test's Scale service, with its live key."""
    with _client(scale_sandbox) as client:
        yield client


@pytest.fixture
def scale_env(scale_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ``ScaleClient()`` in the code under test a client of the test's Scale service."""
    _set_environment(scale_sandbox, monkeypatch)


@pytest.fixture(scope="session")
def scale_session_sandbox() -> Iterator[Sandbox]:
    """Return a Scale service that keeps its state from test to test."""
    from scaleapi.sandbox import Sandbox  # noqa: PLC0415

    with Sandbox() as sandbox, pytest.MonkeyPatch.context() as patch:
        _avoid_proxies(patch)
        yield sandbox


@pytest.fixture(scope="session")
def scale_session_client(scale_session_sandbox: Sandbox) -> Iterator[ScaleClient]:
    """Return a client of the session's Scale service, with its live key."""
    with _client(scale_session_sandbox) as client:
        yield client


@pytest.fixture(scope="session")
def scale_session_env(scale_session_sandbox: Sandbox) -> Iterator[None]:
    """Make ``ScaleClient()`` a client of the session's Scale service, to the end of the run."""
    with pytest.MonkeyPatch.context() as patch:
        _set_environment(scale_session_sandbox, patch)
        yield


@contextmanager
def _client(sandbox: Sandbox) -> Generator[ScaleClient]:
    from scaleapi import ScaleClient  # noqa: PLC0415  # not before a test wants it

    with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as client:
        yield client


def _set_environment(sandbox: Sandbox, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("SCALE_API_KEY", sandbox.live_key)
    patch.setenv("SCALE_API_INSTANCE_URL", sandbox.url)


def _avoid_proxies(patch: pytest.MonkeyPatch) -> None:
    """Keep calls to the sandbox away from a proxy of the environment."""
    given = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    for name in ("no_proxy", "NO_PROXY"):
        patch.setenv(name, f"{given},127.0.0.1".lstrip(","))
