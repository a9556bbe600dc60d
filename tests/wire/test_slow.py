"""Slow uploads in progress may exceed the deadline; everything else ends by it."""

from __future__ import annotations

import inspect
import io
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from scaleapi import Api, ScaleClient
from scaleapi.exceptions import (
    ScaleConnectionError,
    ScaleDeadlineExceeded,
    ScaleException,
    ScaleTimeoutError,
)
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import Reply, Server, before, endlessly, hang

DEADLINE = 1.0

#: Seconds by which a call may end later than its deadline, on a busy machine.
GRACE = 3.0

MEGABYTE = 1024 * 1024


pytestmark = pytest.mark.slow


@contextmanager
def ended_in_time(deadline: float = DEADLINE) -> Generator[None]:
    """Assert that the block ends shortly after the deadline."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < deadline + GRACE


# Name lookups


class Lookups:
    """Slow name lookups, except for addresses.

    Attributes:
        hosts: The names that were asked for.
        seconds: How long a lookup takes.
    """

    def __init__(self, seconds: float) -> None:
        self.hosts: list[str] = []
        self.seconds = seconds
        self.over = threading.Event()

    def __call__(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Resolve every name to this machine."""
        if host != "127.0.0.1":
            self.hosts.append(str(host))
            self.over.wait(self.seconds)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(port or 0)))]


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lookups]:
    """Make a lookup take three seconds, or until the end of the test."""
    lookups = Lookups(3)
    monkeypatch.setattr(socket, "getaddrinfo", lookups)
    yield lookups
    lookups.over.set()


CALLS: dict[str, Callable[[ScaleClient], Any]] = {
    "get": lambda client: client.get_task("t"),
    "pages": lambda client: list(client.get_tasks("p")),
    "create": lambda client: client.create_task("imageannotation"),
    "invite": lambda client: client.invite_teammates(["a@b.c"], "member"),
    "upload": lambda client: client.upload_file(b"data", filename="a"),
    "v2": lambda client: client.v2.get_task("t"),
}


