"""Calls without a complete response: the class and the text of their error."""

from __future__ import annotations

import socket
import ssl
import traceback
from typing import Any

import pytest
import requests
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from scaleapi._http.adapter import TooLarge
from scaleapi._http.call import Call, Deadline, Options
from scaleapi._http.failure import failure
from scaleapi._http.policy import Attempt
from scaleapi._http.url import parse_link
from scaleapi.exceptions import (
    ScaleBadResponse,
    ScaleConnectionError,
    ScaleConnectTimeout,
    ScaleDeadlineExceeded,
    ScaleException,
    ScaleReadTimeout,
)

POOL, CONNECTION = HTTPConnectionPool("h"), HTTPConnection("h")


def make_call(
    *attempts: Attempt, proxy: str | None = None, seconds: float | None = None, **options: Any
) -> Call:
    url = parse_link("http://h:9/v1/task/t?x=1")
    call = Call("POST", url, proxy, Options(**options), False, Deadline(seconds))
    call.attempts += attempts or [Attempt(reached=True)]
    return call


def wrapped(cause: BaseException) -> requests.ConnectionError:
    """Wrap an error like requests wraps urllib3 errors."""
    return requests.ConnectionError(MaxRetryError(POOL, "/v1/task/t", cause))  # type: ignore[arg-type]


def refused() -> BaseException:
    return caused(NewConnectionError(CONNECTION, "refused"), ConnectionRefusedError(111, "x"))


def unresolved() -> BaseException:
    return caused(NameResolutionError("h", CONNECTION, NOT_FOUND), NOT_FOUND)


def caused(error: BaseException, cause: BaseException) -> BaseException:
    """Return an error that was raised while the cause was handled."""
    try:
        try:
            raise cause
        except type(cause):
            raise error  # noqa: B904
    except type(error) as raised:
        return raised


UNSENT, SENT = Attempt(reached=False), Attempt(reached=True)
NOT_FOUND = socket.gaierror(-2, "Name not known")
RESET = ProtocolError("Connection aborted.", ConnectionResetError(104, "x"))

FAILURES: list[tuple[Call, Exception, type[ScaleException], str]] = [
    (
        make_call(UNSENT),
        wrapped(refused()),
        ScaleConnectionError,
        "Could not connect to h:9: connection refused (1 attempt)",
    ),
    (
        make_call(UNSENT, UNSENT, UNSENT, UNSENT),
        wrapped(refused()),
        ScaleConnectionError,
        "Could not connect to h:9: connection refused (4 attempts)",
    ),
    (
        make_call(UNSENT, proxy="http://p:1"),
        wrapped(refused()),
        ScaleConnectionError,
        "Could not connect to h:9 through the proxy p:1: connection refused (1 attempt)",
    ),
    (
        make_call(UNSENT),
        wrapped(unresolved()),
        ScaleConnectionError,
        "Could not connect to h:9: the name of the host cannot be resolved (1 attempt)",
    ),
    (
        make_call(UNSENT, connect_timeout=2.5),
        wrapped(caused(ConnectTimeoutError(CONNECTION, "timed out"), TimeoutError("timed out"))),
        ScaleConnectTimeout,
        "Could not connect to h:9 within 2.5 s (1 attempt)",
    ),
    (  # the system has a limit of its own
        make_call(UNSENT, connect_timeout=None),
        wrapped(caused(NewConnectionError(CONNECTION, "x"), TimeoutError(110, "x"))),
        ScaleConnectTimeout,
        "Could not connect to h:9 in time (1 attempt)",
    ),
    (
        make_call(read_timeout=2.5),
        requests.ReadTimeout(ReadTimeoutError(POOL, "/", "Read timed out.")),
        ScaleReadTimeout,
        "No response from h:9 within 2.5 s (1 attempt)",
    ),
    (
        make_call(read_timeout=None),
        ProtocolError("Connection aborted.", TimeoutError(110, "x")),
        ScaleReadTimeout,
        "No response from h:9 in time (1 attempt)",
    ),
    (  # a TLS handshake waits for bytes, and belongs to connecting
        make_call(UNSENT, connect_timeout=2.5),
        requests.ReadTimeout(ReadTimeoutError(POOL, "/", "Read timed out.")),
        ScaleConnectTimeout,
        "Could not connect to h:9 within 2.5 s (1 attempt)",
    ),
    (
        make_call(SENT, SENT, seconds=-1),
        ProtocolError("Connection aborted.", TimeoutError("x")),
        ScaleDeadlineExceeded,
        "No response from h:9 within the deadline of -1 s (2 attempts)",
    ),
    (
        make_call(),
        wrapped(RESET),
        ScaleConnectionError,
        "No complete response from h:9: connection reset by the other side (1 attempt)",
    ),
    (
        make_call(),
        TooLarge("the body is larger than 7 bytes"),
        ScaleBadResponse,
        "the body is larger than 7 bytes",
    ),
]


@pytest.mark.parametrize(("call", "fault", "kind", "text"), FAILURES, ids=range(len(FAILURES)))
def test_failure(call: Call, fault: Exception, kind: type[ScaleException], text: str) -> None:
    """There was no response, so the text does not begin with a status."""
    error = failure(call, fault, str)
    assert type(error) is kind
    applied = call.attempts[-1].reached is not False
    hint = ". The service may nevertheless have carried the call out." if applied else ""
    assert str(error) == error.message == f"{text}{hint}"
    assert (error.method, error.path) == ("POST", "/v1/task/t")
    assert (error.attempts, error.status) == (len(call.attempts), None)
    assert error.may_have_been_applied is applied


@pytest.mark.parametrize(
    "fault",
    [
        wrapped(refused()),
        wrapped(RESET),
        wrapped(unresolved()),
    ],
)
def test_one_cause_is_chained(fault: Exception) -> None:
    """Other causes are internals of urllib3 and requests."""
    try:
        error = failure(make_call(), fault, str)
        raise error from error.__cause__
    except ScaleException as caught:
        lines = "".join(traceback.format_exception(caught))
    assert lines.count("direct cause of the following") == 1
    assert "During handling of the above" not in lines
    assert "Max retries exceeded" not in lines


def test_a_certificate_that_cannot_be_verified() -> None:
    problem = ssl.SSLCertVerificationError(1, "x")
    problem.verify_message = "self-signed certificate"
    error = failure(make_call(UNSENT), wrapped(problem), str)
    assert str(error) == (
        "Could not connect to h:9: the certificate cannot be verified: self-signed certificate"
        " (1 attempt)"
    )


def test_secrets_are_hidden_in_the_error_and_in_its_cause() -> None:
    cause = ProtocolError("bad line", b"echo: live_secret")
    error = failure(make_call(), wrapped(cause), lambda text: text.replace("live_secret", "-"))
    shown = "".join(traceback.format_exception(error))
    assert "live_secret" not in shown
    assert error.__cause__ is not None
    assert error.__cause__.__traceback__ is None
