"""Surplus or early bytes are never read as the response to another call."""

from __future__ import annotations

import gc
import io
import json
from http.client import HTTPResponse
from typing import Any

import pytest

from scaleapi import ScaleException
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import Reply, after, before, connect_through
from tests.wire.service import ANYTHING

POISON = Reply({**ANYTHING, "task_id": "poison"}).raw


def named(request: Any) -> Reply:
    """Return a task with the requested id."""
    return Reply({**ANYTHING, "task_id": request.path.rpartition("/")[2]})


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("surplus", [POISON, b"}", b"\r\n", b"x" * 100_000], ids=len)
def test_surplus_bytes_are_not_read_as_the_next_response(
    serve: Serve, connect: Connect, authority: Authority, tls: bool, surplus: bytes
) -> None:
    server = serve(named, tls=authority.server if tls else None)
    server.script(after(lambda exchange, reply: exchange.send(reply.raw + surplus)))
    client = connect(server, verify=authority.bundle)
    assert [client.get_task(name).id for name in ("one", "two", "three")] == ["one", "two", "three"]
    assert server.connections == 2


@pytest.mark.parametrize("proxy_tls", [False, True])
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_surplus_bytes_that_are_decrypted_but_not_read(
    serve: Serve, connect: Connect, authority: Authority, proxy_tls: bool, more: int
) -> None:
    """They are in the TLS record of a response that fills the buffer of the reader."""
    proxy = serve(default=before(connect_through), tls=authority.server if proxy_tls else None)

    def fill(request: Any) -> Reply:
        reply = named(request)
        missing = io.DEFAULT_BUFFER_SIZE + more - len(Reply(bytes(9000)).head)
        return Reply(reply.body.ljust(missing))

    server = serve(fill, tls=authority.server)
    server.script(after(lambda exchange, reply: exchange.send(reply.raw + POISON)))
    client = connect(server, verify=authority.bundle, proxies={"https": proxy.origin})
    assert [client.get_task(name).id for name in ("one", "two", "three")] == ["one", "two", "three"]
    assert server.connections == 2


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_interim_responses_are_skipped(
    serve: Serve, connect: Connect, status: str, count: int
) -> None:
    """Also those that claim to have a body, or to close the connection."""
    server = serve(named)
    lines = f"HTTP/1.1 {status}\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"
    interim = lines.encode() * count
    server.script(after(lambda exchange, reply: exchange.send(interim + reply.raw)))
    client = connect(server)
    assert client.cancel_task("one").id == "cancel"  # the last part of the path
    assert client.get_task("two").id == "two"
    assert server.connections == 1


def test_another_protocol_is_not_the_response(serve: Serve, connect: Connect) -> None:
    server = serve(named)
    switching = b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"
    server.script(after(lambda exchange, reply: exchange.send(switching + reply.raw)))
    client = connect(server)
    with pytest.raises(ScaleException) as caught:
        client.audit_task("one", True)
    assert caught.value.may_have_been_applied
    assert client.get_task("two").id == "two"


@pytest.mark.parametrize("line", [b"HTTP/1.0 101 OK", b"HTTP/1.1 101 OK\r\nConnection: close"])
def test_a_refused_response_is_closed(
    serve: Serve, connect: Connect, no_waits: None, line: bytes
) -> None:
    """The garbage collector has no socket to close, and so nothing to warn about."""
    server = serve(named)
    server.default = after(lambda exchange, reply: exchange.send(line + b"\r\n\r\n"))
    gc.disable()
    try:
        before = open_responses()  # of other tests
        with pytest.raises(ScaleException, match="unexpected interim response"):
            connect(server, max_retries=2).get_task("one")
        assert open_responses() == before
    finally:
        gc.enable()


def open_responses() -> list[HTTPResponse]:
    # Not isinstance(), which asks the lazy objects of other libraries for their class.
    found = [one for one in gc.get_objects() if issubclass(type(one), HTTPResponse)]
    return [response for response in found if not response.isclosed()]


@pytest.mark.parametrize("key", ["live_key_of_letters", 'live_"quoted"\\key', "live_schlüssel"])
def test_an_escaped_key_in_a_response_is_hidden(serve: Serve, connect: Connect, key: str) -> None:
    escaped = "".join(f"\\u{ord(character):04x}" for character in key)
    server = serve(lambda request: Reply(b'{"error": "no ' + escaped.encode() + b'"}', 400))
    client = connect(server)
    client = type(client)(key, api_instance_url=server.url)
    with client, pytest.raises(ScaleException) as caught:
        client.get_task("t")
    assert key not in str(caught.value)
    assert json.dumps(key)[1:-1] not in str(caught.value)
