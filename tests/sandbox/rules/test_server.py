"""The HTTP server beneath the sandbox."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.http.request_log import Request
from scaleapi.sandbox.http.server import CONNECTION_KEY, RawConnection, Server
from tests.sandbox.rules.caller import Caller, connected, raw, until_closed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LENGTHS = b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
HEAD = b"GET /_sandbox/clock HTTP/1.1\r\nHost: localhost\r\n"


def read_answer(connection: socket.socket) -> bytes:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.read()


def test_connections_are_kept_alive(sandbox: Sandbox) -> None:
    """One connection carries many requests, pipelined ones too."""
    with connected(sandbox) as connection:
        connection.sendall((HEAD + b"\r\n") * 3 + HEAD + b"Connection: close\r\n\r\n")
        assert until_closed(connection).count(b"HTTP/1.1 200 OK\r\n") == 4


def test_http_1_0_closes_by_default(sandbox: Sandbox) -> None:
    """An old client gets one answer, or as many as it asks to keep alive."""
    request = b"GET /_sandbox/clock HTTP/1.0\r\nHost: localhost\r\n"
    assert raw(sandbox, request + b"\r\n").count(b"200 OK") == 1
    again = request + b"Connection: keep-alive\r\n\r\n" + request + b"\r\n"
    assert raw(sandbox, again).count(b"200 OK") == 2


def test_date_header(sandbox: Sandbox) -> None:
    """Every answer says when it was made, by the real clock."""
    answer = raw(sandbox, HEAD + b"Connection: close\r\n\r\n").decode()
    date = next(line[6:] for line in answer.split("\r\n") if line.startswith("Date: "))
    assert abs(parsedate_to_datetime(date).timestamp() - time.time()) < 5


def test_small_response_is_one_packet(sandbox: Sandbox) -> None:
    """Head and body leave in one piece, without waiting for acknowledgements."""
    with connected(sandbox) as connection:
        connection.sendall(HEAD + b"\r\n")
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert body.endswith(b"}")


def test_head_has_no_body(test: Caller) -> None:
    """HEAD answers what GET would, but for the body, and the connection goes on."""
    answer = test.session.head(test.url + "/projects")
    assert answer.headers["Content-Length"] == "2"
    assert test.get("/projects") == []


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400),
        (b"GET /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 101 + b"\r\n", 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"POST /v1 HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET /v1 HTTP/1.1\r\nHost: a\r\n" + LENGTHS, 400),
    ],
)
def test_malformed_requests_get_json_errors(sandbox: Sandbox, request_: bytes, status: int) -> None:
    """What is no HTTP/1.1 request with a length gets an error body and the connection ends."""
    with connected(sandbox) as connection:
        connection.sendall(request_)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == status
        assert answer.headers["Connection"] == "close"
        assert answer.read().startswith(b'{"status_code": %d, "error": "' % status)
    assert sandbox.requests[-1].status == status


def test_escaped_paths_and_absolute_targets(sandbox: Sandbox) -> None:
    """A target with a scheme and a host names the same path."""
    request = b"GET http://localhost/_sandbox/clock HTTP/1.1\r\nHost: localhost\r\n"
    assert b"200 OK" in raw(sandbox, request + b"Connection: close\r\n\r\n")


def test_rejected_large_body_is_drained(test: Caller) -> None:
    """A large body that nobody wants does not break the connection before the answer."""
    body = b"x" * 3_000_000
    assert test.session.post(test.url + "/nowhere", data=body).status_code == 404
    assert test.get("/projects") == []


def test_expect_continue(sandbox: Sandbox) -> None:
    """A client that asks before it sends a body is told to go on."""
    with connected(sandbox) as connection:
        connection.sendall(
            b"POST /_sandbox/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\n"
            b"Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b'{"advance": 0}')
        assert b"now" in read_answer(connection)


def test_client_disconnects(sandbox: Sandbox) -> None:
    """A request that stops halfway is dropped without an answer."""
    for part in (b"GET / HT", HEAD, HEAD + b"Content-Length: 9\r\n\r\n123"):
        with connected(sandbox) as connection:
            connection.sendall(part)
            connection.shutdown(socket.SHUT_WR)
            until_closed(connection)
    with connected(sandbox) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(HEAD)
    assert b"200 OK" in raw(sandbox, HEAD + b"Connection: close\r\n\r\n")


@pytest.mark.slow
def test_64_connections_at_once(sandbox: Sandbox) -> None:
    """64 open connections are served side by side, with creates that do not get in each other's
    way."""
    barrier = threading.Barrier(64)

    def work(number: int) -> set[str]:
        caller = Caller(sandbox, sandbox.test_key)
        caller.get("/projects")
        barrier.wait(20)
        made = {caller.task(unique_id=f"{number}-{index}")["task_id"] for index in range(3)}
        caller.session.close()
        return made

    with ThreadPoolExecutor(64) as pool:
        made: set[str] = set().union(*pool.map(work, range(64)))
    assert len(made) == 64 * 3
    assert Caller(sandbox, sandbox.test_key).get("/tasks", limit=1)["total"] == 64 * 3


def test_stop_closes_idle_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping ends connections that wait, leaves no thread, and may be done twice."""
    monkeypatch.setattr("scaleapi.sandbox.http.server._STOP_SECONDS", 20)
    before = set(threading.enumerate())
    sandbox = Sandbox().start()
    with connected(sandbox) as connection:
        connection.sendall(HEAD + b"\r\n")
        read_answer(connection)
        start = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - start < 5  # It did not wait for the connection to end itself.
        assert connection.recv(1) == b""
    sandbox.stop()
    assert set(threading.enumerate()) <= before


