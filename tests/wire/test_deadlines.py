"""Every call ends by its deadline, whatever the other side does."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from scaleapi._http.call import Call
from scaleapi.exceptions import (
    ScaleConnectionError,
    ScaleConnectTimeout,
    ScaleDeadlineExceeded,
    ScaleException,
    ScaleInternalError,
    ScaleReadTimeout,
    ScaleServiceUnavailable,
    ScaleTimeoutError,
    ScaleTooManyRequests,
)
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import (
    Fault,
    Reply,
    Server,
    after,
    before,
    connect_through,
    delay,
    drip,
    endlessly,
    full_backlog,
    hang,
    reset,
    respond,
    say,
    succeed,
    tunnel,
)

DEADLINE = 0.3

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@contextmanager
def ended_in_time(deadline: float = DEADLINE) -> Generator[None]:
    """Assert that the block ends at most one second after the deadline."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < deadline + 1


STALLS: dict[str, Fault] = {
    "no bytes": hang,
    "half a status line": say(b"HTTP/1.1 2", then=hang),
    "half a header": say(HEAD + b"X-Half: ", then=hang),
    "headers and no body": say(HEAD + b"Content-Length: 10\r\n\r\n", then=hang),
    "half a body": say(HEAD + b'Content-Length: 10\r\n\r\n{"a"', then=hang),
    "half a chunk": say(CHUNKED + b"a\r\n12345", then=hang),
    "status line drips": drip(HEAD * 50),
    "headers drip": say(HEAD, then=drip(b"X-Drip: 1\r\n" * 50)),
    "body drips": say(HEAD + b"Content-Length: 1000\r\n\r\n", then=drip(b" " * 999)),
    "chunks drip": say(CHUNKED, then=drip(b"1\r\n \r\n" * 200)),
    "body without a length drips": say(HEAD + b"\r\n", then=drip(b" " * 999)),
    "100 Continue for ever": endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunks for ever": endlessly(CHUNKED, b"1\r\n \r\n"),
    "a header line for ever": endlessly(HEAD + b"X-Long: ", b"x" * 100, 0.02),
    "trailers for ever": endlessly(CHUNKED + b"0\r\n", b"X-Trailer: 1\r\n", 0.02),
    "an end that does not come": say(HEAD + b"Connection: close\r\n\r\n{}", then=hang),
}


#: The waits of a TLS socket are other functions, but each is met by one of these.
STALLS_OF_TLS = ["no bytes", "half a header", "headers drip", "body drips", "chunks for ever"]


@pytest.mark.parametrize(
    ("scheme", "name"),
    [*(("http", name) for name in STALLS), *(("https", name) for name in STALLS_OF_TLS)],
)
def test_a_response_that_never_arrives(
    serve: Serve, connect: Connect, authority: Authority, scheme: str, name: str
) -> None:
    """The deadline ends the call although no single wait exceeds the read timeout."""
    server = serve(tls=authority.server if scheme == "https" else None, default=after(STALLS[name]))
    server.script(after(succeed))
    client = connect(server, verify=authority.bundle)
    client.get_task("t")  # it is connected
    client = client.with_options(deadline=DEADLINE)
    with ended_in_time(), pytest.raises(ScaleDeadlineExceeded, match=r"0\.3 s") as caught:
        client.cancel_task("t")
    assert caught.value.may_have_been_applied
    assert caught.value.status is None
    assert caught.value.attempts == 1
    assert len(server.requests) == 2


@pytest.mark.usefixtures("no_waits")
def test_endless_headers(server: Server, connect: Connect) -> None:
    """Too many headers fail each attempt."""
    server.default = before(endlessly(HEAD, b"X-More: 1\r\n" * 50))
    with ended_in_time(5), pytest.raises(ScaleConnectionError, match="headers") as caught:
        connect(server, deadline=5).get_task("t")
    assert caught.value.attempts == 4


def test_a_tls_handshake_that_never_ends(serve: Serve, connect: Connect) -> None:
    """The deadline applies, and nothing was sent."""
    server = serve(mute=True)
    client = connect(f"https://127.0.0.1:{server.port}/v1", deadline=DEADLINE)
    with ended_in_time(), pytest.raises(ScaleDeadlineExceeded) as caught:
        client.invite_teammates(["a@b.c"], "member")
    assert not caught.value.may_have_been_applied


