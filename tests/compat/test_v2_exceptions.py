"""Exceptions of the v2 API that tests create for stubs."""

from __future__ import annotations

import copy
import pickle
from email.message import Message
from typing import Any
from unittest import mock

import pytest

import scaleapi
from scaleapi.api_client.v2 import exceptions
from scaleapi.exceptions import ScaleException, ScaleResourceNotFound

SERVICE_ERRORS = [
    "ApiException",
    "BadRequestException",
    "ConflictException",
    "ForbiddenException",
    "NotFoundException",
    "ServiceException",
    "UnauthorizedException",
    "UnprocessableEntityException",
]
every_class = pytest.mark.parametrize("name", SERVICE_ERRORS)


def make(name: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(exceptions, name)(*args, **kwargs)


class Urllib3Response:
    """The response that the released client creates an exception from."""

    status = 404
    reason = "Not Found"
    data = b'{"error":"no"}'

    def getheaders(self) -> dict[str, str]:
        return {"X-Trace": "1"}


#: Arguments; what ``status``, ``reason``, ``body``, ``data`` and the text are in 2.18.4.
MADE: list[tuple[tuple[Any, ...], dict[str, Any], tuple[Any, ...], str]] = [
    ((), {"status": 404, "reason": "x"}, (404, "x", None, None), "(404)\nReason: x\n"),
    ((404, "x"), {}, (404, "x", None, None), "(404)\nReason: x\n"),
    ((404,), {"reason": "x"}, (404, "x", None, None), "(404)\nReason: x\n"),
    ((404,), {}, (404, None, None, None), "(404)\nReason: None\n"),
    ((), {"status": 404}, (404, None, None, None), "(404)\nReason: None\n"),
    ((), {"reason": "x"}, (None, "x", None, None), "(None)\nReason: x\n"),
    ((None, "x"), {}, (None, "x", None, None), "(None)\nReason: x\n"),
    ((), {}, (None, None, None, None), "(None)\nReason: None\n"),
    (
        (),
        {"status": 404, "reason": "x", "body": "B"},
        (404, "x", "B", None),
        "(404)\nReason: x\nHTTP response body: B\n",
    ),
    (
        (404, "x"),
        {"body": "B", "data": {"a": 1}},
        (404, "x", "B", {"a": 1}),
        "(404)\nReason: x\nHTTP response body: {'a': 1}\n",
    ),
    (
        (),
        {"http_resp": Urllib3Response()},
        (404, "Not Found", '{"error":"no"}', None),
        "(404)\nReason: Not Found\nHTTP response headers: {'X-Trace': '1'}\n"  # noqa: ISC004
        'HTTP response body: {"error":"no"}\n',
    ),
    (
        (),
        {"status": 1, "http_resp": Urllib3Response(), "body": "B", "data": 5},
        (1, "Not Found", "B", 5),
        "(1)\nReason: Not Found\nHTTP response headers: {'X-Trace': '1'}\nHTTP response body: 5\n",
    ),
]


@every_class
@pytest.mark.parametrize(("args", "kwargs", "has", "text"), MADE, ids=range(len(MADE)))
def test_exceptions_created_directly(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any], has: tuple[Any, ...], text: str
) -> None:
    error = make(name, *args, **kwargs)
    copied: Any = pickle.loads(pickle.dumps(error))
    for one in (error, copied, copy.copy(error)):
        assert type(one) is getattr(exceptions, name)
        assert (one.status, one.reason, one.body, one.data) == has
        assert str(one) == text
        assert dict(one.headers) == ({"X-Trace": "1"} if "http_resp" in kwargs else {})
        assert isinstance(one, ScaleException)
        assert isinstance(one.message, str)


def test_the_text_follows_the_attributes() -> None:
    error = make("NotFoundException", status=404, reason="x")
    error.headers, error.body, error.status = {"a": "b"}, "B", 410
    assert str(error) == (
        "(410)\nReason: x\nHTTP response headers: {'a': 'b'}\nHTTP response body: B\n"
    )


@every_class
def test_the_code_is_the_status(name: str) -> None:
    """As for any ``ScaleException``: the status of the response, or else of the class."""
    assert make(name, status=418, reason="x").code == 418
    assert make(name).code == getattr(exceptions, name).code


@every_class
def test_stubs_raise_v2_exceptions(name: str) -> None:
    client = scaleapi.ScaleClient("live_key")
    error = make(name, status=404, reason="x")
    with mock.patch.object(client.v2, "get_task", side_effect=error):
        with pytest.raises(exceptions.ApiException) as caught:
            client.v2.get_task("t")
        assert caught.value is error
    with (
        mock.patch.object(scaleapi.Api, "get_request", side_effect=error),
        pytest.raises(ScaleException) as caught,
    ):
        client.v2.get_task("t")
    assert caught.value is error
    with (
        mock.patch.object(scaleapi.V2Api, "get_task", side_effect=getattr(exceptions, name)),
        pytest.raises(exceptions.ApiException),
    ):
        client.v2.get_task("t")


def test_the_constructor_of_v1_exceptions() -> None:
    error = ScaleResourceNotFound("No such task.", 404)
    assert str(error) == "<Response [404]> No such task."
    assert (error.message, error.code, error.status, error.reason) == (
        "No such task.",
        404,
        None,
        None,
    )
    error.status = 404
    assert error.reason == "Not Found"
    assert error.data is None


@pytest.mark.parametrize(
    "error", ["ApiTypeError", "ApiValueError", "ApiKeyError", "ApiAttributeError"]
)
def test_argument_errors(error: str) -> None:
    assert str(make(error, "bad")) == "bad"
    assert isinstance(make(error, "bad"), ScaleException)


def test_open_api_exception() -> None:
    error = make("OpenApiException", "bad")
    assert (error.message, str(error)) == ("bad", "<Response> bad")


def test_headers_in_several_formats() -> None:
    message = Message()
    message["X-Trace"] = "1"
    response = mock.Mock(
        status=404,
        reason="x",
        data=None,
        headers=message,
        spec=["status", "reason", "data", "headers"],
    )
    assert dict(make("ApiException", http_resp=response).headers) == {"X-Trace": "1"}
