"""WSGI middleware that makes requests fail."""

from __future__ import annotations

import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from ..http.response import response_head
from ..http.server import CONNECTION_KEY, RawConnection
from .fault import Fault, is_exempt
from .rule_set import Faults, Rule
from .traffic import Latency

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_Headers = list[tuple[str, str]]

_PIECE = 65_536
_DRIP_SECONDS = 0.1


class FaultMiddleware:
    """WSGI middleware that applies the latency and fault rules.

    Args:
        application: The application to wrap.
        faults: The rules.
        latency: Returns the current latency.
    """

    def __init__(
        self,
        application: WSGIApplication,
        faults: Faults,
        latency: Callable[[], Latency] = Latency,
    ) -> None:
        self._application = application
        self._faults = faults
        self._latency = latency

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle a request, or make it fail."""
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        latency = self._latency()
        if latency.seconds and not is_exempt(path):
            self._faults.wait(latency.draw())
        rules = len(self._faults)
        if not rules:
            return self._application(environ, start_response)
        extra_headers = [("Scale-Sandbox-Faults", f"{rules} rule{'' if rules == 1 else 's'}")]
        chosen: list[Rule] = []
        if not is_exempt(path):
            chosen = self._faults.choose(environ["REQUEST_METHOD"], path)
        if not chosen:
            return self._application(environ, _adding(extra_headers, start_response))
        for rule in chosen:
            name = str(rule.fault).encode("ascii", "backslashreplace").decode()
            extra_headers.append(("Scale-Sandbox-Fault", name))
        call = _Call(self._application, environ, start_response, extra_headers, self._faults)
        return call.fail(chosen)


def _adding(extra_headers: _Headers, start_response: StartResponse) -> StartResponse:
    """Return a ``start_response`` that adds headers."""

    def start(status: str, headers: _Headers, *_exc_info: object) -> Callable[[bytes], object]:
        return start_response(status, headers + extra_headers)

    return start


class _Response(NamedTuple):
    """A response of the application or its replacement."""

    status: str
    headers: _Headers
    body: bytes


class _Call(NamedTuple):
    """A request that a rule applies to."""

    application: WSGIApplication
    environ: WSGIEnvironment
    start_response: StartResponse
    extra_headers: _Headers
    faults: Faults

    def fail(self, rules: Sequence[Rule]) -> Iterable[bytes]:
        """Apply the delays among the rules, and the other one, if any."""
        delays = [rule for rule in rules if rule.fault.effect == "delay"]
        fault = next((rule.fault for rule in rules if rule.fault.effect != "delay"), None)
        self._delay(rule for rule in delays if not rule.fault.after_commit)
        response = self.run_application() if fault is None or fault.after_commit else _BROKEN
        self._delay(rule for rule in delays if rule.fault.after_commit)
        if fault is None:
            return self.send(response)
        return _EFFECTS.get(fault.effect, _status)(self, fault, response)

    def _delay(self, rules: Iterable[Rule]) -> None:
        seconds = sum(rule.delay() for rule in rules)
        if seconds:
            self.faults.wait(seconds)

    def run_application(self) -> _Response:
        """Run the application to its end, which commits its changes, and return its response."""
        said: list[tuple[str, _Headers]] = []

        def start(status: str, headers: _Headers, *_exc_info: object) -> Callable[[bytes], object]:
            said.append((status, headers))
            return lambda _data: None

        chunks = self.application(self.environ, start)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        return _Response(*said[-1], body)

    def send(self, response: _Response) -> Iterable[bytes]:
        """Send a response the normal way."""
        self.start_response(response.status, response.headers + self.extra_headers)
        return [response.body]

    def take(self) -> socket.socket:
        """Take over the connection and return its socket."""
        # Closing with unread data would reset a connection that should close normally.
        while self.environ["wsgi.input"].read(_PIECE):
            pass
        raw_connection: RawConnection = self.environ[CONNECTION_KEY]
        return raw_connection.take()

    def raw(self, response: _Response) -> tuple[bytes, bytes]:
        """Return the head and body of a response in bytes."""
        head = response_head(response.status, response.headers + self.extra_headers, keep=False)
        return head, b"" if self.environ["REQUEST_METHOD"] == "HEAD" else response.body


def _replacement(fault: Fault) -> _Response:
    """Return the response for a status fault."""
    status = int(fault.effect)
    known = status in HTTPStatus.__members__.values()
    headers = list((fault.headers or {}).items())
    given = {name.lower() for name, _ in headers}
    if fault.content and "content-type" not in given:
        headers.append(("Content-Type", fault.content_type))
    if fault.content and "content-length" not in given:
        headers.append(("Content-Length", str(len(fault.content))))
    return _Response(
        f"{status} {HTTPStatus(status).phrase if known else 'Made Up'}", headers, fault.content
    )


_BROKEN = _replacement(Fault("*", "**", 500))


def _status(call: _Call, fault: Fault, _response: _Response) -> Iterable[bytes]:
    return call.send(_replacement(fault))


def _reset(call: _Call, _fault: Fault, _response: _Response) -> Iterable[bytes]:
    connection = call.take()
    # The linger struct has two shorts on Windows and two ints elsewhere.
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    # Close here, before the server shuts the connection down normally.
    connection.close()
    return ()


def _close(call: _Call, _fault: Fault, _response: _Response) -> Iterable[bytes]:
    call.take()
    return ()


def _hang(call: _Call, fault: Fault, _response: _Response) -> Iterable[bytes]:
    connection = call.take()
    end = None if fault.seconds is None else time.monotonic() + fault.seconds
    # The stream ends when the client disconnects or the server stops.
    with suppress(OSError):
        connection.settimeout(fault.seconds)
        while connection.recv(_PIECE):
            if end is not None:
                connection.settimeout(max(0.0, end - time.monotonic()))
    return ()


def _truncate(call: _Call, _fault: Fault, response: _Response) -> Iterable[bytes]:
    head, body = call.raw(response)
    call.take().sendall(head + body[: len(body) // 2])
    return ()


def _drip(call: _Call, fault: Fault, response: _Response) -> Iterable[bytes]:
    seconds = _DRIP_SECONDS if fault.seconds is None else fault.seconds
    connection = call.take()
    for byte in b"".join(call.raw(response)):
        connection.sendall(bytes([byte]))
        if not call.faults.wait(seconds):
            break
    return ()


_EFFECTS: Mapping[object, Callable[[_Call, Fault, _Response], Iterable[bytes]]] = {
    "reset": _reset,
    "close": _close,
    "hang": _hang,
    "truncate": _truncate,
    "drip": _drip,
}
