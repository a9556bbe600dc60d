"""Response bodies that are too large, of a wrong length, or empty."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from scaleapi.exceptions import ScaleBadResponse, ScaleConnectionError, ScaleException
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import (
    Fault,
    Reply,
    Server,
    after,
    before,
    endlessly,
    hang,
    respond,
    say,
    succeed,
)
from tests.wire.test_deadlines import CHUNKED, HEAD, ended_in_time


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("length", ["Content-Length: 99999999\r\n\r\n", "\r\n"])
def test_a_body_that_is_too_large(
    server: Server, connect: Connect, compressed: bool, length: str
) -> None:
    """It is rejected instead of held in memory, decompressed or not, and not retried."""
    body = gzip.compress(b" " * 2_000_000) if compressed else b" " * 2_000_000
    encoding = "Content-Encoding: gzip\r\n" if compressed else ""
    server.default = before(say(HEAD + encoding.encode() + length.encode() + body))
    with pytest.raises(ScaleBadResponse, match="larger than 1000000 bytes"):
        connect(server, max_body=1_000_000).get_task("t")
    assert len(server.requests) == 1


def test_a_body_with_a_too_large_content_length_is_not_read(
    server: Server, connect: Connect
) -> None:
    """The error comes before the body; the limit can be raised for some calls."""
    server.default = before(say(HEAD + b"Content-Length: 1001\r\n\r\n", then=hang))
    client = connect(server, max_body=1000)
    with ended_in_time(0), pytest.raises(ScaleBadResponse, match="larger than 1000 bytes"):
        client.get_task("t")
    server.default = before(respond({"task_id": "t" * 2000}))
    with pytest.raises(ScaleBadResponse, match="max_body"):
        client.get_task("t")
    assert client.with_options(max_body=10_000).get_task("t").id == "t" * 2000


@pytest.mark.parametrize("encoding", ["", "Content-Encoding: gzip\r\n"])
def test_a_body_of_exactly_the_limit_is_accepted(
    server: Server, connect: Connect, encoding: str
) -> None:
    """The limit applies to the decompressed size, with or without Content-Length."""
    body = b'{"task_id": "t"}'.ljust(1000)
    sent = gzip.compress(body) if encoding else body
    for length in (f"Content-Length: {len(sent)}\r\n", ""):
        head = HEAD + f"{encoding}{length}Connection: close\r\n\r\n".encode()
        server.default = before(say(head + sent))
        assert connect(server, max_body=1000).get_task("t").id == "t"
        with pytest.raises(ScaleBadResponse, match="larger than 999 bytes"):
            connect(server, max_body=999).get_task("t")


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize(
    "fault",
    [
        say(b"\x16\x03\x01 this is not HTTP\r\n\r\n"),
        say(HEAD + b"Content-Length: 10\r\n\r\n{}"),
        say(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
        say(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
        say(CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n"),
        say(CHUNKED + b"-5\r\n{}\r\n0\r\n\r\n"),
        say(CHUNKED + b"2\r\n{}\r\n"),
        say(b""),
    ],
    ids=[
        "no HTTP",
        "short",
        "two lengths",
        "not gzip",
        "chunk size",
        "negative chunk",
        "no last chunk",
        "nothing",
    ],
)
def test_garbage_is_a_connection_error(server: Server, connect: Connect, fault: Fault) -> None:
    """A body that cannot be read completely raises a ScaleException after four attempts."""
    server.default = before(fault)
    with pytest.raises(ScaleException) as caught:
        connect(server).get_task("t")
    assert type(caught.value) is ScaleConnectionError
    assert caught.value.attempts == 4


@pytest.mark.parametrize(
    "rest", [b"", b"0\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n", b"f" * 30 + b"\r\n{}"]
)
def test_a_204_has_no_body(server: Server, connect: Connect, rest: bytes) -> None:
    """It is not waited for, even if the headers announce one."""
    head = CHUNKED.replace(b"200", b"204")
    server.script(after(lambda exchange, reply: exchange.send(head + rest)))
    client = connect(server, deadline=5)
    assert client.api.delete_request("x") is None
    assert client.get_task("t").status == "pending"


def test_bytes_after_the_body_are_not_read_as_the_next_response(
    server: Server, connect: Connect
) -> None:
    """Bytes beyond Content-Length do not leak into the next call."""
    surplus = b'HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{"task_id":"forged"}'

    def too_long(exchange: Any, reply: Reply) -> None:
        exchange.send(reply.raw + surplus)

    server.script(after(too_long))
    client = connect(server)
    assert client.get_task("t").id != "forged"
    assert client.get_task("t").id != "forged"


WHOLE = HEAD + b'Content-Length: 15\r\n\r\n{"task_id":"t"}'


@pytest.mark.parametrize("name", ["proxy-authorization", "Proxy-Authorization"])
def test_a_proxy_gets_one_password(serve: Serve, connect: Connect, name: str) -> None:
    """That of its URL, also if the caller's headers have another, in whatever case."""
    proxy = serve()
    url = proxy.origin.replace("://", "://user:password@")
    client = connect("http://svc.invalid/v1", proxies={"http": url})
    client.api.get_request("task/t", headers={name: "other"})
    head = proxy.requests[0].head.lower()
    assert head.count(b"proxy-authorization:") == 1
    assert b"proxy-authorization: basic" in head


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "fault",
    [
        endlessly(WHOLE, b" " * 100),
        say(WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), then=hang),
        say(WHOLE, then=hang),
    ],
    ids=["body longer than said", "slow close", "kept and silent"],
)
def test_a_complete_response_is_enough(
    serve: Serve, connect: Connect, authority: Authority, scheme: str, fault: Fault
) -> None:
    """The client does not wait for anything after Content-Length bytes."""
    server = serve(tls=authority.server if scheme == "https" else None, default=before(fault))
    client = connect(server, verify=authority.bundle, deadline=5, max_retries=0)
    with ended_in_time(0):
        assert client.get_task("t").id == "t"
    client.close()
    with ended_in_time(0):
        assert client.get_task("t").id == "t"


@pytest.mark.parametrize("size", range(12, len(Reply({"task_id": "t"}).head) - 2, 3))
def test_a_response_that_ends_in_its_headers(
    server: Server, connect: Connect, no_waits: None, size: int
) -> None:
    """It is incomplete, although http.client takes it for one with an empty body."""
    head = Reply({"task_id": "t"}).head[:size]
    client = connect(server)
    cut, whole = after(say(head)), after(succeed)
    server.script(cut, whole, cut, whole, cut)
    assert client.get_task("t").id
    assert client.create_task("imageannotation").id
    with pytest.raises(ScaleConnectionError) as caught:
        client.audit_task("t", True)
    assert caught.value.may_have_been_applied
    assert len(server.requests) == 5


def test_the_same_over_tls(serve: Serve, connect: Connect, authority: Authority) -> None:
    server = serve(tls=authority.server)
    server.script(after(say(b"HTTP/1.1 200 OK\r\nContent-Le")))
    assert connect(server, verify=authority.bundle).get_task("t").id
    assert len(server.requests) == 2


@pytest.mark.parametrize("length", ["Content-Length: 0\r\n", ""])
def test_headers_without_a_body(server: Server, connect: Connect, length: str) -> None:
    """They are complete, even if the connection is closed after them."""
    server.script(after(say(HEAD + length.encode() + b"\r\n")))
    assert connect(server).api.get_request("tasks") is None
    assert len(server.requests) == 1
