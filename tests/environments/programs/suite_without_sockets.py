"""Tests of a user of pytest-socket; run by ``test_sockets.py``."""

from __future__ import annotations

import os

import pytest
import pytest_socket

from scaleapi import ScaleClient

client = ScaleClient("live_key_of_a_test", api_instance_url=os.environ["URL"], verify=False)


def test_disabled() -> None:
    with pytest.raises(pytest_socket.SocketBlockedError):
        client.get_task("t")


def test_disabled_in_a_list() -> None:
    with pytest.raises(pytest_socket.SocketBlockedError):
        list(client.get_tasks("p"))


def test_disabled_upload() -> None:
    with pytest.raises(pytest_socket.SocketBlockedError):
        client.upload_file(b"data", filename="a.bin")


@pytest.mark.allow_hosts(["192.0.2.1"])
def test_another_host_is_allowed() -> None:
    with pytest.raises(pytest_socket.SocketConnectBlockedError):
        client.get_task("t")


@pytest.mark.enable_socket
def test_enabled() -> None:
    assert client.get_task("t").id == "65f0a1b2c3d4e5f60718293a"
    client.close()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_this_host_is_allowed() -> None:
    assert client.get_task("t").id == "65f0a1b2c3d4e5f60718293a"
    client.close()


def test_disabled_again() -> None:
    with pytest.raises(pytest_socket.SocketBlockedError):
        client.get_task("t")
