"""Uploads: streaming, names, retries, and errors before anything is sent."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import threading
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import IO, Any

import pytest
import requests

from scaleapi._http import uploads
from scaleapi.exceptions import (
    ScaleArgumentError,
    ScaleConnectionError,
    ScaleException,
    ScaleUnauthorized,
)
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import (
    Reply,
    Request,
    Server,
    after,
    before,
    close,
    reset,
    respond,
    say,
    succeed,
    truncate,
)


def parts(request: Request) -> dict[str, Message]:
    """Return the parts of a multipart body by field name."""
    header = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(header + request.body)
    assert message.is_multipart()
    named: dict[str, Message] = {}
    for part in message.get_payload():
        assert isinstance(part, Message)
        named[str(part.get_param("name", header="content-disposition"))] = part
    return named


def content(request: Request) -> bytes:
    data = parts(request)["file"].get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def test_a_path_a_file_and_bytes_send_the_same(
    server: Server, connect: Connect, picture: Path
) -> None:
    """The name and type come from the path of a file, or from the name passed for bytes."""
    client = connect(server)
    data = picture.read_bytes()
    with picture.open("rb") as file:
        client.upload_file(file, project_name="p")
        assert not file.closed
    client.upload_file(picture, project_name="p")
    client.upload_file(str(picture), project_name="p")
    client.upload_file(data, filename="picture.png", project_name="p")
    client.upload_file(bytearray(data), filename="picture.png", project_name="p")
    client.upload_file(memoryview(data), filename="picture.png", project_name="p")
    assert len(server.requests) == 6
    for request in server.requests:
        assert content(request) == data
        assert parts(request)["file"].get_filename() == "picture.png"
        assert parts(request)["file"].get_content_type() == "image/png"
        assert parts(request)["project_name"].get_payload() == "p"
        assert request.path == "/v1/files/upload"


def test_form_fields(server: Server, connect: Connect) -> None:
    """Objects are sent as JSON; ``None`` is omitted."""
    connect(server).upload_file(
        b"x", filename="a.txt", metadata={"a": [1]}, display_name=None, reference_id="r 1"
    )
    sent = parts(server.requests[0])
    assert sent["metadata"].get_payload() == '{"a": [1]}'
    assert sent["reference_id"].get_payload() == "r 1"
    assert set(sent) == {"metadata", "reference_id", "file"}


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_retry_sends_everything_again(
    serve: Serve, connect: Connect, authority: Authority, scheme: str
) -> None:
    """Three attempts, the same bytes each time, over HTTP and TLS."""
    server = serve(tls=authority.server if scheme == "https" else None)
    data = os.urandom(300_000)
    server.script(after(reset), after(truncate), before(respond(status=503)))
    connect(server, verify=authority.bundle).upload_file(
        io.BytesIO(data), filename="a.bin", reference_id="r"
    )
    assert len(server.requests) == 4
    assert len({request.raw for request in server.requests}) == 1
    assert content(server.requests[-1]) == data


@pytest.mark.usefixtures("no_waits")
def test_a_throttled_upload_without_reference_id_is_retried(
    server: Server, connect: Connect
) -> None:
    """503 with Retry-After means that nothing was done."""
    server.script(before(respond(status=503, Retry_After="0")))
    connect(server).upload_file(b"data", filename="a.bin")
    first, second = server.requests
    assert first.raw == second.raw


class Pipe(io.RawIOBase):
    """A file that can be read only once."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._data.readinto(buffer)


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_a_source_that_cannot_be_rewound(server: Server, connect: Connect, size: int) -> None:
    """A retry sends it completely nevertheless."""
    data = os.urandom(size)
    server.script(after(close))
    connect(server).upload_file(io.BufferedReader(Pipe(data)), filename="a.bin", reference_id="r")
    assert [content(request) for request in server.requests] == [data, data]


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe has no file object to read(0) from")
def test_a_pipe_of_the_system(server: Server, connect: Connect) -> None:
    """Such as the standard input of a program."""
    read, write = os.pipe()
    with os.fdopen(read, "rb") as source, os.fdopen(write, "wb") as sink:
        sink.write(b"through a pipe")
        sink.close()
        connect(server).upload_file(source, filename="a.txt")
    assert content(server.requests[0]) == b"through a pipe"


