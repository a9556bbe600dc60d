"""Responses of the service: the JSON that they promise, or the error that they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cached_property
from http.client import responses as reason_phrases
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from requests.structures import CaseInsensitiveDict

from ..exceptions import ExceptionMap, ScaleBadResponse, ScaleException, ScaleServerError
from .call import Call
from .decoding import decode
from .url import Url, redirect_target

if TYPE_CHECKING:
    from typing import TypeGuard

__all__ = [
    "JSONObject",
    "Response",
    "bad_response",
    "check_array",
    "check_object",
    "describe",
    "is_object",
    "object_with",
    "shorten",
]

#: A JSON object as it came. Its values are whatever the service sends, now or in years.
JSONObject = dict[str, Any]

_E = TypeVar("_E", bound=ScaleException)

#: Characters of a response that a message shows; the error's ``body`` has them all.
_SHOWN = 500

#: The last response of this thread.
_latest: ContextVar[Response | None] = ContextVar("scaleapi_response", default=None)


class Response:
    """The response of the service to one call.

    Args:
        call: The call.
        response: What came.
        hide: Removes the secrets of the client from a text.
    """

    def __init__(self, call: Call, response: requests.Response, hide: Callable[[str], str]) -> None:
        self.call = call
        self.response = response
        self.status: int = response.status_code
        raw = response.raw
        # Test tools may not have read the body yet.
        self.content: bytes = (
            raw.getvalue() if isinstance(raw, BytesIO) else response.content or b""
        )
        self._hide = hide
        self._json: object = self

    @classmethod
    def of(cls, value: object) -> Response | None:
        """Return the response that this thread decoded to this very value, if it did.

        Without one, the value comes from a stub that stands for the service.
        """
        latest = _latest.get()
        return latest if latest is not None and latest._json is value else None

    @classmethod
    def latest(cls) -> Response | None:
        """Return the last response of this thread."""
        return _latest.get()

    @staticmethod
    def forget() -> None:
        """Forget the last response of this thread."""
        _latest.set(None)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, without regard to case."""
        return self.response.headers

    @cached_property
    def text(self) -> str:
        """The body as text, without the secrets of the client."""
        return self._hide(self.content.decode("utf-8", "replace"))

    def json(self) -> Any:
        """Return the decoded body, ``None`` if it is not JSON: some calls send a bare ``OK``."""
        try:
            value = decode(self.content) if self.content else None
        except (ValueError, RecursionError):
            value = None
        self._json = value
        _latest.set(self)
        return value

    def redirect_target(self) -> Url | None:
        """Return where the response redirects to, ``None`` if it does not.

        Raises:
            ScaleBadResponse: The redirect cannot be followed.
        """
        location = self.headers.get("Location")
        try:
            return redirect_target(self.call.target, self.status, location)
        except ValueError as error:
            problem = str(error)
        raise self.bad(f"a redirect that can be followed ({problem})")

    def error(self) -> ScaleException:
        """Return the error that this response is, by its status."""
        text, message = self.text, self.text
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            body = None
        if isinstance(body, dict) and body.get("error") is not None:
            message = body["error"] if isinstance(body["error"], str) else json.dumps(body["error"])
        if 300 <= self.status < 400:
            message = f"redirects are not followed: {text}"
        is_server_error = 500 <= self.status < 600
        cls = ExceptionMap.get(self.status, ScaleServerError if is_server_error else ScaleException)
        shown = shorten(self._hide(message)) or reason_phrases.get(self.status, "no text")
        error = self._describe(cls(shown, self.status))
        if self.status in (401, 404):
            error.add_hint(self._hint())
        return error

    def _hint(self) -> str:
        """Return what helps with a wrong key or a wrong URL."""
        origin = self.call.target.origin
        key_sent = "Authorization" in self.call.headers  # storage hosts do not get it
        if self.status == 401:
            return f"{'The' if key_sent else 'No'} key was sent to {origin}."
        parts = self.call.target.path.partition("?")[0].split("/")
        asks = key_sent and "v1" not in parts and "v2" not in parts
        return f"The host is {origin}." + (
            " Should the URL of the service end in /v1?" if asks else ""
        )

    def bad(self, expected: str) -> ScaleBadResponse:
        """Return the error that says what was expected and what came instead."""
        came = shorten(self.text) if self.content else "an empty body"
        return self._describe(ScaleBadResponse(f"expected {expected}, got {came}", self.status))

    def _describe(self, error: _E) -> _E:
        error.status = self.status
        headers = self.response.headers
        error.headers = CaseInsensitiveDict({key: self._hide(headers[key]) for key in headers})
        error.body = self.text
        attempts = self.call.attempts
        error.retry_after = attempts[-1].retry_after if attempts else None
        return describe(error, self.call)


def describe(error: _E, call: Call) -> _E:
    """Say in an error which call failed, how often it was sent and what may have become of it."""
    error.method = call.method
    error.path = call.target.path.partition("?")[0]
    error.attempts = len(call.attempts)
    # A response that cannot be read is one to a call that was carried out.
    applied = isinstance(error, ScaleBadResponse) or call.may_have_been_applied
    if call.method != "GET" and applied:
        error.may_have_been_applied = True
        error.add_hint("The service may nevertheless have carried the call out.")
    return error


def bad_response(value: object, expected: str) -> ScaleBadResponse:
    """Return the error for decoded JSON that is not what the API promises.

    The variables of the frames that raise it are printed by some error reporters, and what the
    service sent may repeat a secret: they should not hold the JSON any more.

    Args:
        value: What one of the four verbs returned.
        expected: What it, or a part of it, should be.
    """
    response = Response.of(value)
    if response is not None:
        return response.bad(expected)
    return ScaleBadResponse(f"expected {expected}, got {shorten(_text_of(value))}")


def check_object(value: object, *required: str) -> JSONObject:
    """Return decoded JSON that is an object with the required keys.

    Args:
        value: What one of the four verbs returned.
        *required: The keys.

    Raises:
        ScaleBadResponse: It is something else.
    """
    if is_object(value, *required):
        return value
    error = bad_response(value, object_with(*required))
    del value  # for whoever prints the variables of this frame: it may repeat a secret
    raise error


def check_array(value: object) -> list[Any]:
    """Return decoded JSON that is an array.

    Args:
        value: What one of the four verbs returned.

    Raises:
        ScaleBadResponse: It is something else.
    """
    if isinstance(value, list):
        return value
    error = bad_response(value, "a JSON array")
    del value  # as above
    raise error


def is_object(value: object, *required: str) -> TypeGuard[JSONObject]:
    """Return whether decoded JSON is an object with the required keys."""
    return isinstance(value, dict) and None not in map(value.get, required)


def object_with(*required: str) -> str:
    """Return what an error expects: an object with the required keys."""
    keys = f" with {', '.join(map(repr, required))}" if required else ""
    return f"a JSON object{keys}"


def shorten(text: str) -> str:
    """Return as much of a text as a message shows."""
    text = text.strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"


def _text_of(value: object) -> str:
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return repr(value)
