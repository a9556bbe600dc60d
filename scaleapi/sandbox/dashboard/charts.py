"""Charts of tasks over time, drawn on the server as SVG.

Coordinates are intervals (across) and percent (down); style sheets stretch them to the page.
"""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from itertools import accumulate
from typing import NamedTuple

from ..base.clock import stamp
from ..resources.listing import Where
from ..resources.transaction import Transaction

_MOST_TASKS = 10_000
"""The latest tasks that charts are drawn of, so that a page stays fast with many more."""

_MOST_STEPS = 30
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_STEPS = (
    *(1, 5, 15, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 12 * _HOUR),
    *(_DAY, 7 * _DAY, 28 * _DAY, 91 * _DAY, 364 * _DAY, 3_640 * _DAY),
)
"""Lengths of an interval, in seconds."""

STATES = ("completed", "pending", "ended")
"""States in a chart from the bottom up; ``ended`` is canceled or failed."""


class Span(NamedTuple):
    """The time of a task: when it was created, and when and how it ended if it did."""

    created: str
    ended: str | None
    status: str


class Interval(NamedTuple):
    """An interval of time.

    Attributes:
        start: Its first moment.
        created: Tasks created in it.
        completed: Tasks completed in it.
        states: Tasks in each of `STATES` at its end.
    """

    start: str
    created: int
    completed: int
    states: tuple[int, ...]


class Bar(NamedTuple):
    """A bar of the chart of throughput; its height is a percentage."""

    name: str
    x: float
    height: float
    title: str


class Charts(NamedTuple):
    """What both charts of a page show.

    Attributes:
        intervals: The intervals, oldest first.
        bars: Created and completed tasks by interval.
        most: The number of tasks of the highest bar.
        areas: The points of the polygon of each state.
        total: The number of tasks at the end.
        step: The length of an interval, as text.
        partial: Whether older tasks are left out.
    """

    intervals: list[Interval]
    bars: list[Bar]
    most: int
    areas: dict[str, str]
    total: int
    step: str
    partial: bool


def task_charts(tx: Transaction, where: Where) -> Charts | None:
    """Return the charts of the latest tasks, or None if there are no tasks."""
    rows = tx.db.execute(
        "SELECT created_at, CASE status WHEN 'pending' THEN NULL"
        " WHEN 'completed' THEN completed_at ELSE updated_at END, status"
        f" FROM tasks WHERE {where} ORDER BY created_at DESC, task_id DESC LIMIT ?",
        (*where.values, _MOST_TASKS + 1),
    ).fetchall()
    spans = [Span._make(row) for row in rows[:_MOST_TASKS]]
    return charts(spans, tx.time, partial=len(rows) > _MOST_TASKS) if spans else None


def charts(spans: Sequence[Span], now: datetime, *, partial: bool = False) -> Charts:
    """Return the charts of at least one task, from the first one to now."""
    first = _time(min(span.created for span in spans))
    step = _step((now - first).total_seconds())
    intervals = list(_intervals(spans, first, now, step))
    most = max(max(one.created, one.completed) for one in intervals)
    return Charts(
        intervals,
        list(_bars(intervals, most)),
        most,
        _areas([one.states for one in intervals]),
        sum(intervals[-1].states),
        _words(step),
        partial,
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text[:19]).replace(tzinfo=timezone.utc)


def _step(seconds: float) -> int:
    return next((step for step in _STEPS if seconds < step * (_MOST_STEPS - 1)), _STEPS[-1])


def _words(step: int) -> str:
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (1, "second")):
        if step >= unit:
            return f"{step // unit} {name}{'s' * (step > unit)}"
    raise AssertionError(step)


def _intervals(
    spans: Sequence[Span], first: datetime, now: datetime, step: int
) -> Iterator[Interval]:
    start = datetime.fromtimestamp(first.timestamp() // step * step, timezone.utc)
    count = max(1, int((now - start).total_seconds() // step) + 1)
    starts = [stamp(start + timedelta(seconds=step * number)) for number in range(count)]
    created = _histogram(starts, (span.created for span in spans))
    completed = _histogram(starts, _ends(spans, "completed"))
    ended = _histogram(starts, _ends(spans, "canceled", "error"))
    sums = (accumulate(created), accumulate(completed), accumulate(ended))
    for begin, new, done, (all_new, all_done, all_ended) in zip(
        starts, created, completed, zip(*sums, strict=True), strict=True
    ):
        states = (all_done, max(0, all_new - all_done - all_ended), all_ended)
        yield Interval(begin, new, done, states)


def _ends(spans: Iterable[Span], *statuses: str) -> Iterator[str]:
    return (span.ended for span in spans if span.status in statuses and span.ended is not None)


def _histogram(starts: list[str], times: Iterable[str]) -> list[int]:
    """Count the times in each interval; a time before the first counts as in it."""
    counts = [0] * len(starts)
    for time in times:
        counts[max(0, bisect_right(starts, time) - 1)] += 1
    return counts


def _bars(intervals: Sequence[Interval], most: int) -> Iterator[Bar]:
    for number, interval in enumerate(intervals):
        title = (
            f"{interval.start[:19].replace('T', ' ')}:"
            f" {interval.created:,} created, {interval.completed:,} completed"
        )
        for offset, name in ((0.1, "created"), (0.5, "completed")):
            value: int = getattr(interval, name)
            if value:
                yield Bar(name, number + offset, 100 * value / most, title)


def _areas(states: Sequence[tuple[int, ...]]) -> dict[str, str]:
    """Return the polygons of the states, stacked."""
    highest = max(sum(one) for one in states) or 1
    stacked = [[0.0, *accumulate(100 * value / highest for value in one)] for one in states]
    areas: dict[str, str] = {}
    for number, name in enumerate(STATES):
        over = [one[number + 1] for one in stacked]
        under = [one[number] for one in stacked]
        areas[name] = " ".join([*_steps(over), *reversed(list(_steps(under)))])
    return areas


def _steps(heights: Sequence[float]) -> Iterator[str]:
    """Yield both ends of each interval at its height."""
    for number, height in enumerate(heights):
        yield f"{number},{100 - height:.2f}"
        yield f"{number + 1},{100 - height:.2f}"
