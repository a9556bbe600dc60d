"""Verification of callbacks: secrets, headers and bodies in every format."""

from __future__ import annotations

import array
import base64
import email.message
import email.policy
import http.client
import io
import wsgiref.headers
from contextlib import suppress
from typing import Any

import httpx
import pytest
import requests.structures
import starlette.datastructures
import urllib3
import werkzeug.datastructures
from hypothesis import given
from hypothesis import strategies as st

from scaleapi.callbacks import (
    CALLBACK_BODY_LIMIT,
    CallbackVerificationError,
    flask_callback,
    starlette_callback,
    verify_callback,
    wsgi_callback_app,
)
from scaleapi.exceptions import ScaleArgumentError
from tests.unit.callbacks.receivers import BODY, JSON, SECRETS, encoded, headers
from tests.unit.quick import quick

SECRET = SECRETS[0]
AUTH = "Scale-Callback-Auth"


def rejection(given: Any, body: Any = None, **options: Any) -> CallbackVerificationError:
    with pytest.raises(CallbackVerificationError) as caught:
        verify_callback(given, encoded() if body is None else body, SECRETS, **options)
    return caught.value


# Secrets


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("name", ["scale-callback-auth", AUTH, AUTH.upper()])
def test_each_secret_is_known_in_a_header_of_any_case(secret: str, name: str) -> None:
    given = {name: secret, "CONTENT-TYPE": "Application/JSON; charset=utf-8"}
    assert verify_callback(given, encoded(), SECRETS).body == BODY
    assert verify_callback(given, encoded(), secret).body == BODY
    assert verify_callback(given, encoded(), iter([secret])).body == BODY


@pytest.mark.parametrize(
    "value",
    [
        *("", "test_auth_4f", "test_auth_4f1 ", "TEST_AUTH_4F1", "test_auth_4f1,x"),
        *("ключ", "é", "\udcff"),
    ],
)
def test_rejects_an_unknown_secret_without_showing_the_known_ones(value: str) -> None:
    error = rejection(headers(value))
    assert error.code == 401
    assert str(error) == "the scale-callback-auth header has no known secret"
    assert error.__cause__ is error.__context__ is None


@quick
@given(st.text())
def test_any_secret_is_compared(value: str) -> None:
    with pytest.raises(CallbackVerificationError):
        verify_callback(headers(value), encoded(), ["another secret"])


def test_every_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A match does not end the comparison, and all compared values have the same length."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("hmac.compare_digest", compare)
    many = ["a", "test_auth_4f1", *(f"secret-{number}" for number in range(50))]
    verify_callback(headers(), encoded(), many)
    assert len(compared) == len(many)
    assert len({len(side) for pair in compared for side in pair}) == 1


@pytest.mark.parametrize(
    "secrets",
    [
        *("", [], [""], ["live", ""], None, 5, [None]),
        *(b"live_auth", [b"live_auth"], {"live_auth": 1}),
        *("live_auth\n", " live_auth", "live_äuth", "live\x00auth"),
    ],
)
def test_bad_secrets_raise_an_error_that_does_not_show_them(secrets: Any) -> None:
    for use in (
        lambda: verify_callback(headers(), encoded(), secrets),
        lambda: verify_callback(None, None, secrets),  # type: ignore[arg-type]
        lambda: wsgi_callback_app(print, secrets),
        lambda: flask_callback(secrets),
        lambda: starlette_callback(secrets),
    ):
        with pytest.raises(ScaleArgumentError, match="secrets must") as error:
            use()
        assert "auth" not in str(error.value).replace("callback auth key", "")


# Headers


def message(kind: type[email.message.Message]) -> email.message.Message:
    made = kind()
    made["SCALE-callback-AUTH"] = SECRET
    made["Content-Type"] = f"{JSON}; charset=utf-8"
    return made


