"""A small threaded HTTP/1.1 server for the sandbox's WSGI application.

Connections are kept alive, each has a thread of its own, and a small answer leaves in one
``send``. Whoever must answer by hand (reset, hang, drip) finds the connection in the WSGI
environment, under `WIRE`.
"""

from __future__ import annotations

import io
import json
import os
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    _Accepted = socket.socket | tuple[bytes, socket.socket]
    _Address = tuple[str, int] | str

WIRE = "scaleapi.sandbox.wire"
"""Key of the request's `Wire` in the WSGI environment."""

_LINE_LIMIT = 65_536
_HEADER_LIMIT = 100
_BODY_IN_MEMORY = 1_048_576
_DRAIN_LIMIT = 268_435_456
_SEND_TOGETHER = 65_536
_STOP_SECONDS = 2.0
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Request(NamedTuple):
    """One answered request.

    Attributes:
        method: The HTTP verb.
        path: The path with its query, as it was sent.
        status: The status of the answer; 0 when the connection was taken over.
        milliseconds: Time from the end of the request's head to the start of the answer.
    """

    method: str
    path: str
    status: int
    milliseconds: float


class Wire:
    """The raw connection beneath one request.

    Attributes:
        taken: Whether someone answers by hand; the server then sends nothing and closes.
    """

    __slots__ = ("_socket", "taken")

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self.taken = False

    def take(self) -> socket.socket:
        """Take the connection over and return its socket."""
        self.taken = True
        return self._socket


class _Malformed(Exception):
    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


class _Head(NamedTuple):
    method: str
    target: str
    version: str
    fields: dict[str, str]

    @property
    def keeps_alive(self) -> bool:
        wish = self.fields.get("HTTP_CONNECTION", "").lower()
        return "keep-alive" in wish if self.version == "HTTP/1.0" else "close" not in wish

    @property
    def body_length(self) -> int:
        if "HTTP_TRANSFER_ENCODING" in self.fields:
            raise _Malformed("Send the body with a Content-Length, not in chunks.", 411)
        length = self.fields.get("CONTENT_LENGTH", "0")
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            raise _Malformed("The Content-Length must be one number of bytes.")
        return int(length)


class _Body(io.RawIOBase):
    """The part of a connection's stream that belongs to one request."""

    def __init__(self, stream: io.BufferedIOBase, length: int) -> None:
        self._stream = stream
        self.left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        piece = self._stream.read(min(len(view), self.left, _SEND_TOGETHER))
        view[: len(piece)] = piece
        self.left -= len(piece)
        return len(piece)


class _Answer:
    """What the application said with ``start_response``."""

    __slots__ = ("headers", "status")

    def __init__(self) -> None:
        self.status = "500 Internal Server Error"
        self.headers: list[tuple[str, str]] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], _exc_info: object = None
    ) -> Callable[[bytes], object]:
        """Take the status and the headers; WSGI's ``start_response``."""
        self.status = status
        self.headers = headers
        return _no_write


def _no_write(_data: bytes) -> object:
    raise NotImplementedError("this server takes the body from the application's iterable only")


def _read_head(stream: io.BufferedIOBase) -> _Head | None:
    """Read a request line and its headers; nothing when the connection has ended."""
    line = stream.readline(_LINE_LIMIT)
    if line in (b"\r\n", b"\n"):
        line = stream.readline(_LINE_LIMIT)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3 or not _TOKEN.issuperset(parts[0]) or not line.endswith(b"\n"):
        raise _Malformed("The request line must be a method, a path and a version.")
    method, target, version = parts
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise _Malformed("The sandbox speaks HTTP/1.1 and HTTP/1.0.")
    if target.startswith(("http://", "https://")):
        target = "/" + target.split("//", 1)[1].partition("/")[2]
    if not target.startswith("/"):
        raise _Malformed("The path must start with a slash.")
    fields = _read_fields(stream)
    if version == "HTTP/1.1" and "HTTP_HOST" not in fields:
        raise _Malformed("The Host header is missing.")
    return _Head(method, target, version, fields)


