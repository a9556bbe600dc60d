"""Calls that go wrong on purpose."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
import requests
from requests.auth import _basic_auth_str

from scaleapi.sandbox import Fault, Faults, Sandbox
from scaleapi.sandbox.__main__ import main
from scaleapi.sandbox.faults.text import parse_fault
from tests.sandbox.rules.caller import IMAGE_TASK, Caller, connected, until_closed

CREATE = "POST /v1/task/*"
BODY = json.dumps(IMAGE_TASK).encode()
RESET = "reset"


@pytest.fixture(autouse=True)
def _nothing_is_left(manual: Sandbox) -> Iterator[None]:
    yield
    manual.faults.clear()


class Seen(NamedTuple):
    """What a raw client sees: the bytes, how the connection ended, and how long that took."""

    content: bytes
    end: str
    seconds: float

    @property
    def head(self) -> str:
        return self.content.partition(b"\r\n\r\n")[0].decode()

    @property
    def body(self) -> bytes:
        return self.content.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    def header(self, name: str) -> str | None:
        for line in self.head.split("\r\n")[1:]:
            if line.lower().startswith(f"{name.lower()}: "):
                return line.partition(": ")[2]
        return None


def request(key: str, target: str = "POST /v1/task/imageannotation", body: bytes = BODY) -> bytes:
    token = _basic_auth_str(key, "")
    return (
        f"{target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    ).encode() + body


def send(sandbox: Sandbox, what: bytes | None = None) -> Seen:
    """Send a request (by default, one that creates a task) and watch the wire."""
    content, start = b"", time.monotonic()
    with connected(sandbox) as connection:
        connection.sendall(what or request(sandbox.live_key))
        try:
            while piece := connection.recv(65536):
                content += piece
        except ConnectionResetError:
            return Seen(content, RESET, time.monotonic() - start)
    return Seen(content, "closed", time.monotonic() - start)


def tasks(sandbox: Sandbox) -> int:
    """How many tasks there are, asked with nothing in the way."""
    sandbox.faults.clear()
    total: int = Caller(sandbox, sandbox.live_key).get("/tasks")["total"]
    return total


both = pytest.mark.parametrize(("commit", "made"), [("before-commit", 0), ("after-commit", 1)])


# What happens


@both
def test_a_status_with_headers(manual: Sandbox, commit: str, made: int) -> None:
    """The answer is the status, with its headers and an error body as the service has them."""
    manual.faults.add(f"{CREATE} 503 Retry-After=2 X-A=b {commit}")
    seen = send(manual)
    assert seen.head.startswith("HTTP/1.1 503 Service Unavailable\r\n")
    assert (seen.header("Retry-After"), seen.header("X-A")) == ("2", "b")
    assert seen.header("Content-Type") == "application/json"
    assert list(json.loads(seen.body)) == ["status_code", "error"]
    assert int(seen.header("Content-Length") or 0) == len(seen.body)
    assert (seen.end, tasks(manual)) == ("closed", made)


@pytest.mark.parametrize(
    ("fault", "head", "body"),
    [
        (
            Fault("POST", "**", 502, headers={"Content-Type": "text/html"}, body="<h1>Bad</h1>"),
            {"Content-Type": "text/html"},
            b"<h1>Bad</h1>",
        ),
        (Fault("POST", "**", 200, body="ä"), {"Content-Type": "text/plain"}, "ä".encode()),
        (Fault("POST", "**", 200, body=b"\xff{"), {"Content-Type": "text/plain"}, b"\xff{"),
        (Fault("POST", "**", 500, body=""), {"Content-Length": "0"}, b""),
        (Fault("POST", "**", 200, body=[]), {"Content-Type": "application/json"}, b"[]"),
        (Fault("POST", "**", 302, headers={"Location": "/a"}), {"Location": "/a"}, None),
        (Fault("POST", "**", 204), {"Content-Length": None, "Content-Type": None}, b""),
        (Fault("POST", "**", 599), {}, None),
    ],
)
def test_any_status_headers_and_body(
    manual: Sandbox, fault: Fault, head: dict[str, str], body: bytes | None
) -> None:
    """Whatever HTTP can say can be answered."""
    manual.faults.add(fault)
    seen = send(manual)
    assert seen.status == fault.effect
    assert {name: seen.header(name) for name in head} == head
    names = [line.partition(":")[0] for line in seen.head.split("\r\n")]
    assert len(set(names)) == len(names)
    assert body is None or seen.body == body


def test_a_status_leaves_the_connection_open(manual: Sandbox, caller: Caller) -> None:
    """After an answer like any other, the same connection carries the next call."""
    manual.faults.add("GET /v1/tasks 500 first 1")
    connection = http.client.HTTPConnection(manual.url.split("/")[2])
    headers = {"Authorization": _basic_auth_str(manual.live_key, "")}
    for status in (500, 200):
        connection.request("GET", "/v1/tasks", headers=headers)
        wire = connection.sock
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (status, True)
        assert connection.sock is wire
    connection.close()


@both
def test_reset(manual: Sandbox, commit: str, made: int) -> None:
    """The connection is reset, and not a byte of an answer comes."""
    manual.faults.add(f"{CREATE} reset {commit}")
    seen = send(manual)
    assert (seen.content, seen.end) == (b"", RESET)
    assert tasks(manual) == made


@both
def test_close(manual: Sandbox, commit: str, made: int) -> None:
    """The connection ends in order, and not a byte of an answer comes."""
    manual.faults.add(f"{CREATE} close {commit}")
    seen = send(manual)
    assert (seen.content, seen.end) == (b"", "closed")
    assert tasks(manual) == made


def test_large_request_is_read_before_closing(manual: Sandbox) -> None:
    """A body that nobody has read does not turn an orderly end into a reset."""
    manual.faults.add("POST /v1/files/upload close")
    body = b"x" * 20_000_000  # more than the buffers of a connection hold
    seen = send(manual, request(manual.live_key, "POST /v1/files/upload", body))
    assert (seen.content, seen.end) == (b"", "closed")


@both
def test_hang(manual: Sandbox, commit: str, made: int) -> None:
    """Nothing comes until the client goes away."""
    rule = manual.faults.add(f"{CREATE} hang {commit}")
    with connected(manual) as connection:
        connection.sendall(request(manual.live_key))
        connection.settimeout(0.05)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.sendall(b"more that nobody waits for")
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(10)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert rule.fired == 1
    assert tasks(manual) == made


@pytest.mark.parametrize("more", [b"", b"more"])
def test_hang_with_a_limit(manual: Sandbox, more: bytes) -> None:
    """Nothing comes, and then the end."""
    rule = manual.faults.add(f"{CREATE} hang 0.2s")
    with connected(manual) as connection:
        start = time.monotonic()
        connection.sendall(request(manual.live_key))
        until(lambda: rule.fired == 1)
        connection.sendall(more)
        assert until_closed_or_reset(connection) == b""
        assert 0.15 < time.monotonic() - start < 5


def until_closed_or_reset(connection: socket.socket) -> bytes:
    try:
        return until_closed(connection)
    except ConnectionResetError:
        return b""


@both
def test_delay(manual: Sandbox, commit: str, made: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes later; before the commit, the call is carried out later too."""
    waiting, over = threading.Event(), threading.Event()

    def wait(faults: Faults, seconds: float) -> bool:
        assert seconds == 0.5
        waiting.set()
        return over.wait(5)

    monkeypatch.setattr(Faults, "wait", wait)
    manual.faults.add(f"{CREATE} delay 0.5s {commit}")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(send, manual)
        assert waiting.wait(5)
        assert Caller(manual, manual.live_key).get("/tasks")["total"] == made
        over.set()
        seen = answer.result()
    assert (seen.status, json.loads(seen.body)["status"]) == (200, "pending")
    assert tasks(manual) == 1


