"""Code that guards or replaces sockets and name lookups works, whenever it is installed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tests.environments.running import PROGRAMS, run
from tests.environments.service import EXPECTED, REQUESTS
from tests.environments.socks_proxy import socks_proxy
from tests.wire.conftest import Authority
from tests.wire.server import Server

pytestmark = pytest.mark.slow

WHEN = ["before the import", "after a client was made", "after a call"]

#: A guard, and the outcome of a call.
GUARDS = {
    "guard_class": "__main__.BlockedError: no sockets here",
    "guard_class_and_names": "__main__.BlockedError: no sockets here",
    "guard_connect": "__main__.BlockedError: no sockets here",
    "guard_names": "__main__.BlockedError: no sockets here",
    "pytest_socket": "pytest_socket.SocketBlockedError",
    "pytest_socket_allow_hosts": "pytest_socket.SocketConnectBlockedError",
}


def requests_before(when: str) -> int:
    """Return the number of requests that a program sends before it replaces anything."""
    return int(when == "after a call")


@pytest.mark.parametrize(
    ("guard", "when"),
    [
        *((guard, "after a call") for guard in GUARDS),
        ("guard_class", "before the import"),
        ("pytest_socket", "before the import"),
    ],
)
def test_guard(server: Server, guard: str, when: str) -> None:
    """Nothing is sent, and the guard's exception propagates."""
    url = server.url.replace("127.0.0.1", "localhost")  # a guard of names sees only names
    found = run("replaced_sockets", url, "", guard, when, "")
    assert found["result"]["task"].startswith(GUARDS[guard])
    assert len(server.requests) == server.connections == requests_before(when)


def test_guard_that_raises_oserror(server: Server) -> None:
    """A guard that raises OSError blocks too, and causes a connection error."""
    when = "after a client was made"
    found = run("replaced_sockets", server.url, "", "guard_connect_like_the_network", when, "")
    assert found["result"]["task"].startswith("scaleapi.exceptions.ScaleConnectionError: ")
    assert found["seen"]
    assert server.connections == 0


@pytest.mark.parametrize("when", WHEN)
def test_socket_class(server: Server, when: str) -> None:
    found = run("replaced_sockets", server.url, "", "record_class", when, "")
    assert {name: found["result"][name] for name in EXPECTED} == EXPECTED
    assert set(found["seen"]) == {server.port}


def test_socket_class_under_tls(secure_server: Server, authority: Authority) -> None:
    when = "after a client was made"
    found = run("replaced_sockets", secure_server.url, authority.bundle, "record_class", when, "")
    assert {name: found["result"][name] for name in EXPECTED} == EXPECTED
    assert set(found["seen"]) == {secure_server.port}


@pytest.mark.parametrize("when", WHEN)
def test_getaddrinfo(server: Server, when: str) -> None:
    url = "http://localhost" if when == "after a call" else "http://service.invalid"
    found = run("replaced_sockets", f"{url}:{server.port}/v1", "", "resolve_names", when, "")
    assert {name: found["result"][name] for name in EXPECTED} == EXPECTED
    assert set(found["seen"]) == {url.removeprefix("http://")}
    assert len(server.requests) == REQUESTS + 1 + requests_before(when)


@pytest.mark.parametrize("when", WHEN)
def test_create_connection(server: Server, when: str) -> None:
    """A replacement of urllib3's create_connection is used."""
    url = server.url if when == "after a call" else "http://service.invalid:81/v1"
    port = str(server.port)
    found = run("replaced_sockets", url, "", "replace_create_connection", when, port)
    assert {name: found["result"][name] for name in EXPECTED} == EXPECTED
    asked = ["127.0.0.1", server.port] if when == "after a call" else ["service.invalid", 81]
    assert found["seen"]
    assert all(one == asked for one in found["seen"])


@pytest.mark.parametrize("when", WHEN)
def test_allowed_gai_family(server: Server, when: str) -> None:
    url = server.url.replace("127.0.0.1", "localhost")
    found = run("replaced_sockets", url, "", "prefer_ipv4", when, "")
    assert found["result"]["task"] == EXPECTED["get"]
    assert set(found["seen"]) == {socket.AF_INET}


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_socks(
    server: Server, secure_server: Server, authority: Authority, scheme: str, when: str
) -> None:
    """PySocks as ``socket.socket`` sends every connection through its proxy."""
    target, bundle = (server, "") if scheme == "http" else (secure_server, authority.bundle)
    with socks_proxy() as proxy:
        port = str(proxy.server_address[1])
        found = run("replaced_sockets", target.url, bundle, "socks_everywhere", when, port)
    assert {name: found["result"][name] for name in EXPECTED} == EXPECTED
    assert len(proxy.targets) == target.connections - requests_before(when) > 0
    assert {port for _, port in proxy.targets} == {target.port}


def test_pytest_socket(server: Server) -> None:
    """Run a user's test suite with the plugin."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "no:cacheprovider"),
            *("-p", "pytest_socket", "--disable-socket"),
            str(PROGRAMS / "suite_without_sockets.py"),
        ],
        env={**os.environ, "URL": server.url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "7 passed" in done.stdout, done.stdout + done.stderr
    assert len(server.requests) == 2
