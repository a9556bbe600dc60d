"""The guard of ``--scale-guard``: a test that calls another host fails."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Generator

import pytest

_HOST_OF = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}
"""The place of the host, or of the address with it, in the arguments of each audit event."""

_WITH_ADDRESS = ("socket.connect", "socket.sendto", "socket.sendmsg")


class NetworkBlockedError(RuntimeError):
    """A test called another host.

    It is no ``OSError``: code under test must not take it for a network that is down.
    """


class Guard:
    """A pytest plugin that rejects calls to other hosts, wherever in this process they are made.

    An audit hook sees the calls of every library, also where sockets are replaced by others.
    """

    def __init__(self) -> None:
        self._active = True
        self._blocked: list[str] = []
        sys.addaudithook(self._audit)  # It can never be removed, only ignored.

    def pytest_unconfigure(self) -> None:
        """Allow all calls again."""
        self._active = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        """Fail if a fixture calls another host."""
        return (yield from self._watched())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Fail if the test calls another host."""
        return (yield from self._watched())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        """Fail if a fixture calls another host when it ends."""
        return (yield from self._watched())

    def _watched(self) -> Generator[None, object, object]:
        """Let a phase of a test run, and fail it if it handled the error of a blocked call."""
        try:
            result = yield
            if self._blocked:
                pytest.fail(self._blocked[0], pytrace=False)
            return result
        finally:
            self._blocked.clear()

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in _HOST_OF or not self._active:
            return
        host = arguments[_HOST_OF[event]]
        if event in _WITH_ADDRESS:
            if not isinstance(host, tuple):  # a socket in the file system, or no address
                return
            host = host[0]
        if not _is_local(host):
            text = f"the test called {host!r}, and --scale-guard allows only this machine"
            self._blocked.append(text)
            raise NetworkBlockedError(text)


def _is_local(host: object) -> bool:
    """Return whether a host, as text or bytes, is this machine."""
    name = host.decode(errors="replace") if isinstance(host, (bytes, bytearray)) else host
    if name in (None, "", socket.gethostname()):
        return True
    name = str(name).rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified
