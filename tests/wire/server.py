"""A configurable misbehaving server on loopback that records its requests.

A test gives the server a script: one :class:`Step` per request, in the order in which requests
arrive. After the script, responses come from the ``service``, a function from a request to a reply.
A step is a fault :func:`before` or :func:`after` the commit, that is, before or after the service
processes the request. ``connections``, ``requests`` (with their exact bytes) and ``applied`` record
what happened.

Hanging connections do not sleep: they wait until the peer disconnects or the server is closed,
which ends all its threads and sockets.
"""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from typing_extensions import Self  # that of typing is newer than the oldest Python

#: Bytes of a body that are kept; of a larger one there are only the size and the digest.
KEPT = 8 * 1024 * 1024

#: Seconds within which every thread must have ended after its socket was shut.
GRACE = 10.0


@dataclass(frozen=True)
class Request:
    """A received request.

    Attributes:
        connection: The number of its connection, from 1.
        at: When it was there as a whole, by the monotonic clock.
        head: The bytes of its request line and headers.
        body: The bytes of its body, empty when it was larger than is kept.
        size: The length of the body.
        digest: The SHA-256 of the body.
    """

    connection: int
    at: float
    head: bytes
    body: bytes = b""
    size: int = 0
    digest: str = ""

    @property
    def raw(self) -> bytes:
        """The complete bytes."""
        return self.head + self.body

    @property
    def method(self) -> str:
        """The method."""
        return self.head.split(b" ", 1)[0].decode("ascii")

    @property
    def target(self) -> str:
        """The target of the request line, as it was sent."""
        return self.head.split(b" ", 2)[1].decode("ascii")

    @property
    def path(self) -> str:
        """The path, still quoted."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        """The query, unquoted."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def headers(self) -> dict[str, str]:
        """The headers, by lower-case name."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        return {name.lower(): value.strip() for name, _, value in pairs}

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """A response to send.

    Attributes:
        content: What is sent as JSON, or as it is if it is bytes.
        status: The HTTP status.
        headers: Further headers; one that is ``None`` is left out even if it is usual.
    """

    content: Any = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The bytes of the body."""
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content).encode()

    @property
    def head(self) -> bytes:
        """The bytes of the status line and headers."""
        usual: dict[str, str | None] = {
            "Date": formatdate(usegmt=True),
            "Content-Type": "application/json",
            "Content-Length": str(len(self.body)),
        }
        lines = [
            f"{name}: {value}" for name, value in (usual | dict(self.headers)).items() if value
        ]
        return "\r\n".join([f"HTTP/1.1 {self.status} Reason", *lines, "", ""]).encode()

    @property
    def raw(self) -> bytes:
        """The complete bytes."""
        return self.head + self.body


Service = Callable[[Request], Reply]


class Exchange:
    """A request on its connection, with the actions that a fault can take."""

    def __init__(self, server: Server, line: _Line, request: Request) -> None:
        self.server = server
        self.request = request
        self._line = line

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self._line.sock.sendall(data)

    def close(self) -> None:
        """Close the connection gracefully."""
        self._line.close()

    def reset(self) -> None:
        """Reset the connection, discarding unsent data."""
        # Windows wants two shorts, everybody else two ints.
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self._line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._line.close()

    def shut(self) -> None:
        """Close the connection gracefully from another thread."""
        _shut(self._line.sock)

    def hold(self) -> None:
        """Send nothing until the peer disconnects or the server is closed."""
        self._line.drain()
        self._line.close()

    def pause(self, seconds: float) -> bool:
        """Wait for a time or until the server is closed; return whether it is running."""
        return not self.server.stopping.wait(seconds)

    def tunnel(self, address: tuple[str, int], slow: threading.Event) -> None:
        """Relay bytes between the peer and another server, until one side closes.

        Args:
            address: The other server.
            slow: While it is set, the bytes of the other server are relayed one by one.
        """
        far = self.server.adopt(socket.create_connection(address))
        self.send(b"HTTP/1.1 200 Connection established\r\n\r\n")

        def relay(data: bytes) -> None:
            while slow.is_set() and data:
                self.send(data[:1])
                data = data[1:]
                self.pause(0.05)
            self.send(data)

        back = self.server.start(lambda: _pump(far, self._line, relay))
        _pump(self._line, far, far.sock.sendall)
        back.join(GRACE)
        far.close()
        self._line.close()


Fault = Callable[[Exchange, Reply], None]


@dataclass(frozen=True)
class Step:
    """The handling of one request.

    Attributes:
        fault: What happens to the connection; it gets the reply of the service.
        carried_out: Whether the service carries the request out before that.
    """

    fault: Fault
    carried_out: bool


def before(fault: Fault) -> Step:
    """Inject the fault before the service processes the request."""
    return Step(fault, carried_out=False)


def after(fault: Fault) -> Step:
    """Inject the fault after the service has processed the request."""
    return Step(fault, carried_out=True)


def reset(exchange: Exchange, reply: Reply) -> None:
    """Reset the connection."""
    exchange.reset()


