"""Filters of the task list, by client name and wire name."""

from __future__ import annotations

import inspect
from datetime import date, datetime, timezone

import pytest

from scaleapi import ScaleArgumentError, ScaleClient, TaskReviewStatus, TaskStatus, TaskType
from scaleapi.tasks.filters import task_query

#: A filter and what goes onto the wire.
FILTERS: list[tuple[str, object, dict[str, object]]] = [
    ("project_name", "p", {"project": "p"}),
    ("project", "p", {"project": "p"}),
    ("batch_name", "b", {"batch": "b"}),
    ("batch", "b", {"batch": "b"}),
    ("task_type", TaskType.Chat, {"type": "chat"}),
    ("type", "a type of tomorrow", {"type": "a type of tomorrow"}),
    ("status", TaskStatus.Completed, {"status": "completed"}),
    ("review_status", TaskReviewStatus.Fixed, {"customer_review_status": "fixed"}),
    (
        "review_status",
        ["accepted", TaskReviewStatus.Fixed],
        {"customer_review_status": "accepted,fixed"},
    ),
    ("customer_review_status", "accepted", {"customer_review_status": "accepted"}),
    ("unique_id", "u", {"unique_id": "u"}),
    ("unique_id", ("u", "v"), {"unique_id": ["u", "v"]}),
    ("tags", ["t"], {"tags": ["t"]}),
    ("created_after", date(2020, 1, 2), {"start_time": "2020-01-02"}),
    ("start_time", "2020", {"start_time": "2020"}),
    ("created_before", "2020", {"end_time": "2020"}),
    ("end_time", "2020", {"end_time": "2020"}),
    ("completed_after", "2020", {"completed_after": "2020"}),
    ("completed_before", "2020", {"completed_before": "2020"}),
    ("updated_after", "2020", {"updated_after": "2020"}),
    ("updated_before", "2020", {"updated_before": "2020"}),
    ("include_attachment_url", False, {"include_attachment_url": False}),
    ("include_attachment_url", "true", {"include_attachment_url": True}),
    ("include_attachment_url", 0, {"include_attachment_url": False}),
    ("limited_response", True, {"limited_response": True}),
    ("limited_response", "TRUE", {"limited_response": True}),
    ("limit", 100, {"limit": 100}),
    ("limit", "100", {"limit": 100}),
    ("limit", 100.0, {"limit": 100}),
    ("project", 7, {"project": "7"}),
    ("unique_id", 7, {"unique_id": "7"}),
    ("tags", "t", {"tags": "t"}),
    (
        "created_after",
        datetime(2020, 1, 2, 3, tzinfo=timezone.utc),
        {"start_time": "2020-01-02T03:00:00+00:00"},
    ),
    ("next_token", "z", {"next_token": "z"}),
]


@pytest.mark.parametrize(("name", "value", "query"), FILTERS)
def test_filter(name: str, value: object, query: dict[str, object]) -> None:
    assert task_query("tasks", {name: value}) == query


def test_filters_together() -> None:
    given = {"project": "p", "status": TaskStatus.Completed, "limit": 100}
    assert task_query("tasks", given) == {"project": "p", "status": "completed", "limit": 100}


def test_every_filter_of_the_methods_is_known() -> None:
    """All filters of get_tasks() and get_tasks_count() are known."""
    tested = {name for name, _, _ in FILTERS}
    for method in (ScaleClient.get_tasks, ScaleClient.get_tasks_count):
        assert set(inspect.signature(method).parameters) - {"self"} <= tested


@pytest.mark.parametrize("name", sorted({name for name, _, _ in FILTERS}))
@pytest.mark.parametrize("empty", [None, "", [], ()], ids=repr)
def test_empty_values_are_not_sent(name: str, empty: object) -> None:
    assert task_query("tasks", {name: empty}) == {}


@pytest.mark.parametrize(
    ("client_name", "wire_name"),
    [
        ("project_name", "project"),
        ("batch_name", "batch"),
        ("task_type", "type"),
        ("review_status", "customer_review_status"),
        ("created_after", "start_time"),
        ("created_before", "end_time"),
    ],
)
def test_rejects_the_same_filter_twice(client_name: str, wire_name: str) -> None:
    with pytest.raises(ScaleArgumentError, match="are the same; give one of them"):
        task_query("tasks", {client_name: "a", wire_name: "b"})


def test_flags_and_numbers_that_mean_the_default_are_not_sent() -> None:
    """The service interprets any value of limited_response as True."""
    for name, value in (("limited_response", False), ("limited_response", "false"), ("limit", 0)):
        query = task_query("tasks", {name: value})
        assert [one for one in query.values() if one is not None] == []


@pytest.mark.parametrize("empty", [[], (), set()])
def test_an_empty_list_of_review_statuses_is_not_sent(empty: object) -> None:
    assert task_query("tasks", {"review_status": empty}) == {}


def test_an_empty_generator_is_not_sent() -> None:
    """It has no length, so it is known to be empty only after reading it."""
    query = task_query("tasks", {"review_status": iter(()), "tags": iter(())})
    assert not any(query.values())


@pytest.mark.parametrize("name", ["project", "batch", "type", "status", "unique_id", "tags"])
def test_several_values_are_a_repeated_key(name: str) -> None:
    """A list with one item stays a list; the query is the same."""
    assert task_query("tasks", {name: ("a", "b")}) == {name: ["a", "b"]}
    assert task_query("tasks", {name: ["a"]}) == {name: ["a"]}


@pytest.mark.parametrize("name", ["project", "batch", "type", "status", "unique_id", "tags"])
def test_items_that_are_empty_are_not_sent(name: str) -> None:
    """As in scaleapi 2, where requests omits them."""
    assert task_query("tasks", {name: ["a", None, "", "b"]}) == {name: ["a", "b"]}
    assert not any(task_query("tasks", {name: [None]}).values())
    query = task_query("tasks", {"review_status": ["accepted", None, TaskReviewStatus.Fixed]})
    assert query == {"customer_review_status": "accepted,fixed"}


@pytest.mark.parametrize("name", ["task_type", "status", "review_status", "limit"])
def test_false_is_not_sent(name: str) -> None:
    """As the result of ``flag and TaskStatus.Completed``, and as in 2.18.4."""
    assert not any(task_query("get_tasks", {name: False}).values())
