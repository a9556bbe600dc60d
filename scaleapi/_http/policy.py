"""The retry rules: whether to retry a call, when, and on which connection.

The functions decide from the outcome of an attempt and the state of its host. They do no I/O.
"""

from __future__ import annotations

import math
import re
import sys
import threading
from datetime import timezone
from email.utils import parsedate_to_datetime

from .._interruption import raise_interruption

__all__ = [
    "RETRYABLE_STATUSES",
    "Attempt",
    "HostLimits",
    "backoff",
    "is_idempotent",
    "may_have_been_applied",
    "may_retry",
    "needs_new_connection",
    "parse_date",
    "parse_retry_after",
]

#: Statuses of temporary failures. 520 to 530 come from the CDN.
RETRYABLE_STATUSES = frozenset({408, 429, *range(500, 531)})

#: Maximum back-off in seconds, and the upper bounds of the first back-off.
MAX_WAIT = 20.0
BASE_WAIT = 0.5
BASE_WAIT_RATE_LIMITED = 1.0

#: Seconds. If the service requests a longer wait, the call fails immediately.
MAX_RETRY_AFTER = 3600.0

#: Seconds of jitter added to Retry-After, so that clients do not all return at once.
SPREAD = 0.5

#: Maximum number of seconds for which a rate limit delays other calls to the host.
MAX_PAUSE = 20.0

#: Seconds. Servers close idle connections after 5 or more, so a connection that was idle for
#: longer than this may be closed while a request is on its way.
FRESH_FOR = 2.0

#: Retry-After in seconds. Some services send a fraction.
_SECONDS = re.compile(r"\d+(\.\d*)?([eE][+]?\d+)?", re.ASCII)

#: After a host throttles, calls are limited to a rate, at first the number of successes in the
#: last second, if there were at least this many.
ENOUGH_TO_LEARN = 5

#: The fraction by which a refusal lowers the rate. It is halved if the host has accepted fewer than
#: 80 % of the requests, minus three, that the rate allowed since the last refusal.
SLOW_DOWN, HALVE = 0.05, 0.5
ALMOST_ALL, A_FEW = 0.8, 3

#: A single refusal may be a random fault, and delays only its own call. It indicates a limit if at
#: least this fraction of the latest attempts was refused, or less once a limit is known. Each
#: attempt has this weight in the moving average.
MANY, MANY_IF_LIMITED, WEIGHT = 0.4, 0.1, 0.01

#: Refusals with ``Retry-After`` also indicate a limit if there are this many in a row, because a
#: limit refuses everything until then. If the host refuses more than this fraction of all requests
#: at any rate, it takes more in a row.
IN_A_ROW, IN_A_ROW_IF_FAULTY = 4, 7
FAULTY = 0.03

#: Seconds after a refusal. Then the rate is so near to the known limit again that one refusal
#: indicates it.
NEAR_AFTER = 4.0

#: When the first refusal arrives, some accepted requests have not been answered yet. So the limit
#: may exceed the observed rate by this fraction.
UNSEEN = 0.1

#: The fraction by which the first rate is below that estimate. The rate must not reach the limit
#: before it counts as near: earlier refusals would be mistaken for random faults.
FIRST_DROP = 0.15

#: Seconds until the rate has recovered to that of the last refusal, then until it exceeds it by the
#: same amount, and until the limit is forgotten. Like the window of TCP CUBIC, the rate grows
#: slowly near that of the last refusal and fast elsewhere. So it is just below the limit most of
#: the time, and few requests are refused.
RECOVER_AFTER = 20.0
BEYOND_AFTER = 10.0
LEARNED_FOR = 120.0

#: The size of the retry budget, the cost of a retry, and the refund for a success.
BUDGET = 50.0
RETRY_COST = 1.0
SUCCESS_PAYS = 0.5


class Attempt:
    """One attempt of a call, and its outcome.

    Attributes:
        fresh: Whether the attempt requires a new connection.
        status: The HTTP status of a complete response; ``None`` if there was none.
        reached: Whether the request may have reached the service. ``False`` only if no byte was
            sent for certain; ``None`` if this is not known.
        kept: Whether the attempt reused the connection of an earlier successful call.
        final: Whether a retry would fail the same way, as with an invalid certificate.
        retry_after: The wait that the service requested, in seconds.
    """

    __slots__ = ("final", "fresh", "kept", "reached", "retry_after", "status")

    # Not a dataclass, because ``dataclasses`` imports ``inspect``, which takes 5 ms.
    def __init__(
        self,
        fresh: bool = False,
        status: int | None = None,
        reached: bool | None = None,
        kept: bool = False,
        final: bool = False,
        retry_after: float | None = None,
    ) -> None:
        self.fresh = fresh
        self.status = status
        self.reached = reached
        self.kept = kept
        self.final = final
        self.retry_after = retry_after

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"Attempt({values})"

    @property
    def throttled(self) -> bool:
        """Whether the service rejected the request unprocessed because of its load."""
        return self.status == 429 or (self.status == 503 and self.retry_after is not None)


