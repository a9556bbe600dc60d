"""Charts of tasks over time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.base.clock import stamp
from scaleapi.sandbox.dashboard.charts import Span, charts
from tests.sandbox.dashboard.visitor import Visitor
from tests.sandbox.rules.caller import Caller

START = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def at(seconds: float) -> str:
    return stamp(START + timedelta(seconds=seconds))


def test_counts() -> None:
    """Each interval has what was created and completed in it, and the states at its end."""
    spans = [
        Span(at(0), at(61), "completed"),
        Span(at(1), None, "pending"),
        Span(at(62), at(130), "error"),
        Span(at(125), at(130), "canceled"),
    ]
    found = charts(spans, START + timedelta(seconds=10 * 60))
    assert found.step == "1 minute"
    assert found.most == 2
    assert found.total == 4
    assert [one[1:] for one in found.intervals[:3]] == [
        (2, 0, (0, 2, 0)),
        (1, 1, (1, 2, 0)),
        (1, 0, (1, 1, 2)),
    ]
    assert len(found.intervals) == 11
    assert found.intervals[-1].states == (1, 1, 2)
    assert {bar.height for bar in found.bars} == {50, 100}


@given(
    st.lists(
        st.tuples(
            st.floats(0, 10**9),
            st.floats(-10, 10**8),
            st.sampled_from(["pending", "completed", "canceled", "error"]),
        ),
        min_size=1,
        max_size=50,
    ),
    st.floats(-(10**6), 10**9),
)
def test_any_tasks(tasks: list[tuple[float, float, str]], now: float) -> None:
    """Nothing is lost or drawn outside, whatever the clock says."""
    spans = [
        Span(at(created), None if status == "pending" else at(created + lasted), status)
        for created, lasted, status in tasks
    ]
    found = charts(spans, START + timedelta(seconds=now))
    assert 1 <= len(found.intervals) <= 31
    assert sum(one.created for one in found.intervals) == len(tasks)
    assert found.total == len(tasks)
    assert all(0 < bar.height <= 100 for bar in found.bars)
    assert all(0 <= bar.x < len(found.intervals) for bar in found.bars)
    for points in found.areas.values():
        for point in points.split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= len(found.intervals)
            assert -0.01 <= y <= 100.01


@pytest.mark.parametrize("path", ["/", "/dashboard/projects/parcels"])
def test_pages(visitor: Visitor, manual: Sandbox, caller: Caller, path: str) -> None:
    caller.project()
    assert not visitor.open(path).all("rect")
    task_id = caller.task(project="parcels")["task_id"]
    before = visitor.open(path)
    (bar,) = before.all("rect")
    assert bar.attributes["class"] == "created"
    manual.clock.advance(120)
    manual.complete(task_id)
    after = visitor.open(path)
    assert [one.attributes["class"] for one in after.all("rect")] == ["created", "completed"]
    assert "of 1 tasks" in after.words
    assert "style" not in str(after.all("rect"))
