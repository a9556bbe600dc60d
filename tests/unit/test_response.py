"""Responses: decoded JSON, or errors that show the response."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from scaleapi import ScaleBadResponse, ScaleException, ScaleInvalidRequest
from scaleapi._http.call import Call, Deadline, Options
from scaleapi._http.policy import Attempt
from scaleapi._http.response import (
    Response,
    bad_response,
    check_array,
    check_object,
    is_object,
    object_with,
)
from scaleapi._http.url import parse_link
from scaleapi._model.objects import ApiObject
from scaleapi.exceptions import (
    ExceptionMap,
    ScaleResourceNotFound,
    ScaleServerError,
    ScaleTooManyRequests,
)
from scaleapi.pagination import Paginator, page_from
from tests.compat.canned import client_returning

URL = "https://example.com/v1/task/t1?x=1"


def response(
    body: bytes,
    status: int = 200,
    headers: dict[str, str] | None = None,
    hide: Callable[[str], str] = str,
    attempts: tuple[Attempt, ...] = (),
    method: str = "GET",
    url: str = URL,
    key: bool = True,
) -> Response:
    call = Call(method, parse_link(url), None, Options(), True, Deadline(None))
    call.headers = CaseInsensitiveDict({"Authorization": "x"} if key else {})
    call.attempts += [*attempts, Attempt(status=status)]
    came = requests.Response()
    came.status_code = status
    came._content = body
    came.headers.update(headers or {})
    return Response(call, came, hide)


#: Bodies that are not JSON, and how an error shows them.
NOT_JSON = [
    (b"OK", "OK"),
    (b"<html><body>Bad gateway</body></html>", "<html><body>Bad gateway</body></html>"),
    (b'{"task_id": ', '{"task_id":'),
    (b"\xff\xfe\x00", "\ufffd\ufffd\x00"),
    (b"[" * 200_000, "[" * 500 + "... (200000 characters)"),
    (b"1" + b"0" * 9000, "1" + "0" * 499 + "... (9001 characters)"),
    (b"", "an empty body"),
]

#: Bodies that are JSON, but not an object.
NOT_AN_OBJECT: list[tuple[bytes, str]] = [
    (b"[]", "[]"),
    (b"7", "7"),
    (b'"text"', '"text"'),
    (b"null", "null"),
    (b"true", "true"),
    (b"1" + b"0" * 3000, "1" + "0" * 499 + "... (3001 characters)"),
]


@pytest.mark.parametrize("body", [body for body, _ in NOT_JSON], ids=range(len(NOT_JSON)))
def test_a_body_that_is_not_json_is_none(body: bytes) -> None:
    """Some calls of the API respond with a bare OK."""
    assert response(body).json() is None


@pytest.mark.parametrize(
    ("body", "shown"), [*NOT_JSON, *NOT_AN_OBJECT], ids=range(len(NOT_JSON) + len(NOT_AN_OBJECT))
)
def test_non_objects_are_bad_responses(body: bytes, shown: str) -> None:
    """The error has the whole body and the status."""
    value = response(body).json()
    with pytest.raises(ScaleBadResponse) as caught:
        check_object(value, "task_id")
    assert str(caught.value) == (
        f"<Response [200]> expected a JSON object with 'task_id', got {shown}"
    )
    assert caught.value.body == body.decode("utf-8", "replace")
    assert caught.value.code == caught.value.status == 200


def test_json_of_every_kind() -> None:
    for value in ({"a": None}, [1], "text", 7, 1.5, True, None):
        assert response(json.dumps(value).encode()).json() == value
    assert response('{"a": "ü"}'.encode("utf-16")).json() == {"a": "ü"}


def test_an_object_has_the_keys_that_are_required() -> None:
    assert check_object({"a": 1, "b": 2}, "a", "b") == {"a": 1, "b": 2}
    assert check_object({}) == {}
    for lacking in (b"{}", b'{"a": 1}', b'{"a": 1, "b": null}'):
        with pytest.raises(ScaleBadResponse, match=r"expected a JSON object with 'a', 'b', got \{"):
            check_object(response(lacking).json(), "a", "b")


def test_an_array() -> None:
    assert check_array([1]) == [1]
    for other in (b"{}", b"null", b'"x"', b""):
        with pytest.raises(ScaleBadResponse, match="expected a JSON array"):
            check_array(response(other).json())


@pytest.mark.parametrize(
    ("value", "required", "result"),
    [
        ({}, (), True),
        ({"a": 0}, ("a",), True),
        ({"a": None}, ("a",), False),
        ({"b": 1}, ("a",), False),
        ([], (), False),
        (None, (), False),
    ],
)
def test_is_object(value: object, required: tuple[str, ...], result: bool) -> None:
    assert is_object(value, *required) is result


def test_object_with() -> None:
    assert object_with() == "a JSON object"
    assert object_with("a", "b") == "a JSON object with 'a', 'b'"


@pytest.mark.parametrize(
    ("value", "shown"),
    [({"a": 1}, '{"a": 1}'), ("x" * 600, '"' + "x" * 499 + "... (602 characters)"), (b"x", "b'x'")],
)
def test_values_from_stubs_are_shown(value: object, shown: str) -> None:
    """It is not attributed to an earlier response of the thread."""
    response(b'{"real": 1}').json()
    error = bad_response(value, "a JSON array")
    assert str(error) == f"expected a JSON array, got {shown}"
    assert (error.status, error.body) == (None, None)


def test_responses_are_per_thread() -> None:
    mine = response(b"{}")
    value = mine.json()
    assert Response.of(value) is Response.latest() is mine
    seen: list[Response | None] = []
    thread = threading.Thread(target=lambda: seen.extend([Response.of(value), Response.latest()]))
    thread.start()
    thread.join()
    assert seen == [None, None]


#: A body of an error and its message.
ERRORS: list[tuple[bytes, str]] = [
    (b'{"status_code": 404, "error": "Task not found."}', "Task not found."),
    (b'{"error": {"code": 7}}', '{"code": 7}'),
    (b'{"error": ["a", "b"]}', '["a", "b"]'),
    (b'{"error": null, "message": "x"}', '{"error": null, "message": "x"}'),
    (b'{"error": ""}', "Not Found"),
    (b'{"message": "x"}', '{"message": "x"}'),
    (b'["a"]', '["a"]'),
    (b"7", "7"),
    (b"null", "null"),
    (b'"text"', '"text"'),
    (b"plain", "plain"),
    (b"  plain \n", "plain"),
    (b"<html>no</html>", "<html>no</html>"),
    (b"", "Not Found"),
    (b"\xff", "\ufffd"),
    (b"[" * 200_000, "[" * 500 + "... (200000 characters)"),
    (json.dumps({"error": "x" * 501}).encode(), "x" * 500 + "... (501 characters)"),
    (json.dumps({"error": "x" * 500}).encode(), "x" * 500),
]


@pytest.mark.parametrize(("body", "message"), ERRORS, ids=range(len(ERRORS)))
def test_error(body: bytes, message: str) -> None:
    """The message is the readable part of the body; the body is kept whole."""
    error = response(body, 404).error()
    assert type(error) is ScaleResourceNotFound
    hint = f"{message.rstrip('.')}. The host is https://example.com."
    assert error.message == hint
    assert str(error) == f"<Response [404]> {hint}"
    assert error.body == body.decode("utf-8", "replace")


@pytest.mark.parametrize("status", sorted({*range(300, 600, 7), *ExceptionMap}))
def test_class_of_a_status(status: int) -> None:
    error = response(b"x", status).error()
    other = ScaleServerError if status >= 500 else ScaleException
    assert type(error) is ExceptionMap.get(status, other)
    assert isinstance(error, ScaleServerError) is (status >= 500)
    assert error.code == error.status == status


def test_an_unknown_status_without_a_body() -> None:
    assert str(response(b"", 599).error()) == "<Response [599]> no text"


def test_redirect_errors_say_that_redirects_are_not_followed() -> None:
    assert response(b"moved", 302).error().message == "redirects are not followed: moved"


def test_errors_have_all_attributes() -> None:
    attempts = (Attempt(status=500), Attempt(reached=False))
    error = response(
        b'{"error": "slow down"}', 429, {"X-Request": "7", "Retry-After": "3"}, attempts=attempts
    ).error()
    assert isinstance(error, ScaleTooManyRequests)
    assert (error.method, error.path, error.attempts) == ("GET", "/v1/task/t1", 3)
    assert error.headers["x-request"] == "7"
    assert not error.may_have_been_applied  # it only reads


@pytest.mark.parametrize(
    ("method", "attempts", "applied"),
    [
        ("POST", (Attempt(status=500),), True),
        ("DELETE", (Attempt(),), True),
        ("POST", (Attempt(reached=False),), False),
        ("GET", (Attempt(status=500),), False),
    ],
)
def test_errors_of_uncertain_calls(
    method: str, attempts: tuple[Attempt, ...], applied: bool
) -> None:
    error = response(b"no", 409, method=method, attempts=attempts).error()
    assert error.may_have_been_applied is applied
    assert ("may nevertheless have carried" in str(error)) is applied


def test_an_undecodable_response_may_have_been_applied() -> None:
    """Otherwise, callers might create and pay for it again."""
    for method, applied in ("POST", True), ("GET", False):
        with pytest.raises(ScaleBadResponse) as caught:
            check_object(response(b"OK", 200, method=method).json())
        assert caught.value.may_have_been_applied is applied


def test_secrets_are_hidden_wherever_the_service_repeats_them() -> None:
    def hide(text: str) -> str:
        return text.replace("live_secret", "<hidden>")

    error = response(b'{"error": "bad key live_secret"}', 401, {"X": "live_secret"}, hide).error()
    assert error.message == "bad key <hidden>. The key was sent to https://example.com."
    assert error.body == '{"error": "bad key <hidden>"}'
    assert error.headers["X"] == "<hidden>"
    bad = response(b"live_secret", hide=hide).bad("JSON")
    assert "live_secret" not in f"{bad}{bad.body}"


class Named(ApiObject):
    """An object with a required name."""

    _required = ("name",)


def page(body: object) -> Paginator[Named]:
    return page_from(response(json.dumps(body).encode()).json(), Paginator[Named], Named, None)


PAGE: dict[str, Any] = {"docs": [{"name": "b"}], "total": 7}


def test_a_minimal_page() -> None:
    one = page(PAGE)
    assert [doc.as_dict() for doc in one] == [{"name": "b"}]
    assert (one.total, one.limit, one.offset, one.has_more, one.next_token) == (
        7,
        1,
        0,
        False,
        None,
    )


def test_a_page_with_another_name_for_the_total() -> None:
    one = page({"docs": [], "totalDocs": 9, "limit": 5, "offset": 5, "has_more": True})
    assert one == []
    assert (one.total, one.limit, one.offset, one.has_more) == (9, 5, 5, True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"docs": None}, "a JSON object with 'docs'"),
        ({"docs": {}}, "a page whose 'docs' is an array"),
        ({"docs": "x"}, "a page whose 'docs' is an array"),
        ({"docs": [7]}, "a JSON object with 'name'"),
        ({"docs": [{}]}, "a JSON object with 'name'"),
        ({"total": None}, "a page with a 'total'"),
        ({"total": "7"}, "a page with a 'total'"),
        ({"total": []}, "a page with a 'total'"),
        ({"next_token": 7}, "a page whose 'next_token' is a string"),
    ],
)
def test_rejects_responses_that_are_not_pages(changes: dict[str, object], expected: str) -> None:
    with pytest.raises(ScaleBadResponse, match=rf"expected {expected}, got \{{"):
        page({**PAGE, **changes})


def test_a_401_says_where_the_key_was_sent() -> None:
    """Hosts of links do not get the key, and their errors say so."""
    ours, theirs = response(b"no", 401), response(b"no", 401, key=False)
    assert ours.error().message == "no. The key was sent to https://example.com."
    assert theirs.error().message == "no. No key was sent to https://example.com."


@pytest.mark.parametrize(
    ("url", "key", "asked"),
    [
        ("https://example.com/v1/tasks", True, False),
        ("https://example.com/v2/tasks", True, False),
        ("https://example.com/tasks", True, True),
        ("https://example.com/tasks?next=/v1/", True, True),
        ("http://127.0.0.1:5000/api/tasks", True, True),
        ("https://storage.example.com/file.json", False, False),
    ],
)
def test_a_404_suggests_the_missing_version(url: str, key: bool, asked: bool) -> None:
    """Not for storage hosts, whose URL the caller did not choose."""
    error = response(b"no", 404, url=url, key=key).error()
    origin = str(parse_link(url).origin)
    question = " Should the URL of the service end in /v1?" if asked else ""
    assert error.message == f"no. The host is {origin}.{question}"


@pytest.mark.parametrize(
    ("status", "location", "leads_to"),
    [
        (302, "https://other.example.com/x?y=1", "https://other.example.com/x?y=1"),
        (307, "/files/1", "https://example.com/files/1"),
        (200, "https://other.example.com/", None),
        (302, None, None),
    ],
)
def test_a_redirect(status: int, location: str | None, leads_to: str | None) -> None:
    target = response(b"", status, {"Location": location} if location else {}).redirect_target()
    assert (None if target is None else target.text) == leads_to


def test_a_redirect_that_cannot_be_followed() -> None:
    with pytest.raises(ScaleBadResponse, match=r"a redirect that can be followed \(it must not"):
        response(b"moved", 302, {"Location": "https://a\\@b/"}).redirect_target()


#: Successful responses that no call of the client expects.
ODD: list[object] = [b"", b"OK", b"null", b"7", b'"text"', b"\xff", b"<html>", [None], [7], [[]]]
ODD += [["text"], {"docs": 7}, {"docs": [7], "total": 1}, {"docs": [{}], "total": 1}]
ODD += [b"[" * 200_000, {"unknown": {}}, {"a@x": 7}]

#: A call for each kind of response, and other successful responses that it accepts.
READERS: list[tuple[str, tuple[object, ...], list[object]]] = [
    ("get_task", ("t",), []),
    ("create_task", ("chat",), []),
    ("tasks", (), []),
    ("get_tasks_count", ("p",), []),
    ("get_batch", ("b",), []),
    ("batches", (), []),
    ("batch_status", ("b",), [{}]),
    ("projects", (), [[]]),
    ("get_project", ("p",), []),
    ("get_project_template", ("p",), []),
    ("import_file", ("http://x",), []),
    ("upload_file", (b"",), []),
    ("list_teammates", (), [[]]),
    ("list_studio_assignments", (), [{}]),
    ("list_studio_batches", (), [[]]),
    ("list_project_groups", ("p",), [[]]),
    ("assign_studio_batches", ("b", ["g"]), []),
    ("create_evaluation_task", ("chat",), []),
    ("create_training_task", ("chat",), []),
]


@pytest.mark.parametrize(("method", "arguments"), [row[:2] for row in READERS])
@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_an_unexpected_success_is_a_bad_response(
    method: str, arguments: tuple[object, ...], body: object
) -> None:
    """The error shows the response; it is never a TypeError, KeyError or AttributeError."""
    client = client_returning(body)
    call = getattr(client, method)
    extra = {"filename": "a"} if method == "upload_file" else {}
    if method == "batch_status" and isinstance(body, dict):
        assert call(*arguments) == body  # any object is one
        return
    with pytest.raises(ScaleBadResponse) as caught:
        call(*arguments, **extra)
    assert caught.value.status == 200
    assert caught.value.body is not None
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_an_audit_takes_any_success(body: object) -> None:
    """The service returns a bare OK."""
    assert client_returning(body).audit_task("t", True) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("status", [201, 202, 206, 299])
def test_any_2xx_is_success(status: int) -> None:
    assert client_returning({"task_id": "t"}, status).get_task("t").id == "t"


def test_nan_is_rejected_when_sent() -> None:
    """NaN is not JSON; the error names the argument."""

    def fail(request: requests.PreparedRequest) -> object:
        raise AssertionError(request.body)

    with pytest.raises(ScaleInvalidRequest, match=r"^score must be JSON"):
        client_returning(fail).create_task("chat", project="p", score=float("nan"))
