"""The retry policy as tables."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaleapi._http.policy import (
    BASE_WAIT,
    BASE_WAIT_RATE_LIMITED,
    FRESH_FOR,
    MAX_RETRY_AFTER,
    MAX_WAIT,
    RETRYABLE_STATUSES,
    SPREAD,
    Attempt,
    backoff,
    is_idempotent,
    may_have_been_applied,
    may_retry,
    needs_new_connection,
    parse_date,
    parse_retry_after,
)
from tests.unit.quick import quick

YES, NO = True, False

#: How an attempt ended; whether it may have been applied; whether an idempotent call, and one
#: that is not, may be retried; and the longest wait before the first retry.
DECISIONS: list[tuple[Attempt, bool, bool, bool, float | None]] = [
    # A response that a later attempt would not change.
    (Attempt(status=200), NO, NO, NO, 0.5),
    (Attempt(status=201), NO, NO, NO, 0.5),
    (Attempt(status=302), YES, NO, NO, 0.5),
    (Attempt(status=499), YES, NO, NO, 0.5),
    (Attempt(status=400), NO, NO, NO, 0.5),
    (Attempt(status=401), NO, NO, NO, 0.5),
    (Attempt(status=402), NO, NO, NO, 0.5),
    (Attempt(status=403), NO, NO, NO, 0.5),
    (Attempt(status=404), NO, NO, NO, 0.5),
    (Attempt(status=409), NO, NO, NO, 0.5),
    (Attempt(status=422), NO, NO, NO, 0.5),
    # The service turned the request away unprocessed.
    (Attempt(status=408), NO, YES, YES, 0.5),
    (Attempt(status=429), NO, YES, YES, 1.0),
    (Attempt(status=429, retry_after=7.0), NO, YES, YES, 7.5),
    (Attempt(status=503, retry_after=0.0), NO, YES, YES, 0.5),
    (Attempt(status=503, retry_after=90.0), NO, YES, YES, 90.5),
    (Attempt(status=503, retry_after=math.inf), NO, YES, YES, None),
    # It failed somewhere on the way; only 503 can promise that nothing was done.
    (Attempt(status=500), YES, YES, NO, 0.5),
    (Attempt(status=500, retry_after=3.0), YES, YES, NO, 3.5),
    (Attempt(status=502), YES, YES, NO, 0.5),
    (Attempt(status=503), YES, YES, NO, 0.5),
    (Attempt(status=504), YES, YES, NO, 0.5),
    (Attempt(status=520), YES, YES, NO, 0.5),
    (Attempt(status=530), YES, YES, NO, 0.5),
    (Attempt(status=531), YES, NO, NO, 0.5),
    (Attempt(status=599), YES, NO, NO, 0.5),
    # No response: it depends on whether anything was sent.
    (Attempt(reached=False), NO, YES, YES, 0.0),
    (Attempt(reached=True), YES, YES, NO, 0.0),
    (Attempt(reached=True, kept=True), YES, YES, NO, 0.0),
    (Attempt(reached=None), YES, YES, NO, 0.0),
    (Attempt(reached=False, final=True), NO, NO, NO, 0.0),
    (Attempt(reached=True, final=True), YES, NO, NO, 0.0),
]


@pytest.mark.parametrize(
    ("attempt", "applied", "idempotent", "otherwise", "longest_wait"), DECISIONS, ids=str
)
def test_decision(
    attempt: Attempt, applied: bool, idempotent: bool, otherwise: bool, longest_wait: float | None
) -> None:
    assert may_have_been_applied(attempt) is applied
    assert may_retry(True, attempt) is idempotent
    assert may_retry(False, attempt) is otherwise
    assert backoff(attempt, 0, 1.0) == longest_wait


@pytest.mark.parametrize(
    ("method", "idempotent"), [("GET", YES), ("PUT", YES), ("DELETE", YES), ("POST", NO)]
)
def test_idempotent_verbs(method: str, idempotent: bool) -> None:
    assert is_idempotent(method) is idempotent


ATTEMPTS = st.builds(
    Attempt,
    status=st.none() | st.integers(100, 599),
    reached=st.none() | st.booleans(),
    final=st.booleans(),
    retry_after=st.none() | st.floats(0, 100),
)


@given(ATTEMPTS)
@quick
def test_uncertain_calls_are_retried_only_if_idempotent(attempt: Attempt) -> None:
    if may_retry(False, attempt):
        assert not may_have_been_applied(attempt)
        assert may_retry(True, attempt)


def test_retryable_statuses() -> None:
    assert {408, 429, *range(500, 531)} == RETRYABLE_STATUSES


@pytest.mark.parametrize(
    ("attempt", "throttled"),
    [
        (Attempt(status=429), YES),
        (Attempt(status=429, retry_after=1.0), YES),
        (Attempt(status=503, retry_after=0.0), YES),
        (Attempt(status=503), NO),
        (Attempt(status=500, retry_after=1.0), NO),
        (Attempt(status=200), NO),
        (Attempt(reached=True), NO),
    ],
    ids=str,
)
def test_throttling(attempt: Attempt, throttled: bool) -> None:
    assert attempt.throttled is throttled


@pytest.mark.parametrize(
    ("attempt", "idempotent", "idle", "new"),
    [
        (Attempt(), YES, 1e9, NO),
        (Attempt(), NO, FRESH_FOR, NO),
        (Attempt(), NO, FRESH_FOR + 0.1, YES),
        (Attempt(fresh=True), YES, 0.0, YES),
        (Attempt(fresh=True), NO, 0.0, YES),
    ],
)
def test_needs_new_connection(attempt: Attempt, idempotent: bool, idle: float, new: bool) -> None:
    assert needs_new_connection(idempotent, attempt, idle) is new


@pytest.mark.parametrize(
    ("attempt", "retry", "jitter", "wait"),
    [
        # An idle connection that was closed: at once, then like everything else.
        (Attempt(), 0, 1.0, 0.0),
        (Attempt(), 1, 1.0, 1.0),
        (Attempt(), 2, 0.5, 1.0),
        (Attempt(status=500), 0, 1.0, 0.5),
        (Attempt(status=500), 1, 1.0, 1.0),
        (Attempt(status=500), 2, 1.0, 2.0),
        (Attempt(status=500), 2, 0.25, 0.5),
        (Attempt(status=500), 2, 0.0, 0.0),
        (Attempt(status=500), 50, 1.0, 20.0),
        (Attempt(status=500), 10_000, 1.0, 20.0),
        (Attempt(status=429), 0, 1.0, 1.0),
        (Attempt(status=429), 1, 1.0, 2.0),
        # Retry-After is a minimum, and the jitter decreases with each retry.
        (Attempt(status=429, retry_after=7.0), 0, 0.0, 7.0),
        (Attempt(status=429, retry_after=7.0), 0, 0.5, 7.25),
        (Attempt(status=429, retry_after=7.0), 1, 1.0, 7.25),
        (Attempt(status=503, retry_after=90.0), 4, 1.0, 90.1),
        # A very long wait is an immediate error.
        (Attempt(status=429, retry_after=3600.0), 0, 0.0, 3600.0),
        (Attempt(status=429, retry_after=3600.1), 0, 0.0, None),
        (Attempt(status=429, retry_after=1e300), 0, 0.0, None),
        (Attempt(status=503, retry_after=math.inf), 0, 0.0, None),
    ],
)
def test_wait(attempt: Attempt, retry: int, jitter: float, wait: float | None) -> None:
    assert backoff(attempt, retry, jitter) == wait


@given(
    status=st.none() | st.sampled_from(sorted(RETRYABLE_STATUSES)),
    retry=st.integers(0, 1000),
    jitter=st.floats(0, 1),
    retry_after=st.none() | st.floats(0, 1e6),
)
@quick
def test_bounds_of_a_wait(
    status: int | None, retry: int, jitter: float, retry_after: float | None
) -> None:
    """The wait is within its bounds, and not shorter than requested."""
    wait = backoff(Attempt(status=status, retry_after=retry_after), retry, jitter)
    base = BASE_WAIT_RATE_LIMITED if status == 429 else BASE_WAIT
    if retry_after is not None and retry_after > MAX_RETRY_AFTER:
        assert wait is None
    elif retry_after is not None:
        assert wait is not None
        assert retry_after <= wait <= retry_after + SPREAD
    elif status is None and retry == 0:
        assert wait == 0.0
    else:
        assert wait is not None
        assert 0.0 <= wait <= min(MAX_WAIT, base * 2.0 ** min(retry, 100))


NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("0", 0.0),
        ("3", 3.0),
        (" 3 ", 3.0),
        ("1.5", 1.5),
        ("-4", None),
        ("nan", None),
        ("inf", None),
        ("-inf", None),
        ("1_000", None),
        ("1e300", 1e300),
        ("1e999", sys.float_info.max),
        ("9" * 5000, sys.float_info.max),
        (formatdate(NOW + 90, usegmt=True), 90.0),
        (formatdate(NOW - 90, usegmt=True), 0.0),
        ("Tue, 14 Nov 2023 23:13:20 +0100", 0.0),
        ("Fri, 31 Feb 2023 00:00:00 GMT", None),
        ("Fri, 01 Jan 99999 00:00:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    """Very long waits are returned, and rejected later by :func:`backoff`."""
    assert parse_retry_after(value, NOW) == seconds


@given(st.text() | st.floats().map(str), st.floats(0, 4e9))
@example("Mon, 01 Jan 0001 00:00:00 -2359", 0.0)
@quick
def test_retry_after_with_any_text(value: str, now: float) -> None:
    """Any text gives a valid wait or ``None``."""
    seconds = parse_retry_after(value, now)
    assert seconds is None or seconds >= 0.0
    wait = backoff(Attempt(status=429, retry_after=seconds), 0, 1.0)
    assert wait is None or 0.0 <= wait <= MAX_RETRY_AFTER + SPREAD


@pytest.fixture
def _in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the local time zone, where that is possible."""
    set_zone = getattr(time, "tzset", lambda: None)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        set_zone()
        yield
    set_zone()


@pytest.mark.usefixtures("_in_new_york")
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("Sat, 03 Feb 2001 04:05:06 GMT", 981173106.0),
        # The other forms of RFC 9110 and RFC 5322. Without a zone, it is UTC, not the local time.
        ("Saturday, 03-Feb-01 04:05:06 GMT", 981173106.0),
        ("Sat Feb  3 04:05:06 2001", 981173106.0),
        ("Sat, 03 Feb 2001 04:05:06", 981173106.0),
        ("Sat, 03 Feb 2001 04:05:06 -0000", 981173106.0),
        ("Sat, 03 Feb 2001 05:05:06 +0100", 981173106.0),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("Mon, 01 Jan 9999999999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2020 00:00:00 +99999999999999999999", None),
    ],
)
def test_date(value: str | None, seconds: float | None) -> None:
    """A date out of range is invalid, without another error."""
    assert parse_date(value) == seconds