def test_a_deadline_that_has_passed_before_anything_is_sent(
    server: Server, connect: Connect
) -> None:
    """It is certain that nothing was applied."""
    with pytest.raises(ScaleDeadlineExceeded) as caught:
        connect(server, deadline=1e-6).invite_teammates(["a@b.c"], "member")
    assert not caught.value.may_have_been_applied
    assert not server.requests


def test_the_connect_timeout_includes_the_tls_handshake(serve: Serve, connect: Connect) -> None:
    """The connect timeout applies, and the error names it."""
    server = serve(mute=True)
    url = f"https://127.0.0.1:{server.port}/v1"
    client = connect(url, timeout=(0.3, 5), deadline=5, max_retries=1)
    with ended_in_time(1), pytest.raises(ScaleConnectTimeout, match=r"within 0\.3 s") as caught:
        client.invite_teammates(["a@b.c"], "member")
    assert caught.value.attempts == 2
    server.wait_for(lambda: server.connections == 2)
    assert not caught.value.may_have_been_applied


@pytest.mark.parametrize("mute", [True, False])
def test_a_proxy_that_never_responds_to_connect(serve: Serve, connect: Connect, mute: bool) -> None:
    """With or without reading the CONNECT request."""
    proxy = serve(mute=mute, default=before(hang))
    client = connect("https://127.0.0.1:1/v1", proxies={"https": proxy.origin}, deadline=DEADLINE)
    with ended_in_time(), pytest.raises(ScaleDeadlineExceeded) as caught:
        client.invite_teammates(["a@b.c"], "member")
    assert not caught.value.may_have_been_applied


def test_the_connect_timeout_includes_the_proxy(serve: Serve, connect: Connect) -> None:
    """A proxy that does not respond within the connect timeout is named in the error."""
    proxy = serve(default=before(hang))
    client = connect(
        "https://127.0.0.1:1/v1", proxies={"https": proxy.origin}, timeout=(0.3, 5), max_retries=0
    )
    with ended_in_time(), pytest.raises(ScaleConnectTimeout):
        client.get_task("t")


def test_a_proxy_tunnel_without_response(serve: Serve, connect: Connect) -> None:
    """The deadline includes the TLS handshake through the tunnel."""
    proxy, silent = serve(default=before(connect_through)), serve(mute=True)
    client = connect(
        f"https://127.0.0.1:{silent.port}/v1", proxies={"https": proxy.origin}, deadline=DEADLINE
    )
    with ended_in_time(), pytest.raises(ScaleDeadlineExceeded):
        client.get_task("t")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses what the backlog cannot take")
def test_a_host_that_does_not_accept_connections(connect: Connect) -> None:
    """With a full backlog, the connect timeout or the deadline ends the attempt."""
    with full_backlog() as port:
        client = connect(f"http://127.0.0.1:{port}/v1", deadline=DEADLINE)
        with ended_in_time(), pytest.raises((ScaleConnectTimeout, ScaleTimeoutError)):
            client.get_task("t")
        with ended_in_time(), pytest.raises(ScaleConnectTimeout, match=r"within 0\.2 s"):
            client.with_options(timeout=(0.2, 5), max_retries=0).get_task("t")


@contextmanager
def dead_addresses(monkeypatch: pytest.MonkeyPatch, count: int) -> Generator[list[Any]]:
    """Give ``localhost`` several addresses that do not respond."""
    with ExitStack() as stack:
        found: list[Any] = []
        for _ in range(count):
            address = ("127.0.0.1", stack.enter_context(full_backlog()))
            found.append((socket.AF_INET, socket.SOCK_STREAM, 0, "", address))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args: found)
        yield found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses what the backlog cannot take")
