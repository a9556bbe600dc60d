"""Errors for calls without a complete response."""

from __future__ import annotations

import errno
import math
import socket
import ssl
from collections.abc import Callable

import requests
from urllib3.exceptions import (
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)
from urllib3.util import parse_url

from .._interruption import causes
from ..exceptions import (
    ScaleBadResponse,
    ScaleConnectionError,
    ScaleConnectTimeout,
    ScaleDeadlineExceeded,
    ScaleException,
    ScaleReadTimeout,
)
from .adapter import TooLarge
from .call import Call
from .response import describe, shorten

__all__ = ["failure"]

#: Messages for system errors, the same on every platform.
_REASONS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset by the other side",
    errno.EPIPE: "connection closed by the other side",
    errno.ENETUNREACH: "network is unreachable",
    errno.EHOSTUNREACH: "no route to the host",
}

#: Errors that only wrap another.
_WRAPPERS = (requests.RequestException, MaxRetryError, ProxyError, NewConnectionError)


def failure(call: Call, fault: Exception, hide: Callable[[str], str]) -> ScaleException:
    """Create the error for a call that got no complete response.

    Args:
        call: The call.
        fault: The exception of the last attempt.
        hide: A function that removes the client's secrets from a text.
    """
    faults = list(causes(fault))
    for one in faults:
        _clean(one, hide)
    root = _root(faults)
    error = _classified(call, faults, shorten(hide(_reason(root))))
    error = describe(error, call)
    error.__cause__ = root
    root.__cause__ = root.__context__ = None
    return error


def _classified(call: Call, faults: list[BaseException], reason: str) -> ScaleException:
    limits, host = call.options, call.target.origin.netloc
    count = len(call.attempts)
    tried = f" ({count} attempt{'' if count == 1 else 's'})"
    if any(isinstance(one, TooLarge) for one in faults):
        return ScaleBadResponse(reason)
    if call.deadline.left() <= 0.0:
        return ScaleDeadlineExceeded(
            f"No response from {host} within the deadline of {call.deadline.seconds} s{tried}"
        )
    unconnected = _unconnected(call, faults)
    if _timed_out(faults):
        if unconnected:
            limit = limits.connect_timeout or math.inf
            if limit != math.inf:
                limit = min(limit, limits.deadline or math.inf)
            return ScaleConnectTimeout(f"Could not connect to {host} {_within(limit)}{tried}")
        limit = limits.read_timeout or math.inf
        return ScaleReadTimeout(f"No response from {host} {_within(limit)}{tried}")
    if unconnected:
        through = f" through the proxy {_address(call.proxy)}" if call.proxy is not None else ""
        return ScaleConnectionError(f"Could not connect to {host}{through}: {reason}{tried}")
    return ScaleConnectionError(f"No complete response from {host}: {reason}{tried}")


def _within(seconds: float) -> str:
    """Return the timeout as text; ``in time`` if it was a timeout of the system."""
    return "in time" if seconds == math.inf else f"within {seconds} s"


def _address(proxy: str) -> str:
    """Return the host and port of a proxy, without the credentials in its URL."""
    parts = parse_url(proxy)
    return f"{parts.host}:{parts.port}" if parts.port else str(parts.host)


def _clean(fault: BaseException, hide: Callable[[str], str]) -> None:
    """Remove the client's secrets from an exception.

    Its traceback is dropped, because the frames hold the request with its credentials, and error
    reporters may print local variables. Its texts are cleaned, because they may quote a response
    that repeats the request. The request itself is dropped, because tools that send exceptions to
    other processes pickle it.
    """

    def hidden(value: object) -> object:
        if isinstance(value, bytes):
            return hide(value.decode("latin-1")).encode("latin-1")
        return hide(value) if isinstance(value, str) else value

    fault.__traceback__ = None
    fault.args = tuple(map(hidden, fault.args))
    if isinstance(fault, requests.RequestException):
        fault.request = fault.response = None
    for name, value in vars(fault).items():
        if isinstance(value, (str, bytes)):
            setattr(fault, name, hidden(value))


def _timed_out(faults: list[BaseException]) -> bool:
    timeouts = (requests.Timeout, ReadTimeoutError, TimeoutError)
    return any(isinstance(one, timeouts) for one in faults)


def _unconnected(call: Call, faults: list[BaseException]) -> bool:
    """Return whether the last attempt failed while connecting.

    This includes the TLS handshake and the response of a proxy, although urllib3 reports a timeout
    in these as a read timeout.
    """
    connecting = (requests.ConnectTimeout, NewConnectionError, NameResolutionError)
    if any(isinstance(one, connecting) for one in faults):
        return True
    return bool(call.attempts and call.attempts[-1].reached is False)


def _root(faults: list[BaseException]) -> BaseException:
    """Return the original exception, without the exceptions that wrap it."""
    inner = [one for one in faults if not isinstance(one, _WRAPPERS)] or faults
    return inner[-1]


def _reason(root: BaseException) -> str:
    """Return a message for an exception."""
    if isinstance(root, ssl.SSLCertVerificationError):
        return f"the certificate cannot be verified: {root.verify_message or root}"
    if isinstance(root, socket.gaierror):
        return "the name of the host cannot be resolved"
    if isinstance(root, OSError) and root.errno in _REASONS:
        return _REASONS[root.errno]
    return str(root) or type(root).__name__
