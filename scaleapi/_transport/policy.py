"""May a call be repeated, and after how long? Pure decisions, no I/O."""

from __future__ import annotations

import math
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import NamedTuple

__all__ = [
    "RETRYABLE_STATUSES",
    "Outcome",
    "RepeatSafety",
    "backoff",
    "may_have_been_applied",
    "may_repeat",
    "parse_date",
    "parse_retry_after",
]

#: Statuses that a later attempt may turn into a success. 520 to 530 come from the CDN.
RETRYABLE_STATUSES = frozenset({408, 429, *range(500, 531)})

#: Statuses by which the service says that it did not even begin.
UNTOUCHED_STATUSES = frozenset({408, 429, 503})

MAX_WAIT = 20.0
BASE_WAIT = 0.5
BASE_WAIT_RATE_LIMITED = 1.0


class RepeatSafety(Enum):
    """How safe it is to send a call a second time."""

    ALWAYS = "its effect is the same once or many times"
    IF_UNSENT = "only when it is certain that the service did nothing"


class Outcome(NamedTuple):
    """How one attempt ended.

    Attributes:
        status: The HTTP status of a whole answer, ``None`` when there was none.
        reached: Whether the request may have reached the service; ``False`` only when it is
            certain that not a byte of it was sent.
        final: The fault will not go away by itself (a TLS certificate, an answer too large).
        retry_after: Seconds that the service asked to wait.
        kept: The connection was one of an earlier call that succeeded.
    """

    status: int | None
    reached: bool = True
    final: bool = False
    retry_after: float | None = None
    kept: bool = False


def may_have_been_applied(outcome: Outcome) -> bool:
    """Return whether the service may have carried the call out although the attempt failed."""
    if outcome.status is None:
        return outcome.reached
    return outcome.status >= 500 and outcome.status not in UNTOUCHED_STATUSES


def may_repeat(safety: RepeatSafety, outcome: Outcome) -> bool:
    """Return whether the call may be sent again after this outcome."""
    if outcome.final:
        return False
    if outcome.status is not None and outcome.status not in RETRYABLE_STATUSES:
        return False
    return safety is RepeatSafety.ALWAYS or not may_have_been_applied(outcome)


def backoff(outcome: Outcome, retry: int, jitter: float) -> float:
    """Return the seconds to wait before a retry.

    A connection fault is retried at once the first time: most often an idle connection was
    closed by the other side. Everything else waits with full jitter, so that clients that
    failed together do not come back together.

    Args:
        outcome: How the last attempt ended.
        retry: 0 for the first retry, 1 for the second, ...
        jitter: A random number from 0 to 1.
    """
    if outcome.status is None and retry == 0:
        return 0.0
    base = BASE_WAIT_RATE_LIMITED if outcome.status == 429 else BASE_WAIT
    wait = jitter * min(MAX_WAIT, base * 2.0**retry)
    return max(wait, outcome.retry_after or 0.0)


def parse_date(value: str | None) -> float | None:
    """Read a ``Date`` header.

    Args:
        value: The header's value, ``None`` when absent.

    Returns:
        Seconds since the epoch; ``None`` when the header is absent or makes no sense.
    """
    try:
        return None if value is None else parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Read a ``Retry-After`` header: seconds, or a date.

    Args:
        value: The header's value, ``None`` when absent.
        now: The service's time of the answer, or else ours, in seconds since the epoch.

    Returns:
        Seconds, at least 0; ``None`` when the header is absent or makes no sense.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        date = parse_date(value)
        if date is None:
            return None
        seconds = date - now
    return max(0.0, seconds) if math.isfinite(seconds) else None
