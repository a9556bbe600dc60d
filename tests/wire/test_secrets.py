"""Logs, errors and local variables never show the key or proxy passwords."""

from __future__ import annotations

import base64
import logging
import os
import pickle
import signal
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tblib import pickling_support

from scaleapi import Api, ApiClient, Configuration, ScaleArgumentError, ScaleClient
from scaleapi.exceptions import ScaleException
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import (
    Exchange,
    Fault,
    Reply,
    Server,
    before,
    connect_through,
    hang,
    reset,
    respond,
    say,
    truncate,
)

PASSWORD = "pa55word-of-the-proxy"

SECRETS = (
    KEY,
    base64.b64encode(f"{KEY}:".encode()).decode(),
    PASSWORD,
    base64.b64encode(f"user:{PASSWORD}".encode()).decode(),
)

pytestmark = pytest.mark.usefixtures("no_waits")


@pytest.fixture(autouse=True)
def _no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Capture all logs, and assert that they contain no secret."""
    caplog.set_level(logging.DEBUG)
    yield
    for record in caplog.records:
        for text in (record.getMessage(), repr(record.__dict__)):
            assert_no_secret(text)


def assert_no_secret(text: str) -> None:
    for secret in SECRETS:
        assert secret not in text


@pytest.fixture(scope="module", autouse=True)
def _tracebacks_are_pickled() -> None:
    """As dask and others do, which also pickle causes and contexts."""
    pickling_support.install()


def everything_said_by(error: BaseException) -> Iterator[str]:
    """Yield every text that an error and its causes can show."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    yield "".join(our_frames_only(shown).format())
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield str(one)
        yield repr(one)
        yield repr(one.args)
        yield repr(vars(one))
        waiting += [one.__cause__, one.__context__]
    yield repr(pickle.dumps(error))


def our_frames_only(
    shown: traceback.TracebackException,
) -> traceback.TracebackException:
    """Skip the frames of the test itself."""
    for one in (shown, shown.__cause__, shown.__context__):
        if one is not None:
            kept = [frame for frame in one.stack if "tests" not in frame.filename]
            one.stack = traceback.StackSummary.from_list(kept)
    return shown


def assert_says_no_secret(error: BaseException) -> None:
    for text in everything_said_by(error):
        assert_no_secret(text)


def failing(client: ScaleClient, call: Callable[[ScaleClient], Any]) -> ScaleException:
    """Make a call that fails, and return the error."""
    with pytest.raises(ScaleException) as caught:
        call(client)
    return caught.value


CALLS: dict[str, Callable[[ScaleClient], Any]] = {
    "get": lambda client: client.get_task("t"),
    "list": lambda client: client.projects(),
    "pages": lambda client: list(client.get_tasks("p")),
    "create": lambda client: client.create_task("imageannotation", unique_id="u"),
    "invite": lambda client: client.invite_teammates(["a@b.c"], "member"),
    "upload": lambda client: client.upload_file(b"data", filename="a"),
    "download": lambda client: client.download_response(f"{client.api.base_api_url}/a"),
}

