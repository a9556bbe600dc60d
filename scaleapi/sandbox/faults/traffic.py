"""Rate limits and latency: what every request meets, faults or not."""

from __future__ import annotations

import math
import random
import threading
import time
from collections import deque
from typing import NamedTuple

_MOST_SECONDS = 86_400


class Latency(NamedTuple):
    """How long every request to the API is delayed.

    Attributes:
        seconds: The average delay.
        jitter: How far a delay is from the average at most, chosen at random.
    """

    seconds: float = 0.0
    jitter: float = 0.0

    @classmethod
    def checked(cls, seconds: float, jitter: float) -> Latency:
        """Return a latency; raise `ValueError` if it could be negative or longer than a day."""
        if not (_is_number(seconds) and 0 <= seconds <= _MOST_SECONDS):
            raise ValueError(
                f"latency must be a number of seconds from 0 to {_MOST_SECONDS}, not {seconds!r}"
            )
        if not (_is_number(jitter) and 0 <= jitter <= seconds):
            raise ValueError(
                f"jitter must be a number of seconds from 0 to the latency, not {jitter!r}"
            )
        return cls(seconds, jitter)

    def draw(self) -> float:
        """Return the delay of one request, in seconds."""
        return self.seconds + random.uniform(-self.jitter, self.jitter)  # noqa: S311


NO_LATENCY = Latency()


class RateLimit:
    """At most so many requests per second with each key, in any second.

    Args:
        per_second: The limit; less than one for a request every few seconds; None for no limit.

    Raises:
        ValueError: If it is not positive.
    """

    def __init__(self, per_second: float | None = None) -> None:
        if per_second is not None and not (_is_number(per_second) and 0.001 <= per_second <= 1e6):
            raise ValueError(
                f"rate_limit must be a number of requests per second from 0.001 to 1000000,"
                f" not {per_second!r}"
            )
        self.per_second = per_second
        self._accepted: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait_of(self, key: str) -> int | None:
        """Count a request with this key.

        Returns:
            None if it is within the limit; otherwise after how many whole seconds to retry.
        """
        if self.per_second is None:
            return None
        most = max(1, math.floor(self.per_second))
        window = most / self.per_second
        with self._lock:
            now = time.monotonic()
            accepted = self._accepted.setdefault(key, deque())
            while accepted and now - accepted[0] >= window:
                accepted.popleft()
            if len(accepted) < most:
                accepted.append(now)
                return None
            return max(1, math.ceil(accepted[0] + window - now))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