def test_delay_takes_real_time(manual: Sandbox) -> None:
    """The clock of the sandbox has nothing to do with it."""
    manual.faults.add(f"{CREATE} delay 0.1s")
    manual.clock.advance(3600)
    assert 0.1 <= send(manual).seconds < 5


@both
def test_truncate(manual: Sandbox, commit: str, made: int) -> None:
    """Half of the body comes, with the length of the whole, and then an orderly end."""
    manual.faults.add(f"{CREATE} truncate {commit}")
    seen = send(manual)
    assert seen.end == "closed"
    assert seen.status == (200 if made else 500)
    assert len(seen.body) == int(seen.header("Content-Length") or 0) // 2 > 0
    assert seen.body.startswith(b'{"task_id":' if made else b'{"status_code":')
    assert tasks(manual) == made


@both
def test_drip(manual: Sandbox, commit: str, made: int) -> None:
    """The answer comes byte by byte, each after a while."""
    manual.faults.add(f"{CREATE} drip 0.0005s {commit}")
    pieces = []
    with connected(manual) as connection:
        connection.sendall(request(manual.live_key))
        start = time.monotonic()
        while piece := connection.recv(65536):
            pieces.append(piece)
        seconds = time.monotonic() - start
    seen = Seen(b"".join(pieces), "closed", seconds)
    assert seen.status == (200 if made else 500)
    assert len(seen.body) == int(seen.header("Content-Length") or 0)
    assert ("task_id" in json.loads(seen.body)) == bool(made)
    assert len(pieces) > 10
    assert seconds > 0.0005 * len(seen.content)
    assert tasks(manual) == made