FAULTS: dict[str, Fault] = {
    "reset": reset,
    "hang": hang,
    "truncate": truncate,
    "garbage": say(b"\x00\x01\x02\r\n\r\n"),
    **{str(status): respond(status=status) for status in (302, 400, 401, 409, 429, 500, 503)},
    "not JSON": respond(b"<html>"),
    "wrong JSON": respond({"unexpected": 1}),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_no_failure_reveals_a_secret(
    server: Server, connect: Connect, call: Callable[[ScaleClient], Any], fault: Fault
) -> None:
    """Text, arguments, attributes, pickle, and the variables of every frame."""
    server.default = before(fault)
    client = connect(
        server.url,
        deadline=0.2 if fault is hang else 20,
        proxies={"http": f"http://user:{PASSWORD}@127.0.0.1:{server.port}"},
    )
    try:
        call(client)
    except ScaleException as error:
        assert_says_no_secret(error)
    else:
        assert call is CALLS["download"]  # which takes any file


def echo(shape: str) -> Fault:
    """Echo the credentials in a part of the response."""

    def fault(exchange: Exchange, reply: Reply) -> None:
        headers = exchange.request.headers
        sent = [headers.get("authorization", ""), headers.get("proxy-authorization", "")]
        said = " ".join([*sent, *SECRETS])
        responses = {
            "error": Reply({"error": said}, 500).raw,
            "text": Reply(said.encode(), 400).raw,
            "list": Reply([said], 400).raw,
            "header": Reply({}, 404, {"X-Echo": said}).raw,
            "redirect": Reply(b"", 302, {"Location": f"http://127.0.0.1/?{said}"}).raw,
            "not JSON": Reply(said.encode()).raw,
            "wrong JSON": Reply({"error": said}).raw,
            "wrong page": Reply({"docs": [], "said": said}).raw,
            "JSON string": Reply(said).raw,
            "reason": f"HTTP/1.1 400 {said}\r\nContent-Length: 0\r\n\r\n".encode(),
            "status line": f"{said}\r\n\r\n".encode(),
            "bad header": f"HTTP/1.1 400 No\r\n{said}\r\nContent-Length: 0\r\n\r\n".encode(),
            "chunk size": (
                f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{said}\r\n"
            ).encode(),
            "length": f"HTTP/1.1 200 OK\r\nContent-Length: {said}, 1\r\n\r\n{{}}".encode(),
            "encoding": f"HTTP/1.1 200 {said}\r\nContent-Encoding: gzip\r\n\r\n{said}".encode(),
        }
        exchange.send(responses[shape])
        exchange.close()

    return fault


@pytest.mark.parametrize("name", ["get", "list", "pages", "create", "invite"])
@pytest.mark.parametrize(
    "shape",
    [
        *["error", "text", "list", "header", "redirect", "not JSON", "wrong JSON", "wrong page"],
        *["JSON string", "reason", "status line", "bad header", "chunk size", "length", "encoding"],
    ],
)
def test_a_service_that_echoes_the_key(
    server: Server, connect: Connect, name: str, shape: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the error nor a log shows the key, wherever the response echoes it."""
    caplog.set_level(logging.DEBUG)
    server.default = before(echo(shape))
    client = connect(
        server.url, proxies={"http": f"http://user:{PASSWORD}@127.0.0.1:{server.port}"}
    )
    assert_says_no_secret(failing(client, CALLS[name]))
    assert_no_secret(caplog.text)
    assert server.requests


@pytest.mark.parametrize("step", [connect_through, respond(status=407), reset, hang])
def test_a_proxy_that_fails(
    serve: Serve, connect: Connect, authority: Authority, step: Fault
) -> None:
    """A tunnel that is rejected, reset, silent, or has an untrusted certificate."""
    server, proxy = serve(tls=authority.server), serve(default=before(step))
    address = f"http://user:{PASSWORD}@127.0.0.1:{proxy.port}"
    client = connect(server, proxies={"https": address}, deadline=0.3)
    assert_says_no_secret(failing(client, CALLS["invite"]))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no alarms here")
@pytest.mark.parametrize("kind", [TimeoutError, ValueError, KeyboardInterrupt])
def test_an_interruption_behind_a_proxy(
    serve: Serve, connect: Connect, kind: type[BaseException]
) -> None:
    """The frames of the errors in its context have been cleared, too."""
    proxy = serve(default=before(hang))
    address = f"http://user:{PASSWORD}@127.0.0.1:{proxy.port}"

    def interrupt(number: int, frame: Any) -> None:
        raise kind("my limit")

    client = connect("https://127.0.0.1:9/v1", proxies={"https": address})
    previous = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(kind) as caught:
            client.get_task("t")
    finally:
        signal.signal(signal.SIGALRM, previous)
    error: BaseException | None = caught.value
    for _ in range(10):  # a cycle would not end
        for frame, _ in traceback.walk_tb(error and error.__traceback__):
            if frame.f_code.co_filename != __file__:
                assert_no_secret(repr(frame.f_locals))
        error = error and error.__context__
    assert error is None


@pytest.mark.parametrize(
    "address",
    [
        f"http://user:{PASSWORD}@127.0.0.1:1",
        f"user:{PASSWORD}@127.0.0.1:1",
        f"user:{PASSWORD}@127.0.0.1:1@",
        f"ftp://user:{PASSWORD}@127.0.0.1",
        f"http://user:{PASSWORD}@",
        f"http://user:{PASSWORD}@127.0.0.1:port",
        f"http://user:{PASSWORD}@[",
        f"socks5://user:{PASSWORD}@127.0.0.1:1",
    ],
)
def test_an_invalid_proxy(server: Server, address: str) -> None:
    """An invalid address raises a ScaleException without the password."""
    with pytest.raises(ScaleException) as caught:
        Api(KEY, api_instance_url=server.url, proxies={"http": address}).get_request("a")
    assert_says_no_secret(caught.value)
    assert server.connections == 0


@pytest.mark.parametrize("end", ["\n", " ", "\x00"], ids=repr)
def test_an_invalid_key(server: Server, connect: Connect, end: str) -> None:
    """A key with a line end, as it was read from a file, is in no frame of the error."""
    makers: list[Callable[[str], object]] = [
        ScaleClient,
        Api,
        lambda key: connect(server).api.for_v2(api_key=key),
        lambda key: ApiClient(Configuration(access_token=key)),
        lambda key: ApiClient(Configuration(username=key)),
    ]
    for make in makers:
        with pytest.raises(ScaleArgumentError) as caught:
            make(KEY + end)
        assert_says_no_secret(caught.value)


def test_other_invalid_settings(server: Server) -> None:
    """Their errors do not show the key or the proxies, which are valid."""
    proxies = {"http": f"http://user:{PASSWORD}@127.0.0.1:1"}
    for make in (ScaleClient, Api):
        for bad in ({"timeout": -1}, {"verify": "/no/such/file"}, {"api_instance_url": "x"}):
            settings: dict[str, Any] = {"proxies": proxies, **bad}
            with pytest.raises(ScaleArgumentError) as caught:
                make(KEY, **settings)
            assert_says_no_secret(caught.value)


def test_a_refused_connection_and_an_untrusted_certificate(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    """Failures before a request is sent."""
    closed, secure = serve(), serve(tls=authority.server)
    closed.close()
    for server in (closed, secure):
        assert_says_no_secret(failing(connect(server, verify=True), CALLS["get"]))


def test_bad_arguments(server: Server, connect: Connect) -> None:
    """Errors that are raised before anything is sent."""
    client = connect(server)
    for call in (
        lambda: client.get_task(""),
        lambda: client.set_task_metadata("t", {"a": object()}),
        lambda: client.upload_file("/no/such/file"),
        lambda: client.download_response("ftp://a"),
        lambda: client.with_options(timeout=-1),
    ):
        with pytest.raises(ScaleException) as caught:
            call()
        assert_says_no_secret(caught.value)


def test_a_file_that_shrinks_behind_a_proxy(
    server: Server, connect: Connect, tmp_path: Any
) -> None:
    """The frames of an error during sending hold the headers."""
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(100_000))
    client = connect(
        server.url, proxies={"http": f"http://user:{PASSWORD}@127.0.0.1:{server.port}"}
    )
    with path.open("rb") as file:
        ends = 0

        def seek(offset: int, whence: int = 0) -> int:
            nonlocal ends
            result: int = file.seek(offset, whence)
            ends += whence == os.SEEK_END
            if ends == 2:  # once to check the size, once to announce it
                os.truncate(path, 10)
            return result

        class Shrinking:
            def __getattr__(self, name: str) -> Any:
                return seek if name == "seek" else getattr(file, name)

        shrinking: Any = Shrinking()
        error = failing(client, lambda client: client.upload_file(shrinking))
    assert "shorter" in str(error)
    assert_says_no_secret(error)


def test_representations(server: Server, connect: Connect) -> None:
    """The reprs of the client, its api and their attributes."""
    client = connect(server, proxies={"https": f"http://user:{PASSWORD}@127.0.0.1:1"})
    task = client.get_task("t")
    for one in (client, client.api, task, client.api.options, client.api.api_key):
        assert_no_secret(repr(one))
    assert_no_secret(f"{client} {client.api} {task}")
    assert_no_secret(repr(vars(client)))
    assert_no_secret(repr({k: v for k, v in vars(client.api).items() if k != "proxies"}))


def test_the_log_says_what_happened(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """One DEBUG line per attempt, and one INFO line per retry."""
    server.script(before(respond(status=500)), before(reset))
    connect(server).get_tasks_count("p", unique_id="not for the log")
    ours = [record for record in caplog.records if record.name == "scaleapi"]
    assert [record.levelname for record in ours] == ["DEBUG", "INFO", "DEBUG", "INFO", "DEBUG"]
    texts = [record.getMessage() for record in ours]
    assert texts[0].startswith("GET /v1/tasks 500 in ")
    assert texts[0].endswith(" ms (attempt 1)")
    assert texts[1].endswith(": 500")
    assert texts[3].endswith(": ConnectionError")
    assert texts[4].startswith("GET /v1/tasks 200 in ")
    assert not [text for text in texts if "not for the log" in text]
