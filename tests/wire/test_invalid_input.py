"""Invalid input raises ScaleArgumentError immediately, not a network error."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from scaleapi import Api, ApiClient, Configuration, ScaleClient, V2Api
from scaleapi.exceptions import ScaleArgumentError, ScaleException
from tests.wire.conftest import KEY, Connect
from tests.wire.server import Server

#: More digits than Python writes as text.
HUGE = 10**5_000


def deep(levels: int = 100_000) -> list[Any]:
    """Return a deeply nested list."""
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner]
    return inner


def circular() -> dict[str, Any]:
    """Return a dict that contains itself."""
    outer: dict[str, Any] = {}
    outer["self"] = outer
    return outer


def names(argument: str, call: Callable[[], object]) -> ScaleArgumentError | None:
    """Make a call; it succeeds, or its short error names the argument."""
    try:
        call()
    except ScaleArgumentError as error:
        assert argument in error.argument  # noqa: PT017 - or there is no error
        assert error.attempts == 0  # noqa: PT017
        assert not error.may_have_been_applied  # noqa: PT017
        assert len(str(error)) < 1_000  # noqa: PT017
        return error
    return None


# Numbers

NUMBERS: dict[str, tuple[str, Callable[[ScaleClient], object]]] = {
    "a query": ("limit", lambda client: client.api.get_request("tasks", {"limit": HUGE})),
    "a list in a query": (
        "limit",
        lambda client: client.api.get_request("tasks", {"limit": [1, -HUGE]}),
    ),
    "a query of a PUT": ("n", lambda client: client.api.put_request("a", {}, params={"n": HUGE})),
    "a query of a DELETE": ("n", lambda client: client.api.delete_request("a", params={"n": HUGE})),
    "tasks": ("limit", lambda client: client.tasks(project="p", limit=HUGE)),
    "get_tasks": ("limit", lambda client: list(client.get_tasks("p", limit=HUGE))),
    "unique_id": ("unique_id", lambda client: client.tasks(project="p", unique_id=HUGE)),
    "tags": ("tags", lambda client: client.tasks(project="p", tags=[HUGE])),
    "batches": ("limit", lambda client: client.batches(limit=HUGE)),
    "offset": ("offset", lambda client: client.batches(offset=HUGE)),
    "task_id": ("task_id", lambda client: client.get_task(HUGE)),  # type: ignore[arg-type]
    "a body": ("priority", lambda client: client.create_task("imageannotation", priority=HUGE)),
    "metadata": ("metadata", lambda client: client.set_task_metadata("t", {"n": HUGE})),
    "priority": ("priority", lambda client: client.prioritize_batch("b", HUGE)),
    "an upload": (
        "metadata",
        lambda client: client.upload_file(b"x", filename="a", metadata={"n": HUGE}),
    ),
    "a field of an upload": (
        "reference_id",
        lambda client: client.upload_file(b"x", filename="a", reference_id=HUGE),
    ),
    "v2 limit": ("limit", lambda client: client.v2.get_tasks(project_id="p", limit=HUGE)),
    "v2 id": ("task_id", lambda client: client.v2.get_task(HUGE)),  # type: ignore[arg-type]
    "v2 metadata": (
        "metadata",
        lambda client: client.v2.set_task_metadata(task_id="t", metadata={"n": HUGE}),
    ),
}


@pytest.mark.parametrize(("argument", "call"), NUMBERS.values(), ids=NUMBERS.keys())
def test_a_number_of_5000_digits(
    server: Server, connect: Connect, argument: str, call: Callable[[ScaleClient], object]
) -> None:
    """Python cannot convert it to text, but that must not cause a bare ValueError."""
    client = connect(server)
    error = names(argument if argument != "metadata" else "", lambda: call(client))
    assert len(server.requests) == (1 if error is None else 0)


TIMES: dict[str, Any] = {
    "1e10": 1e10,
    "1e300": 1e300,
    "the largest float": sys.float_info.max,
    "1e19": 1e19,
    "10**10": 10**10,
    "10**400": 10**400,
    "-10**400": -(10**400),
    "10**5000": HUGE,
    "infinity": math.inf,
    "NaN": math.nan,
    "the smallest float": 5e-324,
    "a negative zero": -0.0,
    "Decimal infinity": Decimal("Infinity"),
}


@pytest.mark.parametrize("value", TIMES.values(), ids=TIMES.keys())
@pytest.mark.parametrize(
    ("argument", "of"),
    [
        ("timeout", lambda value: {"timeout": value}),
        ("timeout", lambda value: {"timeout": (value, 5)}),
        ("timeout", lambda value: {"timeout": (5, value)}),
        ("deadline", lambda value: {"deadline": value}),
    ],
    ids=["timeout", "to connect", "to read", "deadline"],
)
def test_very_long_timeouts(
    server: Server, argument: str, of: Callable[[Any], dict[str, Any]], value: Any
) -> None:
    """The error names the argument, or the call succeeds, for clients, options and v2."""

    def call(client: ScaleClient) -> None:
        for make in (client.get_task, client.v2.get_task):
            try:
                make("t")
            except ScaleException as error:
                assert 0 < value < 1e-3, error  # noqa: PT017 - too short for anything

    def made() -> None:
        with ScaleClient(KEY, api_instance_url=server.url, verify=False, **of(value)) as client:
            call(client)

    def changed() -> None:
        with ScaleClient(KEY, api_instance_url=server.url, verify=False) as client:
            call(client.with_options(**of(value)))

    names(argument, made)
    names(argument, changed)


@pytest.mark.parametrize("value", TIMES.values(), ids=TIMES.keys())
def test_very_long_timeouts_of_v2_calls(server: Server, connect: Connect, value: Any) -> None:
    """``_request_timeout`` is validated like the option."""

    def call() -> None:
        try:
            connect(server).v2.get_task("t", _request_timeout=value)  # type: ignore[call-arg]
        except ScaleArgumentError:
            raise
        except ScaleException as error:
            assert 0 < value < 1e-3, error  # noqa: PT017

    names("timeout", call)


@pytest.mark.parametrize("option", ["max_retries", "max_body"])
@pytest.mark.parametrize(
    "value",
    [HUGE, -HUGE, 10**19, 1e300, math.nan],
    ids=["10**5000", "-10**5000", "10**19", "1e300", "NaN"],
)
def test_rejects_invalid_counts(server: Server, option: str, value: Any) -> None:
    """The same for the other limits."""

    def made() -> None:
        options = {option: value}
        with ScaleClient(KEY, api_instance_url=server.url, verify=False, **options) as client:
            client.get_task("t")

    names(option, made)


# Bodies

NOT_JSON: dict[str, Callable[[], Any]] = {
    "deep": deep,
    "deep objects": lambda: {"a": {"b": deep()}},
    "circular": circular,
    "NaN": lambda: {"a": math.nan},
    "infinity": lambda: {"a": [math.inf]},
    "minus infinity": lambda: {"a": -math.inf},
    "a set": lambda: {"a": {1}},
    "bytes": lambda: {"a": b"x"},
    "an object": lambda: {"a": object()},
    "a key that is no text": lambda: {("a", "b"): 1},
}

WITH_METADATA: dict[str, Callable[[ScaleClient, Any], object]] = {
    "upload_file": lambda client, value: client.upload_file(b"x", filename="a", metadata=value),
    "import_file": lambda client, value: client.import_file("https://a.example/b", metadata=value),
    "create_task": lambda client, value: client.create_task("imageannotation", metadata=value),
    "create_batch": lambda client, value: client.create_batch("p", "b", metadata=value),
}


@pytest.mark.parametrize("call", WITH_METADATA.values(), ids=WITH_METADATA.keys())
@pytest.mark.parametrize("make", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_rejects_metadata_that_is_not_json(
    server: Server,
    connect: Connect,
    call: Callable[[ScaleClient, Any], object],
    make: Callable[[], Any],
) -> None:
    """The error names the argument and nothing is sent, for uploads too."""
    client, value = connect(server), make()
    with pytest.raises(ScaleArgumentError) as caught:
        call(client, value)
    assert "metadata" in caught.value.argument
    assert len(str(caught.value)) < 1_000
    assert server.connections == 0


# Keys and headers

KEYS = ["\u043a\u043b\u044e\u0447", "key_\u20ac", "\U0001f511", "cl\u00e9", "\u9375" * 20]


@pytest.mark.parametrize("key", KEYS, ids=ascii)
def test_rejects_keys_that_a_header_cannot_contain(server: Server, key: str) -> None:
    """v1 encodes keys in Base64; v2 sends them unencoded."""

    def v1() -> None:
        with ScaleClient(key, api_instance_url=server.url) as client:
            client.get_task("t")

    def v2() -> None:
        with ScaleClient(key, api_instance_url=server.url) as client:
            client.v2.get_task("t")

    def configured(access_token: str | None, username: str | None = None) -> None:
        configuration = (
            Configuration(server.origin, username=username)
            if access_token is None
            else Configuration(server.origin, access_token=access_token)
        )
        with ApiClient(configuration) as api_client:
            V2Api(api_client).get_task("t")

    def changed() -> None:
        configuration = Configuration(server.origin, access_token="ascii")
        with ApiClient(configuration) as api_client:
            configuration.access_token = key
            V2Api(api_client).get_task("t")

    for call in (
        v1,
        v2,
        lambda: configured(key),
        lambda: configured(None, key),
        changed,
    ):
        error = names("", call)
        if error is not None:
            assert error.argument in {"api_key", "access_token", "username"}
            assert key not in str(error)


HEADERS: dict[str, Any] = {
    "an empty name": {"": "x"},
    "a space": {"X A": "x"},
    "a space at the end": {"X-A ": "x"},
    "a colon": {"X-A:": "x"},
    "a colon first": {":path": "x"},
    "a line": {"X-A\r\nX-B": "x"},
    "a tab": {"X\tA": "x"},
    "a null": {"X\0": "x"},
    "other letters": {"X-\u00e9": "x"},
    "a parenthesis": {"X(A)": "x"},
    "a slash": {"X/A": "x"},
    "an at": {"X@A": "x"},
    "a comma": {"X,A": "x"},
    "a semicolon": {"X;A": "x"},
    "an equals sign": {"X=A": "x"},
    "a question mark": {"X?": "x"},
    "quotes": {'"X"': "x"},
    "brackets": {"[X]": "x"},
    "braces": {"{X}": "x"},
    "a less-than sign": {"<X>": "x"},
    "a backslash": {"X\\A": "x"},
    "a name that is no text": {5: "x"},
    "None as a name": {None: "x"},
    "bytes as a name": {b"X": "x"},
    "a line in a value": {"X": "a\r\nX-B: c"},
    "a newline in a value": {"X": "a\nb"},
    "a null in a value": {"X": "a\0b"},
    "other letters in a value": {"X": "\u20ac"},
    "a number": {"X": 5},
    "a list": {"X": ["a"]},
    "no dict": [("X", "x")],
    "text": "X: x",
    "another framing": {"Transfer-Encoding": "chunked"},
    "another framing in lower case": {"transfer-encoding": "identity"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_rejects_invalid_headers(server: Server, connect: Connect, headers: Any) -> None:
    """For v2 calls, the error names the argument and nothing is sent."""
    with pytest.raises(ScaleArgumentError) as caught:
        connect(server).v2.get_task("t", _headers=headers)  # type: ignore[call-arg]
    assert caught.value.argument == "_headers"
    assert server.connections == 0


def test_headers_with_every_allowed_character(server: Server, connect: Connect) -> None:
    """All characters of a header name, and an empty value."""
    headers = {"X-a1!#$%&'*+-.^_`|~": 'a b;c,d"e', "X-Empty": ""}
    connect(server).v2.get_task("t", _headers=headers)  # type: ignore[call-arg]
    head = server.requests[0].head.decode()
    assert "\r\nX-a1!#$%&'*+-.^_`|~: a b;c,d\"e\r\n" in head
    assert "\r\nX-Empty:" in head


# Proxies

PROXIES = [
    *["http://", "http:///x", "http://:3128", "http://user:pa55word@", "http://user:pa55word@:1"],
    *["https://", "socks5://", "socks5h://:1080", "?", "http://?x"],
    *["foo://127.0.0.1:1", "ftp://127.0.0.1:1", "socks6://127.0.0.1:1", "file:///x"],
    *["http+unix://127.0.0.1:1", "://127.0.0.1:1"],
    *["http://127.0.0.1:99999", "http://127.0.0.1:x", "http://127.0.0.1:-1", "http://[::1"],
    *["http://a b:1", "http://a\\b:1", "http://a\nb:1"],
]


@pytest.mark.parametrize("url", PROXIES, ids=ascii)
@pytest.mark.parametrize("cls", [ScaleClient, Api])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_rejects_invalid_proxies(server: Server, cls: Any, scheme: str, url: str) -> None:
    """The constructor raises an error without the password, for any kind of proxy."""
    with pytest.raises(ScaleArgumentError) as caught:
        cls(KEY, api_instance_url=server.url, proxies={scheme: url})
    assert caught.value.argument == "proxies"
    assert "pa55word" not in str(caught.value)


def fails_locally(call: Callable[[], object]) -> ScaleException:
    """Return the error of a call that sends nothing and is not retried."""
    with pytest.raises(ScaleException) as caught:
        call()
    assert caught.value.attempts <= 1
    assert not caught.value.may_have_been_applied
    assert "pa55word" not in str(caught.value)
    return caught.value


def invite(url: str, **options: Any) -> None:
    with ScaleClient(KEY, api_instance_url=url, **options) as client:
        client.invite_teammates(["a@b.c"], "member")


@pytest.mark.parametrize("url", PROXIES, ids=ascii)
def test_rejects_invalid_proxies_in_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """The constructor or the call raises, and nothing is retried."""
    # Loopback is what tests use, and what proxies are usually not for.
    monkeypatch.setenv("HTTP_PROXY", url)
    monkeypatch.setenv("http_proxy", url)
    monkeypatch.setenv("no_proxy", "")
    fails_locally(lambda: invite(server.url))
    assert server.connections == 0


@pytest.mark.parametrize("url", PROXIES, ids=ascii)
def test_v2_rejects_invalid_proxies(server: Server, url: str) -> None:
    """The proxy is an attribute there, so the ApiClient or the call raises."""

    def call() -> None:
        configuration = Configuration(server.origin, access_token=KEY)
        configuration.proxy = url
        with ApiClient(configuration) as api_client:
            V2Api(api_client).create_chat_task(project_id="p")

    fails_locally(call)
    assert server.connections == 0


@pytest.mark.parametrize("proxies", [{}, {"http": ""}, {"http": None}, {"http": None, "https": ""}])
def test_no_proxy(server: Server, proxies: Any) -> None:
    """``None`` and ``""`` mean no proxy."""
    invite(server.url, proxies=proxies)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "form", ["127.0.0.1:PORT", "http://127.0.0.1:PORT", "http://u:p@localhost:PORT/"]
)
def test_accepts_valid_proxies(server: Server, form: str) -> None:
    """With a scheme or without."""
    invite("http://127.0.0.1:9/v1", proxies={"http": form.replace("PORT", str(server.port))})
    assert server.requests[0].target.startswith("http://127.0.0.1:9/v1/")


WITHOUT_PYSOCKS = """
import json, sys, time
sys.modules["socks"] = None
from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleException

begun, where = time.monotonic(), "constructor"
try:
    proxies = json.loads(sys.argv[2])
    client = ScaleClient("live_key", api_instance_url=sys.argv[1], proxies=proxies)
    where = "call"
    client.invite_teammates(["a@b.c"], "member")
except ScaleException as error:
    print(json.dumps({
        "where": where,
        "text": str(error),
        "attempts": error.attempts,
        "applied": error.may_have_been_applied,
        "took": time.monotonic() - begun,
    }))
"""


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("socks", ["socks5", "socks5h", "socks4", "socks4a"])
@pytest.mark.parametrize("where", ["argument", "environment"])
def test_socks_without_pysocks(
    server: Server, monkeypatch: pytest.MonkeyPatch, socks: str, scheme: str, where: str
) -> None:
    """The error says what to install; it is not a network error."""
    address = f"{socks}://user:pa55word@127.0.0.1:{server.port}"
    if where == "environment":
        monkeypatch.setenv(f"{scheme}_proxy", address)
    proxies = json.dumps({scheme: address} if where == "argument" else None)
    url = f"{scheme}://example.invalid/v1"
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PYSOCKS, url, proxies],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr == ""
    said = json.loads(done.stdout)
    assert said["attempts"] <= 1
    assert not said["applied"]
    assert said["took"] < 10
    assert "PySocks" in said["text"]
    assert "pa55word" not in said["text"]
    assert server.connections == 0
    if where == "argument":
        assert said["where"] == "constructor"
