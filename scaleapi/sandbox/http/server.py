"""A small threaded HTTP/1.1 server for the sandbox's WSGI application.

Connections are kept alive, each has its own thread, and a small response is sent in one
``send``. Middleware that must write to the connection itself (reset, hang, drip) finds it in the
WSGI environment, under `CONNECTION_KEY`.
"""

from __future__ import annotations

import io
import json
import os
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from .reader import Reader
from .request_body import BODY_KEPT, Body, read_body
from .request_head import LINE_LIMIT, Head, MalformedRequest, path_info, read_head
from .request_log import Request
from .response import Response, response_head
from .tls import begin_tls, end_tls

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    _Accepted = socket.socket | tuple[bytes, socket.socket]
    _Address = tuple[str, int] | str

CONNECTION_KEY = "scaleapi.sandbox.connection"
"""Key of the request's `RawConnection` in the WSGI environment."""

_CONTINUE = "100-continue"
_DRAIN_LIMIT = 268_435_456
_SEND_TOGETHER = 65_536
_STOP_SECONDS = 2.0
_READ_SECONDS = 30.0
"""Timeout of a request head, and of each wait for more of a body, in seconds."""


class RawConnection:
    """The raw connection beneath one request.

    Args:
        connection: Its socket.
        note: Adds the request to the log, without a response.

    Attributes:
        taken: Whether middleware took it over; the server then sends nothing and closes it.
    """

    __slots__ = ("_note", "_socket", "taken")

    def __init__(self, connection: socket.socket, note: Callable[[], None]) -> None:
        self._socket = connection
        self._note = note
        self.taken = False

    def take(self) -> socket.socket:
        """Take over the connection and return its socket."""
        self.taken = True
        self._note()  # now, because the client may look at the log when the connection breaks
        return self._socket


