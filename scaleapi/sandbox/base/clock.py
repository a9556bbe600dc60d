"""The sandbox's clock, and the form in which times travel."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

_STAMP = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,](?P<fraction>\d{1,9}))?)?"
    # An unescaped "+" in a query arrives as a space.
    r"(?:(?P<utc>[Zz])|(?P<sign>[+\- ])(?P<hours>\d\d):?(?P<minutes>\d\d))?"
)

_END = datetime(9000, 1, 1, tzinfo=timezone.utc)


class Clock:
    """Tell the time: the real one, plus what tests have advanced.

    Args:
        moved: Called after the clock was moved.
        ahead: How far it is ahead of the real time, in seconds.

    Example:
        >>> clock = Clock()
        >>> clock.advance(3600)
    """

    def __init__(self, moved: Callable[[], object] = lambda: None, ahead: float = 0) -> None:
        self._ahead = timedelta(seconds=ahead)
        self._moved = moved

    @property
    def ahead(self) -> float:
        """How far the clock is ahead of the real time, in seconds."""
        return self._ahead.total_seconds()

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return datetime.now(timezone.utc) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock forward.

        Args:
            seconds: How far, in seconds; not negative.

        Raises:
            ValueError: If ``seconds`` is negative, not finite or leads past the year 9000.
        """
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(f"seconds must be a finite number that is not negative, not {seconds}")
        try:
            ahead = self._ahead + timedelta(seconds=seconds)
            # Work is planned some time ahead, so the very end is out of reach.
            too_far = datetime.now(timezone.utc) + ahead > _END
        except OverflowError:
            too_far = True
            ahead = self._ahead
        if too_far:
            raise ValueError("seconds must not lead past the year 9000")
        self._ahead = ahead
        self._moved()

    def reset(self, ahead: float = 0) -> None:
        """Go back to the real time, or to so many seconds ahead of it."""
        self._ahead = timedelta(seconds=ahead)
        self._moved()


def stamp(time: datetime) -> str:
    """Return ``time`` as answers carry it: UTC with milliseconds and a ``Z``.

    Stamps of this one form sort as text in the order of time.
    """
    utc = time.astimezone(timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def parse_stamp(text: str) -> datetime:
    """Read an ISO 8601 date or time; without an offset it is UTC.

    Raises:
        ValueError: If ``text`` is not one.
    """
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not an ISO 8601 time: {text!r}")
    fraction = (match["fraction"] or "").ljust(6, "0")[:6]
    time = datetime.fromisoformat(f"{match['date']}T{match['time'] or '00:00'}")
    time = time.replace(microsecond=int(fraction), tzinfo=timezone.utc)
    if match["sign"] is None:
        return time
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    try:
        return time + offset if match["sign"] == "-" else time - offset
    except OverflowError:
        raise ValueError(f"not an ISO 8601 time: {text!r}") from None
