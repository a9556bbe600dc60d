"""How responses become results or exceptions."""

from __future__ import annotations

import pickle

import pytest

from scaleapi.exceptions import (
    ScaleBadGateway,
    ScaleBadResponse,
    ScaleException,
    ScaleForbidden,
    ScaleInvalidRequest,
    ScaleRequestTimeout,
    ScaleServerError,
    ScaleUnprocessable,
)
from tests.wire.conftest import Connect
from tests.wire.server import Server, before, respond


@pytest.mark.parametrize("status", [200, 201, 202, 204, 206])
def test_any_2xx_is_success(server: Server, connect: Connect, status: int) -> None:
    """An empty body is ``None``."""
    client = connect(server)
    if status != 204:
        server.script(before(respond({"task_id": "t"}, status)))
        assert client.get_task("t").id == "t"
    server.script(before(respond(b"", status)))
    assert client.api.get_request("anything") is None


@pytest.mark.parametrize("content", [b"OK", b"<html>", b'"text"', b"null", b"7", b"[]", b"{}", b""])
def test_rejects_unexpected_content(server: Server, connect: Connect, content: bytes) -> None:
    """The call raises an exception with the body; the object does not fail later."""
    server.default = before(respond(content))
    client = connect(server)
    with pytest.raises(ScaleBadResponse) as caught:
        client.get_task("t")
    assert caught.value.body == content.decode()
    with pytest.raises(ScaleBadResponse):
        client.tasks(project="p")


def test_audit_accepts_a_bare_ok(server: Server, connect: Connect) -> None:
    """The service returns no JSON for audits."""
    server.default = before(respond(b"OK"))
    connect(server).audit_task("t", accepted=True)


@pytest.mark.parametrize(
    "content",
    [
        b'["a", "b"]',
        b'"text"',
        b"null",
        b"7",
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"error": [1]}',
        b'{"error": {"a": 1}}',
        b'{"message": "no error key"}',
    ],
    ids=lambda content: repr(content[:20]),
)
def test_error_with_any_body(server: Server, connect: Connect, content: bytes) -> None:
    """The class depends on the status, and the message is a string."""
    server.default = before(respond(content, 400))
    with pytest.raises(ScaleInvalidRequest) as caught:
        connect(server).get_task("t")
    assert type(caught.value) is ScaleInvalidRequest
    assert isinstance(caught.value.message, str)
    assert caught.value.message
    assert caught.value.body == content.decode("utf-8", "replace")


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, ScaleForbidden),
        (408, ScaleRequestTimeout),
        (422, ScaleUnprocessable),
        (502, ScaleBadGateway),
        (418, ScaleException),
        (530, ScaleServerError),
    ],
)
def test_exceptions_keep_the_response(
    server: Server, connect: Connect, status: int, error: type[ScaleException]
) -> None:
    """Each status has its class; status, message, headers and body survive pickling."""
    server.default = before(respond({"error": "because"}, status, X_Trace="abc"))
    with pytest.raises(ScaleException) as caught:
        connect(server).get_task("t")
    for one in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert type(one) is error
        assert str(one) == f"<Response [{status}]> because"
        assert (one.code, one.status, one.message) == (status, status, "because")
        assert (one.method, one.path) == ("GET", "/v1/task/t")
        assert one.headers["x-trace"] == "abc"
        assert one.body == '{"error": "because"}'
