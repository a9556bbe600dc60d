"""Answers of the service: the JSON they promise, or the error that they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from http.client import responses as reason_phrases
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import MaxRetryError, ReadTimeoutError

from ._transport.adapter import AnswerTooLarge, chain
from ._transport.call import CallRequest
from .exceptions import (
    ExceptionMap,
    ScaleBadResponse,
    ScaleConnectionError,
    ScaleConnectTimeout,
    ScaleDeadlineExceeded,
    ScaleException,
    ScaleReadTimeout,
    ScaleServerError,
)

__all__ = ["Answer", "JSONObject", "failure"]

#: A JSON object as it came. Its values are whatever the service sends, now or in years.
JSONObject = dict[str, Any]

_E = TypeVar("_E", bound=ScaleException)

#: Characters of an answer that a message shows; the error's ``body`` has them all.
_SHOWN = 500


class Answer:
    """An answer of the service to one call.

    Args:
        request: The request as it was sent.
        response: What came.
        hide: Takes the secrets of the client out of a text.
    """

    def __init__(
        self, request: CallRequest, response: requests.Response, hide: Callable[[str], str]
    ) -> None:
        self.request = request
        self.response = response
        self._hide = hide

    @property
    def content(self) -> bytes:
        """The body."""
        content: bytes = self.response.content or b""
        return content

    @cached_property
    def text(self) -> str:
        """The body as text, without the secrets of the client."""
        return self._hide(self.content.decode("utf-8", "replace"))

    def json(self) -> Any:
        """Return the body as JSON, ``None`` when it is empty.

        Raises:
            ScaleBadResponse: The body is not JSON.
        """
        if not self.content:
            return None
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            pass  # and is no cause: a decoder's error and its frames hold the body as it came
        raise self.bad("JSON")

    def json_or_none(self) -> Any:
        """Return the body as JSON, ``None`` when it is not: some calls answer a bare ``OK``."""
        try:
            return self.json()
        except ScaleBadResponse:
            return None

    def json_object(self, *required: str) -> JSONObject:
        """Return the body as a JSON object that has the required keys.

        Raises:
            ScaleBadResponse: It is something else.
        """
        return self.check_object(self.json(), *required)

    def check_object(self, value: object, *required: str) -> JSONObject:
        """Return a part of the body as a JSON object that has the required keys.

        Raises:
            ScaleBadResponse: It is something else.
        """
        if isinstance(value, dict) and None not in map(value.get, required):
            return value
        del value  # for whoever prints the variables of this frame: it may repeat a secret
        keys = f" with {', '.join(map(repr, required))}" if required else ""
        raise self.bad(f"a JSON object{keys}")

    def json_array(self) -> list[Any]:
        """Return the body as a JSON array.

        Raises:
            ScaleBadResponse: It is something else.
        """
        return self.check_array(self.json())

    def check_array(self, value: object) -> list[Any]:
        """Return a part of the body as a JSON array.

        Raises:
            ScaleBadResponse: It is something else.
        """
        if isinstance(value, list):
            return value
        del value  # as above
        raise self.bad("a JSON array")

    def bad(self, expected: str) -> ScaleBadResponse:
        """Return the error that says what was expected and what came instead."""
        came = _shortened(self.text) if self.content else "an empty body"
        error = ScaleBadResponse(f"expected {expected}, got {came}", self.response.status_code)
        return self._described(error)

    def error(self) -> ScaleException:
        """Return the error that this answer is, by its status."""
        status, text = self.response.status_code, self.text
        message = text
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            body = None
        if isinstance(body, dict) and body.get("error") is not None:
            message = body["error"] if isinstance(body["error"], str) else json.dumps(body["error"])
        if 300 <= status < 400:
            message = f"redirects are not followed: {text}"
        cls = ExceptionMap.get(status, ScaleServerError if 500 <= status < 600 else ScaleException)
        shown = _shortened(message) or reason_phrases.get(status, "no text")
        return self._described(cls(shown, status))

    def _described(self, error: _E) -> _E:
        error.status = self.response.status_code
        headers = self.response.headers
        error.headers = CaseInsensitiveDict({key: self._hide(headers[key]) for key in headers})
        error.body = self.text
        outcomes = self.request.call.outcomes
        error.retry_after = outcomes[-1].retry_after if outcomes else None
        return _describe_call(error, self.request)


def failure(request: CallRequest, fault: Exception, hide: Callable[[str], str]) -> ScaleException:
    """Return the error for a call that brought no whole answer.

    Args:
        request: The request as it was sent.
        fault: What the transport raised at last.
        hide: Takes the secrets of the client out of a text.
    """
    limits, faults = request.call.options, list(chain(fault))
    for one in faults:
        _clean(one, hide)
    host = urlsplit(request.url or "").netloc
    reason = _shortened(hide(_innermost(faults)))
    error: ScaleException
    if any(isinstance(one, AnswerTooLarge) for one in faults):
        error = ScaleBadResponse(reason)
    elif request.call.deadline.left() <= 0.0:
        error = ScaleDeadlineExceeded(
            f"no answer from {host} within the deadline of {request.call.deadline.seconds} s"
        )
    elif _timed_out(fault, faults) and _unconnected(fault, request):
        error = ScaleConnectTimeout(f"no connection to {host} within {limits.connect_timeout} s")
    elif _timed_out(fault, faults):
        error = ScaleReadTimeout(f"no answer from {host} within {limits.read_timeout} s")
    else:
        error = ScaleConnectionError(f"no whole answer from {host}: {reason}")
    return _describe_call(error, request)


def _clean(fault: BaseException, hide: Callable[[str], str]) -> None:
    """Take out of a fault what it could show of the secrets of the client.

    The frames below ours hold the request with its credentials; an error reporter that prints
    local variables must not find them. The text may quote what the service sent, which may be
    what it was sent.
    """

    def hidden(value: object) -> object:
        if isinstance(value, bytes):
            return hide(value.decode("latin-1")).encode("latin-1")
        return hide(value) if isinstance(value, str) else value

    fault.__traceback__ = None
    fault.args = tuple(map(hidden, fault.args))
    for name, value in vars(fault).items():
        if isinstance(value, (str, bytes)):
            setattr(fault, name, hidden(value))


def _timed_out(fault: Exception, faults: list[BaseException]) -> bool:
    return isinstance(fault, requests.Timeout) or any(
        isinstance(one, ReadTimeoutError) for one in faults
    )


def _unconnected(fault: Exception, request: CallRequest) -> bool:
    """Return whether the last attempt failed while it connected.

    A TLS handshake and the answer of a proxy are waited for like any other bytes, but they
    belong to connecting and have the connect timeout.
    """
    outcomes = request.call.outcomes
    return isinstance(fault, requests.ConnectTimeout) or bool(outcomes and not outcomes[-1].reached)


def _describe_call(error: _E, request: CallRequest) -> _E:
    error.method = request.method
    error.path = urlsplit(request.url or "").path
    error.attempts = len(request.call.outcomes)
    # An answer that cannot be read is one to a call that was carried out.
    applied = isinstance(error, ScaleBadResponse) or request.call.may_have_been_applied
    if request.method != "GET" and applied:
        error.may_have_been_applied = True
        error.add_hint("The service may nevertheless have carried the call out.")
    return error


def _innermost(faults: list[BaseException]) -> str:
    """Return the text of the fault that the others were made from."""
    wrappers = (requests.RequestException, MaxRetryError)
    inner = [one for one in faults if not isinstance(one, wrappers)] or faults
    return str(inner[-1]) or type(inner[-1]).__name__


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"