def test_the_body_of_a_response_of_requests(server: Server, connect: Connect) -> None:
    """It is streamed; one that has been read is closed, not empty."""
    client = connect(server)
    with requests.get(f"{server.url}/tasks", stream=True, timeout=5) as response:
        raw: Any = response.raw
        client.upload_file(raw, filename="tasks.json")
        assert content(server.requests[-1]) == requests.get(response.url, timeout=5).content
        with pytest.raises(ScaleArgumentError, match="file is closed"):
            client.upload_file(raw, filename="tasks.json")
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "name",
    [
        'quote".png',
        "line\r\nX-Injected: 1\r\n\r\nbody.png",
        "newline\n.png",
        'a"; filename="b.png',
        "semi;colon.png",
        "back\\slash.png",
        "ünïcødé 図.png",
        "%22.png",
        " ",
    ],
)
def test_a_filename_only_sets_the_name(server: Server, connect: Connect, name: str) -> None:
    """No name can inject a header or a part."""
    connect(server).upload_file(b"data", filename=name, **{'f"\r\nX-Injected': "1"})
    (request,) = server.requests
    message = message_from_bytes(
        f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode() + request.body
    )
    found = message.get_payload()
    assert len(found) == 2
    for part in found:
        assert isinstance(part, Message)
        assert {key.lower() for key in part.keys()} <= {"content-disposition", "content-type"}  # noqa: SIM118 - a Message is no dict
    head = request.body.split(b"\r\n\r\n")
    assert all(b"\nX-Injected" not in one for one in head)
    assert "x-injected" not in request.headers
    assert content(request) == b"data"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_name_that_is_not_text(server: Server, connect: Connect, tmp_path: Path) -> None:
    """Undecodable characters are replaced."""
    path = os.path.join(os.fsencode(tmp_path), b"a\xff.png")  # noqa: PTH118 - a Path is text
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"data")
    connect(server).upload_file(os.fsdecode(path))
    assert content(server.requests[0]) == b"data"


MEGABYTE = 1024 * 1024


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


def test_exactly_the_limit_is_not_too_large(
    server: Server, connect: Connect, tmp_path: Path
) -> None:
    """80 MB are taken, as a whole."""
    path = sparse(tmp_path / "a.bin", 80 * MEGABYTE)
    connect(server).upload_file(path)
    assert server.requests[0].size > 80 * MEGABYTE


def closed(tmp_path: Path) -> IO[bytes]:
    file = sparse(tmp_path / "closed", 1).open("rb")
    file.close()
    return file


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (lambda folder: sparse(folder / "a", 80 * MEGABYTE + 1), "at most 80 MB"),
        (lambda folder: sparse(folder / "a", 80 * MEGABYTE + 1).open("rb"), "at most 80 MB"),
        (lambda folder: io.BufferedReader(Pipe(bytes(80 * MEGABYTE + 1))), "at most 80 MB"),
        (closed, "is closed"),
        (lambda folder: "", "empty path"),
        (lambda folder: folder / "missing", "cannot be opened"),
        (lambda folder: folder, "cannot be opened"),
        (lambda folder: "a\0b", "cannot be opened"),
        (lambda folder: None, "must be a file object"),
        (lambda folder: 5, "must be a file object"),
    ],
    ids=[
        *["large path", "large file", "large pipe", "closed"],
        *["empty path", "missing", "folder", "null byte", "None", "number"],
    ],
)
def test_rejects_invalid_uploads(
    server: Server, connect: Connect, tmp_path: Path, source: Any, problem: str
) -> None:
    """The error names the argument, and nothing is sent."""
    file = source(tmp_path)
    try:
        with pytest.raises(ScaleArgumentError, match=problem):
            connect(server).upload_file(file)
    finally:
        if hasattr(file, "close"):
            file.close()
    assert server.connections == 0


@pytest.mark.parametrize("filename", [True, ["a.png"], "\ud800"])
def test_rejects_an_invalid_filename(server: Server, connect: Connect, filename: Any) -> None:
    """Nothing is sent."""
    with pytest.raises(ScaleArgumentError, match="filename"):
        connect(server).upload_file(b"data", filename=filename)
    assert server.connections == 0


class Changing(io.BytesIO):
    """A file that another program changes during the upload."""

    def __init__(self, size: int, change: Any) -> None:
        super().__init__(bytes(size))
        self._change = change

    def read(self, size: int | None = -1) -> bytes:
        if size and self.tell() >= 100_000:
            self._change(self)
        return super().read(size)


def shrink(file: IO[bytes]) -> None:
    file.truncate(file.tell())


