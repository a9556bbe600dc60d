"""Rendering of resources for responses."""

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
    """Renders resources for one response, with related resources as ids or objects.

    Args:
        tx: The open transaction.
        expand: The fields to expand to objects.
        opts: The optional parts of conversations to include.
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
        """Render a project."""
        return {
            "id": self._tx.projects.column(project["name"], "id"),
            "name": project["name"],
            "created_at": project["created_at"],
            "types": ["Other"],
            "models": list(MODELS),
        }

    def batch(self, batch: JsonObject) -> JsonObject:
        """Render a batch."""
        return _batch(batch, self.project_field(batch["project"]))

    def task(self, task: JsonObject) -> JsonObject:
        """Render a task, with its conversation if it is completed."""
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
        """Render a delivery."""
        return _delivery(delivery, self.project_field(delivery["project"]))

    def delivery_field(self, delivery: JsonObject) -> object:
        """Render the delivery of a task as an id or object."""
        if "delivery" not in self._expand:
            return delivery["id"]
        return _delivery(delivery, self._tx.projects.column(delivery["project"], "id"))

    def project_field(self, name: str) -> object:
        """Render the project of a resource as an id or object."""
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
        shown = without_parts(response(task), self._opts)
        return shown | {"completed_at": task["completed_at"]}


def response(task: JsonObject) -> JsonObject:
    """Return the v2 response of a completed task: its conversation or sensitive content reports."""
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
    """Render the error of a task; a text that is an error type becomes the type."""
    error = response.get("error")
    known = error in ERROR_TYPES
    return {"type": error if known else "PROMPT_INFEASIBLE", "message": str(error)}
