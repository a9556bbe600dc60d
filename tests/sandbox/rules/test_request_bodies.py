"""Bodies in chunks, and requests that are never finished."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Refusal, Sandbox
from tests.sandbox.rules.caller import IMAGE_TASK, Caller, connected, until_closed

HEAD = (
    b"POST /_sandbox/clock HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)

GET = b"GET /_sandbox/clock HTTP/1.1\r\nHost: localhost\r\n\r\n"


def pieces(body: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_body_in_chunks_is_read(caller: Caller, size: int) -> None:
    """A generator has no length, so the body is sent in chunks; the connection goes on."""
    body = json.dumps(IMAGE_TASK | {"unique_id": "u"}).encode()
    headers = {"Content-Type": "application/json"}
    for _ in range(2):
        task = caller.post("/task/imageannotation", data=pieces(body, size), headers=headers)
        assert task["params"]["attachment"] == IMAGE_TASK["attachment"]
        caller.delete(f"/task/{task['task_id']}/unique_id")
    assert caller.get("/tasks")["total"] == 2


def test_a_large_upload_in_chunks(caller: Caller) -> None:
    """A form of several megabytes arrives byte by byte as it was sent."""
    content = bytes(range(256)) * 12_000
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    file = caller.post("/files/upload", data=pieces(form, 50_000), headers=headers)
    assert file["size"] == len(content)


@pytest.mark.parametrize(
    "body",
    [
        b'E\r\n{"advance": 0}\r\n0\r\n\r\n',
        b'00e;name="value"; other\r\n{"advance": 0}\r\n0;last\r\n\r\n',
        b'e  \r\n{"advance": 0}\r\n000\r\nTrailer: value\r\nOther: b\r\n\r\n',
        b'1\r\n{\r\nd\r\n"advance": 0}\r\n0\r\n\r\n',
    ],
)
def test_forms_of_chunks(sandbox: Sandbox, body: bytes) -> None:
    """Extensions and trailers are skipped, and the next request begins after them."""
    with connected(sandbox) as connection:
        connection.sendall((HEAD + body) * 2)
        connection.shutdown(socket.SHUT_WR)
        assert until_closed(connection).count(b"HTTP/1.1 200 OK\r\n") == 2


@pytest.mark.parametrize(
    "body",
    [
        b"x\r\n",
        b"\r\n",
        b"-1\r\n{}\r\n0\r\n\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"1_0\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}}\r\n0\r\n\r\n",
        b"f" * 16 + b"\r\n{}",
        b"f" * 70_000,
        b"2\r\n{}\r\n0\r\n" + b"A: b\r\n" * 101 + b"\r\n",
    ],
)
@pytest.mark.parametrize("path", [b"/_sandbox/clock", b"/nowhere"])
def test_malformed_chunks(sandbox: Sandbox, body: bytes, path: bytes) -> None:
    """They get an error, or are discarded where nobody reads them; the connection ends."""
    with connected(sandbox) as connection:
        connection.sendall(HEAD.replace(b"/_sandbox/clock", path) + body + GET)
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == (404 if path == b"/nowhere" else 400)
        assert json.loads(response.read())["error"]
        assert connection.recv(1) == b""


def test_chunks_that_break_off(sandbox: Sandbox) -> None:
    """A client that disconnects in the middle changes nothing."""
    for body in (b"", b"e", b"e\r\n", b'e\r\n{"adv', b'e\r\n{"advance": 9}', b"0", b"0\r\n"):
        with connected(sandbox) as connection:
            connection.sendall(HEAD + body)
            connection.shutdown(socket.SHUT_WR)
            assert b"200 OK" not in until_closed(connection)
    assert sandbox.clock.ahead == 0


@pytest.mark.slow
def test_too_many_chunks(test: Caller) -> None:
    """The limit of a body holds where no length announces it."""
    content = b'{"name": "' + b"x" * 97 * 1024 * 1024
    headers = {"Content-Type": "application/json"}
    error = test.error("POST", "/projects", 400, data=pieces(content, 2**20), headers=headers)
    assert error == "The request body is too large."


# Half-sent requests

JSON = b"Host: localhost\r\nContent-Type: application/json\r\n"
HALVES = {
    "request line": b"POST /_sandbox/clo",
    "headers": b"POST /_sandbox/clock HTTP/1.1\r\n" + JSON,
    "body": b"POST /_sandbox/clock HTTP/1.1\r\n" + JSON + b'Content-Length: 14\r\n\r\n{"adv',
    "large body": b"POST /_sandbox/clock HTTP/1.1\r\n" + JSON + b"Content-Length: 9999999\r\n\r\n{",
    "form": b"POST /v1/files/upload HTTP/1.1\r\nHost: localhost\r\n"
    b"Authorization: Bearer test_sandbox_key\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: 9999999\r\n\r\n--x\r\n",
    "chunk": HEAD + b'e\r\n{"adv',
    "size of a chunk": HEAD + b"e",
    "end of a chunk": HEAD + b'e\r\n{"advance": 0}',
    "trailers": HEAD + b'e\r\n{"advance": 0}\r\n0\r\n',
}


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scaleapi.sandbox.http.server._READ_SECONDS", 0.1)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize(
    "before", [b"", b"GET /_sandbox/clock HTTP/1.1\r\nHost: localhost\r\n\r\n"]
)
def test_a_half_sent_request_times_out(sandbox: Sandbox, half: str, before: bytes) -> None:
    """It gets a 408, and its connection is closed: also behind a request in the same packet."""
    with connected(sandbox) as connection:
        connection.sendall(before + HALVES[half])
        received = until_closed(connection)
    assert received.count(b"HTTP/1.1 200 OK\r\n") == bool(before)
    last = received[received.rindex(b"HTTP/1.1 ") :]
    assert last.startswith(b"HTTP/1.1 408 ")
    assert b"Connection: close\r\n" in last
    assert b'{"status_code":408,"error":"' in last.replace(b'": ', b'":').replace(b', "', b',"')


@pytest.mark.usefixtures("_impatient")
def test_a_dripping_head_times_out(sandbox: Sandbox) -> None:
    """A head has to be there in time as a whole: bytes that keep coming do not help."""
    with connected(sandbox) as connection:
        connection.sendall(b"GET /_sandbox/clock HTTP/1.1\r\n")
        for _ in range(10):
            connection.sendall(b"A")
            time.sleep(0.05)
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")


@pytest.mark.usefixtures("_impatient")
def test_an_idle_connection_stays_open(sandbox: Sandbox) -> None:
    """The timeout is for requests that have begun."""
    with connected(sandbox) as connection:
        for _ in range(2):
            time.sleep(0.3)
            connection.sendall(GET)
            assert b"200 OK" in connection.recv(65536)


def test_a_slow_body_that_keeps_moving_is_read(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a pause counts, not how long everything takes."""
    monkeypatch.setattr("scaleapi.sandbox.http.server._READ_SECONDS", 0.5)
    with connected(sandbox) as connection:
        connection.sendall(HEAD)
        for byte in b'{"advance": 0}':
            connection.sendall(b"1\r\n%c\r\n" % byte)
            time.sleep(0.05)
        connection.sendall(b"0\r\n\r\n")
        assert b"200 OK" in connection.recv(65536)


