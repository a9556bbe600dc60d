"""One callback: what it says, and which one it is."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .._enums import StringEnum
from ..batches import Batch
from ..exceptions import CallbackVerificationError
from ..tasks import Task

if TYPE_CHECKING:
    from ..client import ScaleClient

__all__ = ["Callback", "CallbackEvent"]

#: ISO 8601, with any number of fraction digits and any form of offset, or none.
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,6})\d*)?)?"
    r"(?:Z|([+-]\d\d):?(\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)


class CallbackEvent(StringEnum):
    """What happened to the task or batch."""

    Completed = "completed"
    Error = "error"
    Audited = "audited"
    Recalled = "recalled"
    BatchCompleted = "batch_completed"


class Callback:
    """A callback whose sender has been verified.

    Args:
        body: The JSON object that was posted.
        client: The client that methods of ``task`` and ``batch`` use. Without one, their fields
            can be read, but methods that call the service fail.

    Attributes:
        body: The JSON object that was posted.
        task: The task, or ``None`` if the callback is about a batch.
        batch: The batch, or ``None`` if the callback is about a task.

    Raises:
        CallbackVerificationError: If the body has neither a task nor a batch.

    Example:
        >>> callback.event, callback.task.id
        (<CallbackEvent.Completed: 'completed'>, '65f0a1b2c3d4e5f60718293a')
    """

    def __init__(self, body: dict[str, Any], client: ScaleClient | None = None) -> None:
        self.body = body
        self.task: Task | None = None
        self.batch: Batch | None = None
        methods: Any = client
        if _has_text(body.get("task"), "task_id"):
            self.task = Task(body["task"], methods)
        elif _has_text(body.get("batch"), "name"):
            self.batch = Batch(body["batch"], methods)
        else:
            raise CallbackVerificationError("the body has neither a task nor a batch", 400)

    @property
    def _subject(self) -> dict[str, Any]:
        """The JSON of the task or batch."""
        subject: dict[str, Any] = self.body["batch" if self.task is None else "task"]
        return subject

    @property
    def status(self) -> str | None:
        """The status of the task or batch."""
        status: str | None = self.body.get("status") or self._subject.get("status")
        return status

    @property
    def response(self) -> dict[str, Any] | None:
        """The task's response, or ``None`` if it has none."""
        response: dict[str, Any] | None = self.body.get("response")
        return response or (None if self.task is None else self._subject.get("response"))

    @property
    def event(self) -> CallbackEvent:
        """What happened. The body does not say; it is derived from the task's status and review."""
        if self.task is None:
            return CallbackEvent.BatchCompleted
        if self.status == "error":
            return CallbackEvent.Error
        if self.status == "pending":
            return CallbackEvent.Recalled
        return CallbackEvent.Audited if self._is_audit() else CallbackEvent.Completed

    def _is_audit(self) -> bool:
        """Return whether the task's last change was an audit."""
        if self._subject.get("customer_review_status") in (None, "pending"):
            return False
        audited_at = _time(self._subject.get("customer_audited_at"))
        completed_at = _time(self._subject.get("completed_at"))
        # A task that was recalled and completed again still has its earlier review.
        return audited_at is None or completed_at is None or audited_at >= completed_at

    @property
    def identity(self) -> str:
        """The same string for each delivery of one callback, and another for any other callback.

        64 hexadecimal digits, so it can be a key in any database.

        Raises:
            CallbackVerificationError: If the body is nested too deeply to be read.
        """
        subject = self._subject
        if self.task is None:
            facts = ["batch", subject["name"], subject.get("completed_at") or self.body]
        else:
            facts = ["task", subject["task_id"], subject.get("updated_at") or self.body]
            # An audit need not change `updated_at`.
            facts += [subject.get(f"customer_{fact}") for fact in ("review_status", "audited_at")]
        try:
            text = json.dumps([*facts, self.status], sort_keys=True)
        except RecursionError as error:
            raise CallbackVerificationError("the body is nested too deeply", 400) from error
        return hashlib.sha256(text.encode()).hexdigest()

    def __repr__(self) -> str:
        about = f"batch={self.batch!r}" if self.task is None else f"task={self.task!r}"
        return f"Callback(event={self.event.value!r}, {about})"


def _has_text(value: object, key: str) -> bool:
    """Return whether a value is a JSON object with a non-empty string under a key."""
    return isinstance(value, dict) and isinstance(value.get(key), str) and value[key] != ""


def _time(value: object) -> datetime | None:
    """Return the time that a value is, or ``None`` if it is none. Without an offset it is UTC."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    date, clock, fraction, hours, minutes = match.groups("")
    offset = f"{hours or '+00'}:{minutes or '00'}"
    try:  # in the one form that Python 3.10 reads
        return datetime.fromisoformat(f"{date}T{clock or '00:00:00'}.{fraction:0<6}{offset}")
    except ValueError:  # such as February 30
        return None
