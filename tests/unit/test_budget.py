"""The retry budget, driven by the adapter's own decision as the network would drive it."""

from __future__ import annotations

import random
import ssl
import threading
from collections.abc import Callable

import pytest

from scaleapi._http.call import Call, Deadline, Options
from scaleapi._http.policy import Outcome, RepeatSafety
from scaleapi._transport.adapter import RetryAdapter
from scaleapi._transport.budget import RetryBudget


def attempts_of_a_call(adapter: RetryAdapter, answer: Callable[[], Outcome]) -> list[Outcome]:
    """Make a call without a network and without waiting; return how each attempt ended."""
    call = Call(RepeatSafety.ALWAYS, Options(deadline=None), Deadline(None))
    while True:
        call.outcomes.append(answer())
        if adapter._wait_before_repeat(call, call.outcomes[-1]) is None:
            return call.outcomes


@pytest.fixture
def adapter() -> RetryAdapter:
    return RetryAdapter(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), RetryBudget())


@pytest.mark.parametrize("fault", [Outcome(None), Outcome(500), Outcome(429)])
def test_an_outage_is_not_multiplied(adapter: RetryAdapter, fault: Outcome) -> None:
    """While nothing answers, 200 calls send at most 250 requests, and then one each."""
    sent = sum(len(attempts_of_a_call(adapter, lambda: fault)) for _ in range(200))
    assert 200 < sent <= 1.25 * 200
    assert len(attempts_of_a_call(adapter, lambda: fault)) == 1


def test_random_faults_are_ridden_out(adapter: RetryAdapter) -> None:
    """With 20 % of faults, none of 100,000 calls is refused a retry that it may have."""
    chance = random.Random(20)

    def answer() -> Outcome:
        return Outcome(500 if chance.random() < 0.2 else 200)

    retries = 0
    for _ in range(100_000):
        outcomes = attempts_of_a_call(adapter, answer)
        retries += len(outcomes) - 1
        assert outcomes[-1].status == 200 or len(outcomes) == 4
    assert retries > 20_000


def test_a_refusal_by_the_service_pays_back(adapter: RetryAdapter) -> None:
    """A service that answers 404 is not down; after an outage retries come back with it."""
    while len(attempts_of_a_call(adapter, lambda: Outcome(500))) > 1:
        pass
    for _ in range(2):
        attempts_of_a_call(adapter, lambda: Outcome(404))
    assert len(attempts_of_a_call(adapter, lambda: Outcome(500))) == 2


def test_a_bucket_holds_no_more_than_its_capacity() -> None:
    budget = RetryBudget(capacity=2, payback=5)
    for _ in range(10):
        budget.earn()
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    budget.earn()
    assert [budget.spend() for _ in range(3)] == [True, True, False]


def test_threads_share_a_bucket() -> None:
    """However many threads spend at once, no token is spent twice."""
    budget = RetryBudget(capacity=1000)
    spent: list[int] = []
    start = threading.Barrier(8)

    def spend() -> None:
        start.wait()
        spent.append(sum(budget.spend() for _ in range(500)))

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(spent) == 1000
