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

from ..http.server import WIRE, Wire, answer_head
from .fault import Fault, is_spared
from .rule_set import Faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_Headers = list[tuple[str, str]]

_PIECE = 65_536
_DRIP_SECONDS = 0.1


class Faulty:
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
        notices = [("Scale-Sandbox-Faults", f"{rules} rule{'' if rules == 1 else 's'}")]
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        rule = None
        if not is_spared(path):
            rule = self._faults.choose(environ["REQUEST_METHOD"], path)
        if rule is None:
            return self._application(environ, _adding(notices, start_response))
        name = str(rule.fault).encode("ascii", "backslashreplace").decode()
        notices.append(("Scale-Sandbox-Fault", name))
        call = _Call(self._application, environ, start_response, notices, self._faults)
        answer = call.carry_out() if rule.fault.after_commit else _BROKEN
        return _EFFECTS.get(rule.fault.effect, _status)(call, rule.fault, answer)


def _adding(notices: _Headers, start_response: StartResponse) -> StartResponse:
    """Return a ``start_response`` that adds headers."""

    def start(status: str, headers: _Headers, *_exc_info: object) -> Callable[[bytes], object]:
        return start_response(status, headers + notices)

    return start


class _Answer(NamedTuple):
    """An answer of the application, or one in its place."""

    status: str
    headers: _Headers
    body: bytes


class _Call(NamedTuple):
    """A call that a rule applies to."""

    application: WSGIApplication
    environ: WSGIEnvironment
    start_response: StartResponse
    notices: _Headers
    faults: Faults

    def carry_out(self) -> _Answer:
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
        return _Answer(*said[-1], body)

    def give(self, answer: _Answer) -> Iterable[bytes]:
        """Answer as usual."""
        self.start_response(answer.status, answer.headers + self.notices)
        return [answer.body]

    def take(self) -> socket.socket:
        """Return the connection, to answer by hand and close."""
        # Closing on unread bytes would reset a connection that is to be closed in order.
        while self.environ["wsgi.input"].read(_PIECE):
            pass
        wire: Wire = self.environ[WIRE]
        return wire.take()

    def raw(self, answer: _Answer) -> tuple[bytes, bytes]:
        """Return the head and the body of an answer as they travel."""
        head = answer_head(answer.status, answer.headers + self.notices, keep=False)
        return head, b"" if self.environ["REQUEST_METHOD"] == "HEAD" else answer.body


def _made_up(fault: Fault) -> _Answer:
    """Return the answer that a status stands for."""
    status = int(fault.effect)
    known = status in HTTPStatus.__members__.values()
    headers = list((fault.headers or {}).items())
    given = {name.lower() for name, _ in headers}
    if fault.content and "content-type" not in given:
        headers.append(("Content-Type", fault.content_type))
    if fault.content and "content-length" not in given:
        headers.append(("Content-Length", str(len(fault.content))))
    return _Answer(
        f"{status} {HTTPStatus(status).phrase if known else 'Made Up'}", headers, fault.content
    )


_BROKEN = _made_up(Fault("*", "**", 500))


def _status(call: _Call, fault: Fault, _answer: _Answer) -> Iterable[bytes]:
    return call.give(_made_up(fault))


def _reset(call: _Call, _fault: Fault, _answer: _Answer) -> Iterable[bytes]:
    connection = call.take()
    # Windows wants two shorts, everybody else two ints.
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    # Closed here, before the server ends the connection in order.
    connection.close()
    return ()


def _close(call: _Call, _fault: Fault, _answer: _Answer) -> Iterable[bytes]:
    call.take()
    return ()


def _hang(call: _Call, fault: Fault, _answer: _Answer) -> Iterable[bytes]:
    connection = call.take()
    end = None if fault.seconds is None else time.monotonic() + fault.seconds
    # The end of the stream: the client has gone, or the server stops.
    with suppress(OSError):
        connection.settimeout(fault.seconds)
        while connection.recv(_PIECE):
            if end is not None:
                connection.settimeout(max(0.0, end - time.monotonic()))
    return ()


def _delay(call: _Call, fault: Fault, answer: _Answer) -> Iterable[bytes]:
    call.faults.wait(fault.seconds or 0)
    return call.give(answer if fault.after_commit else call.carry_out())


def _truncate(call: _Call, _fault: Fault, answer: _Answer) -> Iterable[bytes]:
    head, body = call.raw(answer)
    call.take().sendall(head + body[: len(body) // 2])
    return ()


def _drip(call: _Call, fault: Fault, answer: _Answer) -> Iterable[bytes]:
    seconds = _DRIP_SECONDS if fault.seconds is None else fault.seconds
    connection = call.take()
    for byte in b"".join(call.raw(answer)):
        connection.sendall(bytes([byte]))
        if not call.faults.wait(seconds):
            break
    return ()


_EFFECTS: Mapping[object, Callable[[_Call, Fault, _Answer], Iterable[bytes]]] = {
    "reset": _reset,
    "close": _close,
    "hang": _hang,
    "delay": _delay,
    "truncate": _truncate,
    "drip": _drip,
}