def test_stop_finishes_responses() -> None:
    """A request that is being worked on when the server stops is still answered."""
    working, go_on = threading.Event(), threading.Event()

    def application(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        working.set()
        go_on.wait(5)
        start("200 OK", [])
        return [b"done"]

    with served(application) as server, socket.create_connection(address(server)) as connection:
        connection.sendall(HEAD + b"\r\n")
        working.wait(5)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        go_on.set()
        assert until_closed(connection).endswith(b"done")
        stopping.join(5)


def test_raw_connection_can_be_taken_over() -> None:
    """The raw socket is in the environment; once taken, the server sends nothing."""

    def application(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        connection: RawConnection = environ[CONNECTION_KEY]
        connection.take().sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut")
        return []

    with served(application) as server, socket.create_connection(address(server)) as connection:
        connection.sendall(HEAD + b"\r\n")
        assert until_closed(connection).endswith(b"\r\n\r\ncut")


def test_wsgi_environment() -> None:
    """Headers are joined when repeated, and no underscore passes for a dash."""
    told: list[WSGIEnvironment] = []

    def application(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        told.append(environ)
        connection: RawConnection = environ[CONNECTION_KEY]
        nodelay = connection.take().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.take().sendall(b"%d" % bool(nodelay))
        return []

    with served(application) as server, socket.create_connection(address(server)) as connection:
        connection.sendall(
            b"GET /a%20b%2Fc%25?d=%20 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\nX_B: 3\r\n\r\n"
        )
        assert until_closed(connection) == b"1"
    (environ,) = told
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/a b%2Fc%25", "d=%20")
    assert environ["HTTP_X_A"] == "1,2"
    assert "HTTP_X_B" not in environ


def test_large_bodies_and_unknown_lengths() -> None:
    """A body in pieces gets its length; a large one is sent as it comes."""

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterator[bytes]:
        large = environ["PATH_INFO"] == "/large"
        start("200 OK", [("Content-Length", "200000")] if large else [])
        return iter([b"a" * 100_000] * 2 if large else [b"a", b"b"])

    with served(application) as server:
        caller = http.client.HTTPConnection(*address(server))
        caller.request("GET", "/large")
        assert len(caller.getresponse().read()) == 200_000
        caller.request("GET", "/small")
        assert caller.getresponse().read() == b"ab"
        caller.close()


class served:  # noqa: N801
    """A server for an application, in a with block."""

    def __init__(self, application: object) -> None:
        self.server = Server(application, "127.0.0.1", 0, self.note)  # type: ignore[arg-type]
        self.noted: list[Request] = []

    def note(self, request: Request) -> None:
        self.noted.append(request)

    def __enter__(self) -> Server:
        self.server.start()
        return self.server

    def __exit__(self, *_: object) -> None:
        self.server.stop()


def address(server: Server) -> tuple[str, int]:
    return "127.0.0.1", server.port
