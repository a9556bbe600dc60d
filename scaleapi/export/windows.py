"""Windows over the creation times of tasks, each small enough for one worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from ..exceptions import ScaleBadResponse

__all__ = ["BEGINNING", "TICK", "Window", "iso", "parse_time", "plan"]

#: Before the first task of the service.
BEGINNING = datetime(2015, 1, 1, tzinfo=timezone.utc)

#: The ends of what can be said as a time.
_FIRST = datetime(1, 1, 1, tzinfo=timezone.utc)
_LAST = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=timezone.utc)

#: A window is divided into so many parts at once, which are counted together.
_MOST_PARTS = 8

#: The service keeps milliseconds.
TICK = timedelta(milliseconds=1)

#: A task at the end of a window is counted in its neighbors too, and some come meanwhile. If the
#: windows together have more than so many times the tasks, they are counted without regard to time.
_MOST_COUNTED = 10


class Window(NamedTuple):
    """A range of creation times, both ends included.

    Attributes:
        first: The earliest time.
        last: The latest time.
        tasks: How many tasks it had when it was planned.
    """

    first: datetime
    last: datetime
    tasks: int = 0

    def query(self) -> dict[str, str]:
        """Return the filter of the task list for this window.

        It is one tick wider, as the service does not say whether the ends are included:
        see :meth:`holds`.
        """
        first, last = max(self.first, _FIRST + TICK), min(self.last, _LAST - TICK)
        return {"start_time": iso(first - TICK), "end_time": iso(last + TICK)}

    def holds(self, created_at: object) -> bool:
        """Return whether a task was created in this window; true if its time cannot be read."""
        time = parse_time(created_at)
        return time is None or self.first <= _whole(time) <= self.last

    def parts(self, most: int) -> list[Window]:
        """Return the window in parts, which would have so many tasks each if all were alike.

        It is at least two parts, and not many: the times at which tasks come are never alike.
        """
        ticks = (self.last - self.first) // TICK + 1
        wanted = min(max(2, -(-self.tasks // most)), _MOST_PARTS, ticks)
        starts = [self.first + ticks * part // wanted * TICK for part in range(wanted)]
        ends = [start - TICK for start in starts[1:]] + [self.last]
        return [Window(first, last) for first, last in zip(starts, ends, strict=True)]


#: Return the number of tasks in each of several windows, in their order.
Count = Callable[[list[Window]], Iterable[int]]


def plan(count: Count, first: datetime, last: datetime, most: int) -> list[Window]:
    """Return windows that have every task between two times, the largest first.

    Windows with more are divided until they are small enough. Tasks of the same millisecond cannot
    be told apart by time and stay in one window, however many they are.

    Args:
        count: Counts the tasks of several windows, maybe at once.
        first: The earliest creation time.
        last: The latest.
        most: How many tasks a window may have.

    Raises:
        ScaleBadResponse: The counts do not depend on the times.
    """
    found: list[Window] = []
    open_windows, limit = [Window(_whole(first), _whole(last))], 0
    while open_windows:
        counted = [
            window._replace(tasks=tasks)
            for window, tasks in zip(open_windows, count(open_windows), strict=True)
            if tasks
        ]
        total = sum(window.tasks for window in counted)
        limit = limit or _MOST_COUNTED * total
        if total > limit:
            raise ScaleBadResponse(
                "expected counts that depend on start_time and end_time, but the service ignores"
                f" them: {len(counted)} ranges of creation times have {total} tasks, while all"
                f" tasks together are {limit // _MOST_COUNTED}"
            )
        open_windows = []
        for window in counted:
            if window.tasks <= most or window.first == window.last:
                found.append(window)
            else:
                open_windows += window.parts(most)
    return sorted(found, key=lambda window: (-window.tasks, window.first))


def iso(time: datetime) -> str:
    """Return a time as the service writes it: UTC with milliseconds."""
    text = time.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def parse_time(text: object) -> datetime | None:
    """Return a time of the service, in UTC; ``None`` for anything else."""
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return time.astimezone(timezone.utc) if time.tzinfo else time.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None


def _whole(time: datetime) -> datetime:
    """Return a time without what is less than a millisecond."""
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