@pytest.mark.parametrize("effect", ["truncate", "truncate after-commit", "drip 0s", "503"])
def test_head_has_no_body(manual: Sandbox, effect: str) -> None:
    """What goes wrong with HEAD has no body either."""
    manual.faults.add(f"HEAD /v1/projects {effect}")
    assert send(manual, request(manual.live_key, "HEAD /v1/projects", b"")).body == b""


@pytest.mark.parametrize("effect", ["hang", "delay 60s", "drip 1s"])
def test_stop_does_not_wait_for_faults(effect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a call is held, the sandbox stops at once and leaves no thread."""
    monkeypatch.setattr("scaleapi.sandbox.http.server._STOP_SECONDS", 20)
    before = set(threading.enumerate())
    sandbox = Sandbox(faults=[f"* ** {effect}"]).start()
    (rule,) = sandbox.faults
    with connected(sandbox) as connection:
        connection.sendall(request(sandbox.live_key))
        until(lambda: rule.fired == 1)
        start = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - start < 5
        until_closed_or_reset(connection)
    until(lambda: set(threading.enumerate()) <= before)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_client_disconnects_during_a_fault(manual: Sandbox) -> None:
    """Whoever goes away while an answer drips ends that answer, and the next is served."""
    rule = manual.faults.add("GET /v1/projects drip 0.01s first 1 after-commit")
    with connected(manual) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(request(manual.live_key, "GET /v1/projects", b""))
        assert connection.recv(1) == b"H"
    assert send(manual, request(manual.live_key, "GET /v1/projects", b"")).body == b"[]"
    assert rule.matched == 2


# Which calls, and when


@pytest.mark.parametrize(
    ("rule", "target", "hit"),
    [
        ("POST /v1/task/* 500", "POST /v1/task/abc", True),
        ("POST /v1/task/* 500", "GET /v1/task/abc", False),
        ("* /v1/task/* 500", "DELETE /v1/task/abc", True),
        ("* /v1/task/* 500", "GET /v1/task/abc/cancel", False),
        ("* /v1/task/** 500", "GET /v1/task/abc/cancel", True),
        ("* /v1/task/*/cancel 500", "GET /v1/task/abc/cancel", True),
        ("* /v1/task/image* 500", "POST /v1/task/imageannotation", True),
        ("* /v1/task/image* 500", "POST /v1/task/videoannotation", False),
        ("* /v1/tasks 500", "GET /v1/tasks?limit=1", True),
        ("* /v1/tasks 500", "GET /v1/tasksets", False),
        ("* /v1/t.sks 500", "GET /v1/tasks", False),
        ("* ** 500", "GET /anything/at/all", True),
        ("* **/cancel 500", "GET /v1/task/abc/cancel", True),
        ("* /v1/batches/* 500", "GET /v1/batches/a%2Fb", True),
        ("* /v1/batches/ä 500", "GET /v1/batches/%C3%A4", True),
    ],
)
def test_matching(manual: Sandbox, rule: str, target: str, hit: bool) -> None:
    """The verb and the whole path must match; a star stays within a segment, two do not."""
    counts = manual.faults.add(rule)
    seen = send(manual, request(manual.live_key, target, b""))
    assert (counts.matched, counts.fired) == (hit, hit)
    assert (seen.status == 500) is hit


def test_control_api_is_exempt(manual: Sandbox) -> None:
    """A rule for everything still leaves a way to take it away."""
    rule = manual.faults.add("* ** reset")
    for path in ("/_sandbox", "/_sandbox/", "/_sandbox/clock"):
        assert send(manual, request(manual.live_key, f"GET {path}", b"")).status == 200
    assert rule.matched == 0


def fates(sandbox: Sandbox, rule: str, calls: int = 60) -> str:
    """Add a rule to GET calls, and tell for each call whether it went wrong."""
    sandbox.faults.clear()
    counts = sandbox.faults.add(f"GET /v1/projects 500 {rule}")
    caller = Caller(sandbox, sandbox.live_key)
    with caller.session as session:
        statuses = [session.get(f"{sandbox.url}/projects").status_code for _ in range(calls)]
    fate = "".join("x" if status == 500 else "." for status in statuses)
    assert (counts.matched, counts.fired) == (calls, fate.count("x"))
    return fate


def test_first_and_every(manual: Sandbox) -> None:
    """First means the first matching calls; every fourth the fourth, the eighth, ..."""
    assert fates(manual, "", 3) == "xxx"
    assert fates(manual, "first 3", 8) == "xxx....."
    assert fates(manual, "every 4th", 9) == "...x...x."
    assert fates(manual, "every 1st", 3) == "xxx"


def test_percent_is_reproducible(manual: Sandbox) -> None:
    """A seed decides what chance brings; without one it is always the same."""
    unseeded = fates(manual, "20%")
    assert 4 < unseeded.count("x") < 25
    assert fates(manual, "20%") == unseeded
    seeded = fates(manual, "20% seed 7")
    assert seeded != unseeded
    assert fates(manual, "20% seed 7") == seeded
    assert fates(manual, "0%", 20) == "." * 20
    assert fates(manual, "100%", 20) == "x" * 20


def test_first_firing_rule_applies(manual: Sandbox) -> None:
    """Later rules see only the calls that earlier ones let pass."""
    first = manual.faults.add("GET /v1/projects 500 first 1")
    second = manual.faults.add("GET /v1/** 502 every 2nd")
    third = manual.faults.add("* ** 503")
    target = request(manual.live_key, "GET /v1/projects", b"")
    assert [send(manual, target).status for _ in range(4)] == [500, 503, 502, 503]
    assert [(rule.matched, rule.fired) for rule in (first, second, third)] == [
        (4, 1),
        (3, 1),
        (2, 2),
    ]


@pytest.mark.slow
def test_64_connections_at_once(manual: Sandbox) -> None:
    """With 64 clients at once no call is counted twice or lost, and each fate is what it says."""
    lost = manual.faults.add(f"{CREATE} close after-commit every 4th")
    refused = manual.faults.add(f"{CREATE} 503 50%")
    barrier = threading.Barrier(64)

    def work(_number: int) -> list[Seen]:
        barrier.wait(20)
        return [send(manual) for _ in range(2)]

    with ThreadPoolExecutor(64) as pool:
        seen = [one for several in pool.map(work, range(64)) for one in several]
    answers = [one.status for one in seen if one.content]
    assert (lost.matched, lost.fired) == (128, 32)
    assert (len(answers), refused.matched) == (96, 96)
    assert answers.count(503) == refused.fired
    assert {200, 503} == set(answers)
    assert tasks(manual) == 128 - refused.fired


# What shows


def test_response_headers_name_faults(manual: Sandbox) -> None:
    """With a rule every answer says how many there are, and a changed one which; else none."""
    target = request(manual.live_key, "GET /v1/projects", b"")
    control = request(manual.live_key, "GET /_sandbox/clock", b"")
    rule = manual.faults.add("POST /v1/ä 503")
    for what in (target, control):
        assert send(manual, what).header("Scale-Sandbox-Faults") == "1 rule"
        assert send(manual, what).header("Scale-Sandbox-Fault") is None
    for effect in ("503 Retry-After=2", "delay 0s", "truncate", "drip 0s"):
        name = f"GET /v1/projects {effect} first 1"
        manual.faults.add(name)
        seen = send(manual, target)
        assert seen.header("Scale-Sandbox-Fault") == name
        assert seen.header("Scale-Sandbox-Faults") == f"{len(manual.faults)} rules"
    manual.faults.remove(rule)
    with pytest.raises(ValueError, match="POST /v1/ä 503 is not active"):
        manual.faults.remove(rule)
    assert len(manual.faults) == 4
    manual.faults.clear()
    for what in (target, control):
        assert "scale-sandbox" not in send(manual, what).head.lower().replace(
            "server: scaleapi-sandbox", ""
        )


def test_non_ascii_rule_in_headers(manual: Sandbox) -> None:
    """A rule whose path no header can carry is named in escapes."""
    manual.faults.add("GET /v1/ä 503")
    seen = send(manual, request(manual.live_key, "GET /v1/%C3%A4", b""))
    assert seen.header("Scale-Sandbox-Fault") == "GET /v1/\\xe4 503"


def test_reset_restores_the_initial_rules() -> None:
    """What was added is gone, and what the sandbox was made with starts again."""
    with Sandbox(faults=["GET /v1/projects 503 first 1", Fault("PUT", "**", 500)]) as sandbox:
        sandbox.faults.add("* ** reset")
        sandbox.transition = "manual"
        target = request(sandbox.live_key, "GET /v1/projects", b"")
        assert send(sandbox, target).status == 503
        sandbox.reset()
        assert [str(rule.fault) for rule in sandbox.faults] == [
            "GET /v1/projects 503 first 1",
            "PUT ** 500",
        ]
        assert sandbox.transition is None
        assert [send(sandbox, target).status for _ in range(2)] == [503, 200]


# Rules that are none


@pytest.mark.parametrize(
    "text",
    [
        "POST /v1/task/* reset after-commit 20%",
        "* ** hang",
        "* ** hang 30s",
        "GET /v1/tasks 503 Retry-After=2 X-A=b first 3",
        "GET **/cancel drip 0.1s every 11th",
        "GET /v1 delay 0.25s every 22nd",
        "GET /v1 truncate after-commit every 3rd",
        "GET /v1 close 12.5% seed 7",
        "GET /v1 delay 12345.678s jitter 0.000001s",
        "GET /v1 close 0.0000125%",
        "GET /v1 close 33.3333333%",
    ],
)
def test_str_round_trip(text: str) -> None:
    """A rule is shown as it was given, and its fields make the same rule."""
    fault = parse_fault(text)
    assert str(fault) == text
    assert Fault.from_json(fault.as_json()) == fault
    assert parse_fault(text.replace(" after-commit", "") + " before-commit").after_commit is False


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "a method, a path and an effect"),
        ("GET /v1/tasks", "a method, a path and an effect"),
        ("get / 503", "method"),
        ("GET v1/tasks 503", "path"),
        ("GET */tasks 503", "path"),
        ("GET /v1/tasks?limit=1 503", "query"),
        ("GET /_sandbox 503", "/_sandbox"),
        ("GET /_sandbox/clock 503", "/_sandbox"),
        ("GET /v1 explode", "effect .* 'explode'"),
        ("GET /v1 199", "effect .* 199"),
        ("GET /v1 600", "effect .* 600"),
        ("GET /v1 delay", "seconds must be given"),
        ("GET /v1 reset 3s", "seconds go with"),
        ("GET /v1 hang 86401s", "seconds must be"),
        ("GET /v1 reset A=b", "headers"),
        ("GET /v1 503 ä=b", "headers"),
        ("GET /v1 503 A=€", "headers"),
        ("GET /v1 503 first 0", "first"),
        ("GET /v1 503 first three", "'first three'"),
        ("GET /v1 503 every 0th", "every"),
        ("GET /v1 503 every 4", "'every 4'"),
        ("GET /v1 503 101%", "percent"),
        ("GET /v1 503 first 3 20%", "first and percent"),
        ("GET /v1 503 20% 30%", "percent is given twice"),
        ("GET /v1 503 seed 3", "seed"),
        ("GET /v1 503 after-commit before-commit", "after_commit is given twice"),
        ("GET /v1 503 20%x", "'20%x'"),
    ],
)
def test_rejects_invalid_rules_everywhere(
    manual: Sandbox, text: str, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code gets a ValueError, HTTP a 400, the command exits with 2; each says what is wrong."""
    with pytest.raises(ValueError, match=wrong):
        manual.faults.add(text)
    with pytest.raises(ValueError, match=wrong):
        Sandbox(faults=[text])
    assert (
        wrong.partition(" ")[0] in control(manual, "POST", "/faults", 400, {"rule": text})["error"]
    )
    with pytest.raises(SystemExit) as stopped:
        main(["--fault", text])
    assert stopped.value.code == 2
    assert "argument --fault: fault " in capsys.readouterr().err
    assert len(manual.faults) == 0


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"methods": ["GET"], "if": 1}, "no if, only method, path"),
        ({"method": 1}, "method"),
        ({"path": None}, "path"),
        ({"path": "/a b"}, "path"),
        ({"path": "/a\r\nB: c"}, "path"),
        ({"effect": True}, "effect"),
        ({"effect": 503.5}, "effect"),
        ({"effect": [503]}, "effect"),
        ({"after_commit": "yes"}, "after_commit"),
        ({"effect": "delay", "seconds": "1"}, "seconds"),
        ({"effect": "delay", "seconds": -1}, "seconds"),
        ({"effect": "delay", "seconds": True}, "seconds"),
        ({"effect": "reset", "body": "a"}, "body"),
        ({"effect": 204, "body": "a"}, "body"),
        ({"headers": ["a"]}, "headers"),
        ({"headers": {"A": 1}}, "headers .* A"),
        ({"headers": {"A": "b\r\nC: d"}}, "headers .* A"),
        ({"headers": {"A b": "c"}}, "headers"),
        ({"first": 1.5}, "first"),
        ({"first": True}, "first"),
        ({"every": "2"}, "every"),
        ({"percent": "20"}, "percent"),
        ({"percent": -1}, "percent"),
        ({"percent": 10, "seed": -1}, "seed"),
        ({"percent": 10, "seed": 1.5}, "seed"),
    ],
)
def test_rejects_invalid_fields(manual: Sandbox, fields: dict[str, Any], wrong: str) -> None:
    """A field that is not what it should be is named."""
    body = {"method": "GET", "path": "/v1", "effect": 503} | fields
    with pytest.raises(ValueError, match=wrong):
        Fault.from_json(body)
    control(manual, "POST", "/faults", 400, body)


