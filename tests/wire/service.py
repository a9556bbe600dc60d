"""The normal behavior of the test servers."""

from __future__ import annotations

import itertools
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.wire.server import Reply, Request

#: One object with the keys that every response with one object must have.
ANYTHING: dict[str, Any] = {
    "task_id": "65f0a1b2c3d4e5f60718293a",
    "id": "65f0a1b2c3d4e5f60718293b",
    "name": "parcels",
    "attachment_url": "scaledata://file",
    "status": "pending",
    "docs": [],
    "total": 0,
    "has_more": False,
}

_ARRAYS = re.compile(r"/(teams|teams/\w+|studio/batches|studio/batches/\w+_priorities)$")


def ordinary(request: Request) -> Reply:
    """Respond to any call with JSON of the right shape."""
    path = request.path
    if _ARRAYS.search(path) or (
        request.method == "GET" and re.search(r"/(projects|groups)$", path)
    ):
        return Reply([])
    if "studio/assignments" in path:
        return Reply({"ada@example.com": ["parcels"]})
    return Reply(ANYTHING)


def iso(moment: datetime) -> str:
    """Return a time in the format of the service."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class TaskStore:
    """Tasks that are created once per ``unique_id`` and per ``Idempotency-Key``.

    Attributes:
        tasks: Those that exist, oldest first.
        refusal: The text of a 409, in which ``{id}`` stands for the task that is in the way.
        date: Whether a 409 has a ``Date`` header.
        skew: How far the service's clock is ahead of ours.
        creation_time_lag: How long before the call its new tasks claim to be made.
    """

    def __init__(self) -> None:
        self.tasks: list[dict[str, Any]] = []
        self.refusal = 'The unique_id ("X (1)") is already used for a different task ({id}).'
        self.date = True
        self.skew = timedelta(0)
        self._keys: dict[str, dict[str, Any]] = {}
        self._ids = (f"{number:024x}" for number in itertools.count(0xABC))

    def now(self) -> datetime:
        """Return the time by the service's clock."""
        return datetime.now(timezone.utc) + self.skew

    def add(self, task_type: str, age: float = 0.0, **values: Any) -> dict[str, Any]:
        """Create a task of a given age in seconds."""
        created = iso(self.now() - timedelta(seconds=age))
        task = {"task_id": next(self._ids), "type": task_type, "created_at": created, **values}
        self.tasks.append(task)
        return task

    def __call__(self, request: Request) -> Reply:
        """Respond to a request."""
        if request.method == "POST":
            return self._create(request)
        if request.path.endswith("/tasks"):
            wanted = request.query["unique_id"]
            docs = [task for task in self.tasks if task.get("unique_id") in wanted]
            return Reply({"docs": docs, "total": len(docs), "has_more": False})
        for task in self.tasks:
            if request.path.endswith(f"/task/{task['task_id']}"):
                return Reply(task)
        return Reply({"status_code": 404, "error": "Task with that ID not found."}, 404)

    def _create(self, request: Request) -> Reply:
        body, key = request.json, request.headers.get("idempotency-key", "")
        taken = self._keys.get(key) or next(
            (
                task
                for task in self.tasks
                if body.get("unique_id") and task.get("unique_id") == body["unique_id"]
            ),
            None,
        )
        if taken is not None:
            text = self.refusal.replace("{id}", taken["task_id"])
            stamp = self.now().strftime("%a, %d %b %Y %H:%M:%S GMT") if self.date else None
            return Reply({"status_code": 409, "error": text}, 409, {"Date": stamp})
        task = self.add(request.path.rpartition("/")[2], **body)
        if key:
            self._keys[key] = task
        return Reply(task)
