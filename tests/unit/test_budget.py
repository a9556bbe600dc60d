"""The limits of a host, with the adapter's decisions but without a network."""

from __future__ import annotations

import random
import ssl
import threading
from collections.abc import Callable

import pytest

from scaleapi._http.adapter import RetryAdapter, _wait_before_retry
from scaleapi._http.call import Call, Deadline, Options
from scaleapi._http.policy import (
    BEYOND_AFTER,
    BUDGET,
    ENOUGH_TO_LEARN,
    FIRST_DROP,
    HALVE,
    IN_A_ROW,
    IN_A_ROW_IF_FAULTY,
    LEARNED_FOR,
    MAX_PAUSE,
    RECOVER_AFTER,
    SLOW_DOWN,
    SPREAD,
    UNSEEN,
    Attempt,
    HostLimits,
)
from scaleapi._http.url import Origin, parse_link

URL = parse_link("https://example.com/v1/tasks")

#: A moment, in seconds.
NOW = 1000.0

#: The part of the rate that was seen at which a host is asked after its first refusal.
SEEN = (1 + UNSEEN) * (1 - FIRST_DROP)


def attempts_of_a_call(limits: HostLimits, end: Callable[[], Attempt]) -> list[Attempt]:
    """Make a call without a network and without waiting; return how each attempt ended."""
    call = Call("GET", URL, None, Options(deadline=None), True, Deadline(None))
    while True:
        attempt = end()
        call.attempts.append(attempt)
        limits.record(attempt, NOW)
        if _wait_before_retry(call, attempt, limits) is None:
            return call.attempts


@pytest.fixture
def limits() -> HostLimits:
    return HostLimits()


@pytest.fixture
def empty(limits: HostLimits) -> HostLimits:
    """The limits of a host whose budget an outage has used up."""
    while len(attempts_of_a_call(limits, lambda: Attempt(status=500))) > 1:
        pass
    return limits


OUTAGES = [Attempt(), Attempt(reached=False), Attempt(status=500), Attempt(status=503)]
THROTTLING = [
    Attempt(status=429),
    Attempt(status=429, retry_after=1.0),
    Attempt(status=503, retry_after=1.0),
]


@pytest.mark.parametrize("fault", OUTAGES, ids=str)
def test_an_outage_is_not_multiplied(limits: HostLimits, fault: Attempt) -> None:
    """Without successes, 200 calls send at most 250 requests, then one each."""
    sent = sum(len(attempts_of_a_call(limits, lambda: fault)) for _ in range(200))
    assert 200 < sent <= 1.25 * 200
    assert len(attempts_of_a_call(limits, lambda: fault)) == 1


@pytest.mark.parametrize("fault", THROTTLING, ids=str)
def test_throttling_does_not_use_the_budget(limits: HostLimits, fault: Attempt) -> None:
    """Throttled calls have all their retries, and the budget stays full."""
    for _ in range(200):
        assert len(attempts_of_a_call(limits, lambda: fault)) == 4
    outage = [len(attempts_of_a_call(limits, lambda: Attempt(status=500))) for _ in range(30)]
    assert sum(outage) == 30 + BUDGET


@pytest.mark.parametrize("fault", THROTTLING, ids=str)
def test_a_rate_limit_is_followed_without_any_budget(empty: HostLimits, fault: Attempt) -> None:
    assert len(attempts_of_a_call(empty, lambda: fault)) == 4


def test_a_closed_kept_connection_does_not_use_the_budget(empty: HostLimits) -> None:
    ends = iter([Attempt(reached=True, kept=True), Attempt(status=200)])
    assert len(attempts_of_a_call(empty, lambda: next(ends))) == 2


@pytest.mark.slow
def test_calls_survive_random_faults(limits: HostLimits) -> None:
    """With 20 % of faults, the budget never blocks a retry in 100,000 calls."""
    chance = random.Random(20)

    def end() -> Attempt:
        return Attempt(status=500 if chance.random() < 0.2 else 200)

    retries = 0
    for _ in range(100_000):
        attempts = attempts_of_a_call(limits, end)
        retries += len(attempts) - 1
        assert attempts[-1].status == 200 or len(attempts) == 4
    assert retries > 20_000