@pytest.mark.parametrize(
    ("scheme", "name"), [*(("http", name) for name in CALLS), ("https", "get"), ("https", "invite")]
)
def test_a_name_lookup_that_exceeds_the_deadline(
    connect: Connect, lookups: Lookups, scheme: str, name: str
) -> None:
    """The deadline includes the lookup. Nothing was sent."""
    client = connect(f"{scheme}://slow.example:9/v1", verify=False, deadline=DEADLINE)
    with ended_in_time(), pytest.raises((ScaleTimeoutError, ScaleConnectionError)) as caught:
        CALLS[name](client)
    assert not caught.value.may_have_been_applied
    assert lookups.hosts == ["slow.example"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_name_lookup_that_exceeds_the_deadline(
    server: Server, connect: Connect, lookups: Lookups, scheme: str
) -> None:
    """The name of a proxy is looked up as well."""
    client = connect(
        f"{scheme}://127.0.0.1:{server.port}/v1",
        proxies={scheme: "http://slow.example:9"},
        deadline=DEADLINE,
    )
    with ended_in_time(), pytest.raises((ScaleTimeoutError, ScaleConnectionError)):
        client.get_task("t")
    assert server.connections == 0


def test_a_storage_name_lookup_that_exceeds_the_deadline(
    server: Server, connect: Connect, lookups: Lookups
) -> None:
    """Also after a redirect."""
    redirect = Reply(b"", 302, {"Location": "http://slow.example:9/a"})
    server.default = before(lambda exchange, reply: exchange.send(redirect.raw))
    client = connect(server, deadline=DEADLINE)
    for link in ("http://slow.example:9/a", f"{server.url}/a"):
        with ended_in_time(), pytest.raises((ScaleTimeoutError, ScaleConnectionError)):
            client.download_response(link)


def test_many_slow_lookups_at_once(connect: Connect, lookups: Lookups) -> None:
    """Each thread stops waiting at its own deadline."""
    client = connect("http://slow.example:9/v1", deadline=DEADLINE)
    errors: list[ScaleException] = []

    def call() -> None:
        with pytest.raises(ScaleException) as caught:
            client.get_task("t")
        errors.append(caught.value)

    threads = [threading.Thread(target=call) for _ in range(8)]
    with ended_in_time():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(errors) == 8


def test_a_slow_name_lookup_within_the_deadline(
    server: Server, connect: Connect, lookups: Lookups
) -> None:
    """The call succeeds, and later calls need no lookup."""
    lookups.seconds = 0.5
    client = connect(f"http://slow.example:{server.port}/v1", deadline=5)
    client.get_task("t")
    client.get_task("t")
    assert lookups.hosts == ["slow.example"]
    assert server.connections == 1


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        UnicodeError("label too long"),
        OSError(24, "Too many open files"),
    ],
    ids=["no name", "try again", "no label", "no files"],
)
def test_a_lookup_that_fails(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A failed lookup raises a ScaleException immediately."""

    def fail(*args: Any, **kwargs: Any) -> list[Any]:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with ended_in_time(0), pytest.raises(ScaleException) as caught:
        connect("http://slow.example:9/v1", max_retries=0).invite_teammates(["a@b.c"], "member")
    assert not caught.value.may_have_been_applied


# SOCKS proxies


SOCKS = ["socks5", "socks5h", "socks4", "socks4a"]


@pytest.mark.parametrize(
    ("socks", "scheme"), [*((socks, "http") for socks in SOCKS), ("socks5h", "https")]
)
def test_a_socks_proxy_that_never_responds(
    serve: Serve, connect: Connect, socks: str, scheme: str
) -> None:
    """It accepts the connection and sends nothing."""
    pytest.importorskip("socks")
    proxy = serve(mute=True)
    address = f"{socks}://127.0.0.1:{proxy.port}"
    client = connect(
        f"{scheme}://127.0.0.1:9/v1", proxies={scheme: address}, verify=False, deadline=DEADLINE
    )
    with ended_in_time(), pytest.raises((ScaleTimeoutError, ScaleConnectionError)) as caught:
        client.invite_teammates(["a@b.c"], "member")
    assert not caught.value.may_have_been_applied
    assert proxy.connections >= 1


class DrippingSocks(Server):
    """A SOCKS proxy that never completes a response."""

    def _read(self, line: Any, number: int) -> None:
        for byte in b"\x05\x00\x05\x00\x00\x03" + b"\xff" * 20:
            line.sock.sendall(bytes([byte]))
            if self.stopping.wait(0.2):
                break


def test_a_socks_proxy_that_responds_byte_by_byte(connect: Connect) -> None:
    """Each byte arrives within the read timeout, but the response never ends."""
    pytest.importorskip("socks")
    with DrippingSocks() as proxy:
        client = connect(
            "http://127.0.0.1:9/v1",
            proxies={"http": f"socks5h://127.0.0.1:{proxy.port}"},
            deadline=DEADLINE,
        )
        with ended_in_time(), pytest.raises((ScaleTimeoutError, ScaleConnectionError)):
            client.get_task("t")


# Uploads


def upload(client: ScaleClient, size: int) -> Any:
    return client.upload_file(io.BytesIO(bytes(size)), filename="a.bin")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_upload_in_progress_may_exceed_the_deadline(
    serve: Serve, connect: Connect, authority: Authority, scheme: str
) -> None:
    """The upload takes about four seconds with a deadline of 1.5, and succeeds."""
    tls = authority.server if scheme == "https" else None
    server = serve(tls=tls, rate=2 * MEGABYTE)
    client = connect(server, verify=authority.bundle, deadline=1.5, max_retries=0)
    begun = time.monotonic()
    assert upload(client, 8 * MEGABYTE).id
    assert time.monotonic() - begun > 3
    assert len(server.requests) == 1
    assert server.requests[0].size > 8 * MEGABYTE


@pytest.mark.slow
def test_an_upload_through_a_proxy_may_exceed_the_deadline(serve: Serve, connect: Connect) -> None:
    """The proxy reads slowly as well."""
    proxy = serve(rate=2 * MEGABYTE)
    client = connect("http://127.0.0.1:9/v1", proxies={"http": proxy.origin}, deadline=1.5)
    assert upload(client, 6 * MEGABYTE).id
    assert [request.size > 6 * MEGABYTE for request in proxy.requests] == [True]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_upload_that_stalls_ends_with_the_deadline(
    serve: Serve, connect: Connect, authority: Authority, scheme: str
) -> None:
    """The service stops reading."""
    tls = authority.server if scheme == "https" else None
    server = serve(tls=tls, stop_after=2 * MEGABYTE)
    client = connect(server, verify=authority.bundle, deadline=1.5)
    with ended_in_time(1.5), pytest.raises(ScaleDeadlineExceeded) as caught:
        upload(client, 8 * MEGABYTE)
    assert caught.value.may_have_been_applied
    assert caught.value.attempts == 1


@pytest.mark.slow
def test_the_deadline_includes_the_response_to_an_upload(serve: Serve, connect: Connect) -> None:
    """Sending does not count, but waiting for the response does."""
    server = serve(rate=2 * MEGABYTE, default=before(hang))
    client = connect(server, deadline=1.5)
    begun = time.monotonic()
    with pytest.raises(ScaleDeadlineExceeded) as caught:
        upload(client, 4 * MEGABYTE)
    read = server.requests[0].at
    assert read - begun > 1.5
    assert time.monotonic() - read < 1.5 + GRACE
    assert caught.value.may_have_been_applied


@pytest.mark.slow
def test_the_read_timeout_does_not_end_an_upload_in_progress(
    serve: Serve, connect: Connect
) -> None:
    """No single wait exceeds the read timeout, but the upload takes longer."""
    server = serve(rate=2 * MEGABYTE)
    client = connect(server, timeout=(1, 1), deadline=20, max_retries=0)
    assert upload(client, 5 * MEGABYTE).id


def test_a_download_in_progress_ends_at_the_deadline(server: Server, connect: Connect) -> None:
    """Only uploads extend the deadline; otherwise a slow response would never end."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    server.default = before(endlessly(head, b"x" * 100, interval=0.05))
    with ended_in_time(), pytest.raises(ScaleDeadlineExceeded):
        connect(server, deadline=DEADLINE).get_task("t")


# What the defaults leave room for


@pytest.mark.parametrize("cls", [ScaleClient, Api])
def test_the_defaults_leave_room_for_a_slow_service(cls: type) -> None:
    """Gateways give up after 100 s, and three attempts may each take nearly as long.

    What that is good for is measured by ``tests/benchmarks/slow_service.py``.
    """
    parameters = inspect.signature(cls).parameters
    connect, read = parameters["timeout"].default
    assert read > 100
    assert parameters["deadline"].default >= 3 * (connect + read)