def is_idempotent(method: str) -> bool:
    """Return whether requests with this method are idempotent by default."""
    return method != "POST"


def may_have_been_applied(attempt: Attempt) -> bool:
    """Return whether the service may have processed the request of a failed attempt."""
    if attempt.status is None:
        return attempt.reached is not False
    # A proxy may send 503 without Retry-After when it loses the service after the request was
    # processed, and a gateway 460 or 499 when it times out. Redirects often follow a completed
    # change.
    lost = attempt.status in (460, 499) or 300 <= attempt.status < 400
    return (lost or attempt.status >= 500) and not attempt.throttled


def may_retry(idempotent: bool, attempt: Attempt) -> bool:
    """Return whether a call may be retried after this attempt."""
    if attempt.final or not (attempt.status is None or attempt.status in RETRYABLE_STATUSES):
        return False
    return idempotent or not may_have_been_applied(attempt)


def needs_new_connection(idempotent: bool, attempt: Attempt, idle: float) -> bool:
    """Return whether an attempt requires a new connection.

    Args:
        idempotent: Whether the call is idempotent.
        attempt: The attempt.
        idle: Seconds since the last response on the kept connection.
    """
    return attempt.fresh or (not idempotent and idle > FRESH_FOR)


def backoff(attempt: Attempt, retry: int, jitter: float) -> float | None:
    """Return the seconds to wait before a retry; ``None`` if the service requested too long a wait.

    The first retry after a connection failure is immediate, because usually the server closed an
    idle connection. Other retries use exponential back-off with full jitter. Jitter is also added
    to ``Retry-After``, so that clients that failed together do not retry together.

    Args:
        attempt: The last attempt.
        retry: 0 for the first retry, 1 for the second, ...
        jitter: A random number from 0 to 1.
    """
    if attempt.retry_after is not None:
        if attempt.retry_after > MAX_RETRY_AFTER:
            return None
        return attempt.retry_after + jitter * SPREAD / (1 + retry)
    if attempt.status is None and retry == 0:
        return 0.0
    base = BASE_WAIT_RATE_LIMITED if attempt.status == 429 else BASE_WAIT
    return jitter * min(MAX_WAIT, base * 2.0 ** min(retry, 30))


