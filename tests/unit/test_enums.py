"""Enum members are strings, and print the same on every Python version."""

from __future__ import annotations

import json
import pickle
from enum import Enum

import pytest

import scaleapi.api_client.v2
import scaleapi.callbacks
import scaleapi.sandbox
from scaleapi import ScaleArgumentError
from scaleapi._enums import StringEnum, TaskReviewStatus, TaskStatus, TaskType
from scaleapi.batches import BatchStatus
from scaleapi.studio import StudioBatchStatus
from scaleapi.teams import TeammateRole
from scaleapi.v2 import MessageRole
from scaleapi.v2 import TaskStatus as V2TaskStatus

PUBLIC = [scaleapi, scaleapi.api_client.v2, scaleapi.callbacks, scaleapi.sandbox]
ENUMS = StringEnum.__subclasses__()
MEMBERS = [member for kind in ENUMS for member in kind]

every_member = pytest.mark.parametrize(
    "member", MEMBERS, ids=lambda one: f"{type(one).__module__}.{type(one).__name__}.{one.name}"
)


@every_member
def test_member(member: StringEnum) -> None:
    """A member equals its string in comparisons, lookups and requests."""
    value = member.value
    assert member == value
    assert {member: 1}[value] == 1
    assert json.dumps({"x": member, member: 1}) == json.dumps({"x": value, value: 1})
    assert type(member)(value) is member
    assert pickle.loads(pickle.dumps(member)) is member


@every_member
def test_text(member: StringEnum) -> None:
    """A member prints as its value; only ``repr`` shows its name."""
    value = member.value
    for text in (str(member), f"{member}", f"{member!s}", "%s" % member, "{}".format(member)):  # noqa: UP031, UP032
        assert text == value
        assert type(text) is str
    assert format(member) == "".join([member]) == value
    assert f"{member:>60}" == f"{value:>60}"
    assert f"{member:.3}" == value[:3]
    assert repr(member) == f"<{type(member).__name__}.{member.name}: {value!r}>"


def test_every_enum_is_a_string_enum() -> None:
    """So each of them prints as its value."""
    assert {TaskType, TaskStatus, TaskReviewStatus, BatchStatus, StudioBatchStatus} <= set(ENUMS)
    assert {TeammateRole, MessageRole, V2TaskStatus} <= set(ENUMS)
    public = [getattr(module, name) for module in PUBLIC for name in module.__all__]
    assert {one for one in public if isinstance(one, type) and issubclass(one, Enum)} <= set(ENUMS)


@every_member
def test_json(member: StringEnum) -> None:
    assert type(member).from_json(json.dumps(member)) is member
    assert type(member).from_json(json.dumps(member).encode()) is member


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
@pytest.mark.parametrize("text", ['"of tomorrow"', "null", "[]", "{}", "5", "", "completed", None])
def test_from_json_rejects_other_values(kind: type[StringEnum], text: str) -> None:
    with pytest.raises(ScaleArgumentError, match=f"^text must be a {kind.__name__} as JSON"):
        kind.from_json(text)


def test_unknown_values_stay_strings() -> None:
    with pytest.raises(ValueError, match="tomorrow"):
        TaskType("of tomorrow")


def test_task_statuses_are_complete() -> None:
    """The released package lacks the status ``error``."""
    assert {status.value for status in TaskStatus} == {
        "pending",
        "completed",
        "canceled",
        "error",
    }
