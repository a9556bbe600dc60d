"""Pooled connections: reuse and cancellation."""

from __future__ import annotations

import gc
import socket
import ssl
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import trustme
from urllib3.util.ssltransport import SSLTransport

from scaleapi import Api, ScaleException
from scaleapi._http import connection as module
from scaleapi._http.call import Call, Cancellation, Deadline, Options, cancellation
from scaleapi._http.connection import BoundedConnection, current_call
from scaleapi._http.policy import Attempt
from scaleapi._http.session import _Session
from scaleapi._http.url import parse_link
from tests.wire.server import Reply, Server


class Service(Server):
    """A server with a configurable response."""

    reply = Reply()

    def __init__(self) -> None:
        super().__init__(lambda request: self.reply)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    with service:
        yield service


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """Every call that is sent."""
    sent: list[Call] = []
    send = _Session.send

    def remember(session: Any, request: Any, **kwargs: Any) -> Any:
        sent.append(request)
        return send(session, request, **kwargs)

    monkeypatch.setattr(_Session, "send", remember)
    return sent


def api(service: Server, **options: Any) -> Api:
    return Api("live_key", api_instance_url=f"{service.url}/v1", max_retries=0, **options)


def used(service: Server) -> list[int]:
    """The connection number of each request."""
    return [request.connection for request in service.requests]


def test_attempts_record_whether_the_connection_was_kept(
    service: Service, calls: list[Call]
) -> None:
    one = api(service)
    for _ in range(3):
        one.get_request("x")
    assert used(service) == [1, 1, 1]
    assert [call.attempts[0].kept for call in calls] == [False, True, True]


def test_a_reopened_connection_is_not_kept(service: Service, calls: list[Call]) -> None:
    """The object is reused but not the connection, so a failure uses the budget."""
    service.reply = Reply({}, headers={"Connection": "close"})
    one = api(service)
    for _ in range(3):
        one.get_request("x")
    assert used(service) == [1, 2, 3]
    assert [call.attempts[0].kept for call in calls] == [False, False, False]


@pytest.mark.parametrize("status", [200, 404, 500, 503])
@pytest.mark.parametrize(
    ("idle", "method", "kept"), [(1.9, "POST", 1), (2.1, "POST", 2), (60, "GET", 1)]
)
def test_calls_that_cannot_be_retried_get_a_new_connection(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    idle: float,
    method: str,
    kept: int,
) -> None:
    """After any last response on the connection."""
    one = api(service)
    service.reply = Reply({}, status)
    try:
        one.get_request("x")
    except ScaleException:
        assert status >= 400
    service.reply = Reply({})
    later = module.now() + idle
    monkeypatch.setattr(module, "now", lambda: later)
    one.get_request("x") if method == "GET" else one.post_request("x")
    assert used(service) == [1, kept]


class Body:
    """A file that is watched."""

    name = "a.bin"

    def __init__(self) -> None:
        self.left = b"x" * 10
        self.at = 0

    def read(self, size: int = -1) -> bytes:
        size = len(self.left) - self.at if size < 0 else size
        piece = self.left[self.at : self.at + size]
        self.at += len(piece)
        return piece

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, position: int, whence: int = 0) -> int:
        self.at = position if whence == 0 else len(self.left) + position
        return self.at


def test_a_kept_connection_does_not_hold_the_request(service: Service) -> None:
    """An upload can be 80 MB, and a pool keeps 64 connections."""
    one, other = api(service), api(service)
    file: Any = Body()
    held = weakref.ref(file)
    one.post_request("files/upload", files={"file": file})
    del file
    other.get_request("x")  # or the thread's last response would know what it is a response to
    gc.collect()
    assert held() is None
    one.get_request("x")
    assert used(service) == [1, 2, 1]


def test_cancel_after_the_end_has_no_effect(service: Service) -> None:
    """The connection of a fetched page can be used by the next call."""
    one, ending = api(service), Cancellation()
    token = cancellation.set(ending)
    one.get_request("x")
    cancellation.reset(token)
    ending.cancel()
    one.get_request("x")
    assert used(service) == [1, 1]


def test_a_cancelled_call_does_not_connect(service: Service) -> None:
    one, ending = api(service), Cancellation()
    ending.cancel()
    token = cancellation.set(ending)
    with pytest.raises(ScaleException):
        one.get_request("x")
    cancellation.reset(token)
    one.get_request("x")
    assert service.connections == 1


def make_call(ending: Cancellation | None) -> Call:
    token = cancellation.set(ending)
    url = parse_link("http://service.internal/v1/x")
    call = Call("GET", url, None, Options(), True, Deadline(10))
    cancellation.reset(token)
    call.attempts.append(Attempt())
    return call


def take(connection: BoundedConnection, call: Call) -> None:
    """Take a connection out of the pool, as urllib3 does."""
    token = current_call.set(call)
    _ = connection.is_connected
    current_call.reset(token)


def tls_pair(authority: trustme.CA) -> tuple[ssl.SSLSocket, ssl.SSLSocket]:
    """Return both ends of a TLS connection."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.configure_trust(client)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    ours, theirs = socket.socketpair()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(server.wrap_socket, theirs, server_side=True)
        return client.wrap_socket(ours, server_hostname="127.0.0.1"), other.result(timeout=10)


class Inner(SSLTransport):
    """urllib3's TLS inside TLS, without the handshake."""

    def __init__(self, sock: ssl.SSLSocket) -> None:
        self.socket = sock
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.sslobj = sock.context.wrap_bio(self.incoming, self.outgoing, server_hostname="x")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.mark.parametrize("layers", [1, 2])
def test_cancel_does_not_remove_the_tls_layer(authority: trustme.CA, layers: int) -> None:
    """``SSLSocket.shutdown()`` removes the TLS layer, so a thread could send plain text.

    TLS inside of the TLS of a proxy has no ``shutdown()``.
    """
    ours, theirs = tls_pair(authority)
    theirs.settimeout(10)
    connection, ending = BoundedConnection("127.0.0.1", 9), Cancellation()
    connection.sock = ours if layers == 1 else Inner(ours)  # type: ignore[assignment]
    with ours, theirs:
        take(connection, make_call(ending))
        ending.watch(connection)
        ending.cancel()
        assert theirs.recv(1) == b""
        with pytest.raises(OSError, match=r"Broken pipe|EOF occurred"):
            ours.send(b"live_key")
        assert ours.cipher() is not None  # it is still TLS