def test_a_client_error_refunds_the_budget(empty: HostLimits) -> None:
    """A service that returns 404 is not down, so a 404 refills the budget."""
    for _ in range(2):
        attempts_of_a_call(empty, lambda: Attempt(status=404))
    assert len(attempts_of_a_call(empty, lambda: Attempt(status=500))) == 2
    assert len(attempts_of_a_call(empty, lambda: Attempt(status=500))) == 1


def test_a_full_budget_stays_full(limits: HostLimits) -> None:
    for _ in range(10):
        limits.record(Attempt(status=200), NOW)
    granted = [limits.allow_retry(Attempt(status=500)) for _ in range(60)]
    assert granted == [True] * int(BUDGET) + [False] * (60 - int(BUDGET))


def test_threads_share_a_budget(limits: HostLimits) -> None:
    """Concurrent threads do not use the same token twice."""
    spent: list[int] = []
    start = threading.Barrier(8)

    def spend() -> None:
        start.wait()
        spent.append(sum(limits.allow_retry(Attempt(status=500)) for _ in range(500)))

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(spent) == BUDGET


def a_429(seconds: float = 1.0) -> Attempt:
    return Attempt(status=429, retry_after=seconds)


def refuse(limits: HostLimits, now: float, attempt: Attempt) -> None:
    """Simulate as many throttled requests in a row as tell of a limit."""
    for _ in range(IN_A_ROW):
        limits.record(attempt, now)


def test_attempts_wait_for_a_host_that_throttles(limits: HostLimits) -> None:
    """Until the requested time, spread by jitter."""
    assert limits.reserve(NOW, 1.0) == 0.0
    refuse(limits, NOW, a_429(3.0))
    assert limits.reserve(NOW, 0.0) == 3.0
    assert limits.reserve(NOW + 1.0, 1.0) == 2.0 + SPREAD
    assert limits.reserve(NOW + 3.1, 1.0) == 0.0


def test_the_longest_wait_of_several_counts(limits: HostLimits) -> None:
    refuse(limits, NOW, a_429(3.0))
    limits.record(Attempt(status=503, retry_after=1.0), NOW)
    assert limits.reserve(NOW, 0.0) == 3.0


def throttled(limits: HostLimits, successes: int) -> None:
    """Simulate a number of successes within a second, then throttled requests."""
    for number in range(successes):
        limits.record(Attempt(status=200), NOW + number / successes / 2)
    refuse(limits, NOW + 0.5, a_429())


def test_attempts_follow_the_observed_rate(limits: HostLimits) -> None:
    throttled(limits, 20)
    turns = [limits.reserve(NOW + 0.5, 1.0) for _ in range(4)]
    slowed = 0.05 / SEEN
    assert turns == pytest.approx([1.0 + n * slowed for n in range(4)], rel=1e-3)


def test_responses_that_come_during_the_pause_were_taken_before_it(limits: HostLimits) -> None:
    """Where many requests are under way, most responses come after the first refusal."""
    throttled(limits, 10)
    for number in range(10):
        limits.record(Attempt(status=200), NOW + 0.5 + number / 100)
    turns = [limits.reserve(NOW + 0.6, 1.0) for _ in range(4)]
    slowed = 0.05 / SEEN
    assert turns == pytest.approx([0.9 + n * slowed for n in range(4)], rel=1e-3)


def test_too_few_requests_set_no_rate(limits: HostLimits) -> None:
    throttled(limits, ENOUGH_TO_LEARN - 1)
    assert {limits.reserve(NOW + 0.5, 0.0) for _ in range(4)} == {1.0}


def rate(limits: HostLimits, now: float) -> float:
    """Return the allowed attempts per second."""
    first = limits.reserve(now, 0.0)
    return 1.0 / (limits.reserve(now, 0.0) - first)


