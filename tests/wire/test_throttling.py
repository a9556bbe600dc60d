"""Rate limits, ``Retry-After`` and retry budgets."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi._http.call import Call as HttpCall
from scaleapi._http.policy import BUDGET
from scaleapi.exceptions import (
    ScaleException,
    ScaleInternalError,
    ScaleServiceUnavailable,
    ScaleTooManyRequests,
)
from tests.wire.calls import ALWAYS, IF_UNSENT, Call, table
from tests.wire.conftest import KEY, Connect, Serve
from tests.wire.rate_limit import Outcome, RateLimit, limited_sandbox, run
from tests.wire.server import Reply, Request, Server, before, respond
from tests.wire.service import ordinary


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "failures"), [({}, 5), ({"max_retries": 10}, 0)], ids=["default", "more retries"]
)
def test_a_rate_limit_with_retry_after(options: dict[str, Any], failures: int) -> None:
    """With more threads than allowed requests per second, hardly any call fails.

    The same at full length is ``tests/benchmarks/rate_limit.py``.
    """
    with (
        limited_sandbox(20, projects=96) as (sandbox, log),
        ScaleClient(sandbox.live_key, api_instance_url=sandbox.url, **options) as client,
    ):
        outcome = run(lambda: log.paths, threads=32, calls=96, call=client.get_project)
    check(outcome, failures, **options)


@pytest.mark.slow
def test_a_503_with_retry_after_is_a_rate_limit(serve: Serve) -> None:
    server = serve(RateLimit(20, 503))
    with ScaleClient(KEY, api_instance_url=server.url, verify=False, max_retries=10) as client:
        outcome = run(
            lambda: [one.path for one in server.requests],
            threads=32,
            calls=96,
            call=client.get_task,
        )
    check(outcome, 0, max_retries=10)


def check(outcome: Outcome, failures: int, max_retries: int = 3) -> None:
    """Check how many calls failed, and the requests that they took."""
    assert outcome.failed.total() <= failures, outcome
    assert outcome.requests <= 4 * outcome.calls, outcome
    assert outcome.most <= 1 + max_retries, outcome


@pytest.mark.slow
def test_a_rate_limit_for_creations() -> None:
    """Throttled creations are retried as well, and none is lost."""

    def create(name: str) -> None:
        # Half of them are idempotent; the others are retried only after throttling.
        if name.endswith(("0", "2", "4", "6", "8")):
            client.create_task("datacollection", unique_id=name, fields={"a": "b"})
        else:
            client.create_batch("n0", name)

    with (
        limited_sandbox(20, projects=1) as (sandbox, log),
        ScaleClient(sandbox.live_key, api_instance_url=sandbox.url, max_retries=10) as client,
    ):
        outcome = run(lambda: log.paths, threads=32, calls=96, call=create)
        sandbox.rate_limit = None
        assert client.tasks().total == client.batches().total == 48
    assert outcome.failed.total() == 0, outcome
    assert outcome.requests <= 4 * outcome.calls, outcome


def test_waits_double_and_are_jittered(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 0.5, 1 and 2 s, and always different."""
    waits: list[float] = []
    monkeypatch.setattr(HttpCall, "sleep", lambda call, seconds: waits.append(seconds))
    server.default = before(respond(status=500))
    client = connect(server)
    for _ in range(2):
        with pytest.raises(ScaleInternalError):
            client.get_task("t")
    assert len(waits) == len(set(waits)) == 6
    assert all(0 < wait < limit for wait, limit in zip(waits, [0.5, 1, 2] * 2, strict=True))


class RefuseOnce:
    """Throttle the first request to each path.

    Attributes:
        times: When requests came, by path.
    """

    def __init__(self, status: int, retry_after: Callable[[], str]) -> None:
        self.times: dict[str, list[float]] = {}
        self._status = status
        self._retry_after = retry_after

    def __call__(self, request: Request) -> Reply:
        """Respond to a request."""
        times = self.times.setdefault(request.path, [])
        times.append(time.monotonic())
        if len(times) > 1:
            return ordinary(request)
        return Reply({"error": "later"}, self._status, {"Retry-After": self._retry_after()})


