"""The sandbox's clock and the format of timestamps."""

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
    """A clock that runs at real time plus whatever it was advanced.

    Args:
        moved: Called after the clock was advanced or reset.
        ahead: Its initial offset from real time, in seconds.

    Example:
        >>> clock = Clock()
        >>> clock.advance(3600)
    """

    def __init__(self, moved: Callable[[], object] = lambda: None, ahead: float = 0) -> None:
        self._ahead = timedelta(seconds=ahead)
        self._moved = moved

    @property
    def ahead(self) -> float:
        """Offset from real time, in seconds."""
        return self._ahead.total_seconds()

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return datetime.now(timezone.utc) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock forward.

        Args:
            seconds: By how many seconds; not negative.

        Raises:
            ValueError: If ``seconds`` is negative or not finite, or leads past the year 9000.
        """
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(f"seconds must be a finite number that is not negative, not {seconds}")
        try:
            ahead = self._ahead + timedelta(seconds=seconds)
            # Work is scheduled after now, so the clock must stop well before datetime.max.
            too_far = datetime.now(timezone.utc) + ahead > _END
        except OverflowError:
            too_far = True
            ahead = self._ahead
        if too_far:
            raise ValueError("seconds must not lead past the year 9000")
        self._ahead = ahead
        self._moved()

    def reset(self, ahead: float = 0) -> None:
        """Return to real time, or to this offset from it."""
        self._ahead = timedelta(seconds=ahead)
        self._moved()


def stamp(time: datetime) -> str:
    """Format a time for responses: UTC with milliseconds and a ``Z``.

    Timestamps in this format sort chronologically as text.
    """
    utc = time.astimezone(timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def parse_stamp(text: str) -> datetime:
    """Parse an ISO 8601 date or time; without an offset it is UTC.

    Raises:
        ValueError: If ``text`` is not an ISO 8601 date or time.
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
