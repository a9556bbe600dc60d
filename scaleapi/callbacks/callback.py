"""One callback: what it says, and which one it is."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from .._answers import JSONObject
from .._enums import StringEnum
from ..batches import Batch
from ..exceptions import CallbackVerificationError
from ..tasks import Task

if TYPE_CHECKING:
    from ..client import ScaleClient

__all__ = ["Callback", "CallbackEvent"]


class CallbackEvent(StringEnum):
    """What a callback tells."""

    Completed = "completed"
    Error = "error"
    Audited = "audited"
    Recalled = "recalled"
    BatchCompleted = "batch_completed"


class Callback:
    """A callback whose sender is known.

    Args:
        body: The JSON that was posted.
        client: The client that calls of ``task`` and ``batch`` go through.

    Attributes:
        body: The JSON that was posted.
        task: The task, ``None`` when it is about a batch.
        batch: The batch, ``None`` when it is about a task.

    Raises:
        CallbackVerificationError: There is neither a task nor a batch in it.
    """

    def __init__(self, body: JSONObject, client: ScaleClient | None = None) -> None:
        self.body = body
        # Calls of the objects fail without a client; their fields do not need one.
        calls: Any = client
        self.task: Task | None = None
        self.batch: Batch | None = None
        if _is_named(body.get("task"), "task_id"):
            self.task = Task(body["task"], calls)
        elif _is_named(body.get("batch"), "name"):
            self.batch = Batch(body["batch"], calls)
        else:
            raise CallbackVerificationError("the body has neither a task nor a batch", 400)

    @property
    def status(self) -> str | None:
        """The state of the task or batch."""
        told: str | None = self.body.get("status")
        subject: JSONObject = self.body["task" if self.task else "batch"]
        return told or subject.get("status")

    @property
    def response(self) -> JSONObject | None:
        """The answer of the task, if there is one."""
        response: JSONObject | None = self.body.get("response")
        return response or (self.task.response if self.task else None)

    @property
    def event(self) -> CallbackEvent:
        """What happened, as far as the state of the task or batch tells."""
        if self.task is None:
            return CallbackEvent.BatchCompleted
        if self.status == "error":
            return CallbackEvent.Error
        if self.status == "pending":
            return CallbackEvent.Recalled
        return CallbackEvent.Audited if self._is_audit() else CallbackEvent.Completed

    def _is_audit(self) -> bool:
        """Tell whether the task's last change was its review."""
        task: JSONObject = self.body["task"]
        if task.get("customer_review_status") in (None, "pending"):
            return False
        audited_at, completed_at = task.get("customer_audited_at"), task.get("completed_at")
        # A task that was recalled and is completed again still has its earlier review.
        return not (audited_at and completed_at) or str(audited_at) >= str(completed_at)

    @property
    def identity(self) -> tuple[str, ...]:
        """What two deliveries of one callback have in common, and no other callback has."""
        if self.task is not None:
            changed = self.task.updated_at or self._digest()
            return ("task", self.task.id, str(changed), self.event.value)
        batch: JSONObject = self.body["batch"]
        changed = batch.get("completed_at") or self._digest()
        return ("batch", batch["name"], str(changed), str(self.status))

    def _digest(self) -> str:
        """Stand in for a time that the body does not tell."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()

    def __repr__(self) -> str:
        about = f"task={self.task!r}" if self.task else f"batch={self.batch!r}"
        return f"Callback(event={self.event.value!r}, {about})"


def _is_named(value: object, key: str) -> bool:
    return isinstance(value, dict) and isinstance(value.get(key), str)
