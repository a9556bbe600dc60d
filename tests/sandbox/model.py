"""What the sandbox should be like: the same rules over plain Python objects, without a database.

Every call returns the HTTP status that the sandbox should answer, and changes the model as the
sandbox should change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TAG_LIMIT = 5


@dataclass
class Batch:
    rapid: bool
    status: str


@dataclass
class Task:
    task_id: str
    batch: str | None
    unique_id: str | None
    tags: list[str] | None
    clears_on_error: bool
    status: str = "pending"
    work_started: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    review: str | None = None
    comments: list[str] = field(default_factory=list)
    audits: int = 0
    prior_responses: int = 0
    due: float | None = None

    def seen(self) -> dict[str, Any]:
        """Return what the sandbox should show of the task."""
        shown: dict[str, Any] = {
            "task_id": self.task_id,
            "batch": self.batch,
            "unique_id": self.unique_id,
            "tags": self.tags,
            "status": self.status,
            "work_started": self.work_started,
            "metadata": self.metadata,
            "customer_review_status": self.review,
            "customer_review_comments": self.comments if self.review else None,
            "audits": self.audits,
            "prior_responses": self.prior_responses,
            "has_response": self.status in ("completed", "error"),
            "has_completed_at": self.status == "completed",
        }
        return shown


def seen(task: dict[str, Any]) -> dict[str, Any]:
    """Return what `Task.seen` compares of a task that the sandbox has answered."""
    shown: dict[str, Any] = {
        name: task.get(name)
        for name in (
            *("task_id", "batch", "unique_id", "tags", "status", "work_started", "metadata"),
            *("customer_review_status", "customer_review_comments"),
        )
    }
    shown |= {name: len(task.get(name, ())) for name in ("audits", "prior_responses")}
    return shown | {
        "has_response": "response" in task,
        "has_completed_at": "completed_at" in task,
    }


class Model:
    """One mode of a sandbox. Every call finds the due work done, as in the sandbox."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.batches: dict[str, Batch] = {}
        self.time = 0.0
        self.delay: float | None = None
        """Seconds until a task is done: 0 at once, nothing when it is done by hand."""

    def holder(self, unique_id: str) -> Task | None:
        return next((task for task in self.tasks if task.unique_id == unique_id), None)

    def of(self, batch: str) -> list[Task]:
        return [task for task in self.tasks if task.batch == batch]

    def staged(self, task: Task) -> bool:
        return task.batch is not None and self.batches[task.batch].status == "staging"

    # Time

    def advance(self, seconds: float) -> None:
        self.time += seconds
        for task in self.tasks:
            if task.due is not None and task.due <= self.time:
                self._finish(task)
        self._refresh()

    def _plan(self, task: Task) -> None:
        if self.delay == 0:
            self._finish(task)
        elif self.delay is not None:
            task.due = self.time + self.delay

    def _finish(self, task: Task) -> None:
        task.status, task.work_started, task.due = "completed", True, None

    def _refresh(self) -> None:
        for name, batch in self.batches.items():
            if batch.status != "staging":
                statuses = [task.status for task in self.of(name)]
                done = statuses and "pending" not in statuses
                batch.status = "completed" if done else "in_progress"

    # Tasks

    def check_create(self, batch: str | None, unique_id: str | None, tags: list[str] | None) -> int:
        if unique_id is not None and self.holder(unique_id):
            return 409
        if tags is not None and len(tags) > TAG_LIMIT:
            return 400
        if batch is not None:
            place = self.batches[batch]
            if place.rapid and place.status != "staging":
                return 400
        return 200

    def create(self, task: Task) -> None:
        self.tasks.append(task)
        if not self.staged(task):
            self._plan(task)
        self._refresh()

    def add(self, task: Task) -> None:
        """Take a task that is in its state already."""
        self.tasks.append(task)
        self._refresh()

    def cancel(self, task: Task, clear: bool) -> int:
        if task.status not in ("pending", "canceled"):
            return 400
        if task.status == "pending" and task.work_started:
            return 400
        task.status, task.due = "canceled", None
        if clear:
            task.unique_id = None
        self._refresh()
        return 200

    def complete(self, task: Task) -> int:
        if task.status != "pending" or self.staged(task):
            return 400
        self._finish(task)
        self._refresh()
        return 200

    def fail(self, task: Task) -> int:
        if task.status != "pending":
            return 400
        task.status, task.due = "error", None
        if task.clears_on_error:
            task.unique_id = None
        self._refresh()
        return 200

    def start_work(self, task: Task) -> int:
        if task.status != "pending" or self.staged(task):
            return 400
        task.work_started = True
        return 200

    def recall(self, task: Task) -> int:
        if task.status != "completed":
            return 400
        task.status = "pending"
        self._refresh()
        return 200

    def review(self, task: Task, result: str, comment: str | None) -> int:
        if task.status != "completed":
            return 400
        task.review = result
        task.audits += 1
        task.comments += [comment] if comment else []
        if result == "fixed":
            task.prior_responses += 1
        return 200

    def change_tags(self, task: Task, method: str, tags: list[str]) -> int:
        had = task.tags or []
        if method == "PUT":
            tags = had + tags
        elif method == "DELETE":
            tags = [tag for tag in had if tag not in tags]
        tags = list(dict.fromkeys(tags))
        if len(tags) > TAG_LIMIT:
            return 400
        task.tags = tags
        return 200

    def set_unique_id(self, task: Task, unique_id: str) -> int:
        if self.holder(unique_id) not in (None, task):
            return 409
        task.unique_id = unique_id
        return 200

    # Batches

    def create_batch(self, name: str, *, rapid: bool) -> int:
        if name in self.batches:
            return 409
        self.batches[name] = Batch(rapid, "staging" if rapid else "in_progress")
        return 200

    def finalize(self, name: str) -> int:
        batch = self.batches[name]
        if not batch.rapid:
            return 200
        if batch.status != "staging":
            return 400
        batch.status = "in_progress"
        for task in self.of(name):
            if task.status == "pending":
                self._plan(task)
        self._refresh()
        return 200

    def counts(self, name: str) -> dict[str, int]:
        statuses = [task.status for task in self.of(name)]
        return {status: statuses.count(status) for status in statuses}
