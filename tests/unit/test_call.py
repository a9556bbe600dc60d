"""What the transport knows of one call: its deadline, its outcomes, how it is ended."""

from __future__ import annotations

import socket
import threading

import pytest

from scaleapi._http.call import Attempt, Call, Cancellation, Deadline, Options
from scaleapi._http.policy import Outcome, RepeatSafety
from scaleapi._transport import call as module


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def call(cancellation: Cancellation | None = None) -> Call:
    return Call(RepeatSafety.ALWAYS, Options(), Deadline(10), cancellation)


def test_deadline(clock: Clock) -> None:
    deadline = Deadline(10)
    assert (deadline.elapsed(), deadline.left(), deadline.seconds) == (0.0, 10.0, 10)
    clock.now += 4
    assert (deadline.elapsed(), deadline.left()) == (4.0, 6.0)
    clock.now += 8
    assert deadline.left() == -2.0


def test_no_deadline(clock: Clock) -> None:
    deadline = Deadline(None)
    clock.now += 1e9
    assert deadline.left() == float("inf")
    assert deadline.elapsed() == 1e9


def test_a_call_sleeps_between_attempts(clock: Clock) -> None:
    call().sleep(2.5)
    call().sleep(0.0)
    assert clock.slept == [2.5]


def test_a_cancelled_call_does_not_sleep() -> None:
    cancellation = Cancellation()
    cancelled = call(cancellation)
    assert not cancelled.cancelled
    cancellation.cancel()
    assert cancelled.cancelled
    cancelled.sleep(3600)  # would be noticed


def test_a_cancellation_ends_a_wait_of_another_thread() -> None:
    cancellation = Cancellation()
    thread = threading.Thread(target=call(cancellation).sleep, args=(3600,))
    thread.start()
    cancellation.cancel()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_call_without_cancellation_is_never_cancelled() -> None:
    assert not call().cancelled


@pytest.mark.parametrize("first", ["watch", "cancel"])
def test_a_cancellation_shuts_the_socket_that_is_waited_on(first: str) -> None:
    """The other side sees the end of the stream, whichever of the two came first."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        cancellation = Cancellation()
        if first == "watch":
            cancellation.watch(ours)
            cancellation.cancel()
        else:
            cancellation.cancel()
            cancellation.watch(ours)
        theirs.settimeout(10)
        assert theirs.recv(1) == b""


def test_a_socket_that_is_no_longer_watched_is_left_alone() -> None:
    """It went back to the pool, where it belongs to another call."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        cancellation = Cancellation()
        cancellation.watch(ours)
        cancellation.watch(None)
        cancellation.cancel()
        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"


def test_a_cancellation_of_a_closed_socket_is_no_error() -> None:
    ours, theirs = socket.socketpair()
    cancellation = Cancellation()
    cancellation.watch(ours)
    ours.close()
    theirs.close()
    cancellation.cancel()
    assert cancellation.cancelled


@pytest.mark.parametrize(
    ("outcomes", "applied"),
    [
        ([], False),
        ([Outcome(200)], False),
        ([Outcome(None, reached=False), Outcome(409)], False),
        ([Outcome(None, reached=True), Outcome(409)], True),
        ([Outcome(500), Outcome(503)], True),
        ([Outcome(503), Outcome(409)], False),
    ],
)
def test_one_attempt_that_may_have_been_applied_is_enough(
    outcomes: list[Outcome], applied: bool
) -> None:
    one = call()
    one.outcomes += outcomes
    assert one.may_have_been_applied is applied


def test_an_attempt_does_not_know_at_first_how_far_it_came() -> None:
    one = call()
    attempt = Attempt(one, fresh=True)
    assert (attempt.call, attempt.fresh, attempt.reached) == (one, True, None)


def test_default_limits() -> None:
    assert Options() == (5.0, 60.0, 120.0, 3, 256 * 1024 * 1024)
