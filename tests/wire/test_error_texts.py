"""Error messages say where, why and how often a call failed, in one line."""

from __future__ import annotations

import re
import socket
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.exceptions import (
    ScaleArgumentError,
    ScaleConnectionError,
    ScaleException,
    ScaleResourceNotFound,
    ScaleUnauthorized,
)
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import (
    Fault,
    Reply,
    Request,
    Server,
    before,
    close,
    hang,
    reset,
    respond,
    say,
    truncate,
)
from tests.wire.service import ordinary

Call = Callable[[ScaleClient], Any]

#: Names of libraries and internals of Python that do not help a caller.
NOISE = re.compile(
    r"<Response>|object at 0x|HTTPS?Connection|Max retries|Errno|urllib3|requests\.|_ssl\.c|\[SSL"
    r"|Caused by|Connection aborted|RemoteDisconnected|ProtocolError|ResetError|RefusedError"
    r"|Error\(|gaierror|Traceback|[{}]"
)

CALLS: dict[str, Call] = {
    "get": lambda client: client.get_task("t"),
    "pages": lambda client: list(client.get_tasks("p")),
    "create": lambda client: client.create_task("imageannotation"),
    "invite": lambda client: client.invite_teammates(["a@b.c"], "member"),
    "upload": lambda client: client.upload_file(b"data", filename="a"),
    "download": lambda client: client.download_response(f"{client.api.base_api_url}/a"),
    "v2": lambda client: client.v2.get_task("t"),
}

calls = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


def chain(error: BaseException) -> list[BaseException]:
    """Return the chained errors that a traceback shows."""
    causes: list[BaseException] = []
    one: BaseException | None = error
    while one is not None:
        shown = None if one.__suppress_context__ else one.__context__
        one = one.__cause__ or shown
        if one is not None:
            causes.append(one)
    return causes


def failing(call: Callable[[], object]) -> ScaleException:
    """Return the error of a call, after checking the length of its traceback."""
    try:
        call()
    except ScaleException as error:
        shown = traceback.format_exc()
        frames = shown.count('  File "')  # each is one to a few lines, depending on the Python
        assert len(chain(error)) <= 1, chain(error)  # noqa: PT017 - so is what a terminal shows
        assert frames <= 11, shown
        return error
    pytest.fail("it succeeded")


def assert_plain(error: ScaleException, address: str) -> None:
    """Assert that the error names the host and does not mention a library."""
    text = str(error)
    assert not NOISE.search(text), text
    assert address in text
    assert error.status is None
    assert "\n" not in text
    assert len(text) < 300


#: Nobody listens here: servers of tests get other ports.
CLOSED = "127.0.0.1:9"


def address_of(server: Server) -> str:
    return f"127.0.0.1:{server.port}"


# Connections that are not made


@calls
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_refused_connection(connect: Connect, call: Call, scheme: str, no_waits: None) -> None:
    """Where, why and how often. Nothing was sent, so it cannot have been applied."""
    address = CLOSED
    client = connect(f"{scheme}://{address}/v1", verify=False)
    error = failing(lambda: call(client))
    expected = f"Could not connect to {address}: connection refused (4 attempts)"
    assert str(error).rstrip(".") == expected
    assert error.message.rstrip(".") == expected
    assert type(error) is ScaleConnectionError
    assert error.attempts == 4
    assert_plain(error, address)


def test_a_single_attempt_is_singular(connect: Connect) -> None:
    """``(1 attempt)``."""
    client = connect(f"http://{CLOSED}/v1", max_retries=0)
    assert "(1 attempt)" in str(failing(lambda: client.get_task("t")))


def test_a_proxy_that_rejects_the_connection(connect: Connect, no_waits: None) -> None:
    """The error names the proxy, without its password."""
    address = f"http://user:pa55word@{CLOSED}"
    for scheme in ("http", "https"):
        client = connect(f"{scheme}://127.0.0.1:9/v1", verify=False, proxies={scheme: address})
        error = failing(lambda client=client: client.get_task("t"))  # type: ignore[misc]
        assert_plain(error, CLOSED)
        assert "connection refused" in str(error)
        assert "(4 attempts)" in str(error)
        assert "pa55word" not in str(error)


