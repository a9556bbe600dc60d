"""How fast calls are made: a rate, or any limiter that the caller has."""

from __future__ import annotations

import inspect
import math
import threading
import time
from numbers import Real
from typing import Protocol, runtime_checkable

from .._arguments import is_bool, shown
from ..exceptions import ScaleArgumentError

__all__ = ["Limiter", "RateLimiter", "limiter_of"]


@runtime_checkable
class Limiter(Protocol):
    """Anything that makes a call wait for its turn."""

    def acquire(self) -> object:
        """Return when a call may be made."""


class RateLimiter:
    """Let threads take turns at a steady rate.

    One limiter given to several calls is a limit for all of them together.

    Args:
        rate: Calls per second.

    Raises:
        ScaleArgumentError: It is not a positive number.
    """

    def __init__(self, rate: float) -> None:
        number = _finite(rate)
        if number is None or number <= 0.0:
            raise ScaleArgumentError(
                "rate",
                "must be a positive number of calls per second, or an object with acquire(),"
                f" not {shown(rate)}",
            )
        self._interval = 1.0 / number
        self._next = -math.inf
        self._lock = threading.Lock()

    def acquire(self) -> None:
        """Wait for the turn of a call."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            time.sleep(turn - now)


def _finite(value: object) -> float | None:
    """Return a number as a float, ``None`` if it is none, or has no value."""
    if is_bool(value) or not isinstance(value, Real):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def limiter_of(rate: object) -> Limiter | None:
    """Return the limiter for the argument ``rate``, ``None`` if there is none.

    Raises:
        ScaleArgumentError: It is neither a positive number nor has it an ``acquire()``.
    """
    if rate is None:
        return None
    if isinstance(rate, Limiter):
        if inspect.iscoroutinefunction(rate.acquire):
            raise ScaleArgumentError("rate", "must have an acquire() that is not a coroutine")
        return rate
    return RateLimiter(rate)  # type: ignore[arg-type]  # which checks it