def _read_fields(stream: io.BufferedIOBase) -> dict[str, str]:
    fields: dict[str, str] = {}
    for _ in range(_HEADER_LIMIT + 1):
        line = stream.readline(_LINE_LIMIT)
        if line in (b"\r\n", b"\n"):
            return fields
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or not _TOKEN.issuperset(name) or not value.endswith("\n"):
            raise _Malformed("A header must be a name, a colon and a value on one line.")
        # An underscore would be taken for the dash of another header.
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_LENGTH", "CONTENT_TYPE"):
            key = "HTTP_" + key
        value = value.strip()
        if key in fields:
            if key in ("CONTENT_LENGTH", "HTTP_HOST"):
                raise _Malformed(f"The {name} header must be given once.")
            value = f"{fields[key]},{value}"
        fields[key] = value
    raise _Malformed(f"A request may have at most {_HEADER_LIMIT} headers.")


def _path_info(path: str) -> str:
    """Decode ``path``, but for its escaped slashes and percent signs.

    A name with a slash in it is still one segment of the path then; who takes the path apart
    decodes the segments once more.
    """
    if "%" not in path:
        return path
    kept = path.replace("%25", "%2525").replace("%2F", "%252F").replace("%2f", "%252F")
    return unquote_to_bytes(kept.encode("latin-1")).decode("latin-1")


class _Connection(socketserver.StreamRequestHandler):
    """One connection: a thread that answers request after request."""

    disable_nagle_algorithm = True
    rbufsize = _LINE_LIMIT
    request: socket.socket

    def setup(self) -> None:
        super().setup()
        self._owner = cast(Server, self.server)

    def handle(self) -> None:
        try:
            while self._serve():
                pass
        except (ConnectionError, TimeoutError):
            pass

    def _serve(self) -> bool:
        """Answer one request; return whether another may follow on this connection."""
        head = None
        try:
            head = _read_head(self.rfile)
            if head is None:
                return False
            length = head.body_length
        except _Malformed as fault:
            self._refuse(head, fault)
            return False
        if length and head.fields.get("HTTP_EXPECT", "").lower() == "100-continue":
            self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body: io.BytesIO | _Body
        if length <= _BODY_IN_MEMORY:
            content = self.rfile.read(length) if length else b""
            if len(content) < length:
                return False
            body = io.BytesIO(content)
        else:
            body = _Body(self.rfile, length)
        keep = self._answer(head, body)
        return keep and not self._owner.stopping and _drained(body)

    def _answer(self, head: _Head, body: io.BytesIO | _Body) -> bool:
        wire = Wire(self.request)
        answer = _Answer()
        start = time.perf_counter()
        chunks: Iterable[bytes] = ()
        try:
            try:
                chunks = self._owner.application(self._environ(head, body, wire), answer.start)
            finally:
                status = 0 if wire.taken else int(answer.status[:3])
                self._note(head, status, start)
            if wire.taken:
                return False
            keep = head.keeps_alive and not self._owner.stopping
            self._send(answer, chunks, keep=keep, silent=head.method == "HEAD")
            return keep
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def _environ(self, head: _Head, body: io.BytesIO | _Body, wire: Wire) -> WSGIEnvironment:
        path, _, query = head.target.partition("?")
        environ = self._owner.environ | head.fields
        environ["REQUEST_METHOD"] = head.method
        environ["SERVER_PROTOCOL"] = head.version
        environ["PATH_INFO"] = _path_info(path)
        environ["QUERY_STRING"] = query
        environ["REMOTE_ADDR"] = self.client_address[0]
        environ["wsgi.input"] = body
        environ[WIRE] = wire
        return environ

    def _note(self, head: _Head | None, status: int, start: float) -> None:
        method, path = (head.method, head.target) if head else ("-", "-")
        self._owner.note(Request(method, path, status, (time.perf_counter() - start) * 1000))

    def _refuse(self, head: _Head | None, fault: _Malformed) -> None:
        answer = _Answer()
        text = json.dumps({"status_code": fault.status, "error": fault.error}).encode()
        answer.start(
            f"{fault.status} {HTTPStatus(fault.status).phrase}",
            [("Content-Type", "application/json"), ("Content-Length", str(len(text)))],
        )
        self._note(head, fault.status, time.perf_counter())
        self._send(answer, [text], keep=False, silent=False)
        # Closing on unread bytes would reset the connection before the answer is read.
        self.request.shutdown(socket.SHUT_WR)
        self.request.settimeout(_STOP_SECONDS)
        _drained(_Body(self.rfile, _DRAIN_LIMIT))

    def _send(self, answer: _Answer, chunks: Iterable[bytes], *, keep: bool, silent: bool) -> None:
        names = {name.lower() for name, _ in answer.headers}
        if "content-length" not in names and answer.status[:3] not in ("204", "304"):
            chunks = [b"".join(chunks)]
            answer.headers.append(("Content-Length", str(len(chunks[0]))))
        date = _date(int(time.time()))
        lines = [f"HTTP/1.1 {answer.status}\r\nDate: {date}\r\nServer: scaleapi-sandbox\r\n"]
        lines += [f"{name}: {value}\r\n" for name, value in answer.headers]
        lines.append("\r\n" if keep else "Connection: close\r\n\r\n")
        waiting = "".join(lines).encode("latin-1")
        for chunk in () if silent else chunks:
            if len(waiting) + len(chunk) > _SEND_TOGETHER:
                self.request.sendall(waiting)
                waiting = chunk
            else:
                waiting += chunk
        self.request.sendall(waiting)


