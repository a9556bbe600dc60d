"""Callbacks are received, checked and forwarded."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.wire.server import Exchange, Reply, Server, before, respond

SECRET = "live_auth_5ecret"
TASK = {"task_id": "65f0a1b2c3d4e5f607182939", "type": "categorization", "status": "completed"}
BODY = json.dumps({"task": TASK, "task_id": TASK["task_id"], "status": "completed"}).encode()
pytestmark = pytest.mark.slow


@contextmanager
def listening(tmp_path: Path, *options: str) -> Generator[tuple[str, subprocess.Popen[str]]]:
    environment = {
        "PATH": os.environ["PATH"],
        "XDG_CONFIG_HOME": str(tmp_path),
        "SCALE_CALLBACK_SECRET": SECRET,
    }
    command = [sys.executable, "-m", "scaleapi", "listen", "--port", "0", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            assert process.stderr
            found = re.search(r"http://\S+", process.stderr.readline())
            assert found
            yield found[0], process
        finally:
            process.terminate()


def post(url: str, secret: str, body: bytes = BODY) -> requests.Response:
    headers = {"scale-callback-auth": secret, "Content-Type": "application/json"}
    return requests.post(url, body, headers=headers, timeout=10)


@pytest.mark.parametrize("status", [200, 204, 500])
def test_a_callback_is_forwarded_as_it_came(tmp_path: Path, status: int) -> None:
    with (
        Server(default=before(respond(b"", status))) as receiver,
        listening(tmp_path, "--forward-to", f"{receiver.origin}/hook") as (url, process),
    ):
        assert post(url, SECRET).status_code == status
        (request,) = receiver.requests
        assert (request.path, request.body) == ("/hook", BODY)
        assert request.headers["scale-callback-auth"] == SECRET
        assert process.stdout
        line = json.loads(process.stdout.readline())
    assert line == {
        "event": "completed",
        "id": TASK["task_id"],
        "forwarded": f"{receiver.origin}/hook",
        "status": status,
    }


def test_an_unknown_sender_is_rejected_and_nothing_forwarded(tmp_path: Path) -> None:
    with (
        Server(default=before(respond(b"ok"))) as receiver,
        listening(tmp_path, "--forward-to", receiver.origin) as (url, _),
    ):
        assert post(url, "wrong").status_code == 401
        assert post(url, SECRET, b"[]").status_code == 400
        assert requests.get(url, timeout=10).status_code == 405
        headers = {"scale-callback-auth": SECRET, "Content-Type": "application/json"}
        assert requests.put(url, BODY, headers=headers, timeout=10).status_code == 405
        assert receiver.requests == []


def test_a_receiver_that_is_down_makes_scale_try_again(tmp_path: Path) -> None:
    with listening(tmp_path, "--forward-to", "http://127.0.0.1:9/x") as (url, _):
        assert post(url, SECRET).status_code == 502


def test_a_redirect_gets_no_secret(tmp_path: Path) -> None:
    def redirect(exchange: Exchange, reply: Reply) -> None:
        exchange.send(b"HTTP/1.1 307 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    with (
        Server(default=before(redirect)) as receiver,
        listening(tmp_path, "--forward-to", receiver.origin) as (url, _),
    ):
        assert post(url, SECRET).status_code == 307
        assert len(receiver.requests) == 1


def test_without_forwarding_callbacks_are_acknowledged(tmp_path: Path) -> None:
    with listening(tmp_path) as (url, process):
        assert post(url, SECRET).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


def test_senders_that_break_off_print_no_traceback(tmp_path: Path) -> None:
    """Of 20 connections at once, each rejection is on a line of its own."""
    with listening(tmp_path) as (url, process):
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        head = b"POST / HTTP/1.1\r\nContent-Length: 9\r\nscale-callback-auth: "
        for start in (b"POST / HT", head, head + SECRET.encode() + b"\r\n\r\n{") * 7:
            with socket.create_connection(address) as sender:
                sender.sendall(start)
                reset = struct.pack("ii", 1, 0)
                sender.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        assert post(url, SECRET).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr
        lines = process.stderr.read().splitlines()
        assert [line for line in lines if not line.startswith(("rejected: ", "scaleapi: "))] == []
