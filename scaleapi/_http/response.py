"""Responses of the service, as decoded JSON or as errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from http.client import responses as reason_phrases
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from requests.structures import CaseInsensitiveDict

from .._interruption import raise_interruption
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
    "possibly_applied",
    "shorten",
]

#: A decoded JSON object. Its values may have any type.
JSONObject = dict[str, Any]

_E = TypeVar("_E", bound=ScaleException)

#: Maximum number of characters of a response in an error message. ``body`` has all of them.
_SHOWN = 500

#: The last response in this context.
_latest: ContextVar[Response | None] = ContextVar("scaleapi_response", default=None)


class Response:
    """The response to a call.

    Args:
        call: The call.
        response: The response, as requests returned it.
        hide: A function that removes the client's secrets from a text.
    """

    def __init__(self, call: Call, response: requests.Response, hide: Callable[[str], str]) -> None:
        self.call = call
        self.response = response
        self.status: int = response.status_code
        raw = response.raw
        # The adapter has read the body, but test tools that replace it may not have.
        self.content: bytes = (
            raw.getvalue() if isinstance(raw, BytesIO) else response.content or b""
        )
        self._hide = hide
        self._json: object = self  # no value of JSON is this object

    @classmethod
    def of(cls, value: object) -> Response | None:
        """Return the response that this value was decoded from in this context.

        ``None`` means that the value comes from a test stub.
        """
        latest = _latest.get()
        return latest if latest is not None and latest._json is value else None

    @classmethod
    def latest(cls) -> Response | None:
        """Return the last response in this context."""
        return _latest.get()

    @staticmethod
    def forget() -> None:
        """Forget the last response in this context."""
        _latest.set(None)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, with case-insensitive names."""
        return self.response.headers

    @property
    def text(self) -> str:
        """The body as text, without the client's secrets."""
        return self._hide(self.content.decode("utf-8", "replace"))

    def json(self) -> Any:
        """Return the decoded body; ``None`` if it is not JSON, such as the ``OK`` of some calls."""
        try:
            value = decode(self.content) if self.content else None
        except (ValueError, RecursionError) as invalid:
            raise_interruption(invalid)
            value = None
        self._json = value
        _latest.set(self)
        return value

    def redirect_target(self) -> Url | None:
        """Return the target of a redirect; ``None`` if the response is not one.

        Raises:
            ScaleBadResponse: If the redirect cannot be followed.
        """
        try:
            return redirect_target(self.call.target, self.status, self.headers.get("Location"))
        except ValueError as error:
            problem = str(error)
        raise self.bad(f"a redirect that can be followed ({problem})")

    def error(self) -> ScaleException:
        """Create the error for the status of this response."""
        _latest.set(self)
        text = message = self.text
        try:
            body = json.loads(text)
        except (ValueError, RecursionError) as invalid:
            raise_interruption(invalid)
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
        """Return a hint for a wrong key or a wrong base URL."""
        origin = self.call.target.origin
        key_sent = "Authorization" in self.call.headers  # not sent to storage hosts
        if self.status == 401:
            return f"{'The' if key_sent else 'No'} key was sent to {origin}."
        parts = self.call.target.path.partition("?")[0].split("/")
        asks = key_sent and "v1" not in parts and "v2" not in parts
        return f"The host is {origin}." + (
            " Should the URL of the service end in /v1?" if asks else ""
        )

    def bad(self, expected: str) -> ScaleBadResponse:
        """Create the error for a response that is not what was expected."""
        got = shorten(self.text) if self.content else "an empty body"
        return self._describe(ScaleBadResponse(f"expected {expected}, got {got}", self.status))

    def _describe(self, error: _E) -> _E:
        error.status = self.status
        headers = self.response.headers
        error.headers = CaseInsensitiveDict({key: self._hide(headers[key]) for key in headers})
        error.body = self.text
        attempts = self.call.attempts
        error.retry_after = attempts[-1].retry_after if attempts else None
        return describe(error, self.call)


def describe(error: _E, call: Call) -> _E:
    """Add the details of the call to an error, including whether it may have been applied."""
    error.method = call.method
    error.path = call.target.path.partition("?")[0]
    error.attempts = len(call.attempts)
    # A response that cannot be decoded means that the service has processed the call.
    applied = isinstance(error, ScaleBadResponse) or call.may_have_been_applied
    if call.method != "GET" and applied:
        possibly_applied(error)
    return error


def possibly_applied(error: ScaleException) -> None:
    """Note in an error that the service may have processed the call."""
    if not error.may_have_been_applied:
        error.may_have_been_applied = True
        error.add_hint("The service may nevertheless have carried the call out.")


def bad_response(value: object, expected: str) -> ScaleBadResponse:
    """Create the error for decoded JSON that does not match the API.

    A response may repeat a secret, and some error reporters print local variables. So callers
    should delete the JSON before they raise the error.

    Args:
        value: The decoded JSON.
        expected: What the JSON, or a part of it, should be.
    """
    response = Response.of(value)
    if response is not None:
        return response.bad(expected)
    return ScaleBadResponse(f"expected {expected}, got {shorten(_text_of(value))}")


def check_object(value: object, *required: str) -> JSONObject:
    """Return decoded JSON after checking that it is an object with the required keys.

    Args:
        value: The decoded JSON.
        *required: The required keys.

    Raises:
        ScaleBadResponse: If the JSON is not an object, or if a key is missing.
    """
    if is_object(value, *required):
        return value
    error = bad_response(value, object_with(*required))
    del value  # error reporters may print local variables, and this may repeat a secret
    raise error


def check_array(value: object) -> list[Any]:
    """Return decoded JSON after checking that it is an array.

    Args:
        value: The decoded JSON.

    Raises:
        ScaleBadResponse: If the JSON is not an array.
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
    """Return the description of an object with the required keys, for an error."""
    keys = f" with {', '.join(map(repr, required))}" if required else ""
    return f"a JSON object{keys}"


def shorten(text: str) -> str:
    """Shorten a text for an error message. Half of a surrogate pair could not be printed."""
    text = text.strip().encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"


def _text_of(value: object) -> str:
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return repr(value)
