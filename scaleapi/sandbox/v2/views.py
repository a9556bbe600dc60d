"""How answers show what is stored."""

from __future__ import annotations

from collections.abc import Collection

from ..base.documents import JsonObject, is_array
from ..resources.transaction import Transaction
from ..responses.annotator import MODELS
from ..responses.conversation import conversation
from .parts import without_parts

ERROR_TYPES = (
    "UNSUPPORTED_LANGUAGE",
    "LANGUAGE_MISMATCH",
    "PROMPT_LENGTH_EXCEEDED",
    "INVALID_CATEGORY",
    "PROMPT_INFEASIBLE",
)
_BATCH = ("id", "name", "created_at", "completed_at", "status", "callback", "metadata")
_DELIVERY = ("id", "name", "task_count", "delivered_at")


class View:
    """Shows what one answer is made of: related things as ids, or as objects.

    Args:
        tx: The open transaction.
        expand: The fields that are to hold objects.
        opts: The optional parts of conversations that are to be there.
    """

    def __init__(
        self, tx: Transaction, expand: Collection[str] = (), opts: Collection[str] = ()
    ) -> None:
        self._tx = tx
        self._expand = expand
        self._opts = opts
        self._projects: dict[str, JsonObject] = {}
        self._batches: dict[str, JsonObject] = {}

    def project(self, project: JsonObject) -> JsonObject:
        """Show a project."""
        return {
            "id": self._tx.projects.column(project["name"], "id"),
            "name": project["name"],
            "created_at": project["created_at"],
            "types": ["Other"],
            "models": list(MODELS),
        }

    def batch(self, batch: JsonObject) -> JsonObject:
        """Show a batch."""
        return _batch(batch, self.project_field(batch["project"]))

    def task(self, task: JsonObject) -> JsonObject:
        """Show a task, with its conversation once it is completed."""
        shown: JsonObject = {
            "task_id": task["task_id"],
            "project": self.project_field(task["project"]),
            "status": task["status"],
            "created_at": task["created_at"],
        }
        if "batch" in task:
            shown["batch"] = self._batch_field(task["batch"])
        if task["metadata"]:
            shown["metadata"] = task["metadata"]
        return shown | self._outcome(task)

    def delivery(self, delivery: JsonObject) -> JsonObject:
        """Show a delivery."""
        return _delivery(delivery, self.project_field(delivery["project"]))

    def delivery_field(self, delivery: JsonObject) -> object:
        """Show the delivery that tasks are of."""
        if "delivery" not in self._expand:
            return delivery["id"]
        return _delivery(delivery, self._tx.projects.column(delivery["project"], "id"))

    def project_field(self, name: str) -> object:
        """Show the project that something is of."""
        if name not in self._projects:
            self._projects[name] = self.project(self._tx.project(name))
        project = self._projects[name]
        return project if "project" in self._expand else project["id"]

    def _batch_field(self, name: str) -> object:
        if name not in self._batches:
            batch = self._tx.batch(name)
            project = self._tx.projects.column(batch["project"], "id")
            self._batches[name] = _batch(batch, project)
        batch = self._batches[name]
        return batch if "batch" in self._expand else batch["id"]

    def _outcome(self, task: JsonObject) -> JsonObject:
        if task["status"] == "error":
            return {"threads": [], "errors": [_error(task["response"])]}
        if task["status"] != "completed":
            return {"threads": []}
        said = without_parts(response(task), self._opts)
        return said | {"completed_at": task["completed_at"]}


def response(task: JsonObject) -> JsonObject:
    """Return what a completed task says: a conversation, unless that was reported as sensitive."""
    reports = (task.get("response") or {}).get("sensitive_content_reports")
    if is_array(reports):
        return {"sensitive_content_reports": reports}
    return {"threads": conversation(task)}


def _batch(batch: JsonObject, project: object) -> JsonObject:
    shown = {name: batch[name] for name in _BATCH if name in batch}
    return shown | {"project": project}


def _delivery(delivery: JsonObject, project: object) -> JsonObject:
    shown = {name: delivery[name] for name in _DELIVERY}
    return shown | {"project": project}


def _error(response: JsonObject) -> JsonObject:
    """Show why a task has failed; words that are a type of error are its type."""
    error = response.get("error")
    known = error in ERROR_TYPES
    return {"type": error if known else "PROMPT_INFEASIBLE", "message": str(error)}
