"""The sandbox's clock and the format of timestamps."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

_STAMP = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,](?P<fraction>\d{1,9}))?)?"
    # An unescaped "+" in a query arrives as a space.
    r"(?:(?P<utc>[Zz])|(?P<sign>[+\- ])(?P<hours>\d\d):?(?P<minutes>\d\d))?"
)

_START = datetime(1970, 1, 1, tzinfo=timezone.utc)
_END = datetime(9000, 1, 1, tzinfo=timezone.utc)


class _Setting(NamedTuple):
    """What the clock shows: one value, so that it is always read whole."""

    ahead: timedelta
    frozen_at: datetime | None

    def now(self) -> datetime:
        return self.frozen_at or datetime.now(timezone.utc) + self.ahead

    def moved_to(self, time: datetime, *, frozen: bool) -> _Setting:
        ahead = time - datetime.now(timezone.utc)
        return _Setting(ahead, time if frozen else None)


class Clock:
    """A clock that runs at real time plus an offset, until it is frozen.

    Times are ISO 8601 texts or aware datetimes, from 1970 to 9000.

    Args:
        moved: Called after the clock was advanced, set, frozen, resumed or reset.
        ahead: Its initial offset from real time, in seconds.
        frozen_at: The time at which it is frozen, if it is.
        lock: Held while it is changed; whoever holds it sees no change.

    Example:
        >>> clock = Clock()
        >>> clock.advance(3600)
        >>> clock.freeze("2026-03-01T12:00:00Z")
    """

    def __init__(
        self,
        moved: Callable[[], object] = lambda: None,
        ahead: float = 0,
        frozen_at: str | None = None,
        lock: AbstractContextManager[object] | None = None,
    ) -> None:
        self._setting = _setting(ahead, frozen_at)
        self._moved = moved
        self._lock = threading.RLock() if lock is None else lock

    @property
    def ahead(self) -> float:
        """Offset from real time, in seconds."""
        ahead, frozen_at = self._setting
        if frozen_at is not None:
            ahead = frozen_at - datetime.now(timezone.utc)
        return ahead.total_seconds()

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._setting.frozen_at is not None

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return self._setting.now()

    def advance(self, seconds: float) -> None:
        """Move the clock forward.

        Args:
            seconds: By how many seconds; not negative.

        Raises:
            ValueError: If ``seconds`` is negative or not finite, or leads past the year 9000.
        """
        try:
            finite = math.isfinite(seconds)
        except OverflowError:  # an integer beyond the largest float
            finite = False
        if not finite or seconds < 0:
            raise ValueError(f"seconds must be a finite number that is not negative, not {seconds}")
        with self._lock:
            ahead, frozen_at = self._setting
            try:
                step = timedelta(seconds=seconds)
                # Work is scheduled after now, so the clock must stop well before datetime.max.
                too_far = self.now() + step > _END
            except OverflowError:
                too_far = True
                step = timedelta()
            if too_far:
                raise ValueError("seconds must not lead past the year 9000")
            self._set(_Setting(ahead + step, frozen_at and frozen_at + step))

    def set(self, at: str | datetime) -> None:
        """Set the time, also to an earlier one; a frozen clock stays frozen.

        What has happened stays as it is when the clock goes back.

        Args:
            at: The time.

        Raises:
            ValueError: If ``at`` is not a time.
        """
        time = _time(at)
        with self._lock:
            self._set(self._setting.moved_to(time, frozen=self.frozen))

    def freeze(self, at: str | datetime | None = None) -> None:
        """Stop the clock; only `advance` and `set` move it from then on.

        Args:
            at: The time at which it stops; by default the current one.

        Raises:
            ValueError: If ``at`` is not a time.
        """
        given = None if at is None else _time(at)
        with self._lock:
            self._set(self._setting.moved_to(given or self.now(), frozen=True))

    def resume(self) -> None:
        """Let a frozen clock run on from where it stands."""
        with self._lock:
            if self.frozen:
                self._set(self._setting.moved_to(self.now(), frozen=False))

    def reset(self, ahead: float = 0, frozen_at: str | None = None) -> None:
        """Return to real time, or to this offset from it, or freeze again at this time."""
        with self._lock:
            self._set(_setting(ahead, frozen_at))

    @staticmethod
    def check(ahead: float, frozen_at: str | None) -> None:
        """Check a stored setting.

        Raises:
            ValueError: If it leads out of the years 1970 to 9000.
        """
        try:
            running, shown = (_setting(ahead, at).now() for at in (None, frozen_at))
            possible = _START <= running <= _END and _START <= shown <= _END
        except OverflowError:
            possible = False
        if not possible:
            raise ValueError("the clock must be between 1970 and 9000")

    def load(self, ahead: float, frozen_at: str | None) -> None:
        """Take over a stored setting: an offset from real time, or the time of a frozen clock."""
        with self._lock:
            self._setting = _setting(ahead, frozen_at)

    def _set(self, setting: _Setting) -> None:
        before, self._setting = self._setting, setting
        try:
            self._moved()
        except BaseException:  # It could not be stored.
            self._setting = before
            raise


def _setting(ahead: float, frozen_at: str | None) -> _Setting:
    return _Setting(timedelta(seconds=ahead), parse_stamp(frozen_at) if frozen_at else None)


def _time(at: object) -> datetime:
    """Return a time given as text or as an aware datetime."""
    if isinstance(at, str):
        try:
            at = parse_stamp(at)
        except ValueError:
            raise ValueError(
                f"at must be an ISO 8601 time such as 2026-03-01T12:00:00Z, not {at!r}"
            ) from None
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError(f"at must be an ISO 8601 time or a datetime with a time zone, not {at!r}")
    time = at.astimezone(timezone.utc)
    if not _START <= time <= _END:
        raise ValueError(f"at must be between 1970 and 9000, not {time.isoformat()}")
    return time


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
