"""An exception of a SIGALRM handler ends a call immediately and propagates."""

from __future__ import annotations

import functools
import signal
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests
from urllib3.exceptions import HTTPError

from scaleapi import ScaleClient
from scaleapi._http import decoding
from scaleapi.exceptions import ScaleConnectionError, ScaleException, ScaleResourceNotFound
from tests.environments.running import run
from tests.environments.service import EXPECTED, service
from tests.wire.conftest import KEY, Authority, Serve
from tests.wire.server import (
    Fault,
    Server,
    after,
    before,
    drip,
    full_backlog,
    hang,
    reset,
    respond,
    say,
    succeed,
)

pytestmark = [
    # On Python 3.13, a signal in the middle of Thread.start() can leave this behind.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.slow,
    pytest.mark.skipif(
        not hasattr(signal, "SIGALRM"), reason="there are no alarms on this platform"
    ),
]

#: Seconds within which a call must have ended; every limit of the client is above it.
AT_ONCE = 3.0

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"


class LimitError(OSError):
    """A custom exception that is not an OSError."""


class Limit(BaseException):
    """A custom BaseException."""


ERRORS: list[type[BaseException]] = [
    TimeoutError,
    LimitError,
    ConnectionResetError,
    BrokenPipeError,
    socket.gaierror,
    ValueError,
    RuntimeError,
    requests.Timeout,
    HTTPError,
    Exception,
    Limit,
]

Handler = Callable[[int, Any], object]


def as_function(error: BaseException) -> Handler:
    def handle(number: int, frame: Any) -> NoReturn:
        raise error

    return handle


def as_nested_function(error: BaseException) -> Handler:
    def handle(number: int, frame: Any) -> None:
        as_function(error)(number, frame)

    return handle


def as_lambda(error: BaseException) -> Handler:
    # Nothing that raises is an expression, but throwing into a generator is.
    return lambda number, frame: (one for one in [0]).throw(error)


class _Object:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __call__(self, number: int, frame: Any) -> NoReturn:
        raise self.error

    def handle(self, number: int, frame: Any) -> NoReturn:
        raise self.error


def as_method(error: BaseException) -> Handler:
    return _Object(error).handle


def as_object(error: BaseException) -> Handler:
    return _Object(error)


def as_partial(error: BaseException) -> Handler:
    return functools.partial(_Object.handle, _Object(error))


def as_function_that_deletes_its_arguments(error: BaseException) -> Handler:
    def handle(number: int, frame: Any) -> NoReturn:
        del number, frame  # not used
        raise error

    return handle


class _Deleting:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __call__(self, *given: Any) -> NoReturn:
        del given  # not used
        raise self.error


def as_object_that_deletes_its_arguments(error: BaseException) -> Handler:
    return functools.partial(_Deleting(error))


def as_function_that_handles_an_error(error: BaseException) -> Handler:
    def handle(number: int, frame: Any) -> None:
        try:
            Path("/nonexistent/lock").unlink()
        except OSError:
            raise error  # noqa: B904 - its context is the other error

    return handle


def as_function_that_is_caused_by_an_error(error: BaseException) -> Handler:
    def handle(number: int, frame: Any) -> None:
        try:
            {}["over budget"]
        except KeyError as reason:
            raise error from reason

    return handle


def as_function_that_raises_with_the_traceback_of_another(error: BaseException) -> Handler:
    def handle(number: int, frame: Any) -> None:
        try:
            {}["over budget"]
        except KeyError as reason:
            raise error.with_traceback(reason.__traceback__) from None

    return handle


def as_function_for_one_signal(error: BaseException) -> Handler:
    def handle(number: int, frame: Any) -> NoReturn:
        signal.signal(number, signal.SIG_DFL)
        raise error

    return handle


HANDLERS = [
    as_function_that_handles_an_error,
    as_function_that_is_caused_by_an_error,
    as_function_that_raises_with_the_traceback_of_another,
    as_function_for_one_signal,
    as_function_that_deletes_its_arguments,
    as_object_that_deletes_its_arguments,
    as_nested_function,
    as_lambda,
    as_method,
    as_object,
    as_partial,
]


@pytest.fixture
def alarm() -> Iterator[Callable[[BaseException, Callable[[], object]], None]]:
    """Return a function that makes a signal handler raise after an event."""
    assert threading.current_thread() is threading.main_thread()
    previous = signal.getsignal(signal.SIGALRM)
    waiting: list[threading.Thread] = []

    def arrange(
        error: BaseException,
        happened: Callable[[], object],
        form: Callable[[BaseException], Handler] = as_function,
    ) -> None:
        signal.signal(signal.SIGALRM, form(error))

        def ring() -> None:
            happened()
            # So that the client is where the server knows it to be.
            signal.setitimer(signal.ITIMER_REAL, 0.1)

        thread = threading.Thread(target=ring)
        waiting.append(thread)
        thread.start()

    yield arrange
    for thread in waiting:
        thread.join()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, previous)


