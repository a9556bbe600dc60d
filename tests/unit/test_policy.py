"""May a call be repeated, and after how long? The whole decision as tables."""

from __future__ import annotations

import math
from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaleapi._http.policy import (
    BASE_WAIT,
    BASE_WAIT_RATE_LIMITED,
    MAX_WAIT,
    RETRYABLE_STATUSES,
    Outcome,
    RepeatSafety,
    backoff,
    may_have_been_applied,
    may_repeat,
    parse_date,
    parse_retry_after,
)
from tests.unit.quick import quick

ALWAYS, IF_UNSENT = RepeatSafety.ALWAYS, RepeatSafety.IF_UNSENT

#: How an attempt ended: may it have been applied, and may the call be repeated for each safety?
DECISIONS = [
    # An answer: a success or a refusal is the last word.
    (Outcome(200), False, False, False),
    (Outcome(201), False, False, False),
    (Outcome(302), False, False, False),
    (Outcome(400), False, False, False),
    (Outcome(401), False, False, False),
    (Outcome(402), False, False, False),
    (Outcome(403), False, False, False),
    (Outcome(404), False, False, False),
    (Outcome(409), False, False, False),
    (Outcome(422), False, False, False),
    # The service says that it did not begin.
    (Outcome(408), False, True, True),
    (Outcome(429), False, True, True),
    (Outcome(503), False, True, True),
    # It failed somewhere on the way.
    (Outcome(500), True, True, False),
    (Outcome(502), True, True, False),
    (Outcome(504), True, True, False),
    (Outcome(520), True, True, False),
    (Outcome(530), True, True, False),
    (Outcome(531), True, False, False),
    (Outcome(599), True, False, False),
    # No answer: it depends on whether anything was sent.
    (Outcome(None, reached=False), False, True, True),
    (Outcome(None, reached=True), True, True, False),
    (Outcome(None, reached=False, final=True), False, False, False),
    (Outcome(None, reached=True, final=True), True, False, False),
]


@pytest.mark.parametrize(("outcome", "applied", "always", "if_unsent"), DECISIONS)
def test_decision(outcome: Outcome, applied: bool, always: bool, if_unsent: bool) -> None:
    assert may_have_been_applied(outcome) is applied
    assert may_repeat(ALWAYS, outcome) is always
    assert may_repeat(IF_UNSENT, outcome) is if_unsent


@given(
    st.builds(
        Outcome, st.none() | st.integers(100, 599), reached=st.booleans(), final=st.booleans()
    )
)
@quick
def test_what_may_have_been_applied_is_never_repeated_blindly(outcome: Outcome) -> None:
    if may_repeat(IF_UNSENT, outcome):
        assert not may_have_been_applied(outcome)
        assert may_repeat(ALWAYS, outcome)


def test_retryable_statuses() -> None:
    assert {408, 429, *range(500, 531)} == RETRYABLE_STATUSES


@pytest.mark.parametrize(
    ("outcome", "retry", "jitter", "wait"),
    [
        # An idle connection that was closed: at once, then like everything else.
        (Outcome(None), 0, 1.0, 0.0),
        (Outcome(None), 1, 1.0, 1.0),
        (Outcome(None), 2, 0.5, 1.0),
        (Outcome(500), 0, 1.0, 0.5),
        (Outcome(500), 1, 1.0, 1.0),
        (Outcome(500), 2, 1.0, 2.0),
        (Outcome(500), 2, 0.25, 0.5),
        (Outcome(500), 2, 0.0, 0.0),
        (Outcome(500), 50, 1.0, 20.0),
        (Outcome(429), 0, 1.0, 1.0),
        (Outcome(429), 1, 1.0, 2.0),
        # Retry-After is a minimum.
        (Outcome(429, retry_after=7.0), 0, 1.0, 7.0),
        (Outcome(503, retry_after=0.25), 0, 1.0, 0.5),
        (Outcome(503, retry_after=90.0), 0, 0.0, 90.0),
    ],
)
def test_wait(outcome: Outcome, retry: int, jitter: float, wait: float) -> None:
    assert backoff(outcome, retry, jitter) == wait


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
    """Never longer than the cap or what the service asked for, never shorter than that."""
    wait = backoff(Outcome(status, retry_after=retry_after), retry, jitter)
    base = BASE_WAIT_RATE_LIMITED if status == 429 else BASE_WAIT
    cap = min(MAX_WAIT, base * 2.0**retry)
    if status is None and retry == 0:
        assert wait == 0.0
    else:
        assert (retry_after or 0.0) <= wait <= max(cap, retry_after or 0.0)


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
        ("-4", 0.0),
        ("nan", None),
        ("inf", None),
        ("-inf", None),
        ("1e999", None),
        (formatdate(NOW + 90, usegmt=True), 90.0),
        (formatdate(NOW - 90, usegmt=True), 0.0),
        ("Tue, 14 Nov 2023 23:13:20 +0100", 0.0),
        ("Fri, 31 Feb 2023 00:00:00 GMT", None),
        ("Fri, 01 Jan 99999 00:00:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text() | st.floats().map(str), st.floats(0, 4e9))
@example("Mon, 01 Jan 0001 00:00:00 -2359", 0.0)
@quick
def test_retry_after_is_a_wait_or_nothing(value: str, now: float) -> None:
    """Whatever a service sends, it is never an error and never a time that cannot be waited."""
    seconds = parse_retry_after(value, now)
    assert seconds is None or (seconds >= 0.0 and math.isfinite(seconds))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("Sat, 03 Feb 2001 04:05:06 GMT", 981173106.0),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("Mon, 01 Jan 9999999999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2020 00:00:00 +99999999999999999999", None),
    ],
)
def test_date(value: str | None, seconds: float | None) -> None:
    """A number of a date that no machine can hold is no date, and no other error."""
    assert parse_date(value) == seconds