class HostLimits:
    """The retry budget and the rate limit that all calls to one host share.

    Each retry costs 1 unit of the budget, and each success refunds 0.5. At a failure rate of 20 %,
    retries cost a quarter of a unit per call, so the budget never runs out. In an outage there
    are no refunds: after 50 retries, calls fail at their first attempt instead of adding load.

    Throttling is not an outage, so retries that the service requested are free. If it is repeated,
    all calls wait until the time that the service requested, and then proceed at the rate that the
    service was seen to accept. Throttling lowers the rate, and it grows until the next throttling.
    """

    def __init__(self) -> None:
        self._tokens = BUDGET
        self._resume_at = -math.inf
        self._refused_rate = 0.0  # attempts per second that were too many; 0 for no limit
        self._drop = 0.0  # the fraction by which the last refusal lowered the rate
        self._floor = 0.0  # the lowest rate
        self._late = 0.0  # by how much a success during the pause raises the first estimate
        self._slowed_at = self._next_turn = -math.inf
        self._second = -math.inf  # start of the second whose successes are counted
        self._successes = self._successes_before = 0
        self._taken = 0  # requests accepted since the rate was last lowered
        self._refused_part = 0.0  # the fraction of the latest attempts that were refused
        self._refused_in_a_row = 0  # refusals with Retry-After
        # Reentrant, because a signal handler or a finalizer may make a call in the middle.
        self._lock = threading.RLock()

    def record(self, attempt: Attempt, now: float) -> None:
        """Update the limits after an attempt.

        Args:
            attempt: The attempt.
            now: The time, in seconds.
        """
        if attempt.throttled:
            with self._lock:
                if now < max(self._resume_at, self._slowed_at + 1.0):  # perhaps sent earlier
                    self._slow_down(attempt.retry_after or 0.0, now)
                    return
                self._refused_part += WEIGHT * (1.0 - self._refused_part)
                if attempt.retry_after is not None:
                    self._refused_in_a_row += 1
                if self._is_limit(attempt, now):
                    self._slow_down(attempt.retry_after or 0.0, now)
        elif attempt.status is not None:
            with self._lock:
                self._refused_part *= 1.0 - WEIGHT
                self._refused_in_a_row = 0
                self._taken += 1
                if attempt.status in RETRYABLE_STATUSES:
                    return
                self._tokens = min(BUDGET, self._tokens + SUCCESS_PAYS)
                if now < self._resume_at:  # accepted before all calls began to wait
                    self._refused_rate += self._late
                if now - self._second > 1.0:
                    self._second, self._successes_before = now, self._successes
                    self._successes = 0
                self._successes += 1

    def _is_limit(self, attempt: Attempt, now: float) -> bool:
        """Return whether a refusal indicates a limit that all calls share."""
        limited = self._refused_rate > 0.0
        if self._refused_part >= (MANY_IF_LIMITED if limited else MANY):
            return True
        if attempt.retry_after is None:
            return False
        if self._refused_part - WEIGHT * self._refused_in_a_row > FAULTY:
            return self._refused_in_a_row >= IN_A_ROW_IF_FAULTY
        near = limited and now - self._resume_at >= NEAR_AFTER
        return near or self._refused_in_a_row >= IN_A_ROW

    def _slow_down(self, pause: float, now: float) -> None:
        if pause > MAX_PAUSE:
            return
        slowest = max(pause, 1.0)
        # When several calls are throttled at once, only the first lowers the rate.
        if now >= max(self._resume_at, self._slowed_at + slowest):
            self._learn(slowest, now)
            self._slowed_at = now
        self._resume_at = max(self._resume_at, now + pause)

    def _learn(self, slowest: float, now: float) -> None:
        since = now - self._resume_at
        limited = self._refused_rate > 0.0 and since <= LEARNED_FOR
        late = 0.0
        if limited:
            self._refused_rate = self._rate(now) * (1.0 - self._refused_part)
            expected = ALMOST_ALL * self._refused_rate * since - A_FEW
            self._drop = SLOW_DOWN if self._taken >= expected else HALVE
        else:
            taken = max(self._successes, self._successes_before)
            taken = taken if taken >= ENOUGH_TO_LEARN else 0
            self._refused_rate, self._drop = (1.0 + UNSEEN) * taken / slowest, FIRST_DROP
            late = (1.0 + UNSEEN) / slowest if taken else 0.0
        if self._refused_part >= MANY_IF_LIMITED or not limited:
            self._refused_part = 0.0  # the new rate starts with a clean record
        self._floor, self._taken, self._late = 1.0 / slowest, 0, late

    def _rate(self, now: float) -> float:
        """Return how many attempts per second the host gets."""
        since = max(0.0, now - self._resume_at) - RECOVER_AFTER
        part = since / (RECOVER_AFTER if since < 0.0 else BEYOND_AFTER)
        return max(self._floor, self._refused_rate * (1.0 + self._drop * part**3))

    def reserve(self, now: float, jitter: float, longest: float = math.inf) -> float:
        """Reserve the next time for an attempt, and return the seconds until then.

        Args:
            now: The time, in seconds.
            jitter: A random number from 0 to 1.
            longest: Seconds that the call can wait. If the time is later than that, nothing is
                reserved and the result is 0.
        """
        if self._resume_at < now and self._refused_rate == 0.0:
            return 0.0
        with self._lock:
            if now - self._resume_at > LEARNED_FOR:
                self._refused_rate = 0.0
                return 0.0
            if self._refused_rate == 0.0:
                wait = self._resume_at - now + jitter * SPREAD
                return wait if wait < longest else 0.0
            turn = max(now, self._resume_at, self._next_turn)
            if turn - now >= longest:
                return 0.0
            self._next_turn = turn + 1.0 / self._rate(turn)
            return turn - now

    def allow_retry(self, attempt: Attempt) -> bool:
        """Pay for a retry after this attempt; return ``False`` if the budget is used up."""
        # Free, because a kept connection fails only once, and an earlier call on it succeeded.
        if attempt.throttled or attempt.kept:
            return True
        with self._lock:
            if self._tokens < RETRY_COST:
                return False
            self._tokens -= RETRY_COST
            return True


def parse_date(value: str | None) -> float | None:
    """Parse a ``Date`` header.

    Args:
        value: The value of the header; ``None`` if it is absent.

    Returns:
        Seconds since the epoch; ``None`` if the header is absent or invalid.
    """
    try:
        if value is None:
            return None
        date = parsedate_to_datetime(value)
        # Without a zone, it is UTC, as all times in headers are.
        return (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp()
    except (TypeError, ValueError, OverflowError, OSError) as invalid:
        raise_interruption(invalid)
        return None


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Parse a ``Retry-After`` header, which contains seconds or a date.

    Args:
        value: The value of the header; ``None`` if it is absent.
        now: The time by the service's clock, or else the local one, in seconds since the epoch.

    Returns:
        Seconds, at least 0; ``None`` if the header is absent or invalid.
    """
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return min(float(value), sys.float_info.max)
    date = parse_date(value)
    return None if date is None else max(0.0, date - now)