RAW = f"scale-callback-AUTH: {SECRET}\r\ncontent-TYPE: {JSON}\r\n\r\n".encode()
PAIRS = [("X-Other", "1"), (AUTH, SECRET), ("Content-Type", JSON)]
BYTE_PAIRS = [(name.lower().encode(), value.encode()) for name, value in PAIRS]
ENVIRON = {
    "REQUEST_METHOD": "POST",
    "wsgi.input": io.BytesIO(),
    "wsgi.version": (1, 0),
    "HTTP_SCALE_CALLBACK_AUTH": SECRET,
    "CONTENT_TYPE": JSON,
    "CONTENT_LENGTH": "1000",
}
FORMS: dict[str, Any] = {
    "dict": dict(PAIRS),
    "keys in capitals": {name.upper(): value for name, value in PAIRS},
    "byte keys and values": dict(BYTE_PAIRS),
    "byte keys": {name: value.decode() for name, value in BYTE_PAIRS},
    "byte values": {name.decode(): value for name, value in BYTE_PAIRS},
    "bytearray values": {name.decode(): bytearray(value) for name, value in BYTE_PAIRS},
    "memoryview values": {name.decode(): memoryview(value) for name, value in BYTE_PAIRS},
    "pairs": PAIRS,
    "tuple of pairs": tuple(PAIRS),
    "generator of pairs": (pair for pair in PAIRS),
    "lists of two": [list(pair) for pair in PAIRS],
    "dict items": dict(PAIRS).items(),
    "ASGI": BYTE_PAIRS,
    "ASGI lists": [list(pair) for pair in BYTE_PAIRS],
    "email message": message(email.message.Message),
    "http.client message": message(http.client.HTTPMessage),
    "http.client parsed": http.client.parse_headers(io.BytesIO(RAW)),
    "email parsed": email.message_from_bytes(RAW),
    "email message of today": email.message_from_bytes(RAW, policy=email.policy.HTTP),
    "multiValueHeaders": {name: [value] for name, value in PAIRS},
    "multiValueHeaders as tuples": {name.lower(): (value,) for name, value in PAIRS},
    "other values that are no text": dict(PAIRS) | {"x": None, "y": 5, 6: "z", None: "n"},
    "wsgiref": wsgiref.headers.Headers(PAIRS),
    "werkzeug": werkzeug.datastructures.Headers(PAIRS),
    "werkzeug environ": werkzeug.datastructures.EnvironHeaders(ENVIRON),
    "requests": requests.structures.CaseInsensitiveDict(PAIRS),
    "urllib3": urllib3.HTTPHeaderDict(PAIRS),
    "httpx": httpx.Headers(PAIRS),
    "starlette": starlette.datastructures.Headers(raw=BYTE_PAIRS),
    "WSGI environ": ENVIRON,
}


@pytest.mark.parametrize("form", FORMS)
def test_headers_of_every_form_are_read(form: str) -> None:
    assert verify_callback(FORMS[form], encoded(), SECRETS).body == BODY


@pytest.mark.parametrize("form", ["WSGI environ", "multiValueHeaders", "ASGI", "email message"])
def test_headers_of_every_form_are_checked(form: str) -> None:
    with pytest.raises(CallbackVerificationError, match="no known secret"):
        verify_callback(FORMS[form], encoded(), ["another"])


def test_django_headers_are_read() -> None:
    from django.http.request import HttpHeaders  # type: ignore[import-untyped]

    assert verify_callback(HttpHeaders(ENVIRON), encoded(), SECRETS).body == BODY


@pytest.mark.parametrize(
    "given",
    [
        *(None, 5, True, "", "scale-callback-auth", b"abc", ["abc"], [("a",)], [("a", "b", "c")]),
        *(
            [None],
            [5],
            object(),
            {"a"},
            [PAIRS],
            {AUTH: 5},
            {AUTH: {"value": SECRET}},
            {AUTH: [[]]},
        ),
    ],
)
def test_unreadable_headers_are_rejected(given: Any) -> None:
    error = rejection(given)
    assert error.code in {400, 401}
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    "given",
    [{}, [], {"content-type": JSON}, {AUTH: None}, {AUTH: []}, {"x-" + AUTH: SECRET}],
)
def test_a_missing_header_is_named(given: Any) -> None:
    error = rejection(given)
    assert error.code == 401
    assert str(error) == "the scale-callback-auth header is missing"