def test_a_storage_host_that_refuses_the_connection(server: Server, connect: Connect) -> None:
    """The error names the host of the link or redirect, without the signature."""
    link = f"http://{CLOSED}/a?sig=s3cret"
    server.default = before(respond(b"", 302, Location=link))
    client = connect(server, max_retries=0)
    for url in (link, f"{server.url}/a"):
        error = failing(lambda url=url: client.download_response(url))  # type: ignore[misc]
        assert_plain(error, CLOSED)
        assert str(error).startswith(f"Could not connect to {CLOSED}")
        assert "s3cret" not in str(error)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        socket.gaierror(8, "nodename nor servname provided, or not known"),
    ],
    ids=["no name", "try again", "another system"],
)
def test_a_name_that_does_not_exist(
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    no_waits: None,
    error: Exception,
    scheme: str,
) -> None:
    """The error names the host and port."""

    def fail(*args: Any, **kwargs: Any) -> list[Any]:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    client = connect(f"{scheme}://api.exmaple.com:8443/v1", verify=False)
    caught = failing(lambda: client.invite_teammates(["a@b.c"], "member"))
    assert_plain(caught, "api.exmaple.com:8443")
    assert str(caught).startswith("Could not connect to api.exmaple.com:8443: ")
    assert "(4 attempts)" in str(caught)
    reason = str(caught).partition("8443: ")[2]
    assert reason[0].islower()
    assert "name" in reason


@pytest.mark.parametrize("which", ["untrusted", "for another host"])
def test_an_untrusted_certificate(
    serve: Serve, connect: Connect, authority: Authority, which: str
) -> None:
    """The error names the certificate, after one attempt."""
    server = serve(tls=authority.server if which == "untrusted" else authority.elsewhere)
    verify = True if which == "untrusted" else authority.bundle
    client = connect(server, verify=verify)
    error = failing(lambda: client.invite_teammates(["a@b.c"], "member"))
    assert_plain(error, address_of(server))
    assert "certificate" in str(error)
    assert error.attempts == 1
    assert not error.may_have_been_applied


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_wrong_scheme(
    serve: Serve, connect: Connect, authority: Authority, scheme: str, no_waits: None
) -> None:
    """https to a plain server, and http to a TLS server."""
    server = serve(tls=authority.server if scheme == "http" else None)
    client = connect(f"{scheme}://{address_of(server)}/v1", verify=False, deadline=1)
    error = failing(lambda: client.get_task("t"))
    assert_plain(error, address_of(server))


# Responses that do not come, or not as a whole

