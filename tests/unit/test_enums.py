"""Enums are strings of the API, and print alike on every Python."""

from __future__ import annotations

import json
import pickle

import pytest

from scaleapi._enums import StringEnum, TaskReviewStatus, TaskStatus, TaskType
from scaleapi.batches import BatchStatus
from scaleapi.studio import StudioBatchStatus
from scaleapi.teams import TeammateRole

ENUMS = [TaskType, TaskStatus, TaskReviewStatus, BatchStatus, StudioBatchStatus, TeammateRole]
MEMBERS = [member for kind in ENUMS for member in kind]

every_member = pytest.mark.parametrize("member", MEMBERS, ids=repr)


@every_member
def test_member(member: StringEnum) -> None:
    """A member is its string wherever one is compared, looked up or sent."""
    value = member.value
    assert member == value
    assert {member: 1}[value] == 1
    assert json.dumps({"x": member, member: 1}) == json.dumps({"x": value, value: 1})
    assert type(member)(value) is member
    assert pickle.loads(pickle.dumps(member)) is member


@every_member
def test_text(member: StringEnum) -> None:
    """Printed, a member is its name, as in the released package."""
    name = f"{type(member).__name__}.{member.name}"
    assert str(member) == f"{member}" == "%s" % member == name  # noqa: UP031
    assert f"{member:>40}" == f"{name:>40}"
    assert repr(member) == f"<{name}: {member.value!r}>"


def test_a_value_that_is_not_known_stays_a_string() -> None:
    with pytest.raises(ValueError, match="tomorrow"):
        TaskType("of tomorrow")


def test_the_states_of_a_task_are_complete() -> None:
    """The released package lacks the state that a failed task has."""
    assert {status.value for status in TaskStatus} == {
        "pending",
        "completed",
        "canceled",
        "error",
    }
