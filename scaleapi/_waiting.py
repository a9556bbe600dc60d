"""Waiting for something that the service does: when to look, and when to give up."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Generator
from datetime import datetime, timedelta, timezone
from numbers import Real
from typing import TypeVar

from ._arguments import is_bool, shown
from ._http.call import Deadline
from ._interruption import raise_interruption
from .exceptions import (
    ScaleArgumentError,
    ScaleConnectionError,
    ScaleException,
    ScaleServerError,
    ScaleTimeoutError,
    ScaleTooManyRequests,
)

__all__ = ["PASSING", "end_of", "overlapping", "polls"]

_T = TypeVar("_T")

#: Seconds between the first two looks, by what they grow, and the most that they grow to. Work
#: by people takes hours, canned responses a second.
FIRST_INTERVAL, GROWTH, LONGEST_INTERVAL = 1.0, 1.5, 60.0

#: The part of an interval by which it is shorter or longer, so that programs do not look together.
JITTER = 0.2

#: Looks in a row that may fail for a reason that passes. Each has been retried by itself.
FORGIVEN = 5

#: Errors that say nothing about what was asked for: the host is down, slow or busy.
PASSING = (ScaleServerError, ScaleConnectionError, ScaleTimeoutError, ScaleTooManyRequests)

#: Changes are asked for from a while before the newest that was seen: some become visible late.
_OVERLAP = timedelta(seconds=10)


def end_of(timeout: object) -> Deadline:
    """Return when to give up, given a timeout in seconds or ``None``.

    Raises:
        ScaleArgumentError: It is not a positive number.
    """
    if timeout is None:
        return Deadline(None)
    try:
        seconds = float(timeout) if isinstance(timeout, Real) and not is_bool(timeout) else 0.0
    except OverflowError:  # a whole number that is larger than any float
        seconds = math.inf
    if not seconds > 0.0:
        problem = f"must be a positive number of seconds, or None, not {shown(timeout)}"
        raise ScaleArgumentError("timeout", problem)
    return Deadline(seconds)


def polls(
    look: Callable[[Deadline], _T], what: str, end: Deadline, limit: float | None
) -> Generator[_T, None, None]:
    """Look again and again, and yield what is seen each time.

    Args:
        look: Looks, and is over by the deadline that it is given.
        what: What is waited for, for the error.
        end: When to give up.
        limit: Seconds that a look may take, ``None`` for no limit.

    Raises:
        TimeoutError: Time is up, maybe in the middle of a look.
        ScaleException: A look failed, and not for a reason that passes, or many times.
    """
    interval, failures = FIRST_INTERVAL, 0
    late = f"{what} did not end within {end.seconds:g} s" if end.seconds is not None else what
    while True:
        left = end.left()
        if left <= 0.0:
            raise TimeoutError(late)
        try:
            seen = look(Deadline(left if limit is None else min(limit, left)))
        except ScaleException as error:
            raise_interruption(error)
            if end.left() <= 0.0:
                raise TimeoutError(late) from error
            failures += 1
            if failures > FORGIVEN or not isinstance(error, PASSING):
                raise
        else:
            failures = 0
            yield seen
        pause = interval * random.uniform(1.0 - JITTER, 1.0 + JITTER)  # noqa: S311 - no secret
        time.sleep(max(0.0, min(pause, end.left())))
        interval = min(interval * GROWTH, LONGEST_INTERVAL)


def overlapping(time_text: str) -> datetime | None:
    """Return the time from which changes are asked for, given the newest that was seen.

    Args:
        time_text: The time, as the service writes it.
    """
    try:
        seen = datetime.fromisoformat(time_text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (seen if seen.tzinfo else seen.replace(tzinfo=timezone.utc)) - _OVERLAP
