"""The retry budget: a token bucket shared by all calls of a client."""

from __future__ import annotations

import threading

__all__ = ["RetryBudget"]


class RetryBudget:
    """Bound how many retries all calls together may make while the service is down.

    A retry takes a token, a success pays half of one back. Random faults of 20 % cost a
    quarter of a token per call and so never empty the bucket; in a total outage nothing is
    paid back, and after 50 retries calls fail at their first attempt instead of adding load.

    Args:
        capacity: Tokens in a full bucket.
        payback: Tokens that a success returns.
    """

    def __init__(self, capacity: float = 50.0, payback: float = 0.5) -> None:
        self._capacity = capacity
        self._payback = payback
        self._tokens = capacity
        self._lock = threading.Lock()

    def spend(self) -> bool:
        """Take a token for a retry; return ``False`` when there is none."""
        with self._lock:
            if self._tokens < 1.0:
                return False
            self._tokens -= 1.0
            return True

    def earn(self) -> None:
        """Pay back for a call that the service answered."""
        if self._tokens < self._capacity:
            with self._lock:
                self._tokens = min(self._capacity, self._tokens + self._payback)