@pytest.mark.parametrize("kind", [IndexError, AttributeError, KeyError, UnboundLocalError])
def test_headers_whose_parser_fails_are_rejected(kind: type[Exception]) -> None:
    """As email.policy.HTTP does for ``From: fs@`` in some versions of Python."""

    class Malformed(email.message.Message):
        def items(self) -> Any:
            raise kind(SECRET)

    error = rejection(Malformed())
    assert error.code == 400
    assert SECRET not in str(error)


@pytest.mark.parametrize("line", [b"From: fs@", b"From: .?<\xff", b"To: _.'8?\xffe/@[ "])
def test_malformed_headers_are_read_or_rejected(line: bytes) -> None:
    parsed = email.message_from_bytes(line + b"\r\n" + RAW, policy=email.policy.HTTP)
    with suppress(CallbackVerificationError):
        assert verify_callback(parsed, encoded(), SECRETS).body == BODY


@pytest.mark.parametrize("values", [[SECRET, "wrong"], ["wrong", SECRET], [SECRET, ""]])
def test_a_secret_among_others_is_rejected(values: list[str]) -> None:
    """The result must not depend on the order of the headers or on the server."""
    content_type = ("content-type", JSON)
    pairs = [*((AUTH, value) for value in values), content_type]
    parsed = email.message.Message()
    for name, value in pairs:
        parsed[name] = value
    for form in (pairs, dict([content_type]) | {AUTH: values}, parsed, iter(pairs)):
        assert rejection(form).code == 401


def test_rejects_secrets_outside_ascii() -> None:
    raw = b"Scale-Callback-Auth: caf\xe9\r\nContent-Type: application/json\r\n\r\n"
    for form in (
        email.message_from_bytes(raw),
        http.client.parse_headers(io.BytesIO(raw)),
        [(b"scale-callback-auth", b"caf\xe9")],
        [("scale-callback-auth", "\ud800")],
        [("\ud800", "x"), (b"\xff", b"\xff"), (AUTH, "\x00")],
    ):
        assert rejection(form).code == 401


# Bodies


@pytest.mark.parametrize(
    "form",
    [
        *(bytes, bytearray, memoryview, bytes.decode),
        lambda body: memoryview(b" " + body)[1:],
        lambda body: memoryview(b"".join(bytes([one, 0]) for one in body))[::2],
        lambda body: array.array("B", body),
    ],
    ids=["bytes", "bytearray", "memoryview", "str", "slice", "strided", "array"],
)
def test_bodies_of_every_form_are_read(form: Any) -> None:
    assert verify_callback(headers(), form(encoded()), SECRETS).body == BODY


@pytest.mark.parametrize("body", [5, True, {}, BODY, [], [1], object(), io.BytesIO(encoded())])
@pytest.mark.parametrize("base64_encoded", [False, True])
def test_unreadable_bodies_are_rejected(body: Any, base64_encoded: bool) -> None:
    assert rejection(headers(), body, base64_encoded=base64_encoded).code == 400


@pytest.mark.parametrize("base64_encoded", [False, True])
def test_rejects_an_empty_body(base64_encoded: bool) -> None:
    with pytest.raises(CallbackVerificationError, match="body must be bytes or text"):
        verify_callback(headers(), None, SECRETS, base64_encoded=base64_encoded)  # type: ignore[arg-type]


def test_a_released_memoryview_is_rejected() -> None:
    view = memoryview(encoded())
    view.release()
    assert rejection(headers(), view).code == 400


def test_base64_as_api_gateway_sends_it() -> None:
    body = base64.b64encode(encoded())
    for form in (body, body.decode(), memoryview(body)):
        assert verify_callback(headers(), form, SECRETS, base64_encoded=True).body == BODY
    assert rejection(headers(), body).code == 400