BROKEN: dict[str, Fault] = {
    "reset": reset,
    "close": close,
    "truncate": truncate,
    "half a status line": say(b"HTTP/1.1 2"),
    "garbage": say(b"\x00\x01\x02\r\n\r\n"),
    "a bad length": say(b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nabcde"),
    "bad chunks": say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
    "bad gzip": say(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde"),
    "hang": hang,
    "headers and no body": say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", then=hang),
}


@calls
@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN.keys())
def test_a_response_that_is_not_http(
    server: Server, connect: Connect, call: Call, fault: Fault, no_waits: None
) -> None:
    """The error has the host, a plain message, and at most one cause."""
    server.default = before(fault)
    client = connect(server, timeout=0.2, max_retries=1)
    error = failing(lambda: call(client))
    if error.status is None:  # some of these have a status, with a body that cannot be read
        assert_plain(error, address_of(server))
    assert not NOISE.search(str(error).removeprefix("<Response [200]> ")), str(error)


@pytest.mark.parametrize("deadline", [0.2, 0.3])
def test_a_deadline_that_passes(server: Server, connect: Connect, deadline: float) -> None:
    """The error has the host and the deadline."""
    server.default = before(hang)
    client = connect(server, deadline=deadline)
    error = failing(lambda: client.get_task("t"))
    assert_plain(error, address_of(server))
    assert f"{deadline} s" in str(error)


def test_no_cause_of_an_earlier_attempt_is_shown(
    server: Server, connect: Connect, no_waits: None
) -> None:
    """The error is about the last attempt."""
    server.script(before(reset), before(close), before(truncate), before(respond(status=500)))
    client = connect(server)
    error = failing(lambda: client.get_task("t"))
    assert error.status == 500
    assert chain(error) == []


STATUSES = [400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503, 504, 522]


@pytest.mark.parametrize("status", STATUSES)
def test_errors_begin_with_the_status(server: Server, connect: Connect, status: int) -> None:
    """``<Response [404]>`` is kept, with the message of the service."""
    server.default = before(
        respond({"status_code": status, "error": "The service's words."}, status)
    )
    client = connect(server, max_retries=0)
    error = failing(lambda: client.get_task("t"))
    assert str(error).startswith(f"<Response [{status}]> ")
    assert "The service's words" in str(error)
    assert chain(error) == []


# Hints


class OnlyV1:
    """A service with nothing outside ``/v1``.

    Args:
        missing: The response there.
    """

    def __init__(self, missing: Reply) -> None:
        self._missing = missing

    def __call__(self, request: Request) -> Reply:
        """Respond to a request."""
        return ordinary(request) if request.path.startswith("/v1/") else self._missing


MISSING: dict[str, tuple[Reply, str]] = {
    "JSON": (Reply({"status_code": 404, "error": "Cannot GET that."}, 404), "Cannot GET that"),
    "HTML": (
        Reply(b"<html>404 page not found</html>", 404, {"Content-Type": "text/html"}),
        "404 page not found",
    ),
    "text": (Reply(b"nothing here", 404), "nothing here"),
    "nothing": (Reply(b"", 404), ""),
}

HINTED: dict[str, Call] = {
    **{name: CALLS[name] for name in ("get", "pages", "create", "invite", "upload")},
    "projects": lambda client: client.projects(),
    "batches": lambda client: client.batches(),
    "get_request": lambda client: client.api.get_request("tasks"),
}


@pytest.mark.parametrize("call", HINTED.values(), ids=HINTED.keys())
@pytest.mark.parametrize(("missing", "words"), MISSING.values(), ids=MISSING.keys())
@pytest.mark.parametrize("end", ["", "/"])
def test_a_url_without_v1(
    serve: Serve, connect: Connect, missing: Reply, words: str, end: str, call: Call
) -> None:
    """The error suggests ``/v1``, names the host, and keeps the message."""
    server = serve(OnlyV1(missing))
    client = connect(server.origin + end)
    error = failing(lambda: call(client))
    assert type(error) is ScaleResourceNotFound
    for text in (str(error), error.message):
        assert words in text
        assert address_of(server) in text
        assert "/v1" in text
        assert "?" in text
    assert str(error).startswith("<Response [404]> ")


@pytest.mark.parametrize("call", HINTED.values(), ids=HINTED.keys())
def test_a_missing_task_does_not_suggest_another_url(
    server: Server, connect: Connect, call: Call
) -> None:
    """With ``/v1`` in the URL there is no such hint."""
    text = "Task with that ID not found."
    server.default = before(respond({"status_code": 404, "error": text}, 404))
    error = failing(lambda: call(connect(server)))
    assert text.rstrip(".") in str(error)
    assert "?" not in str(error)
    assert "end in" not in str(error)


@calls
@pytest.mark.parametrize("words", ["No valid API key.", "", "Unauthorized"])
def test_a_key_of_another_instance(
    server: Server, connect: Connect, call: Call, words: str
) -> None:
    """A 401 names the host that the key was sent to, and does not show the key."""
    server.default = before(respond({"status_code": 401, "error": words}, 401))
    error = failing(lambda: call(connect(server)))
    assert type(error) is ScaleUnauthorized
    for text in (str(error), error.message):
        assert words.rstrip(".") in text
        assert address_of(server) in text
        assert KEY not in text
    assert str(error).startswith("<Response [401]> ")


def test_a_storage_host_that_returns_401(server: Server, connect: Connect, serve: Serve) -> None:
    """The error names the host of the link, not the API."""
    storage = serve(default=before(respond(b"<Error>expired</Error>", 401)))
    client = connect(server)
    error = failing(lambda: client.download_response(f"{storage.origin}/a?sig=s3cret"))
    assert address_of(storage) in str(error)
    assert address_of(server) not in str(error)
    assert "s3cret" not in str(error)


@pytest.mark.parametrize("value", [10**5000, {1, 2}, float("nan")], ids=["digits", "set", "nan"])
def test_a_body_that_is_not_json_has_one_cause(connect: Connect, serve: Serve, value: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^key must be JSON: ") as caught:
        connect(serve()).api.post_request("x", {"key": value})
    assert len(chain(caught.value)) == 1


def test_half_a_surrogate_pair_can_be_printed(server: Server, connect: Connect) -> None:
    server.script(before(respond(b'{"error": "no \\ud800 here"}', 400)))
    error = failing(lambda: connect(server).get_task("t"))
    assert "no \\ud800 here" in str(error).encode("utf-8").decode()


def test_a_socks_proxy_that_refuses(connect: Connect) -> None:
    """The system's error is the cause, though it was raised in the thread that connects."""
    client = connect("http://127.0.0.1:9/v1", proxies={"http": "socks5://127.0.0.1:1"})
    with pytest.raises(
        ScaleConnectionError, match=r"through the proxy .*: connection refused"
    ) as one:
        client.get_task("t")
    assert isinstance(one.value.__cause__, ConnectionRefusedError)
