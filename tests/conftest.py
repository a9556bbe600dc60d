"""Fixtures for all tests: no network access, and no settings from the environment."""

from __future__ import annotations

import gc
import ipaddress
import os
import signal
import socket
from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest

# A busy machine is no failure.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")

SETTINGS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector away from what stays until the end: thousands of tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    """Block name lookups of and connections to other machines."""
    connect, connect_ex, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def refuse_others(host: object) -> None:
        if not is_loopback(host):
            # Not an OSError: no code under test may take this for a broken network and go on.
            raise RuntimeError(f"A test tried to reach {host!r}; tests reach loopback only")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_others(address[0] if isinstance(address, tuple) else None)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_others(address[0] if isinstance(address, tuple) else None)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> list[Any]:
        refuse_others(host)
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Take Ctrl-C back if it is ignored, as it is in what a script starts in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove keys, instance URL, proxies and certificates from the environment."""
    for name in os.environ:
        upper = name.upper()
        if upper.startswith("SCALE_") or upper.endswith("_PROXY") or upper in SETTINGS:
            monkeypatch.delenv(name)


def is_loopback(host: object) -> bool:
    """Return whether a host is this machine: a name or address, as text or bytes, or None."""
    if isinstance(host, bytes):
        host = host.decode("ascii")
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False