def test_rejects_missing_fields(manual: Sandbox) -> None:
    """A rule has at least a method, a path and an effect."""
    assert "path, effect" in control(manual, "POST", "/faults", 400, {"method": "GET"})["error"]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_rejects_invalid_numbers(number: float) -> None:
    """What JSON cannot say is refused in code."""
    with pytest.raises(ValueError, match="seconds"):
        Fault("GET", "/v1", "delay", seconds=number)
    with pytest.raises(ValueError, match="percent"):
        Fault("GET", "/v1", 503, percent=number)
    with pytest.raises(ValueError, match="body"):
        Fault("GET", "/v1", 503, body=object())


# Over HTTP and on the command line


def control(sandbox: Sandbox, method: str, path: str, status: int = 200, body: Any = None) -> Any:
    url = f"{sandbox.url.removesuffix('/v1')}/_sandbox{path}"
    answer = requests.request(method, url, json={} if body is None else body, timeout=5)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_rules_over_http(manual: Sandbox, caller: Caller) -> None:
    """Rules are set in words or in fields, listed with their counts, and taken away."""
    words = control(manual, "POST", "/faults", 200, {"rule": "GET /v1/projects 503 first 1"})
    fields = {"method": "GET", "path": "/v1/projects", "effect": 500, "body": {"a": [1]}}
    typed = control(manual, "POST", "/faults", 200, fields)
    assert words["rule"] == "GET /v1/projects 503 first 1"
    assert typed | fields == typed
    caller.get("/projects", 503)
    assert caller.get("/projects", 500) == {"a": [1]}
    listed = control(manual, "GET", "/faults")
    assert [(rule["id"], rule["matched"], rule["fired"]) for rule in listed] == [
        (words["id"], 2, 1),
        (typed["id"], 1, 1),
    ]
    assert listed == [rule.as_json() for rule in manual.faults]
    control(manual, "DELETE", f"/faults/{words['id']}")
    control(manual, "DELETE", f"/faults/{words['id']}", 404)
    assert [rule["id"] for rule in control(manual, "GET", "/faults")] == [typed["id"]]
    control(manual, "DELETE", "/faults")
    assert control(manual, "GET", "/faults") == []
    caller.get("/projects")
    control(manual, "POST", "/faults", 400, {"rule": 1})


def test_bytes_are_listed_as_text(manual: Sandbox) -> None:
    """A body that JSON cannot carry is shown as far as it is text."""
    manual.faults.add(Fault("GET", "/v1", 200, body=b"a\xff"))
    assert control(manual, "GET", "/faults")[0]["body"] == "a\ufffd"


def test_fault_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """The option may be repeated, and its rules are set before the first call."""
    rules: list[str] = []

    @contextmanager
    def stopped() -> Generator[threading.Event]:
        event = threading.Event()
        event.set()
        yield event

    def announce(sandbox: Sandbox, _options: object) -> None:
        rules.extend(str(rule.fault) for rule in sandbox.faults)

    monkeypatch.setattr("scaleapi.sandbox.__main__._stop_signal", stopped)
    monkeypatch.setattr("scaleapi.sandbox.__main__._announce", announce)
    given = ["POST /v1/task/* reset after-commit 20%", "GET ** 503 first 2"]
    options = [word for rule in given for word in ("--fault", rule)]
    assert main([*options, "--quiet", "--reset"]) == 0
    assert rules == given
