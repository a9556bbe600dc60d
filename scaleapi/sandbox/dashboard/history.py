"""What has happened to a task, as far as it has left a trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..base.documents import JsonObject
from ..callbacks.outbox import Delivery

_EVENTS = {
    "completed": "Completed",
    "error": "Failed",
    "recalled": "Recalled",
    "send_callback": "Callback asked for again",
}


class Moment(NamedTuple):
    """Something that has happened to a task, and when."""

    time: str
    what: str


def history(task: JsonObject, deliveries: Sequence[Delivery]) -> list[Moment]:
    """Return what a task, its audits and its callbacks tell, oldest first.

    What has left no trace is not there: of a task without a ``callback_url``, for one, nobody
    knows that it was recalled before it was completed again.
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
        moments.append(Moment(task["updated_at"], f"Last changed: it is {task['status']}"))
    return sorted(dict.fromkeys(moments), key=lambda moment: moment.time)
