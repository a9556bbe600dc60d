"""The history of a task, from its audits, callbacks and timestamps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..base.documents import JsonObject
from ..callbacks.delivery import Delivery

_EVENTS = {
    "completed": "Completed",
    "error": "Failed",
    "recalled": "Recalled",
    "send_callback": "Callback resent on request",
}


class Moment(NamedTuple):
    """An event in the history of a task."""

    time: str
    what: str


def history(task: JsonObject, deliveries: Sequence[Delivery]) -> list[Moment]:
    """Return the known events of a task, oldest first.

    Events that left no record are missing. For example, without a ``callback_url`` there is no
    record of a recall once the task is completed again.
    """
    moments = [Moment(task["created_at"], "Created")]
    moments += [
        Moment(one.created_at, _EVENTS[one.event]) for one in deliveries if one.event in _EVENTS
    ]
    if "completed_at" in task:
        moments.append(Moment(task["completed_at"], "Completed"))
    for audit in task.get("audits", []):
        what = f"{audit['audit_result'].capitalize()} by {audit['audited_by']}"
        moments.append(Moment(audit["audited_at"], what))
    if task["updated_at"] > max(moment.time for moment in moments):
        moments.append(Moment(task["updated_at"], f"Last changed ({task['status']})"))
    return sorted(dict.fromkeys(moments), key=lambda moment: moment.time)