def grow(file: IO[bytes]) -> None:
    place = file.tell()
    file.seek(0, os.SEEK_END)
    file.write(bytes(50_000))
    file.seek(place)


def fail(file: IO[bytes]) -> None:
    raise OSError(5, "Input/output error")


def close_it(file: IO[bytes]) -> None:
    file.close()


@pytest.mark.parametrize(
    ("change", "problem"),
    [(shrink, "shorter"), (fail, "Input/output error"), (close_it, "closed file")],
    ids=["shrinks", "fails", "is closed"],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_file_that_fails_during_the_upload(
    serve: Serve,
    connect: Connect,
    authority: Authority,
    scheme: str,
    change: Any,
    problem: str,
) -> None:
    """It is not a network error: there is no retry, and the client remains usable."""
    server = serve(tls=authority.server if scheme == "https" else None)
    client = connect(server, verify=authority.bundle)
    with pytest.raises(ScaleArgumentError, match=problem):
        client.upload_file(Changing(1_000_000, change), filename="a.bin", reference_id="r")
    assert server.requests == []
    server.wait_for(lambda: server.connections == 1)
    client.get_task("t")


def test_a_file_that_grows_is_sent_as_it_was(server: Server, connect: Connect) -> None:
    """Only Content-Length bytes are sent."""
    connect(server).upload_file(Changing(400_000, grow), filename="a.bin")
    assert len(content(server.requests[0])) == 400_000


def test_a_response_before_the_end_of_the_upload(server: Server, connect: Connect) -> None:
    """The error is the rejection, not the broken pipe that may accompany it."""
    body = b'{"status_code": 401, "error": "No valid API key."}'
    head = f"HTTP/1.1 401 No\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    server.script(before(say(head + body)))
    with pytest.raises(ScaleUnauthorized, match="No valid API key"):
        connect(server).upload_file(bytes(5_000_000), filename="a.bin")


def test_a_connection_reset_during_the_upload(serve: Serve, connect: Connect) -> None:
    """Without a reference_id it is not retried, and may have been applied."""

    class Tearing(Server):
        def _read(self, line: Any, number: int) -> None:
            line.read_head()
            line.receive()
            line.close()
            raise ConnectionError

    with Tearing() as server:
        with pytest.raises(ScaleConnectionError) as caught:
            connect(server).upload_file(bytes(20_000_000), filename="a.bin")
        assert server.connections == caught.value.attempts == 1
        assert caught.value.may_have_been_applied


MEMORY = """
import resource, sys, tracemalloc
from scaleapi import ScaleClient

class Source:
    name = "large.bin"
    def __init__(self, file): self.file = file
    def read(self, size=-1): return self.file.read(size)

url, path, how = sys.argv[1:]
unit = 1 if sys.platform == "darwin" else 1024
with ScaleClient("live_key_of_an_upload", api_instance_url=url, verify=False) as client:
    with open(path, "rb") as file:
        client.upload_file(b"small", filename="a", reference_id="r")  # everything is loaded
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
        tracemalloc.start()
        client.upload_file(Source(file) if how == "pipe" else file, reference_id="r")
        traced = tracemalloc.get_traced_memory()[1]
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(traced, after - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource module")
@pytest.mark.parametrize("how", ["file", "pipe"])
def test_a_large_file_is_streamed(server: Server, tmp_path: Path, how: str) -> None:
    """75 MB, twice because of a reset, raise the peak of the process by less than 20 MB."""
    path, size = tmp_path / "large.bin", 75 * MEGABYTE
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for number in range(75):
            piece = bytes([number]) * MEGABYTE
            file.write(piece)
            digest.update(piece)
    torn = threading.Event()

    def tear(exchange: Any, reply: Reply) -> None:
        torn.set()
        exchange.reset()

    server.script(after(succeed), after(tear))
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, server.url, str(path), how],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    traced, resident = map(int, done.stdout.split())
    assert torn.is_set()
    assert len(server.requests) == 3
    first, second = server.requests[1:]
    assert first.digest == second.digest
    assert first.size == second.size > size
    assert traced < 20 * MEGABYTE
    assert resident < 20 * MEGABYTE


def test_the_upload_limit_matches_the_service() -> None:
    """80 MB (https://scale.com/docs/api-reference/file-endpoints)."""
    assert uploads.UPLOAD_LIMIT == 80 * MEGABYTE
    assert issubclass(ScaleArgumentError, ScaleException)
