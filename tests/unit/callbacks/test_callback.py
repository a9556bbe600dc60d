"""Callbacks: their task or batch, event and identity."""

from __future__ import annotations

import copy
import itertools
import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleapi import ScaleClient
from scaleapi.callbacks import Callback, CallbackEvent, CallbackVerificationError, verify_callback
from tests.unit.callbacks.receivers import (
    BATCH_BODY,
    SECRETS,
    TASK,
    encoded,
    headers,
    task_callback,
)
from tests.unit.quick import quick


def test_task() -> None:
    callback = verify_callback(headers(), encoded(), SECRETS)
    assert callback.task
    assert callback.task.id == TASK["task_id"]
    assert callback.batch is None
    assert (callback.event, callback.status) == (CallbackEvent.Completed, "completed")
    assert callback.response == {"annotations": []}
    assert repr(callback) == (
        "Callback(event='completed', task=Task(id='65f0a1b2c3d4e5f60718293a',"
        " type='imageannotation', status='completed'))"
    )


def test_batch() -> None:
    callback = verify_callback(headers(), encoded(BATCH_BODY), SECRETS)
    assert callback.task is None
    assert callback.response is None
    assert callback.batch
    assert callback.batch.name == "week_11"
    assert (callback.event, callback.status) == (CallbackEvent.BatchCompleted, "completed")
    assert repr(callback).startswith("Callback(event='batch_completed', batch=Batch(")


def test_top_level_fields_are_optional() -> None:
    """The status and the response are read from the task if necessary."""
    callback = Callback({"task": TASK, "response": None})
    assert (callback.status, callback.response) == ("completed", {"annotations": []})
    assert Callback({"batch": BATCH_BODY["batch"]}).status == "completed"
    without = {name: value for name, value in TASK.items() if name != "response"}
    assert Callback({"task": without}).response is None
    with pytest.raises(CallbackVerificationError, match="neither"):
        Callback({})


@pytest.mark.parametrize("task_id", [1, None, "", ["a"], {"a": 1}, True])
def test_rejects_ids_that_are_not_text(task_id: object) -> None:
    for body in ({"task": {"task_id": task_id}}, {"batch": {"name": task_id}}):
        with pytest.raises(CallbackVerificationError, match="neither a task nor a batch"):
            verify_callback(headers(), encoded(body), SECRETS)


def test_an_empty_task_does_not_hide_the_batch() -> None:
    callback = Callback(BATCH_BODY | {"task": {}})
    assert callback.task is None
    assert callback.batch


def test_the_client_is_given_to_the_objects() -> None:
    with ScaleClient("test_key") as client:
        callback = verify_callback(headers(), encoded(), SECRETS, client)
        assert callback.task
        assert callback.task._client is client


# Events

AUDITED = {"customer_review_status": "fixed"}


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({}, "completed"),
        ({"status": "error"}, "error"),
        ({"status": "pending"}, "recalled"),
        ({"customer_review_status": "pending"}, "completed"),
        ({"customer_review_status": "accepted"}, "audited"),
        (AUDITED | {"customer_audited_at": "2024-03-13T00:00:00.000Z"}, "audited"),
        (AUDITED | {"customer_audited_at": "2024-03-11T00:00:00.000Z"}, "completed"),
        ({"customer_review_status": "accepted", "status": "pending"}, "recalled"),
    ],
)
def test_events(changes: dict[str, Any], event: str) -> None:
    assert task_callback(**changes).event == event


@pytest.mark.parametrize(
    ("completed_at", "audited_at", "event"),
    [
        # One hour later, though the text sorts earlier; and the other way round.
        ("2024-03-12T18:00:00.000Z", "2024-03-12T12:00:00-07:00", "audited"),
        ("2024-03-12T18:00:00.000Z", "2024-03-12T22:00:00+05:00", "completed"),
        ("2024-03-12T18:00:00-0700", "2024-03-13T00:59:59.999999Z", "completed"),
        ("2024-03-12T18:00:00-07", "2024-03-13 01:00:00.5Z", "audited"),
        ("2024-03-12T18:00:00+0530", "2024-03-12T12:30:00Z", "audited"),
        ("2024-03-12T18:00:00", "2024-03-12T17:59:59.9z", "completed"),
        ("2024-03-12T18:00:00Z", "2024-03-12T18:00:00.000000001Z", "audited"),
        ("2024-03-12T18:00:00.5Z", "2024-03-12T18:00:00.25Z", "completed"),
        ("2024-03-12", "2024-03-12T00:00:00+01:00", "completed"),
        # Without two times that can be compared, the verdict says that it is an audit.
        ("2024-03-12T18:00:00Z", "yesterday", "audited"),
        ("2024-03-12T18:00:00Z", "2024-02-30T18:00:00Z", "audited"),
        ("2024-03-12T18:00:00Z", "2024-03-11T18:00:00+24:30", "audited"),
        ("2024-03-12T18:00:00Z", "٢٠٢٤-03-11T18:00:00Z", "audited"),
        (1710266402511, ["2024"], "audited"),
        ({}, None, "audited"),
        ("9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00", "completed"),
    ],
)
def test_times_compare_as_times(completed_at: object, audited_at: object, event: str) -> None:
    changes = AUDITED | {"completed_at": completed_at, "customer_audited_at": audited_at}
    assert task_callback(**changes).event == event


OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(timezones=OFFSETS)


@quick
@given(TIMES, TIMES)
def test_any_two_times_compare_as_times(completed_at: datetime, audited_at: datetime) -> None:
    event = task_callback(
        **AUDITED,
        completed_at=completed_at.isoformat(),
        customer_audited_at=audited_at.isoformat(),
    ).event
    assert event == ("audited" if audited_at >= completed_at else "completed")


# Identity


def identity_of(**changes: Any) -> str:
    return task_callback(**changes).identity


def test_identity_is_a_database_key() -> None:
    """A text of fixed length that any database can store, for any callback."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE handled (identity TEXT PRIMARY KEY)")
        for callback in (
            task_callback(),
            task_callback(task_id="\ud800 \x00"),
            task_callback(task_id="x" * 10_000),
            task_callback(updated_at={"a": [1e300]}),
            Callback(BATCH_BODY),
            Callback({"batch": {"name": "\udfff"}}),
        ):
            assert isinstance(callback.identity, str)
            assert len(callback.identity) == 64
            assert callback.identity.isascii()
            database.execute("INSERT INTO handled VALUES (?)", (callback.identity,))
            with pytest.raises(sqlite3.IntegrityError):
                database.execute("INSERT INTO handled VALUES (?)", (callback.identity,))
    database.close()


def test_a_repeated_delivery_has_the_same_identity() -> None:
    for body in (
        {"task": TASK},
        {"task": TASK | AUDITED | {"customer_audited_at": "2024-03-13T00:00:00Z"}},
        {"task": TASK | {"updated_at": None}},
        BATCH_BODY,
        {"batch": {"name": "undated"}},
    ):
        again = json.dumps(dict(reversed(copy.deepcopy(body).items())))
        assert Callback(body).identity == Callback(json.loads(again)).identity


def test_the_result_of_the_delivery_is_not_part_of_the_identity() -> None:
    assert identity_of(callback_succeeded=False) == identity_of(callback_succeeded=True)


def test_different_callbacks_have_different_identities() -> None:
    reviews: list[dict[str, Any]] = [
        {"customer_review_status": verdict, "customer_audited_at": time}
        for verdict in ("accepted", "rejected", "fixed", "commented", None)
        for time in ("2024-03-13T00:00:00.000Z", "2024-03-13T00:00:00.001Z", None)
    ]
    undated: dict[str, Any] = {"updated_at": None, "customer_review_status": "rejected"}
    identities = [
        *(identity_of(**review) for review in reviews),
        identity_of(updated_at="2024-03-12T18:40:02.512Z"),
        identity_of(status="pending"),
        identity_of(status="error"),
        identity_of(task_id="65f0a1b2c3d4e5f60718293b"),
        identity_of(**undated),
        identity_of(**undated, customer_review_comments=["a"]),
        Callback(BATCH_BODY).identity,
        Callback({"batch": BATCH_BODY["batch"] | {"completed_at": "2024-03-13"}}).identity,
        Callback({"batch": BATCH_BODY["batch"] | {"name": "week_12"}}).identity,
        Callback({"task": {"task_id": "week_11"}}).identity,
        Callback({"batch": {"name": "week_11"}}).identity,
    ]
    assert all(one != other for one, other in itertools.combinations(identities, 2))


@pytest.mark.slow
def test_a_body_nested_too_deeply_has_no_identity() -> None:
    nested: dict[str, Any] = {}
    for _ in range(100_000):
        nested = {"a": nested}
    callback = Callback({"task": {"task_id": "a"}, "nested": nested})
    with pytest.raises(CallbackVerificationError, match="nested too deeply") as caught:
        assert callback.identity
    assert caught.value.code == 400


# Values of any kind

REVIEW = ("customer_review_status", "customer_audited_at")
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.slow
@quick
@given(st.dictionaries(st.sampled_from([*TASK, *REVIEW]), JSON_VALUES))
def test_fields_of_any_type_can_be_read(changes: dict[str, Any]) -> None:
    for body in (
        {"task": changes | {"task_id": "a"}, "status": "completed"},
        {"batch": changes | {"name": "a"}, "response": None},
    ):
        callback = verify_callback(headers(), json.dumps(body).encode(), SECRETS)
        assert isinstance(callback.event, CallbackEvent)
        assert callback.identity.isascii()
        assert repr(callback)