PARTS = {
    "known length": (b"Content-Length: 1000", b"ten bytes."),
    "large": (b"Content-Length: 2000000", b"ten bytes."),
    "chunk": (b"Transfer-Encoding: chunked", b"100\r\nabc"),
    "size of a chunk": (b"Transfer-Encoding: chunked", b"10"),
    "trailers": (b"Transfer-Encoding: chunked", b"1\r\na\r\n0\r\n"),
}


@pytest.mark.parametrize(("framing", "sent"), PARTS.values(), ids=PARTS)
@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/_sandbox/restore", "application/octet-stream"),
        ("/_sandbox/seed", "application/json"),
        ("/v1/task/imageannotation", "application/json"),
        ("/v1/files/upload", "multipart/form-data; boundary=a"),
    ],
)
def test_half_a_body(
    sandbox: Sandbox, path: str, media_type: str, framing: bytes, sent: bytes
) -> None:
    """A client that closes its side too early is told so, in the same words everywhere."""
    key = base64.b64encode(f"{sandbox.live_key}:".encode()).decode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\n"
    head += f"Authorization: Basic {key}\r\n"
    with connected(sandbox) as connection:
        connection.sendall(head.encode() + framing + b"\r\n\r\n" + sent)
        connection.shutdown(socket.SHUT_WR)
        response = until_closed(connection)
    assert response.startswith(b"HTTP/1.1 400 ")
    error = json.loads(response.partition(b"\r\n\r\n")[2])["error"]
    assert error == "The request ended before the end of its body."


def nested(levels: int) -> Any:
    value: Any = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


@pytest.mark.parametrize("levels", [501, 800, 985, 2000])
def test_a_body_of_too_many_levels(caller: Caller, manual: Sandbox, levels: int) -> None:
    """It is rejected, over HTTP and from code: some routes could not read what others wrote."""
    task_id = caller.task()["task_id"]
    deep = f'{{"response": {"[" * (levels - 1)}{"]" * (levels - 1)}}}'
    url = f"{manual.url.removesuffix('/v1')}/_sandbox/tasks/{task_id}/complete"
    refused = requests.post(url, deep, headers={"Content-Type": "application/json"}, timeout=10)
    assert refused.status_code == 400
    assert refused.json()["error"] in (
        "The request body is nested more than 500 levels deep.",
        "The request body is not valid JSON.",  # deeper than Python itself can read
    )
    with pytest.raises(Refusal, match=r"levels deep|must be JSON"):
        manual.complete(task_id, nested(levels))
    manual.complete(task_id, nested(499))
    assert caller.get("/tasks")["docs"][0]["response"] == nested(499)


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), b"x", object()])
def test_a_response_from_code_that_is_not_json(
    caller: Caller, manual: Sandbox, value: object
) -> None:
    task_id = caller.task()["task_id"]
    with pytest.raises(Refusal, match=r"The response must be JSON\."):
        manual.complete(task_id, {"a": value})
    assert caller.get(f"/task/{task_id}")["status"] == "pending"
