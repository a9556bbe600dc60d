"""Calls: deadline, attempts and cancellation."""

from __future__ import annotations

import math
import os
import socket
import sys
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from scaleapi._http import call as module
from scaleapi._http.call import MAX_BODY, Call, Cancellation, Deadline, Options, cancellation
from scaleapi._http.connection import BoundedConnection, current_call
from scaleapi._http.policy import Attempt
from scaleapi._http.url import parse_link

URL = parse_link("http://127.0.0.1:9/v1/tasks?limit=1")


class Clock:
    """A clock that tests can set."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "now", clock.now)
    return clock


def make_call(
    ending: Cancellation | None = None, seconds: float | None = 10, idempotent: bool = True
) -> Call:
    """Create a call in a context with the cancellation ``ending``."""
    token = cancellation.set(ending)
    try:
        return Call("GET", URL, None, Options(), idempotent, Deadline(seconds))
    finally:
        cancellation.reset(token)


def test_deadline(clock: Clock) -> None:
    deadline = Deadline(10)
    assert (deadline.elapsed(), deadline.left(), deadline.seconds) == (0.0, 10.0, 10)
    clock.time += 4
    assert (deadline.elapsed(), deadline.left()) == (4.0, 6.0)
    clock.time += 8
    assert deadline.left() == -2.0


def test_no_deadline(clock: Clock) -> None:
    deadline = Deadline(None)
    clock.time += 1e9
    assert deadline.left() == math.inf
    assert deadline.elapsed() == 1e9


@pytest.mark.parametrize(
    ("size", "seconds", "not_counted"),
    [(1_000_000, 2.0, 2.0), (1024, 5.0, 1.0), (0, 5.0, 0.0), (64 * 1024, 64.0, 64.0)],
)
def test_upload_time_extends_the_deadline(
    clock: Clock, size: int, seconds: float, not_counted: float
) -> None:
    """Only progress of at least 1 KB/s counts; the elapsed time is not changed."""
    deadline = Deadline(10)
    clock.time += seconds
    deadline.uploaded(size, seconds)
    assert deadline.left() == 10.0 - seconds + not_counted
    assert deadline.elapsed() == seconds


def test_an_upload_without_a_deadline() -> None:
    deadline = Deadline(None)
    deadline.uploaded(10, 10.0)
    assert deadline.left() == math.inf


@pytest.mark.parametrize(
    ("seconds", "timeout", "limit"),
    [(10, 3.0, 3.0), (10, 30.0, 10.0), (10, None, 10.0), (None, 3.0, 3.0), (None, None, None)],
)
def test_limit_of_the_next_operation(
    clock: Clock, seconds: float | None, timeout: float | None, limit: float | None
) -> None:
    assert make_call(seconds=seconds).wait_limit(timeout) == limit


def test_no_operation_begins_after_the_deadline(clock: Clock) -> None:
    late = make_call(seconds=10)
    clock.time += 10
    with pytest.raises(TimeoutError):
        late.wait_limit(None)


def test_no_operation_begins_after_the_cancellation() -> None:
    ending = Cancellation()
    cancelled = make_call(ending)
    assert cancelled.wait_limit(3.0) == 3.0
    ending.cancel()
    with pytest.raises(TimeoutError):
        cancelled.wait_limit(3.0)


def test_a_call_sleeps_between_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    make_call().sleep(2.5)
    make_call().sleep(0.0)
    assert slept == [2.5]


def test_a_cancelled_call_does_not_sleep() -> None:
    ending = Cancellation()
    cancelled = make_call(ending)
    assert not cancelled.cancelled
    ending.cancel()
    assert cancelled.cancelled
    cancelled.sleep(3600)  # would be noticed


@pytest.mark.parametrize("sleepers", [1, 5])
def test_a_cancellation_ends_the_waits_of_other_threads(sleepers: int) -> None:
    ending = Cancellation()
    with ThreadPoolExecutor(sleepers) as pool:
        waits = [pool.submit(make_call(ending).sleep, 3600) for _ in range(sleepers)]
        ending.cancel()
        ending.cancel()
        for wait in waits:
            wait.result(timeout=10)


def test_a_call_without_cancellation_is_never_cancelled() -> None:
    assert not make_call().cancelled


class Pair:
    """A connection during a call, and the other end of its socket."""

    def __init__(self, ending: Cancellation | None) -> None:
        ours, self.theirs = socket.socketpair()
        self.theirs.settimeout(10)
        self.connection = BoundedConnection("127.0.0.1", 9)
        self.connection.sock = ours
        self.use(ending)

    def use(self, ending: Cancellation | None) -> None:
        """Take the connection out of the pool for a call, as urllib3 does."""
        call = make_call(ending)
        call.attempts.append(Attempt())
        token = current_call.set(call)
        try:
            assert self.connection.is_connected
        finally:
            current_call.reset(token)

    def is_open(self) -> bool:
        """Return whether a byte can still be sent to the other end."""
        assert self.connection.sock is not None
        try:
            self.connection.sock.sendall(b"x")
        except OSError:
            assert self.theirs.recv(1) == b""
            return False
        return self.theirs.recv(1) == b"x"


@contextmanager
def pair(ending: Cancellation | None) -> Generator[Pair]:
    made = Pair(ending)
    with made.theirs, closing(made.connection):
        yield made


@pytest.mark.parametrize("first", ["watch", "cancel"])
def test_a_cancellation_shuts_the_connection_that_is_waited_on(first: str) -> None:
    """The other end sees the end of the stream, whichever happened first."""
    ending = Cancellation()
    with pair(ending) as one:
        if first == "watch":
            ending.watch(one.connection)
            ending.cancel()
        else:
            ending.cancel()
            ending.watch(one.connection)
        assert not one.is_open()


@pytest.mark.parametrize("next_user", [None, Cancellation()])
def test_cancel_does_not_close_a_connection_used_by_another_call(
    next_user: Cancellation | None,
) -> None:
    ending = Cancellation()
    with pair(ending) as one:
        ending.watch(one.connection)
        one.use(next_user)
        ending.cancel()
        assert one.is_open()


def test_a_cancellation_of_a_closed_connection_is_no_error() -> None:
    ending = Cancellation()
    with pair(ending) as one:
        ending.watch(one.connection)
        assert one.connection.sock is not None
        one.connection.sock.close()
        ending.cancel()
        assert ending.cancelled


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_forked_child_cannot_cancel_the_call_of_its_parent() -> None:
    """The child shares the socket."""
    ending = Cancellation()
    with pair(ending) as one:
        ending.watch(one.connection)
        ending.cancel(getpid=lambda: os.getpid() + 1)
        assert not ending.cancelled
        assert one.is_open()


@pytest.mark.parametrize(
    ("attempts", "applied"),
    [
        ([], False),
        ([Attempt(status=200)], False),
        ([Attempt(reached=False), Attempt(status=409)], False),
        ([Attempt(reached=True), Attempt(status=409)], True),
        ([Attempt(status=500), Attempt(status=429)], True),
        ([Attempt(status=503), Attempt(status=409)], True),
        ([Attempt(status=503, retry_after=0.0), Attempt(status=409)], False),
    ],
)
def test_one_uncertain_attempt_makes_the_call_uncertain(
    attempts: list[Attempt], applied: bool
) -> None:
    one = make_call()
    one.attempts += attempts
    assert one.may_have_been_applied is applied


def test_reached_is_unknown_at_first() -> None:
    attempt = Attempt(fresh=True)
    assert (attempt.fresh, attempt.reached, attempt.status) == (True, None, None)
    assert (attempt.kept, attempt.final, attempt.retry_after) == (False, False, None)


def test_a_call_is_a_prepared_request() -> None:
    one = make_call()
    assert (one.method, one.url) == ("GET", "http://127.0.0.1:9/v1/tasks?limit=1")
    assert one.target is URL


def test_default_limits() -> None:
    assert Options() == (10.0, 120.0, 600.0, 3, 256 * 1024 * 1024)
    assert MAX_BODY == 256 * 1024 * 1024


def test_threads_have_cancellations_of_their_own() -> None:
    """A call uses the cancellation of its context."""
    ending, seen = Cancellation(), list[Cancellation | None]()
    token = cancellation.set(ending)
    try:
        thread = threading.Thread(target=lambda: seen.append(make_call().cancellation))
        thread.start()
        thread.join()
        assert Call("GET", URL, None, Options(), True, Deadline(1)).cancellation is ending
    finally:
        cancellation.reset(token)
    assert seen == [None]