def in_two_seconds() -> str:
    """Return a date in whole seconds, at least a second from now."""
    return format_datetime(datetime.now(timezone.utc) + timedelta(seconds=2), usegmt=True)


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "least"),
    [(lambda: "1", 1.0), (lambda: "0.5", 0.5), (in_two_seconds, 1.0)],
    ids=["1", "0.5", "date"],
)
def test_throttled_threads_retry_spread_out(
    serve: Serve,
    connect: Connect,
    status: int,
    retry_after: Callable[[], str],
    least: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 24 throttled threads, none retries early, and they retry spread out."""
    threads = 24
    waits: list[float] = []
    sleep = HttpCall.sleep

    def note_and_sleep(call: HttpCall, seconds: float) -> None:
        waits.append(seconds)
        sleep(call, seconds)

    monkeypatch.setattr(HttpCall, "sleep", note_and_sleep)
    service = RefuseOnce(status, retry_after)
    client = connect(serve(service))
    start = threading.Barrier(threads)

    def call(number: int) -> None:
        start.wait(10)
        client.get_task(f"t{number}")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(call, range(threads)))
    assert {len(times) for times in service.times.values()} == {2}
    assert min(again - first for first, again in service.times.values()) >= least - 0.01
    # No 50 ms hold more than half of them: of the waits, not of the arrivals, which take turns on
    # a busy machine.
    crowds = [sum(1 for other in waits if 0 <= other - one <= 0.05) for one in waits]
    assert max(crowds) <= threads // 2


#: Nonsensical waits.
NEVER = [
    *["1e300", "1e19", "99999999999", "9" * 300],
    *["Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"],
]

#: What is no wait at all.
NONSENSE = [
    *["inf", "-inf", "nan", "-1", "-1e300", "soon", "1, 2", "0x10", "\u0661", "1s", "None"],
    *["Fri, 99 Dec 2024 00:00:00 GMT", "Mon, 01 Jan 99999 00:00:00 GMT", "+", "."],
    *["1_0000", "1" + "0" * 5_000],
]


@pytest.mark.parametrize("deadline", [20, None])
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", NEVER, ids=lambda value: f"{value[:30]} ({len(value)})")
def test_a_very_long_retry_after_fails_immediately(
    server: Server, connect: Connect, value: str, status: int, deadline: float | None
) -> None:
    """Even without a deadline, nothing sleeps or overflows."""
    server.script(before(respond(status=status, Retry_After=value)))
    client = connect(server, deadline=deadline)
    caught: list[BaseException] = []

    def call() -> None:
        try:
            client.get_task("t")
        except BaseException as error:  # noqa: BLE001 - looked at below
            caught.append(error)

    thread = threading.Thread(target=call, daemon=True)  # which may sleep forever
    thread.start()
    thread.join(3)
    assert not thread.is_alive()
    (error,) = caught
    assert isinstance(error, (ScaleTooManyRequests, ScaleServiceUnavailable)), error
    assert error.status == status
    assert error.attempts == 1
    assert error.retry_after is None or math.isfinite(error.retry_after)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_an_invalid_wait_is_ignored(serve: Serve, connect: Connect, status: int) -> None:
    """The call is retried normally or fails immediately, but does not crash."""

    def outcome(value: str) -> object:
        server = serve()
        server.script(before(respond(status=status, Retry_After=value)))
        begun = time.monotonic()
        try:
            connect(server).get_task("t")
        except ScaleException as error:
            assert error.status == status  # noqa: PT017 - or there is no error
            assert error.retry_after is None or 0 <= error.retry_after < math.inf  # noqa: PT017
            assert len(server.requests) == 1
        except Exception as error:  # noqa: BLE001 - shown for all values together
            return error
        else:
            assert len(server.requests) == 2
        return "in time" if time.monotonic() - begun < 4 else "late"

    with ThreadPoolExecutor(len(NONSENSE)) as pool:
        outcomes = dict(zip(NONSENSE, pool.map(outcome, NONSENSE), strict=True))
    assert outcomes == dict.fromkeys(NONSENSE, "in time")


# 503 after the work was done


@table(IF_UNSENT)
@pytest.mark.parametrize("retry_after", [None, "soon", "nan", "-1"])
@pytest.mark.usefixtures("no_waits")
def test_a_503_without_retry_after_may_have_been_applied(
    server: Server, connect: Connect, call: Call, retry_after: str | None
) -> None:
    """It may come from a proxy that lost the service, so the error says so after one request."""
    server.script(before(respond(status=503, Retry_After=retry_after)))
    with pytest.raises(ScaleServiceUnavailable) as caught:
        call(connect(server))
    assert caught.value.may_have_been_applied
    assert caught.value.attempts == 1
    assert len(server.requests) == 1


@table(IF_UNSENT)
@pytest.mark.parametrize("retry_after", ["0", "0.01", "Mon, 01 Jan 2024 00:00:00 GMT"])
@pytest.mark.usefixtures("no_waits")
def test_a_503_with_retry_after_has_not_been_applied(
    server: Server, connect: Connect, call: Call, retry_after: str
) -> None:
    """The second attempt is identical and succeeds."""
    server.script(before(respond(status=503, Retry_After=retry_after)))
    call(connect(server))
    first, second = server.requests
    assert first.raw == second.raw


@table(IF_UNSENT)
@pytest.mark.usefixtures("no_waits")
def test_repeated_503s_with_retry_after_have_not_been_applied(
    server: Server, connect: Connect, call: Call
) -> None:
    """After all retries, it is certain that nothing was applied."""
    server.default = before(respond(status=503, Retry_After="0"))
    with pytest.raises(ScaleServiceUnavailable) as caught:
        call(connect(server, max_retries=1))
    assert caught.value.attempts == len(server.requests) == 2
    assert not caught.value.may_have_been_applied


@table(IF_UNSENT)
@pytest.mark.usefixtures("no_waits")
def test_one_503_without_retry_after_makes_the_call_uncertain(
    server: Server, connect: Connect, call: Call
) -> None:
    """Even if it follows a 503 with Retry-After."""
    server.script(before(respond(status=503, Retry_After="0")), before(respond(status=503)))
    with pytest.raises(ScaleServiceUnavailable) as caught:
        call(connect(server))
    assert caught.value.may_have_been_applied
    assert caught.value.attempts == len(server.requests) == 2


@table(ALWAYS)
@pytest.mark.usefixtures("no_waits")
def test_503_without_retry_after_is_retried_if_that_is_safe(
    server: Server, connect: Connect, call: Call
) -> None:
    server.script(before(respond(status=503)))
    call(connect(server))
    assert len(server.requests) == 2


@table(IF_UNSENT)
@pytest.mark.parametrize("retry_after", [None, "0"])
@pytest.mark.usefixtures("no_waits")
def test_a_429_has_never_been_applied(
    server: Server, connect: Connect, call: Call, retry_after: str | None
) -> None:
    """A 429 is sent before any processing."""
    server.script(before(respond(status=429, Retry_After=retry_after)))
    call(connect(server))
    assert len(server.requests) == 2


# Budgets


def fail_often(call: Callable[[], object]) -> None:
    """Make failing calls from many threads, with more retries than the budget."""

    def fail(number: int) -> None:
        with pytest.raises(ScaleException):
            call()

    with ThreadPoolExecutor(25) as pool:
        list(pool.map(fail, range(25)))


@pytest.mark.slow
@pytest.mark.parametrize("dead", ["refuses", "fails"])
def test_a_dead_host_does_not_use_the_budget_of_another(
    serve: Serve, connect: Connect, dead: str
) -> None:
    """After many downloads from a storage host that is down, a 503 of the API is retried."""
    server, storage = serve(), serve(default=before(respond(status=500)))
    origin = "http://127.0.0.1:9" if dead == "refuses" else storage.origin
    client = connect(server)
    fail_often(lambda: client.download_response(f"{origin}/a"))
    server.script(before(respond(status=503)), before(respond(status=500)))
    assert client.get_task("t").status == "pending"
    assert len(server.requests) == 3


@pytest.mark.slow
def test_a_dead_api_does_not_use_the_budget_of_a_storage_host(
    serve: Serve, connect: Connect
) -> None:
    """The reverse case."""
    server, storage = serve(default=before(respond(status=500))), serve()
    client = connect(server)
    fail_often(lambda: client.get_task("t"))
    storage.script(before(respond(status=503)), before(respond(status=500)))
    client.download_response(f"{storage.origin}/a")
    assert len(storage.requests) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_throttling_with_retry_after_does_not_use_the_budget(
    serve: Serve, connect: Connect, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With twice as many throttled attempts as the budget, no call fails."""
    monkeypatch.setattr(HttpCall, "sleep", lambda call, seconds: None)
    calls = int(BUDGET)  # throttled twice each
    requests: Counter[str] = Counter()

    def service(request: Request) -> Reply:
        requests[request.path] += 1
        if requests[request.path] <= 2:
            return Reply({"error": "later"}, status, {"Retry-After": "0"})
        return ordinary(request)

    server = serve(service)
    client = connect(server, deadline=None)
    with ThreadPoolExecutor(calls) as pool:
        list(pool.map(client.get_task, (f"t{number}" for number in range(calls))))
    assert set(requests.values()) == {3}
    # And the budget is there for what it is meant for.
    server.script(before(respond(status=500)), before(respond(status=500)))
    client.get_task("t0")


# Connections to many hosts


def test_connections_to_many_hosts_are_not_all_kept(serve: Serve, connect: Connect) -> None:
    """After downloads from a hundred hosts, about ten are still connected."""
    client = connect(serve())
    hosts = [serve() for _ in range(100)]
    for host in hosts:
        client.download_response(f"{host.origin}/a")
    assert [len(host.requests) for host in hosts] == [1] * 100
    until = time.monotonic() + 5
    while sum(host.open for host in hosts) > 12 and time.monotonic() < until:
        time.sleep(0.05)  # the servers have yet to see them go
    assert 0 < sum(host.open for host in hosts) <= 12


def test_connections_to_many_hosts_in_many_threads(serve: Serve, connect: Connect) -> None:
    """No connection is closed during a download that uses it."""
    client = connect(serve(), max_retries=0)
    hosts = [serve() for _ in range(40)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda host: client.download_response(f"{host.origin}/a"), hosts * 5))
    assert sum(len(host.requests) for host in hosts) == 200


def test_a_few_hosts_stay_connected(serve: Serve, connect: Connect) -> None:
    """The API and a few storage hosts in turn, with one connection each."""
    server, hosts = serve(), [serve() for _ in range(6)]
    client = connect(server)
    for _ in range(5):
        client.get_task("t")
        for host in hosts:
            client.download_response(f"{host.origin}/a")
    assert [host.connections for host in [server, *hosts]] == [1] * 7