def close(exchange: Exchange, reply: Reply) -> None:
    """Close the connection without a response."""
    exchange.close()


def hang(exchange: Exchange, reply: Reply) -> None:
    """Never respond."""
    exchange.hold()


def truncate(exchange: Exchange, reply: Reply) -> None:
    """Close the connection in the middle of the response body."""
    exchange.send(reply.head + reply.body[: len(reply.body) // 2])
    exchange.close()


def succeed(exchange: Exchange, reply: Reply) -> None:
    """Send the response."""
    exchange.send(reply.raw)


def delay(seconds: float, then: Fault = succeed) -> Fault:
    """Wait, then continue with another step, by default sending the reply."""

    def fault(exchange: Exchange, reply: Reply) -> None:
        if exchange.pause(seconds):
            then(exchange, reply)

    return fault


def say(data: bytes, *, then: Fault = close) -> Fault:
    """Send some bytes, then continue with another step."""

    def fault(exchange: Exchange, reply: Reply) -> None:
        exchange.send(data)
        then(exchange, reply)

    return fault


def respond(content: Any = None, status: int = 200, **headers: str | None) -> Fault:
    """Replace the response. ``Retry_After`` sets the header ``Retry-After``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"status_code": status, "error": f"told to return {status}"}
    other = Reply(body if content is None else content, status, named)
    return lambda exchange, reply: exchange.send(other.raw)


def drip(data: bytes, interval: float = 0.05) -> Fault:
    """Send the bytes one by one, then nothing more."""

    def fault(exchange: Exchange, reply: Reply) -> None:
        for byte in data:
            exchange.send(bytes([byte]))
            if not exchange.pause(interval):
                return
        exchange.hold()

    return fault


def endlessly(start: bytes, piece: bytes, interval: float = 0.001) -> Fault:
    """Send a start, then the same piece repeatedly until the peer disconnects."""

    def fault(exchange: Exchange, reply: Reply) -> None:
        exchange.send(start)
        while exchange.pause(interval):
            exchange.send(piece)

    return fault


def tunnel(slow: threading.Event) -> Fault:
    """Act as a proxy that relays a response byte by byte while the event is set."""

    def fault(exchange: Exchange, reply: Reply) -> None:
        host, _, port = exchange.request.target.rpartition(":")
        exchange.tunnel((host, int(port)), slow)

    return fault


#: Act as a proxy: open the tunnel for a CONNECT request.
connect_through = tunnel(threading.Event())


class Server:
    """A listening socket with a thread for each connection.

    Args:
        service: A function that makes the responses after the script.
        tls: The TLS context of the server; ``None`` for plain HTTP.
        default: The step for requests after the script.
        mute: Whether to accept connections without reading or sending anything.
        stall_bodies: Whether to read only the head of a request.
        rate: Bytes of bodies to read per second; by default unlimited.
        stop_after: Number of bytes of a body after which reading stops.

    Attributes:
        connections: How many connections it took.
        ended: How many of these are over.
        resets: How many of these ended in an error, such as a reset of the client's.
    """

    def __init__(
        self,
        service: Service | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        default: Step | None = None,
        mute: bool = False,
        stall_bodies: bool = False,
        rate: float | None = None,
        stop_after: int | None = None,
    ) -> None:
        self.service: Service = service or (lambda request: Reply())
        self.default = default or after(succeed)
        self.mute = mute
        self.stall_bodies = stall_bodies
        self.rate = rate
        self.stop_after = stop_after
        self.connections = 0
        self.ended = 0
        self.resets = 0
        self.handshakes_failed = 0
        self.peer_certificates: list[Any] = []
        self.requests: list[Request] = []
        self.applied: list[Request] = []
        self.stopping = threading.Event()
        self._tls = tls
        self._script: deque[Step] = deque()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        if rate or stop_after:
            _keep_little_under_way(self._listener)
        self.port: int = self._listener.getsockname()[1]
        self.start(self._accept)

    @property
    def origin(self) -> str:
        """Its URL without a path."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base URL of the API that it serves."""
        return f"{self.origin}/v1"

    @property
    def open(self) -> int:
        """The number of open connections."""
        return self.connections - self.ended

    def script(self, *steps: Step) -> None:
        """Set the handling of the next requests."""
        self._script.extend(steps)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait until a condition is true.

        Raises:
            AssertionError: It did not become true.
        """
        with self._changed:
            assert self._changed.wait_for(condition, seconds), "the server never saw it"

    def start(self, work: Callable[[], None]) -> threading.Thread:
        """Run a function in a thread that ends with the server."""
        thread = threading.Thread(target=work, name=f"server {work}", daemon=True)
        with self._changed:
            self._threads.append(thread)
        thread.start()
        return thread

    def adopt(self, sock: socket.socket) -> _Line:
        """Shut a socket when the server is closed."""
        with self._changed:
            self._sockets.append(sock)
        if self.stopping.is_set():
            _shut(sock)
        return _Line(sock)

    def close(self) -> None:
        """End every thread and socket.

        Raises:
            AssertionError: A thread did not end.
        """
        if self.stopping.is_set():
            return
        self.stopping.set()
        with suppress(OSError):  # wakes the accepting thread on every platform
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        with self._changed:
            for sock in self._sockets:
                _shut(sock)
            threads = list(self._threads)
        for thread in threads:
            thread.join(GRACE)
        for sock in self._sockets:
            sock.close()
        self._listener.close()
        assert not [thread for thread in threads if thread.is_alive()]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self.stopping.is_set():
                sock.close()
                return
            # The last piece of a large response would wait for the client's delayed ACK.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                self.connections += 1
                number = self.connections
                self._changed.notify_all()
            line = self.adopt(sock)
            self.start(lambda line=line, number=number: self._serve(line, number))  # type: ignore[misc]

    def _serve(self, line: _Line, number: int) -> None:
        try:
            if self.mute:
                self.stopping.wait()
                return
            if self._tls is not None:
                line = self._secure(line)
            while (request := self._read(line, number)) is not None:
                self._answer(Exchange(self, line, request))
        except OSError:  # the peer went away, as many of these tests want it to
            with self._changed:
                self.resets += 1
        finally:
            line.close()
            with self._changed:
                self.ended += 1
                self._changed.notify_all()

    def _secure(self, line: _Line) -> _Line:
        assert self._tls is not None
        sock = self._tls.wrap_socket(line.sock, server_side=True, do_handshake_on_connect=False)
        secured = self.adopt(sock)
        try:
            sock.do_handshake()
        except OSError:
            with self._changed:
                self.handshakes_failed += 1
                self._changed.notify_all()
            sock.close()
            raise
        self.peer_certificates.append(sock.getpeercert())
        return secured

    def _read(self, line: _Line, number: int) -> Request | None:
        head = line.read_head()
        if head is None:
            return None
        request = Request(number, time.monotonic(), head)
        size = int(request.headers.get("content-length", 0))
        if self.stall_bodies:
            with self._changed:
                self.requests.append(request)
                self._changed.notify_all()
            self.stopping.wait()
            return None
        if self.stop_after is not None and size > self.stop_after:
            line.read_body(self.stop_after)
            self.stopping.wait()
            return None
        body, digest = line.read_body(size, self._pause_after)
        return Request(number, time.monotonic(), head, body, size, digest)

    def _pause_after(self, size: int) -> None:
        if self.rate is not None and self.stopping.wait(size / self.rate):
            raise ConnectionError("the server is being closed")

    def _answer(self, exchange: Exchange) -> None:
        with self._changed:
            self.requests.append(exchange.request)
            step = self._script.popleft() if self._script else self.default
            reply = Reply({"padding": "x" * 100})
            if step.carried_out:
                self.applied.append(exchange.request)
                reply = self.service(exchange.request)
            self._changed.notify_all()
        step.fault(exchange, reply)


@contextmanager
def full_backlog() -> Generator[int]:
    """Yield a port where connections are neither accepted nor refused.

    Its backlog is full, which makes Linux and macOS ignore whoever wants to connect.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # more than any platform makes of a backlog of 0
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


class _Line:
    """A socket with a read buffer."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._early = b""

    def receive(self) -> bytes:
        """Return some bytes; ``b""`` if the peer has disconnected."""
        data, self._early = self._early, b""
        return data or self.sock.recv(65536)

    def read_head(self) -> bytes | None:
        """Return the bytes up to an empty line; ``None`` if the peer has disconnected."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.receive()
            if not piece:
                return None
            data += piece
        head, _, self._early = data.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def read_body(
        self, size: int, pause_after: Callable[[int], None] | None = None
    ) -> tuple[bytes, str]:
        """Return this number of bytes, or ``b""`` if there are too many, and their digest."""
        kept, left, digest = bytearray(), size, hashlib.sha256()
        while left:
            piece = self.receive()
            if not piece:
                raise ConnectionError("the peer went away in the middle of a body")
            piece, self._early = piece[:left], piece[left:]
            left -= len(piece)
            digest.update(piece)
            if size <= KEPT:
                kept += piece
            if pause_after is not None:
                pause_after(len(piece))
        return bytes(kept), digest.hexdigest()

    def drain(self) -> None:
        """Read until the peer disconnects."""
        with suppress(OSError):
            while self.receive():
                pass

    def close(self) -> None:
        self.sock.close()


def _pump(source: _Line, sink: _Line, relay: Callable[[bytes], None]) -> None:
    with suppress(OSError):
        while data := source.receive():
            relay(data)
    _shut(source.sock)
    _shut(sink.sock)


def _keep_little_under_way(listener: socket.socket) -> None:
    """Use a small receive buffer, so that peers notice slow reads.

    Over loopback the kernel would take megabytes at once: of its own accord, and because the
    segments are 64 KB there.
    """
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    with suppress(OSError):  # not everywhere can it be set
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        # Not the shutdown of SSLSocket, which takes the TLS state away under a reading thread.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
