"""The application as callers find it while fault rules are set."""

from __future__ import annotations

import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from ..http.server import CONNECTION_KEY, RawConnection, response_head
from .fault import Fault, is_exempt
from .rule_set import Faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_Headers = list[tuple[str, str]]

_PIECE = 65_536
_DRIP_SECONDS = 0.1


class FaultMiddleware:
    """A WSGI application whose calls go wrong as the rules say.

    Args:
        application: The application that answers.
        faults: The rules.
    """

    def __init__(self, application: WSGIApplication, faults: Faults) -> None:
        self._application = application
        self._faults = faults

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a call, or let it go wrong."""
        rules = len(self._faults)
        if not rules:
            return self._application(environ, start_response)
        extra_headers = [("Scale-Sandbox-Faults", f"{rules} rule{'' if rules == 1 else 's'}")]
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        rule = None
        if not is_exempt(path):
            rule = self._faults.choose(environ["REQUEST_METHOD"], path)
        if rule is None:
            return self._application(environ, _adding(extra_headers, start_response))
        name = str(rule.fault).encode("ascii", "backslashreplace").decode()
        extra_headers.append(("Scale-Sandbox-Fault", name))
        call = _Call(self._application, environ, start_response, extra_headers, self._faults)
        response = call.run_application() if rule.fault.after_commit else _BROKEN
        return _EFFECTS.get(rule.fault.effect, _status)(call, rule.fault, response)


def _adding(extra_headers: _Headers, start_response: StartResponse) -> StartResponse:
    """Return a ``start_response`` that adds headers."""

    def start(status: str, headers: _Headers, *_exc_info: object) -> Callable[[bytes], object]:
        return start_response(status, headers + extra_headers)

    return start


class _Response(NamedTuple):
    """An answer of the application, or one in its place."""

    status: str
    headers: _Headers
    body: bytes


class _Call(NamedTuple):
    """A call that a rule applies to."""

    application: WSGIApplication
    environ: WSGIEnvironment
    start_response: StartResponse
    extra_headers: _Headers
    faults: Faults

    def run_application(self) -> _Response:
        """Return the application's answer; what the call changes is committed then."""
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

    def respond(self, response: _Response) -> Iterable[bytes]:
        """Answer as usual."""
        self.start_response(response.status, response.headers + self.extra_headers)
        return [response.body]

    def take(self) -> socket.socket:
        """Return the connection, to answer by hand and close."""
        # Closing on unread bytes would reset a connection that is to be closed in order.
        while self.environ["wsgi.input"].read(_PIECE):
            pass
        raw_connection: RawConnection = self.environ[CONNECTION_KEY]
        return raw_connection.take()

    def raw(self, response: _Response) -> tuple[bytes, bytes]:
        """Return the head and the body of an answer as they travel."""
        head = response_head(response.status, response.headers + self.extra_headers, keep=False)
        return head, b"" if self.environ["REQUEST_METHOD"] == "HEAD" else response.body


def _replacement(fault: Fault) -> _Response:
    """Return the answer that a status stands for."""
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
    return call.respond(_replacement(fault))


def _reset(call: _Call, _fault: Fault, _response: _Response) -> Iterable[bytes]:
    connection = call.take()
    # Windows wants two shorts, everybody else two ints.
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    # Closed here, before the server ends the connection in order.
    connection.close()
    return ()


def _close(call: _Call, _fault: Fault, _response: _Response) -> Iterable[bytes]:
    call.take()
    return ()


def _hang(call: _Call, fault: Fault, _response: _Response) -> Iterable[bytes]:
    connection = call.take()
    end = None if fault.seconds is None else time.monotonic() + fault.seconds
    # The end of the stream: the client has gone, or the server stops.
    with suppress(OSError):
        connection.settimeout(fault.seconds)
        while connection.recv(_PIECE):
            if end is not None:
                connection.settimeout(max(0.0, end - time.monotonic()))
    return ()


def _delay(call: _Call, fault: Fault, response: _Response) -> Iterable[bytes]:
    call.faults.wait(fault.seconds or 0)
    return call.respond(response if fault.after_commit else call.run_application())


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
    "delay": _delay,
    "truncate": _truncate,
    "drip": _drip,
}