def test_a_host_with_only_dead_addresses(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses share the remaining time."""
    with dead_addresses(monkeypatch, 8):
        client = connect("http://localhost:9/v1", timeout=(1, 5), deadline=DEADLINE)
        with ended_in_time(), pytest.raises((ScaleConnectTimeout, ScaleTimeoutError)) as caught:
            client.invite_teammates(["a@b.c"], "member")
        assert not caught.value.may_have_been_applied


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses what the backlog cannot take")
def test_a_host_whose_last_address_works(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead address leaves time for the next one."""
    with dead_addresses(monkeypatch, 2) as found:
        found.append((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", server.port)))
        client = connect("http://localhost:9/v1", timeout=(5, 5), deadline=1.5, max_retries=0)
        with ended_in_time(1.5):
            assert client.get_task("t").status == "pending"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_service_that_does_not_read_an_upload(
    serve: Serve, connect: Connect, authority: Authority, scheme: str
) -> None:
    """The deadline applies to sending too."""
    server = serve(tls=authority.server if scheme == "https" else None, stall_bodies=True)
    client = connect(server, verify=authority.bundle, deadline=DEADLINE)
    with ended_in_time(), pytest.raises(ScaleDeadlineExceeded) as caught:
        client.upload_file(bytes(30_000_000), filename="a.bin")
    assert caught.value.may_have_been_applied


@pytest.mark.parametrize("proxy_tls", [False, True])
def test_a_proxy_that_relays_byte_by_byte(
    serve: Serve, connect: Connect, authority: Authority, proxy_tls: bool
) -> None:
    """One read of the client waits for many pieces of a TLS record."""
    slow = threading.Event()
    proxy = serve(default=before(tunnel(slow)), tls=authority.server if proxy_tls else None)
    server = serve(tls=authority.server)
    client = connect(server, verify=authority.bundle, proxies={"https": proxy.origin})
    client.get_task("t")
    slow.set()
    client = client.with_options(deadline=DEADLINE)
    with ended_in_time(), pytest.raises(ScaleDeadlineExceeded) as caught:
        client.cancel_task("t")
    assert caught.value.may_have_been_applied
    assert len(server.requests) == 2


@pytest.mark.parametrize("proxy_tls", [None, False, True])
@pytest.mark.parametrize(
    "limits", [{"timeout": 1e300, "deadline": None}, {"timeout": None, "deadline": 1e9}]
)
def test_limits_that_are_longer_than_the_system_can_wait(
    serve: Serve, connect: Connect, authority: Authority, proxy_tls: bool | None, limits: Any
) -> None:
    server = serve(tls=authority.server, default=after(delay(0.1)))
    proxies = {}
    if proxy_tls is not None:
        tls = authority.server if proxy_tls else None
        proxies["https"] = serve(default=before(connect_through), tls=tls).origin
    client = connect(server, verify=authority.bundle, proxies=proxies, **limits)
    assert client.get_task("t").status == "pending"


def test_a_read_timeout_ends_an_attempt_and_the_deadline_the_call(
    server: Server, connect: Connect
) -> None:
    """The read timeout ends each attempt, and the deadline the last one."""
    server.default = before(hang)
    with ended_in_time(2), pytest.raises(ScaleTimeoutError) as caught:
        connect(server, timeout=0.2, deadline=2, max_retries=2).get_task("t")
    assert type(caught.value) is ScaleReadTimeout
    assert "within 0.2 s" in str(caught.value)
    assert caught.value.attempts == len(server.requests) == 3


def test_no_limits_mean_no_limits(server: Server, connect: Connect) -> None:
    """``None`` for timeout and deadline works."""
    client = connect(server, timeout=None, deadline=None)
    assert client.get_task("t").status == "pending"
    server.script(before(reset))
    assert client.get_task("t").status == "pending"


def in_seconds(seconds: int, now: datetime) -> str:
    return str(seconds)


def as_date(seconds: int, now: datetime) -> str:
    return format_datetime(now + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("form", [in_seconds, as_date])
@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_beyond_the_deadline_fails_immediately(
    server: Server, connect: Connect, form: Callable[[int, datetime], str], status: int
) -> None:
    """The error is raised immediately, with the wait by the service's clock."""
    now = datetime(2001, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
    server.default = before(
        respond(status=status, Retry_After=form(60, now), Date=format_datetime(now, usegmt=True))
    )
    with ended_in_time(0), pytest.raises(ScaleException) as caught:
        connect(server).get_task("t")
    assert isinstance(caught.value, (ScaleTooManyRequests, ScaleServiceUnavailable))
    assert caught.value.retry_after == 60
    assert caught.value.attempts == len(server.requests) == 1


@pytest.mark.parametrize("form", [in_seconds, as_date])
def test_a_wait_within_the_deadline_is_kept(
    server: Server,
    connect: Connect,
    no_waits: None,
    form: Callable[[int, datetime], str],
) -> None:
    """The next attempt is not earlier than requested."""
    now = datetime.now(timezone.utc)
    server.script(
        before(
            respond(status=429, Retry_After=form(1, now), Date=format_datetime(now, usegmt=True))
        )
    )
    connect(server).get_task("t")
    first, second = server.requests
    assert second.at - first.at > 0.99


@pytest.mark.parametrize("value", ["soon", "-5", "nan", "", "Mon, 99 Foo 2001"])
def test_an_invalid_retry_after_is_ignored(
    server: Server, connect: Connect, no_waits: None, value: str
) -> None:
    """The call is retried as if there were no header."""
    server.script(before(respond(status=503, Retry_After=value)))
    connect(server, deadline=3).get_task("t")
    assert len(server.requests) == 2


def test_waits_grow_and_differ(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full jitter under 0.5, 1 and 2 s, or 1, 2 and 4 s when there are too many requests."""
    waits: list[float] = []
    monkeypatch.setattr(Call, "sleep", lambda call, seconds: waits.append(seconds))
    client = connect(server)
    for status, base in ((500, 0.5), (429, 1.0)):
        waits.clear()
        server.default = before(respond(status=status))
        for _ in range(5):
            with pytest.raises(ScaleException):
                client.get_task("t")
        limits = [base, base * 2, base * 4] * 5
        assert all(0 <= wait <= limit for wait, limit in zip(waits, limits, strict=True))
        assert len(set(waits)) == 15
        assert max(waits) > base / 2


def test_waits_do_not_exceed_the_deadline(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the next attempt would be too late, the error is raised now."""
    monkeypatch.setattr("random.random", lambda: 1.0)
    server.default = before(respond(status=500))
    with ended_in_time(0.3), pytest.raises(ScaleInternalError) as caught:
        connect(server, deadline=0.3).get_task("t")
    assert caught.value.attempts == 1


def test_the_first_retry_after_a_connection_error_is_immediate_on_a_new_connection(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the pool has other connections, which may be stale too."""
    waits: list[float] = []
    server = serve()
    client = connect(server)
    fill_pool(server, client, 3)
    go_on = threading.Event()

    def slowly(exchange: Any, reply: Reply) -> None:
        go_on.wait(10)
        exchange.send(reply.raw)

    other = threading.Thread(target=client.get_project, args=("p",))

    def wait_while_another_thread_calls(call: Call, seconds: float) -> None:
        # It takes the connection that failed, so that the pool offers one of the kept ones.
        waits.append(seconds)
        other.start()
        server.wait_for(lambda: server.requests[-1].path.endswith("/projects/p"))

    monkeypatch.setattr(Call, "sleep", wait_while_another_thread_calls)
    server.script(before(reset), after(slowly))
    client.get_task("t")
    go_on.set()
    other.join()
    first, _, second = [request.connection for request in server.requests[-3:]]
    assert first <= 3
    assert second > 3
    assert waits == [0.0]


def fill_pool(server: Server, client: Any, size: int) -> None:
    """Make the client open and keep this many connections."""
    together = threading.Barrier(size)

    def wait_and_answer(exchange: Any, reply: Reply) -> None:
        together.wait(10)
        exchange.send(reply.raw)

    server.script(*[after(wait_and_answer)] * size)
    threads = [threading.Thread(target=client.get_task, args=("t",)) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.connections == size


def test_a_retry_after_a_response_may_reuse_the_connection(
    server: Server, connect: Connect, no_waits: None
) -> None:
    """After a status, the connection is still usable."""
    server.script(*[before(respond(status=500))] * 3)
    connect(server).get_task("t")
    assert [request.connection for request in server.requests] == [1, 1, 1, 1]
