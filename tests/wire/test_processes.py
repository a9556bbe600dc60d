"""Processes that are killed, forked or ended in the middle of a call."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleClient
from tests.wire.conftest import KEY, Connect
from tests.wire.server import Exchange, Reply, Server, after, before, hang, succeed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not hasattr(os, "fork"), reason="Windows has neither fork nor a signal that kills at once"
    ),
]


def _get_task(client: ScaleClient) -> str:
    return str(client.get_task("t").status)


def _get_project(url: str) -> str:
    with ScaleClient(KEY, api_instance_url=url, verify=False) as client:
        return str(client.get_project("p").name)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # of newer Pythons
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_that_is_killed_in_a_call(server: Server, connect: Connect, method: str) -> None:
    """Its connection is closed; the other workers and the parent are not affected.

    A pool of ``multiprocessing`` starts another worker in its place.
    """
    gone = threading.Event()

    def hang_until_gone(exchange: Exchange, reply: Reply) -> None:
        exchange.hold()
        gone.set()

    client = connect(server)
    assert _get_task(client) == "pending"
    context: Any = multiprocessing.get_context(method)
    with context.Pool(1) as pool:
        assert pool.apply_async(_get_task, (client,)).get(30) == "pending"
        (worker,) = multiprocessing.active_children()
        asked = len(server.requests)
        server.script(before(hang_until_gone))
        pool.apply_async(_get_task, (client,))
        server.wait_for(lambda: len(server.requests) > asked)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        assert gone.wait(10)
        assert pool.apply_async(_get_project, (server.url,)).get(30) == "parcels"
    assert _get_task(client) == "pending"
    parent = [request for request in server.requests if request.connection == 1]
    assert len(parent) == 2  # no other process has used the parent's connection


FORK = """
import os, sys, threading
from scaleapi import ScaleClient

client = ScaleClient("live_key_of_a_fork", api_instance_url=sys.argv[1], verify=False)
client.get_task("t")
responses = []
thread = threading.Thread(target=lambda: responses.append(client.get_project("p").name))
thread.start()
sys.stdin.readline()  # it is in its call
client.get_task("t")  # so that there is another connection, which is kept
child = os.fork()
if not child:
    assert client.get_task("t").status == "pending"
    client.close()
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
print("child ended", flush=True)
thread.join()
assert responses == ["parcels"]
assert client.get_task("t").status == "pending"
client.close()
print(threading.active_count())
"""


def test_a_fork_while_another_thread_is_in_a_call(server: Server) -> None:
    """The child and the parent each get their own response."""
    go_on = threading.Event()

    def wait(exchange: Exchange, reply: Reply) -> None:
        assert go_on.wait(20)
        exchange.send(Reply({"name": "parcels"}).raw)

    server.script(after(succeed), before(wait))
    program = start(FORK, server)
    with program:
        try:
            server.wait_for(lambda: len(server.requests) == 2, 20)
            assert program.stdin
            program.stdin.write("\n")
            program.stdin.flush()
            assert program.stdout
            said = program.stdout.readline()
            go_on.set()
            out, err = program.communicate(timeout=20)
        finally:
            go_on.set()
            program.kill()
    assert (said, out, err) == ("child ended\n", "1\n", "")
    assert [request.connection for request in server.requests[:4]] == [1, 1, 2, 3]


FIRST_CALL = """
import os, signal, sys, threading, time
from scaleapi import ScaleClient

client = ScaleClient("live_key_of_a_fork", api_instance_url=sys.argv[1], verify=False)
thread = threading.Thread(target=client.get_task, args=("t",))
thread.start()
time.sleep(0.3)
child = os.fork()
if not child:
    signal.alarm(10)
    print(client.get_task("t").status, flush=True)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
thread.join()
"""


def test_a_fork_while_another_thread_is_in_the_first_call(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first call takes no lock that the child would find locked for ever.

    Python up to 3.11 has one around ``uname -p``, the processor of ``platform.platform()``.
    """
    slow = tmp_path / "uname"
    slow.write_text("#!/bin/sh\nsleep 1\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    out, err = start(FIRST_CALL, server).communicate(timeout=30)
    assert (out, err) == ("pending\n0\n", "")


EXIT = """
import os, sys, threading
from scaleapi import ScaleClient

client = ScaleClient("live_key_of_a_program", api_instance_url=sys.argv[1], verify=False)
threading.Thread(target=client.get_task, args=("t",)).start()
sys.stdin.readline()
os._exit(7)
"""


def test_a_program_that_exits_at_once(server: Server) -> None:
    """``os._exit`` during a call does not wait, and the connection is closed."""
    gone = threading.Event()

    def hang_until_gone(exchange: Exchange, reply: Reply) -> None:
        hang(exchange, reply)
        gone.set()

    server.script(before(hang_until_gone))
    program = start(EXIT, server)
    with program:
        try:
            server.wait_for(lambda: len(server.requests) == 1, 20)
            begun = time.monotonic()
            out, err = program.communicate("\n", timeout=20)
        finally:
            program.kill()
    assert time.monotonic() - begun < 5
    assert (program.returncode, out, err) == (7, "", "")
    assert gone.wait(10)


def start(code: str, server: Server) -> subprocess.Popen[str]:
    """Start a program that uses a client of the server."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", code, server.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
