"""Answers of every shape: the JSON that was promised, or an error that shows what came."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from scaleapi import ScaleBadResponse, ScaleException, ScaleInvalidRequest
from scaleapi._answers import Answer
from scaleapi._http.call import Call, CallRequest, Deadline, Options
from scaleapi._http.policy import Outcome, RepeatSafety
from scaleapi.exceptions import (
    ExceptionMap,
    ScaleResourceNotFound,
    ScaleServerError,
    ScaleTooManyRequests,
)
from scaleapi.pagination import Envelope
from tests.compat.answering import answering


def answer(
    body: bytes,
    status: int = 200,
    headers: dict[str, str] | None = None,
    hide: Callable[[str], str] = str,
    outcomes: tuple[Outcome, ...] = (),
    method: str = "GET",
) -> Answer:
    request = CallRequest()
    request.method, request.url = method, "https://example.com/v1/task/t1?x=1"
    request.call = Call(RepeatSafety.ALWAYS, Options(), Deadline(None))
    request.call.outcomes += [*outcomes, Outcome(status)]
    response = requests.Response()
    response.status_code = status
    response._content = body
    response.headers.update(headers or {})
    return Answer(request, response, hide)


#: Bodies that are no JSON, and how an error shows them.
NO_JSON = [
    (b"OK", "OK"),
    (b"<html><body>Bad gateway</body></html>", "<html><body>Bad gateway</body></html>"),
    (b'{"task_id": ', '{"task_id":'),
    (b"\xff\xfe\x00", "\ufffd\ufffd\x00"),
    (b"[" * 200_000, "[" * 500 + "... (200000 characters)"),
]

#: Bodies that are JSON, but no object.
NO_OBJECT: list[tuple[bytes, str]] = [
    (b"[]", "[]"),
    (b"7", "7"),
    (b'"text"', '"text"'),
    (b"null", "null"),
    (b"true", "true"),
    (b"", "an empty body"),
    (b"1" + b"0" * 3000, "1" + "0" * 499 + "... (3001 characters)"),
]


@pytest.mark.parametrize(("body", "shown"), NO_JSON, ids=range(len(NO_JSON)))
def test_no_json(body: bytes, shown: str) -> None:
    with pytest.raises(ScaleBadResponse) as caught:
        answer(body).json()
    assert str(caught.value) == f"<Response [200]> expected JSON, got {shown}"
    assert answer(body).json_or_none() is None


@pytest.mark.parametrize(
    ("body", "shown"), [*NO_JSON, *NO_OBJECT], ids=range(len(NO_JSON) + len(NO_OBJECT))
)
def test_no_object(body: bytes, shown: str) -> None:
    """It is a ScaleBadResponse with the whole body, whatever was expected of it."""
    with pytest.raises(ScaleBadResponse) as caught:
        answer(body).json_object("task_id")
    assert caught.value.message.endswith(f"got {shown}")
    assert caught.value.body == body.decode("utf-8", "replace")
    assert caught.value.code == caught.value.status == 200


def test_empty_body_is_none() -> None:
    assert answer(b"").json() is None


def test_json_of_every_kind() -> None:
    for value in ({"a": None}, [1], "text", 7, 1.5, True, None):
        assert answer(json.dumps(value).encode()).json() == value
    assert answer('{"a": "ü"}'.encode("utf-16")).json() == {"a": "ü"}


def test_an_object_has_the_keys_that_are_required() -> None:
    assert answer(b'{"a": 1, "b": 2}').json_object("a", "b") == {"a": 1, "b": 2}
    for lacking in (b"{}", b'{"a": 1}', b'{"a": 1, "b": null}'):
        with pytest.raises(ScaleBadResponse, match=r"expected a JSON object with 'a', 'b', got \{"):
            answer(lacking).json_object("a", "b")


def test_an_array() -> None:
    assert answer(b"[1]").json_array() == [1]
    for other in (b"{}", b"null", b'"x"', b""):
        with pytest.raises(ScaleBadResponse, match="expected a JSON array"):
            answer(other).json_array()


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
    """The message is what a person can read of the body; the body is kept whole."""
    error = answer(body, 404).error()
    assert type(error) is ScaleResourceNotFound
    assert error.message == message
    assert str(error) == f"<Response [404]> {message}"
    assert error.body == body.decode("utf-8", "replace")


@pytest.mark.parametrize("status", sorted({*range(300, 600, 7), *ExceptionMap}))
def test_class_of_a_status(status: int) -> None:
    error = answer(b"x", status).error()
    other = ScaleServerError if status >= 500 else ScaleException
    assert type(error) is ExceptionMap.get(status, other)
    assert isinstance(error, ScaleServerError) is (status >= 500)
    assert error.code == error.status == status


def test_a_status_without_a_name_and_a_body() -> None:
    assert str(answer(b"", 599).error()) == "<Response [599]> no text"


def test_a_redirect_says_that_it_is_not_followed() -> None:
    assert answer(b"moved", 302).error().message == "redirects are not followed: moved"


def test_everything_known_about_a_failure_is_on_the_error() -> None:
    outcomes = (Outcome(500), Outcome(None, reached=False))
    error = answer(
        b'{"error": "slow down"}', 429, {"X-Request": "7", "Retry-After": "3"}, outcomes=outcomes
    ).error()
    assert isinstance(error, ScaleTooManyRequests)
    assert (error.method, error.path, error.attempts) == ("GET", "/v1/task/t1", 3)
    assert error.headers["x-request"] == "7"
    assert not error.may_have_been_applied  # it only reads


@pytest.mark.parametrize(
    ("method", "outcomes", "applied"),
    [
        ("POST", (Outcome(500),), True),
        ("DELETE", (Outcome(None),), True),
        ("POST", (Outcome(None, reached=False),), False),
        ("GET", (Outcome(500),), False),
    ],
)
def test_a_call_that_may_have_been_carried_out(
    method: str, outcomes: tuple[Outcome, ...], applied: bool
) -> None:
    error = answer(b"no", 409, method=method, outcomes=outcomes).error()
    assert error.may_have_been_applied is applied
    assert ("may nevertheless have carried" in str(error)) is applied


def test_a_call_whose_answer_cannot_be_read_was_carried_out() -> None:
    """Who takes the error for "nothing was made" would make and pay for it again."""
    for method, applied in ("POST", True), ("GET", False):
        with pytest.raises(ScaleBadResponse) as caught:
            answer(b"OK", 200, method=method).json()
        assert caught.value.may_have_been_applied is applied


def test_secrets_are_hidden_wherever_the_service_repeats_them() -> None:
    def hide(text: str) -> str:
        return text.replace("live_secret", "<hidden>")

    error = answer(b'{"error": "bad key live_secret"}', 401, {"X": "live_secret"}, hide).error()
    assert error.message == "bad key <hidden>"
    assert error.body == '{"error": "bad key <hidden>"}'
    assert error.headers["X"] == "<hidden>"
    bad = answer(b"live_secret", hide=hide).bad("JSON")
    assert "live_secret" not in f"{bad}{bad.body}"


PAGE = {"docs": [{"name": "b"}], "total": 7}


def page(**changes: Any) -> Answer:
    return answer(json.dumps({**PAGE, **changes}).encode())


def test_a_page_with_the_least_that_it_needs() -> None:
    docs, position = Envelope.of(page())
    assert docs == [{"name": "b"}]
    assert position == {
        "total": 7,
        "limit": 1,
        "offset": 0,
        "has_more": False,
        "next_token": None,
    }


def test_a_page_may_call_its_total_otherwise() -> None:
    body = {"docs": [], "totalDocs": 9, "limit": 5, "offset": 5, "has_more": True}
    docs, position = Envelope.of(answer(json.dumps(body).encode()))
    assert docs == []
    assert position["total"] == 9
    assert (position["limit"], position["offset"], position["has_more"]) == (5, 5, True)


@pytest.mark.parametrize(
    "changes",
    [{"docs": None}, {"docs": {}}, {"docs": "x"}, {"total": None}, {"total": "7"}, {"total": []}],
)
def test_no_page(changes: dict[str, object]) -> None:
    with pytest.raises(ScaleBadResponse):
        Envelope.of(page(**changes))


#: Successful answers that no call of the client expects.
ODD: list[object] = [b"", b"OK", b"null", b"7", b'"text"', b"\xff", b"<html>", [None], [7], [[]]]
ODD += [["text"], {"docs": 7}, {"docs": [7], "total": 1}, {"docs": [{}], "total": 1}]
ODD += [b"[" * 200_000, {"unknown": {}}, {"a@x": 7}]

#: A call of each kind of answer, and what else it takes than the object that it wants.
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
def test_an_odd_success_is_a_bad_response(
    method: str, arguments: tuple[object, ...], body: object
) -> None:
    """Never a TypeError, KeyError or AttributeError: the error shows what came."""
    client = answering(body)
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
    """The service answers it with a bare OK."""
    assert answering(body).audit_task("t", True) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("status", [201, 202, 206, 299])
def test_any_2xx_is_success(status: int) -> None:
    assert answering({"task_id": "t"}, status).get_task("t").id == "t"


def test_a_constant_of_no_json_is_refused_when_sent() -> None:
    """NaN is no JSON; the argument that has it is named."""

    def fail(request: requests.PreparedRequest) -> object:
        raise AssertionError(request.body)

    with pytest.raises(ScaleInvalidRequest, match=r"^score must be JSON"):
        answering(fail).create_task("chat", project="p", score=float("nan"))