def test_the_rate_recovers_and_exceeds_the_earlier_one(limits: HostLimits) -> None:
    """It grows fast at first, slowly near the rate of the throttling, and fast above it."""
    throttled(limits, 20)
    resumed, refused_at = NOW + 1.5, 20 * (1 + UNSEEN)
    times = [
        0,
        RECOVER_AFTER / 2,
        RECOVER_AFTER,
        *(RECOVER_AFTER + n * BEYOND_AFTER for n in (1, 4)),
    ]
    seen = [rate(limits, resumed + time) for time in times]
    expected = [refused_at * (1 + FIRST_DROP * part) for part in (-1, -1 / 8, 0, 1, 64)]
    assert seen == pytest.approx(expected, rel=0.02)


def test_a_host_that_accepts_almost_all_is_slowed_a_little(limits: HostLimits) -> None:
    throttled(limits, 20)
    for number in range(100):
        limits.record(Attempt(status=200), NOW + 1.5 + number / 20)
    limits.record(a_429(), NOW + 6.6)
    limits.record(a_429(), NOW + 6.6)  # throttled at the same time
    assert 20 * SEEN * (1 - SLOW_DOWN) < rate(limits, NOW + 7.6) < 20


def test_a_limit_is_found_before_many_are_refused(limits: HostLimits) -> None:
    """A host that accepts 50 in any second: refusals near its limit are not taken for faults."""
    throttled(limits, 50)
    now, accepted, refused = NOW + 1.5, [0.0], 0
    while now < NOW + 21.5:
        now += max(limits.reserve(now, 0.5), 0.001)
        accepted = [one for one in accepted if now - one < 1.02]  # as they do not come evenly
        if len(accepted) < 50:
            accepted.append(now)
            limits.record(Attempt(status=200), now)
        else:
            refused += 1
            limits.record(a_429(), now)
    assert refused <= 12


def test_the_rate_is_halved_for_a_host_that_accepts_much_less(limits: HostLimits) -> None:
    """For example, after an initial burst was accepted."""
    throttled(limits, 20)
    refuse(limits, NOW + 3.5, a_429())
    assert rate(limits, NOW + 4.5) == pytest.approx(20 * HALVE, rel=0.15)


def test_rare_429s_without_retry_after_are_faults(limits: HostLimits) -> None:
    """Random faults of 20 % do not depend on the rate."""
    chance = random.Random(3)
    for number in range(20_000):
        status = 429 if chance.random() < 0.2 else 200
        limits.record(Attempt(status=status), NOW + number / 300)
    assert {limits.reserve(NOW + 20_000 / 300, 0.0) for _ in range(100)} == {0.0}


@pytest.mark.parametrize("part", [0.01, 0.05, 0.1])
def test_rare_429s_with_retry_after_are_faults(limits: HostLimits, part: float) -> None:
    """Random refusals delay their own calls only, whatever they say; almost no other call waits."""
    chance = random.Random(5)
    waits = 0
    for number in range(20_000):
        now = NOW + number / 200
        limits.record(a_429() if chance.random() < part else Attempt(status=200), now)
        waits += limits.reserve(now, 0.0) > 0.0
    assert waits < 1000


def test_a_single_429_of_a_limit_that_is_known_tells_of_it_again(limits: HostLimits) -> None:
    """Once the rate is near it; before, it is a fault."""
    throttled(limits, 20)
    slow = limits.reserve(NOW + 2.0, 0.0)
    for seconds, wait in ((2.0, 0.0), (8.0, 1.0)):
        limits.record(Attempt(status=200), NOW + seconds)
        limits.record(a_429(), NOW + seconds)
        assert limits.reserve(NOW + seconds, 0.0) == pytest.approx(slow + wait, abs=0.2)


def test_a_limit_is_noticed_where_faults_are_common(limits: HostLimits) -> None:
    for number in range(500):
        limits.record(a_429() if number % 10 == 0 else Attempt(status=200), NOW + number / 200)
    assert limits.reserve(NOW + 2.5, 0.0) == 0.0
    for _ in range(IN_A_ROW_IF_FAULTY):
        limits.record(a_429(), NOW + 2.5)
    assert limits.reserve(NOW + 2.5, 0.0) == 1.0


