"""Connections are shared, limited, closed, and never send the key to other hosts."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleException, ScaleResourceNotFound
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import Server, before, reset, respond, say

REDIRECTS = [301, 302, 303, 307, 308]


def test_sequential_calls_share_one_connection(server: Server, connect: Connect) -> None:
    """With any method, whether they succeed or fail."""
    client = connect(server)
    server.script(*[before(respond(status=404))] * 2)
    for _ in range(2):
        with pytest.raises(ScaleResourceNotFound):
            client.get_task("t")
    for _ in range(10):
        client.get_task("t")
        client.create_batch("p", "b")
        client.add_task_tags("t", ["a"])
    assert server.connections == 1
    assert len(server.requests) == 32


def test_threads_share_the_pool(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """64 threads use at most 64 connections, which are all kept."""
    client, threads = connect(server), 64
    together = threading.Barrier(threads)

    def work(_: int) -> None:
        together.wait(20)
        for _ in range(5):
            client.get_task("t")

    with caplog.at_level(logging.WARNING), ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
        list(pool.map(lambda _: client.get_task("t"), range(threads)))
    assert len(server.requests) == threads * 6
    assert server.connections <= threads
    assert caplog.messages == []


def test_variants_share_the_connections(server: Server, connect: Connect) -> None:
    """``with_options`` changes limits but not the pool, and does not modify the client."""
    client = connect(server)
    client.get_task("t")
    quick = client.with_options(deadline=3, max_retries=0)
    quick.get_task("t")
    client.get_task("t")
    assert server.connections == 1
    server.script(before(reset))
    with pytest.raises(ScaleException):
        quick.get_task("t")
    server.script(before(reset))
    client.get_task("t")
    assert client.api.options.max_retries == 3


def test_a_closed_client_can_be_used_again(server: Server, connect: Connect) -> None:
    """A later call opens a new connection."""
    client = connect(server)
    client.get_task("t")
    client.close()
    server.wait_for(lambda: server.ended == 1)
    client.get_task("t")
    client.close()
    client.close()
    assert server.connections == 2


def test_the_context_manager_closes_connections(server: Server) -> None:
    """Also after an exception."""
    client = ScaleClient(KEY, api_instance_url=server.url)

    def work() -> None:
        with client:
            client.get_task("t")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    server.wait_for(lambda: server.ended == 1)


def test_creating_a_client_sends_nothing(server: Server, connect: Connect) -> None:
    """Closing an unused client sends nothing either."""
    connect(server).close()
    assert server.connections == 0


FORK = """
import os, sys, threading
from scaleapi import ScaleClient

client = ScaleClient("live_key_of_a_fork", api_instance_url=sys.argv[1], verify=False)
variant = client.with_options(max_retries=1)
for _ in range(3):
    client.get_task("t")
child = os.fork()
# One after the other, so that a connection that they shared would be seen as such.
status = os.waitpid(child, 0)[1] if child else 0
for _ in range(3):
    assert client.get_task("t").status == "pending"
    assert variant.get_task("t").status == "pending"