class _Connection(socketserver.BaseRequestHandler):
    """The thread of one connection, which handles its requests in turn."""

    request: socket.socket

    def setup(self) -> None:
        self._owner = cast(Server, self.server)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = Reader(self.request)
        # The address that the client connected to.
        self._address = self.request.getsockname()[0].removeprefix("::ffff:")
        self._stream: io.BufferedReader = io.BufferedReader(self._reader, LINE_LIMIT)

    def handle(self) -> None:
        # Also TLS that breaks: the client is gone, or speaks something else.
        with suppress(ConnectionError, TimeoutError, ssl.SSLError):
            if isinstance(self.request, ssl.SSLSocket) and not begin_tls(
                self.request, _READ_SECONDS
            ):
                return
            while self._serve():
                pass

    def _serve(self) -> bool:
        """Handle one request; return whether the connection stays open."""
        head = None
        try:
            head = self._read_head()
            if head is None:
                return False
            self._reader.wait = _READ_SECONDS
            if head.body_length != 0 and head.fields.get("HTTP_EXPECT", "").lower() == _CONTINUE:
                self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = read_body(self._stream, head)
            return self._response(head, body) and _drained(body)
        except MalformedRequest as error:
            self._refuse(head, error)
            return False

    def _read_head(self) -> Head | None:
        """Wait for a request and read its head; return None at the end of the stream."""
        self._reader.wait = None
        # A connection may be idle forever, but a head that has begun must arrive in time.
        if not self._stream.peek(1):
            return None
        self._reader.end = time.monotonic() + _READ_SECONDS
        try:
            return read_head(self._stream)
        except TimeoutError:
            raise MalformedRequest("The rest of the request head did not arrive.", 408) from None
        finally:
            self._reader.end = None

    def _response(self, head: Head, body: io.BytesIO | Body) -> bool:
        response = Response()
        start = time.perf_counter()
        raw_connection = RawConnection(
            self.request, lambda: self._note(head, 0, start, _start_of(body))
        )
        chunks: Iterable[bytes] = ()
        first = b""
        try:
            try:
                chunks = self._owner.application(
                    self._environ(head, body, raw_connection), response.start
                )
                rest = iter(chunks)
                first = next(rest, b"")
            finally:
                if not raw_connection.taken:
                    status, headers = int(response.status[:3]), dict(response.headers)
                    self._note(head, status, start, _start_of(body), first[:BODY_KEPT], headers)
            if raw_connection.taken:
                return False
            keep = head.keeps_alive and not self._owner.stopping
            keep = keep and not (isinstance(body, Body) and body.broken)
            self._send(response, chain([first], rest), keep=keep, silent=head.method == "HEAD")
            return keep
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def _environ(
        self, head: Head, body: io.BytesIO | Body, raw_connection: RawConnection
    ) -> WSGIEnvironment:
        path, _, query = head.target.partition("?")
        environ = self._owner.environ | head.fields
        environ["REQUEST_METHOD"] = head.method
        environ["SERVER_PROTOCOL"] = head.version
        environ["PATH_INFO"] = path_info(path)
        environ["QUERY_STRING"] = query
        environ["SERVER_NAME"] = self._address
        environ["REMOTE_ADDR"] = self.client_address[0]
        environ["wsgi.input"] = body
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input_terminated"] = True
        environ[CONNECTION_KEY] = raw_connection
        return environ

    def _note(
        self,
        head: Head | None,
        status: int,
        start: float,
        sent: bytes = b"",
        response: bytes = b"",
        response_headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        method, path = (head.method, head.target) if head else ("-", "-")
        milliseconds = (time.perf_counter() - start) * 1000
        request = Request(method, path, status, milliseconds, sent, response)
        headers = head.headers if head else {}
        self._owner.note(request._replace(headers=headers, response_headers=response_headers))

    def _refuse(self, head: Head | None, error: MalformedRequest) -> None:
        response = Response()
        text = json.dumps({"status_code": error.status, "error": error.error}).encode()
        response.start(
            f"{error.status} {HTTPStatus(error.status).phrase}",
            [("Content-Type", "application/json"), ("Content-Length", str(len(text)))],
        )
        self._note(head, error.status, time.perf_counter())
        self._send(response, [text], keep=False, silent=False)
        # Closing with unread data would reset the connection before the response is read.
        _shut(self.request, socket.SHUT_WR)
        self._reader.end = time.monotonic() + _STOP_SECONDS
        _drained(Body(self._stream, _DRAIN_LIMIT))

    def _send(
        self, response: Response, chunks: Iterable[bytes], *, keep: bool, silent: bool
    ) -> None:
        if self.request.gettimeout() is not None:
            self.request.settimeout(None)
        names = {name.lower() for name, _ in response.headers}
        if "content-length" not in names and response.status[:3] not in ("204", "304"):
            chunks = [b"".join(chunks)]
            response.headers.append(("Content-Length", str(len(chunks[0]))))
        waiting = response_head(response.status, response.headers, keep=keep)
        for chunk in () if silent else chunks:
            if len(waiting) + len(chunk) > _SEND_TOGETHER:
                self.request.sendall(waiting)
                waiting = chunk
            else:
                waiting += chunk
        self.request.sendall(waiting)


def _start_of(body: io.BytesIO | Body) -> bytes:
    """Return the first bytes of a body, as far as they have been read."""
    return body.start if isinstance(body, Body) else body.getvalue()[:BODY_KEPT]


def _drained(body: io.BytesIO | Body) -> bool:
    """Discard the unread rest of a body; return whether it was read to its end."""
    if isinstance(body, io.BytesIO):
        return True
    left = _DRAIN_LIMIT
    try:
        while left > 0 and (piece := body.read(_SEND_TOGETHER)):
            left -= len(piece)
    except (OSError, MalformedRequest):
        return False
    return body.complete


class Server(socketserver.ThreadingTCPServer):
    """Serve a WSGI application, with a thread per connection.

    Args:
        application: The WSGI application.
        host: The address to listen on.
        port: The port to listen on; 0 takes a free one.
        note: Called with each request just before its response is sent.
        tls: The server's side of TLS; None for HTTP without it.

    Raises:
        OSError: If the address cannot be bound.
    """

    daemon_threads = True
    request_queue_size = 128
    # On Windows this option would let two servers share a port.
    allow_reuse_address = os.name != "nt"

    def __init__(
        self,
        application: WSGIApplication,
        host: str,
        port: int,
        note: Callable[[Request], None],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Connection)
        self.application = application
        self.note = note
        self._tls = tls
        self.stopping = False
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._acceptor = threading.Thread(
            target=self.serve_forever, args=(0.02,), name="sandbox-server", daemon=True
        )
        self.environ: WSGIEnvironment = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https" if tls else "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "SCRIPT_NAME": "",
            "SERVER_PORT": str(self.port),
        }

    @property
    def port(self) -> int:
        """Port that the server listens on."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Handle requests in threads until `stop`."""
        self._acceptor.start()

    def stop(self) -> None:
        """Finish responses in progress, then close every connection and the port."""
        self.stopping = True
        if self._acceptor.is_alive():
            self.shutdown()
            self._acceptor.join()
        self.server_close()
        with self._lock:
            connections = dict(self._connections)
        # An idle connection sees the end of its stream; a response in progress is still sent.
        for connection in connections:
            _shut(connection, socket.SHUT_RD)
        end = time.monotonic() + _STOP_SECONDS
        for connection, thread in connections.items():
            thread.join(max(0.0, end - time.monotonic()))
            if thread.is_alive():
                _shut(connection, socket.SHUT_RDWR)
                thread.join(_STOP_SECONDS)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept a connection; its thread shakes hands."""
        connection, address = super().get_request()
        if self._tls is not None:
            connection = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def process_request(self, request: _Accepted, client_address: _Address) -> None:
        """Start the thread of a new connection."""
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
        if isinstance(connection, ssl.SSLSocket):
            end_tls(connection)
        _shut(connection, socket.SHUT_WR)
        connection.close()


def _shut(connection: socket.socket, how: int) -> None:
    with suppress(OSError):  # The connection may be closed already.
        # SSLSocket.shutdown would send the rest of a response without encryption.
        socket.socket.shutdown(connection, how)