def test_many_429s_without_retry_after_are_a_limit(limits: HostLimits) -> None:
    for number in range(200):
        status = 200 if number % 4 == 0 else 429
        limits.record(Attempt(status=status), NOW + number / 300)
    assert limits.reserve(NOW + 0.7, 0.0) + limits.reserve(NOW + 0.7, 0.0) > 0.0


def test_a_rate_expires(limits: HostLimits) -> None:
    throttled(limits, 20)
    assert limits.reserve(NOW + 1.6 + LEARNED_FOR, 0.0) == 0.0
    assert limits.reserve(NOW + 1.6 + LEARNED_FOR, 0.0) == 0.0


@pytest.mark.parametrize(
    "attempt",
    [
        Attempt(status=200),
        Attempt(status=500, retry_after=5.0),  # it failed, and does not count its callers
        Attempt(status=503),
        Attempt(status=429),
        Attempt(status=429, retry_after=1.0),  # a single one may be a fault
        Attempt(status=429, retry_after=MAX_PAUSE + 0.1),
        Attempt(),
    ],
    ids=str,
)
def test_only_throttling_delays_new_calls(limits: HostLimits, attempt: Attempt) -> None:
    limits.record(attempt, NOW)
    assert limits.reserve(NOW + 0.001, 1.0) == 0.0


@pytest.mark.parametrize("retry_after", [None, 0.0, 1.0])
def test_a_burst_of_throttling_lowers_the_rate_once(
    limits: HostLimits, retry_after: float | None
) -> None:
    """Sixty threads that are throttled together three times count as three."""
    for _ in range(20):
        limits.record(Attempt(status=200), NOW)
    for round_ in range(3):
        for number in range(60):
            now = NOW + 2.0 * round_ + 0.001 * number
            limits.record(Attempt(status=429, retry_after=retry_after), now)
    turns = [limits.reserve(NOW + 10.0, 0.0) for _ in range(21)]
    assert 0.9 < turns[-1] < 4.0  # halved twice, not 120 times


def test_the_interval_never_exceeds_retry_after(limits: HostLimits) -> None:
    """With ``Retry-After: 1``, the rate is at least one call per second."""
    for _ in range(20):
        limits.record(Attempt(status=200), NOW)
    for number in range(100):
        limits.record(Attempt(status=429, retry_after=1.0), NOW + 2.0 * number)
    now = NOW + 210.0
    assert [limits.reserve(now, 0.0) for _ in range(3)] == [0.0, 1.0, 2.0]


def test_a_call_that_cannot_wait_does_not_reserve_a_turn(limits: HostLimits) -> None:
    """It is sent immediately, and the others do not wait for its turn."""
    for _ in range(20):
        limits.record(Attempt(status=200), NOW)
    refuse(limits, NOW, a_429())
    for _ in range(1000):
        assert limits.reserve(NOW, 0.0, longest=0.5) == 0.0
    assert limits.reserve(NOW, 0.0, longest=10.0) == 1.0


@pytest.fixture
def adapter() -> RetryAdapter:
    return RetryAdapter(ssl.create_default_context)


def origin(number: int) -> Origin:
    return Origin("https", f"host{number}.example.com", 443)


def test_hosts_do_not_share_a_budget(adapter: RetryAdapter) -> None:
    """A dead storage host does not use the budget of the service."""
    dead, alive = adapter._limits(origin(1)), adapter._limits(origin(2))
    assert dead is not alive
    assert adapter._limits(origin(1)) is dead
    while dead.allow_retry(Attempt()):
        pass
    assert alive.allow_retry(Attempt())


@pytest.mark.parametrize(
    "other",
    [
        Origin("http", "host1.example.com", 443),
        Origin("https", "host1.example.com", 8443),
        Origin("https", "host2.example.com", 443),
    ],
)
def test_an_origin_is_scheme_host_and_port(adapter: RetryAdapter, other: Origin) -> None:
    assert adapter._limits(other) is not adapter._limits(origin(1))


def test_least_recently_used_hosts_are_forgotten(adapter: RetryAdapter) -> None:
    service = adapter._limits(origin(0))
    for number in range(1, 1000):
        adapter._limits(origin(number))
        assert adapter._limits(origin(0)) is service
    assert len(adapter._hosts) == 100