class Stage:
    """A point where a call waits.

    Args:
        call: The call.
        server: What it talks to.
        requests: How many requests have been sent by then.
        connections: How many connections there are by then.
    """

    def __init__(
        self,
        call: Callable[[ScaleClient], object],
        server: Server,
        requests: int = 1,
        connections: int = 1,
    ) -> None:
        self.call = call
        self.server = server
        self.requests = requests
        self.connections = connections

    def wait(self) -> None:
        """Wait until the call has reached this point."""
        self.server.wait_for(
            lambda: (
                len(self.server.requests) >= self.requests
                and self.server.connections >= self.connections
            )
        )

    def check(self) -> None:
        """Assert that nothing was sent afterwards."""
        assert len(self.server.requests) == self.requests
        assert self.server.connections == self.connections


def get(client: ScaleClient) -> object:
    return client.get_task("t").id


def make_stage(name: str, serve: Serve, authority: Authority) -> Stage:
    """Return a stage by name, with a server that blocks a call there."""
    if name == "handshake":
        return Stage(get, serve(service, tls=authority.server, mute=True), requests=0)
    if name == "upload":

        def upload(client: ScaleClient) -> object:
            # With a reference_id it may be retried.
            return client.upload_file(bytes(30_000_000), filename="a", reference_id="r")

        return Stage(upload, serve(service, stall_bodies=True))
    server = serve(service)
    if name == "next page":
        server.script(after(succeed), before(hang))
        return Stage(lambda client: list(client.get_tasks("p")), server, requests=2)
    faults = {
        "response": hang,
        "head": say(HEAD[:-4], then=hang),
        "body": say(HEAD, then=drip(b" " * 100_000, 0.01)),
        "back-off": respond(status=503, Retry_After="6"),
    }
    server.script(before(faults[name]))
    return Stage(get, server)


#: Those at which every exception is tried, and the others.
STAGES, MORE_STAGES = ["response", "body", "upload"], ["handshake", "head", "back-off", "next page"]

CASES = [
    *((where, kind) for where in STAGES for kind in ERRORS),
    *((where, kind) for where in MORE_STAGES for kind in (TimeoutError, LimitError, Limit)),
]


@contextmanager
def ends_at_once(error: BaseException) -> Generator[None]:
    """Assert that exactly this error propagates, soon."""
    begun = time.monotonic()
    with pytest.raises(type(error)) as caught:
        yield
    assert caught.value is error
    assert time.monotonic() - begun < AT_ONCE


def make_client(url: str, authority: Authority) -> ScaleClient:
    return ScaleClient(
        KEY, api_instance_url=url, verify=authority.bundle, timeout=(5, 6), deadline=8
    )


@pytest.mark.parametrize(("where", "kind"), CASES)
def test_handler_raises(
    serve: Serve, authority: Authority, alarm: Any, where: str, kind: type[BaseException]
) -> None:
    error = kind("my limit")
    stage = make_stage(where, serve, authority)
    with make_client(stage.server.url, authority) as client:
        alarm(error, stage.wait)
        with ends_at_once(error):
            stage.call(client)
        stage.check()


@pytest.mark.parametrize("form", HANDLERS)
@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("response", TimeoutError),
        ("response", requests.Timeout),
        ("back-off", TimeoutError),
        ("next page", TimeoutError),
    ],
)
def test_any_kind_of_handler(
    serve: Serve, authority: Authority, alarm: Any, where: str, kind: Any, form: Any
) -> None:
    stage = make_stage(where, serve, authority)
    error = kind("my limit")
    with make_client(stage.server.url, authority) as client:
        alarm(error, stage.wait, form)
        with ends_at_once(error):
            stage.call(client)
        stage.check()


@pytest.mark.parametrize("where", ["response", "body", "back-off", "next page"])
def test_client_can_be_used_afterwards(
    serve: Serve, authority: Authority, alarm: Any, where: str
) -> None:
    """The interrupted connection is not reused."""
    stage = make_stage(where, serve, authority)
    error = TimeoutError("my limit")
    with make_client(stage.server.url, authority) as client:
        alarm(error, stage.wait)
        with ends_at_once(error):
            stage.call(client)
        assert client.get_project("p").name == "parcels"
        assert [task.id for task in client.get_tasks("p")] == EXPECTED["pages"]
        assert client.get_task("t").id == EXPECTED["get"]


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("deadline", [8, None])
def test_while_connecting(
    authority: Authority, alarm: Any, kind: type[BaseException], deadline: float | None
) -> None:
    """A host that does not accept the connection."""
    error = kind("my limit")
    with (
        full_backlog() as port,
        make_client(f"http://127.0.0.1:{port}/v1", authority) as client,
    ):
        limited = client.with_options(deadline=deadline)
        alarm(error, lambda: None)
        with ends_at_once(error):
            limited.get_task("t")