client.close()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_parent_and_child_after_a_fork(server: Server) -> None:
    """Parent and child use separate connections, even if one was kept."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORK, server.url],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(server.requests) == 15
    assert server.connections == 2
    used = [request.connection for request in server.requests]
    assert used == [1] * 3 + [2] * 6 + [1] * 6


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_client_works(server: Server, connect: Connect, protocol: int) -> None:
    """With the same settings and its own connections; its objects work too."""
    client = connect(server, source="pickled", deadline=7, max_retries=1)
    task = client.get_task("t")
    with pickle.loads(pickle.dumps(client, protocol)) as other:
        other.get_task("t")
        assert other.api.options == client.api.options
    restored = pickle.loads(pickle.dumps(task, protocol))
    with restored._client:
        restored.refresh()
    assert restored == task
    assert server.connections == 3
    assert len({r.headers["authorization"] for r in server.requests}) == 1
    assert all(r.headers["user-agent"].endswith(" pickled") for r in server.requests)


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("same_host", [True, False])
def test_redirects_are_not_followed(
    serve: Serve, connect: Connect, status: int, same_host: bool
) -> None:
    """Neither to another host nor to the same one; the error shows the target."""
    server, other = serve(), serve()
    target = f"{server.origin if same_host else other.origin}/elsewhere"
    server.default = before(respond(status=status, Location=target))
    client = connect(server)
    for call in (lambda: client.get_task("t"), lambda: client.create_batch("p", "b")):
        with pytest.raises(ScaleException, match="redirects are not followed") as caught:
            call()
        assert caught.value.status == status
        assert caught.value.headers["location"] == target
    assert len(server.requests) == 2
    assert other.connections == 0


@pytest.mark.parametrize("status", REDIRECTS)
def test_a_download_redirected_to_storage_sends_no_credentials(
    serve: Serve, connect: Connect, status: int
) -> None:
    """The key is sent only to the API's host."""
    server, storage = serve(), serve()
    server.default = before(respond(status=status, Location=f"{storage.origin}/a?sig=1"))
    storage.default = before(respond(b"\x00bytes\xff"))
    data = connect(server).download_response(f"{server.url}/task/t/response_url/u")
    assert data == b"\x00bytes\xff"
    assert "authorization" in server.requests[0].headers
    assert "authorization" not in storage.requests[0].headers
    assert storage.requests[0].target == "/a?sig=1"


def test_a_download_from_another_host_sends_no_credentials(serve: Serve, connect: Connect) -> None:
    """Not even to the API's host name with another port or scheme."""
    server, storage = serve(), serve()
    connect(server).download_response(f"{storage.origin}/v1/task/t/response_url/u")
    assert "authorization" not in storage.requests[0].headers
    assert server.connections == 0


def test_a_relative_redirect_stays_with_the_api(server: Server, connect: Connect) -> None:
    """It is the same host, so the key is sent."""
    server.script(before(respond(status=302, Location="../file?x=1")), before(respond(b"data")))
    assert connect(server).download_response(f"{server.url}/task/t/r/u") == b"data"
    assert server.requests[1].target == "/v1/task/t/file?x=1"
    assert "authorization" in server.requests[1].headers


def test_a_download_is_never_redirected_from_https_to_http(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    """A redirect from HTTPS to HTTP is an error."""
    server, plain = serve(tls=authority.server), serve()
    server.default = before(respond(status=302, Location=f"{plain.origin}/a"))
    with pytest.raises(ScaleException) as caught:
        connect(server, verify=authority.bundle).download_response(f"{server.url}/a")
    assert caught.value.status == 302
    assert plain.connections == 0


def test_a_redirect_loop_ends(server: Server, connect: Connect) -> None:
    """After a few redirects it is an error."""
    server.default = before(respond(status=302, Location="/v1/again"))
    with pytest.raises(ScaleException) as caught:
        connect(server).download_response(f"{server.url}/a")
    assert caught.value.status == 302
    assert 1 < len(server.requests) <= 10


@pytest.mark.parametrize(
    "location",
    [
        "ftp://127.0.0.1/a",
        "http://[",
        "http://127.0.0.1:99999/",
        "file:///etc/passwd",
        "/a b",
        "http://exa mple.com/",
        "http://:80/",
    ],
)
def test_a_download_with_an_invalid_redirect(
    server: Server, connect: Connect, location: str
) -> None:
    """An invalid redirect raises ScaleBadResponse."""
    server.default = before(respond(status=302, Location=location))
    with pytest.raises(ScaleException) as caught:
        connect(server).download_response(f"{server.url}/a")
    assert caught.value.status == 302
    assert caught.value.headers["Location"] == location
    assert len(server.requests) == 1


def test_a_download_is_retried_and_complete(
    server: Server, connect: Connect, no_waits: None
) -> None:
    """A truncated download is retried."""
    server.script(before(say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal")))
    server.default = before(respond(b"the whole"))
    assert connect(server).download_response(f"{server.url}/a") == b"the whole"
    assert len(server.requests) == 2


def test_no_cookie_is_kept(server: Server, connect: Connect) -> None:
    """Cookies are not sent with later calls."""
    server.default = before(respond({"task_id": "t"}, Set_Cookie="a=b; Path=/"))
    client = connect(server)
    client.get_task("t")
    client.get_task("t")
    assert "cookie" not in server.requests[1].headers
