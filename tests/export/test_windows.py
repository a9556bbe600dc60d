"""Windows over creation times: every task is in exactly one, and no file is too large."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleapi.export.windows import BEGINNING, TICK, Window, iso, parse_time, plan

NEWEST = datetime(2026, 1, 5, tzinfo=timezone.utc)

OFFSETS = st.lists(st.integers(0, 10_000), max_size=300)


def count_in(times: list[datetime]):  # type: ignore[no-untyped-def]
    def count(windows: list[Window]) -> list[int]:
        return [
            sum(window.first - TICK <= time <= window.last + TICK for time in times)
            for window in windows
        ]

    return count


@settings(max_examples=50, deadline=None)
@given(offsets=OFFSETS, most=st.integers(1, 50))
def test_every_time_is_in_exactly_one_window(offsets: list[int], most: int) -> None:
    times = [NEWEST - offset * TICK for offset in offsets]
    windows = plan(count_in(times), BEGINNING, NEWEST, most)
    for time in times:
        assert sum(window.holds(iso(time)) for window in windows) == 1
    for window in windows:
        assert window.tasks <= most or window.first == window.last


def test_the_largest_window_comes_first() -> None:
    times = [NEWEST - timedelta(hours=number**2) for number in range(40)]
    sizes = [window.tasks for window in plan(count_in(times), BEGINNING, NEWEST, 10)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 1


def test_nothing_is_planned_for_no_tasks() -> None:
    assert plan(lambda windows: [0] * len(windows), BEGINNING, NEWEST, 10) == []


def test_few_counts_are_needed() -> None:
    times = [NEWEST - number * timedelta(minutes=1) for number in range(20_000)]
    counted = 0

    def count(windows: list[Window]) -> list[int]:
        nonlocal counted
        counted += len(windows)
        return [sum(one.first <= time <= one.last for time in times) for one in windows]

    windows = plan(count, BEGINNING, NEWEST, 2_000)
    assert counted <= 8 * len(windows)


@pytest.mark.parametrize(
    "text", ["2026-01-05T00:00:00.000Z", "2026-01-05", "2026-01-05T01:00:00+01:00"]
)
def test_times_are_read_as_utc(text: str) -> None:
    assert parse_time(text) == NEWEST


@pytest.mark.parametrize("value", [None, 5, "", "yesterday", "0001-01-01T00:00:00+23:00", []])
def test_what_is_no_time_is_none(value: object) -> None:
    assert parse_time(value) is None


def test_a_task_whose_time_cannot_be_read_is_kept() -> None:
    assert Window(BEGINNING, NEWEST).holds("yesterday")