@pytest.mark.parametrize("kind", ERRORS)
def test_while_a_name_is_looked_up(
    server: Server,
    authority: Authority,
    alarm: Any,
    kind: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = kind("my limit")
    asked, go_on = threading.Event(), threading.Event()
    look_up = socket.getaddrinfo

    def slowly(*args: Any, **kwargs: Any) -> Any:
        asked.set()
        go_on.wait(6)
        return look_up(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    url = server.url.replace("127.0.0.1", "localhost")
    try:
        with make_client(url, authority) as client:
            alarm(error, asked.wait)
            with ends_at_once(error):
                client.get_task("t")
    finally:
        go_on.set()
    assert server.requests == []


def test_a_network_function_that_assigns_to_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its arguments are looked at, to tell whether a handler raised the error."""

    def refuse(*given: object) -> NoReturn:
        given = None  # type: ignore[assignment]  # noqa: F841 - as programs may
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with (
        ScaleClient(KEY, api_instance_url="http://localhost:9/v1", max_retries=0) as client,
        pytest.raises(ScaleConnectionError, match="cannot be resolved"),
    ):
        client.get_task("t")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_handler_that_makes_a_call(serve: Serve, authority: Authority, scheme: str) -> None:
    """A call in the middle of a call finds no lock that the interrupted one holds."""
    secure = scheme == "https"
    server = serve(service, tls=authority.server if secure else None)
    server.script(*[before(respond(status=429, Retry_After="0"))] * 3)
    lines = run("interrupted_calls", server.url, authority.bundle if secure else "", seconds=20)
    assert len(server.requests) >= lines > 100


@pytest.mark.parametrize("kind", [KeyboardInterrupt, *ERRORS])
@pytest.mark.parametrize("surfaces_as", [None, RuntimeError, KeyError])
def test_while_a_thread_is_started(
    server: Server,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[BaseException],
    surfaces_as: type[Exception] | None,
) -> None:
    """``Thread.start()`` waits, and may turn the error into another. The thread runs by then."""
    error, start = kind("my limit"), threading.Thread.start

    def interrupted_start(thread: threading.Thread) -> None:
        start(thread)
        if thread.name != "scaleapi-connect":  # a thread of the server
            return
        try:
            signal.raise_signal(signal.SIGALRM)
        except BaseException:
            if surfaces_as is None:
                raise
            raise surfaces_as(thread)  # noqa: B904 - as in the standard library

    previous = signal.signal(signal.SIGALRM, as_function(error))
    try:
        with make_client(server.url, authority) as client:
            with monkeypatch.context() as patch, ends_at_once(error):
                patch.setattr(threading.Thread, "start", interrupted_start)
                client.get_task("t")
            assert client.get_project("p")
    finally:
        signal.signal(signal.SIGALRM, previous)
    assert [request.path for request in server.requests] == ["/v1/projects/p"]
    assert server.connections <= 2


#: Calls that handle errors of the service, when they are interrupted, and by what.
RECOVERIES: dict[str, tuple[Fault, Callable[[ScaleClient], object], type[ScaleException]]] = {
    "the lookup of a task": (
        respond({"error": "The idempotency key is used (t)."}, 409),
        lambda client: client.create_task("annotation", attachment="a", unique_id="u"),
        ScaleException,
    ),
    "ensure_project": (
        hang,
        lambda client: client.ensure_project("p", "annotation"),
        ScaleResourceNotFound,
    ),
    "ensure_batch": (
        hang,
        lambda client: client.ensure_batch("p", "b"),
        ScaleResourceNotFound,
    ),
    "finalize_batch": (
        respond({"error": "It is not in staging."}, 400),
        lambda client: client.finalize_batch("b"),
        ScaleException,
    ),
    "wait": (hang, lambda client: client.wait_for_tasks(["t"], timeout=60), ScaleConnectionError),
}


@pytest.mark.parametrize("form", [as_function, as_function_for_one_signal])
@pytest.mark.parametrize("call", RECOVERIES)
def test_a_handler_that_raises_an_error_of_the_client(
    serve: Serve, alarm: Any, call: str, form: Any
) -> None:
    """It is not mistaken for a response of the service, and nothing is sent afterwards."""
    second, make, kind = RECOVERIES[call]
    server = serve(service)
    error = type("Limit", (kind,), {})("my limit")
    if second is hang:
        server.script(before(hang))
        asked = 1
    else:
        server.script(before(reset), before(second), before(hang))
        asked = 3
    with ScaleClient(KEY, api_instance_url=server.url) as client:
        alarm(error, lambda: server.wait_for(lambda: len(server.requests) == asked), form)
        with ends_at_once(error):
            make(client)
    assert len(server.requests) == asked


@pytest.mark.parametrize("kind", [KeyboardInterrupt, *ERRORS])
def test_a_call_after_an_interruption(
    serve: Serve, authority: Authority, alarm: Any, kind: type[BaseException]
) -> None:
    """Its failures are its own, even where the interruption is handled."""
    stage = make_stage("response", serve, authority)
    error = kind("my limit")
    with make_client(stage.server.url, authority) as client:
        alarm(error, stage.wait)
        try:
            stage.call(client)
        except kind:
            stage.server.script(before(reset), before(reset))
            assert client.get_task("t").id == EXPECTED["get"]  # retried
            stage.server.script(*[before(reset)] * 4)
            with pytest.raises(ScaleConnectionError) as failed:
                client.cancel_task("t")
            assert failed.value.attempts == 4
        else:
            pytest.fail("the call was not interrupted")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_handler_that_raises_at_each_line(serve: Serve, authority: Authority, scheme: str) -> None:
    """Connections are closed, nothing half-made is finalized, and the next call is answered."""
    secure = scheme == "https"
    server = serve(service, tls=authority.server if secure else None)
    result = run("interrupted_lines", server.url, authority.bundle if secure else "", seconds=60)
    assert result["found"] == []
    assert result["interrupted"] > 100


class Interrupted:
    """An argument whose methods are interrupted by a signal."""

    closed = False

    def _interrupted(self, *_: object) -> Any:
        signal.raise_signal(signal.SIGALRM)

    __str__ = __int__ = __index__ = __len__ = read = seek = tell = seekable = _interrupted  # type: ignore[assignment]


ARGUMENTS: dict[str, Callable[[ScaleClient, Any], object]] = {
    "id": lambda client, value: client.get_task(value),
    "filter": lambda client, value: client.tasks(tags=value),
    "limit": lambda client, value: client.tasks(limit=value),
    "flag": lambda client, value: client.cancel_task("t", value),
    "file": lambda client, value: client.upload_file(value),
}


@pytest.mark.parametrize("call", ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_while_an_argument_is_checked(server: Server, call: Callable[..., object]) -> None:
    """The exception is not reported as a mistake in the argument."""
    error = LimitError()
    previous = signal.signal(signal.SIGALRM, as_function(error))
    try:
        with ends_at_once(error), ScaleClient(KEY, api_instance_url=server.url) as client:
            call(client, Interrupted())
    finally:
        signal.signal(signal.SIGALRM, previous)
    assert server.connections == 0


@pytest.mark.parametrize("kind", [ValueError, RecursionError])
@pytest.mark.parametrize("where", ["orjson", "json"])
def test_while_a_response_is_decoded(
    server: Server, monkeypatch: pytest.MonkeyPatch, where: str, kind: type[Exception]
) -> None:
    """The exception does not mean that it is not JSON."""
    error = kind("my limit")
    previous = signal.signal(signal.SIGALRM, as_function(error))

    def interrupted(content: bytes) -> None:
        signal.raise_signal(signal.SIGALRM)

    monkeypatch.setattr(decoding, "_fast", interrupted if where == "orjson" else None)
    monkeypatch.setattr("json.loads", interrupted)
    try:
        with ends_at_once(error), ScaleClient(KEY, api_instance_url=server.url) as client:
            client.get_task("t")
    finally:
        signal.signal(signal.SIGALRM, previous)


def test_the_look_at_the_handlers_suppresses_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The conversion of the standard library to an enum would: it catches every ValueError."""

    def fail(*_: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr(signal, "_int_to_enum", fail)
    server.script(before(reset))
    with ScaleClient(KEY, api_instance_url=server.url) as client:
        assert client.get_task("t").id == EXPECTED["get"]


def test_while_a_body_is_encoded(server: Server) -> None:
    error = LimitError()

    class Body(dict[str, Any]):
        def items(self) -> Any:
            signal.raise_signal(signal.SIGALRM)

    previous = signal.signal(signal.SIGALRM, as_function(error))
    try:
        with ends_at_once(error), ScaleClient(KEY, api_instance_url=server.url) as client:
            client.api.post_request("x", Body(a=1))
    finally:
        signal.signal(signal.SIGALRM, previous)
    assert server.connections == 0