def _drained(body: io.BytesIO | _Body) -> bool:
    """Read what nobody has read of a body; return whether all of it is gone."""
    if isinstance(body, io.BytesIO):
        return True
    if body.left > _DRAIN_LIMIT:
        return False
    try:
        while body.read(_SEND_TOGETHER):
            pass
    except OSError:
        return False
    return body.left == 0


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    """Return a ``Date`` header, formatted once per second."""
    return formatdate(second, usegmt=True)


class Server(socketserver.ThreadingTCPServer):
    """Serve a WSGI application on a loopback address, with a thread per connection.

    Args:
        application: The WSGI application.
        host: The address to listen on.
        port: The port to listen on; 0 takes a free one.
        note: Called with each request, just before its answer leaves.

    Raises:
        OSError: If the address cannot be bound.
    """

    daemon_threads = True
    request_queue_size = 128
    # On Windows this option would let two servers share one port.
    allow_reuse_address = os.name != "nt"

    def __init__(
        self,
        application: WSGIApplication,
        host: str,
        port: int,
        note: Callable[[Request], None],
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Connection)
        self.application = application
        self.note = note
        self.stopping = False
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._acceptor = threading.Thread(
            target=self.serve_forever, args=(0.02,), name="sandbox-server", daemon=True
        )
        self.environ: WSGIEnvironment = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "SCRIPT_NAME": "",
            "SERVER_NAME": host,
            "SERVER_PORT": str(self.port),
        }

    @property
    def port(self) -> int:
        """Port on which the server listens."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Answer requests, in threads, until `stop`."""
        self._acceptor.start()

    def stop(self) -> None:
        """Let answers in progress finish, close every connection and the port."""
        self.stopping = True
        if self._acceptor.is_alive():
            self.shutdown()
            self._acceptor.join()
        self.server_close()
        with self._lock:
            connections = dict(self._connections)
        # A reader that waits for the next request sees the end; an answer still gets out.
        for connection in connections:
            _shut(connection, socket.SHUT_RD)
        end = time.monotonic() + _STOP_SECONDS
        for connection, thread in connections.items():
            thread.join(max(0.0, end - time.monotonic()))
            if thread.is_alive():
                _shut(connection, socket.SHUT_RDWR)
                thread.join(_STOP_SECONDS)

    def process_request(self, request: _Accepted, client_address: _Address) -> None:
        """Give a new connection its thread."""
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="sandbox-connection",
            daemon=True,
        )
        with self._lock:
            self._connections[cast(socket.socket, request)] = thread
        thread.start()

    def shutdown_request(self, request: _Accepted) -> None:
        """Close a connection that has ended."""
        connection = cast(socket.socket, request)
        with self._lock:
            self._connections.pop(connection, None)
        _shut(connection, socket.SHUT_WR)
        connection.close()


def _shut(connection: socket.socket, how: int) -> None:
    with suppress(OSError):  # It may have ended already.
        connection.shutdown(how)
