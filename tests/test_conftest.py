"""The guards of conftest.py hold."""

from __future__ import annotations

import os
import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.com", b"example.org"])
def test_no_other_host_is_looked_up_or_reached(host: str) -> None:
    with pytest.raises(RuntimeError, match="loopback only"):
        socket.create_connection((host, 443), timeout=1)
    with socket.socket() as plain, pytest.raises(RuntimeError, match="loopback only"):
        plain.connect((host, 443))
    with socket.socket() as plain, pytest.raises(RuntimeError, match="loopback only"):
        plain.connect_ex((host, 443))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


@pytest.mark.parametrize(
    "name",
    ["SCALE_API_KEY", "SCALE_ANYTHING", "HTTPS_PROXY", "no_proxy", "REQUESTS_CA_BUNDLE"],
)
def test_the_environment_is_clean(name: str) -> None:
    assert name not in os.environ