@pytest.mark.parametrize(
    "body", ["{}", "é", "\ud800", "AAA", "A" * 5, b"\xff\xff", "eyJ9\n*", encoded(), ""]
)
def test_rejects_bad_base64(body: Any) -> None:
    assert rejection(headers(), body, base64_encoded=True).code == 400


def test_base64_of_a_large_body() -> None:
    largest = base64.b64encode(encoded().ljust(CALLBACK_BODY_LIMIT))
    assert verify_callback(headers(), largest, SECRETS, base64_encoded=True).body == BODY
    larger = base64.b64encode(encoded().ljust(CALLBACK_BODY_LIMIT + 1))
    assert rejection(headers(), larger, base64_encoded=True).code == 413
    assert rejection(headers(), "A" * 50_000_000, base64_encoded=True).code == 413


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview, bytes.decode])
def test_rejects_a_large_body(form: Any) -> None:
    error = rejection(headers(), form(encoded().ljust(CALLBACK_BODY_LIMIT + 1)))
    assert (error.code, error.message) == (413, "the body is over 10485760 bytes")
    # Counted in bytes, not in characters.
    assert rejection(headers(), '"' + "é" * (CALLBACK_BODY_LIMIT // 2) + '"').code == 413


def deep(levels: int) -> bytes:
    nested = b'{"a":' * levels + b"1" + b"}" * levels
    return b'{"task": {"task_id": "a", "status": "completed"}, "deep": ' + nested + b"}"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"\xff", b"\x00", "\ud800", '{"\ud800": 1}', b"nul", b"[]", b"null", b'"a"'),
        *(b'{"task": {"task_id": "a", "b": NaN}}', b'{"task": {"task_id": "a", "b": -Infinity}}'),
        b'{"task": {"task_id": "a", "priority": ' + b"9" * 5000 + b"}}",
        *(b"[" * 100_000, deep(100_000)),
        *(b'{"task": {"task_id": 65}}', b'{"task": "a", "batch": "b"}', b'{"task_id": "a"}'),
    ],
    ids=lambda body: repr(body)[:40],
)
def test_hostile_bodies_are_rejected(body: Any) -> None:
    assert rejection(headers(), body).code == 400


def test_deep_json_is_read_or_rejected() -> None:
    """Near the recursion limit, parsing may succeed although a later traversal fails."""
    for levels in (10, 100, 500, *range(850, 1000), 5_000, 50_000):
        try:
            callback = verify_callback(headers(), deep(levels), SECRETS)
            assert len(callback.identity) == 64
        except CallbackVerificationError as error:
            assert error.code == 400  # noqa: PT017 - either is right


def test_lone_surrogates_and_infinity_can_be_read() -> None:
    body = rb'{"task": {"task_id": "\ud800", "status": "\udfff", "a": 1e999}}'
    callback = verify_callback(headers(), body, SECRETS)
    assert callback.identity.isascii()
    assert repr(callback).isascii()


NAMES = st.text() | st.sampled_from([AUTH, "content-type", b"content-type"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.just(SECRET),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
    max_leaves=10,
)


@pytest.mark.slow
@quick
@given(ANYTHING, ANYTHING, st.booleans())
def test_verification_raises_only_one_error_type(
    given: Any, body: Any, base64_encoded: bool
) -> None:
    with pytest.raises(CallbackVerificationError) as caught:
        verify_callback(given, body, SECRETS, base64_encoded=base64_encoded)
    assert caught.value.code in {400, 401, 413, 415}


@pytest.mark.slow
@quick
@given(ANYTHING, st.booleans())
def test_body_parsing_raises_only_one_error_type(body: Any, base64_encoded: bool) -> None:
    with pytest.raises(CallbackVerificationError):
        verify_callback(headers(), body, SECRETS, base64_encoded=base64_encoded)


@quick
@given(st.binary() | ANYTHING.map(lambda value: repr(value).replace("'", '"').encode()))
def test_any_json_is_read_or_rejected(body: bytes) -> None:
    with pytest.raises(CallbackVerificationError):
        verify_callback(headers(), body, SECRETS)
