"""The open transaction of one request, with the resources of its mode."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from ..base.clock import stamp
from ..base.documents import JsonObject, dumps
from ..base.errors import bad_request, not_found
from ..base.modes import Mode
from ..callbacks.outbox import Outbox
from ..links.broken_attachments import broken, probed
from ..responses.canned import canned_response
from ..responses.context import StoreFile
from ..rules import lifecycle
from ..rules.attachments import BrokenAttachment, attachment_urls
from ..rules.lifecycle import Product
from ..rules.statuses import Event
from ..rules.transitions import Transition
from ..storage.file_table import FileTable
from ..storage.store import DocumentTable, Store
from ..storage.tables import (
    AUDITS,
    BATCHES,
    DATASET_DELIVERIES,
    DATASET_TASKS,
    DATASETS,
    GROUPS,
    PROJECTS,
    QUALITY_TASKS,
    RESPONSE_SCHEMAS,
    TASK_DELIVERIES,
    TASKS,
    TEAMMATES,
)
from .annotation_index import AnnotationIndex

TASK_NOT_FOUND = "Task with that ID not found."


class TaskRead(NamedTuple):
    """A task in a response, and the number of reads left until it is completed."""

    task_id: str
    reads_left: int | None


class Transaction:
    """The resources of one mode within one database transaction.

    Every new task goes through `add_task`, every change of a task through `put_task`.

    Args:
        store: The database.
        db: Its connection, with the transaction open.
        mode: The mode of the request.
        now: The time of the request.
        transition: When pending tasks are completed.
        origin: The sandbox's URL without a path, for links.
    """

    def __init__(
        self,
        store: Store,
        db: sqlite3.Connection,
        mode: Mode,
        now: datetime,
        transition: Transition,
        origin: str,
    ) -> None:
        self.store = store
        self.db = db
        self.mode: Mode = mode
        self.time = now
        self.now = stamp(now)
        self.origin = origin
        self.tasks = DocumentTable(db, TASKS, mode)
        self.batches = DocumentTable(db, BATCHES, mode)
        self.projects = DocumentTable(db, PROJECTS, mode)
        self.files = FileTable(db, mode)
        self.audits = DocumentTable(db, AUDITS, mode)
        self.quality_tasks = DocumentTable(db, QUALITY_TASKS, mode)
        self.teammates = DocumentTable(db, TEAMMATES, mode)
        self.groups = DocumentTable(db, GROUPS, mode)
        self.annotations = AnnotationIndex(db, mode)
        self.response_schemas = DocumentTable(db, RESPONSE_SCHEMAS, mode)
        self.task_deliveries = DocumentTable(db, TASK_DELIVERIES, mode)
        self.datasets = DocumentTable(db, DATASETS, mode)
        self.dataset_deliveries = DocumentTable(db, DATASET_DELIVERIES, mode)
        self.dataset_tasks = DocumentTable(db, DATASET_TASKS, mode)
        self._outbox = Outbox(db)
        self._transition = transition
        self.next_due: str | None = None
        """Earliest due time that this request has scheduled."""
        self.new_probes: list[JsonObject] = []
        """New tasks whose attachments must be probed."""

    def new_id(self) -> str:
        """Return a new id of 24 hex digits."""
        return self.store.ids.new_id(self.time)

    # Lookups

    def task(self, task_id: str) -> JsonObject:
        """Return a task; raise 404 if there is none."""
        task = self.tasks.get(task_id)
        if task is None:
            raise not_found(TASK_NOT_FOUND)
        return task

    def batch(self, name: str) -> JsonObject:
        """Return a batch; raise 404 if there is none."""
        batch = self.batches.get(name)
        if batch is None:
            raise not_found(f'Batch with the name "{name}" not found.')
        return batch

    def project(self, name: str) -> JsonObject:
        """Return a project; raise 404 if there is none."""
        project = self.projects.get(name)
        if project is None:
            raise not_found(f'Project with the name "{name}" not found.')
        return project

    def product(self, project: str) -> Product:
        """Return the product of an existing project."""
        return cast(Product, self.projects.column(project, "product"))

    def task_with_unique_id(self, unique_id: str) -> str | None:
        """Return the id of the task with this ``unique_id``, or None."""
        row = self.db.execute(
            "SELECT task_id FROM tasks WHERE world = ? AND unique_id = ?", (self.mode, unique_id)
        ).fetchone()
        return row[0] if row else None

    def task_audits(self, task_id: str) -> list[JsonObject]:
        """Return the audits of a task, oldest first."""
        rows = self.db.execute(
            "SELECT body FROM audits JOIN documents USING (key)"
            " WHERE world = ? AND task_id = ? ORDER BY key",
            (self.mode, task_id),
        )
        return [json.loads(body) for (body,) in rows]

    # Files

    def put_content(
        self, content_id: str, mime_type: str, content: bytes, task_id: str | None = None
    ) -> None:
        """Store the content of a file, or a result file of a task."""
        self.db.execute(
            "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?, ?)",
            (content_id, self.mode, task_id, mime_type, content),
        )

    # Tasks

    def add_task(
        self,
        task: JsonObject,
        *,
        clear_unique_id_on_error: bool,
        probe: bool = False,
    ) -> JsonObject:
        """Store a new task and schedule its completion.

        Args:
            task: The task.
            clear_unique_id_on_error: Whether an error frees its ``unique_id``.
            probe: Whether to probe its attachments; work starts after that.

        Returns:
            The task, already completed if the transition is immediate and nothing is probed.
        """
        key = self.tasks.add(task, clear_unique_id_on_error=clear_unique_id_on_error)
        if probe and probed(attachment_urls(task["params"])):
            row = self.mode, task["task_id"]
            self.db.execute("INSERT INTO probes (world, task_id) VALUES (?, ?)", row)
            self.new_probes.append(task)
        self.write_tags(key, task)
        batch = task.get("batch")
        if batch is None:
            return self.schedule(task)
        if self.batches.column(batch, "status") not in ("in_progress", "completed"):
            return task
        task = self.schedule(task)
        self.refresh_batch(batch)
        return task

    def put_task(self, task: JsonObject) -> JsonObject:
        """Store a changed task and update the status of its batch.

        Returns:
            The task.
        """
        if task["status"] == "pending":
            key = self.tasks.change(task)
        else:
            key = self.tasks.change(task, due_at=None, reads_left=None)
        self.write_tags(key, task)
        self.annotations.add(task)
        if "batch" in task:
            self.refresh_batch(task["batch"])
        return task

    def write_tags(self, key: int, task: JsonObject) -> None:
        """Store the tags of a task."""
        self.db.execute("DELETE FROM task_tags WHERE key = ?", (key,))
        self.db.executemany(
            "INSERT INTO task_tags VALUES (?, ?)", [(key, tag) for tag in task.get("tags") or ()]
        )

    def schedule(self, task: JsonObject) -> JsonObject:
        """Schedule the completion of a pending task, counted from now."""
        kind, amount = self._transition
        if kind == "immediate":
            return self.work(task)
        if kind == "seconds":
            due = stamp(self.time + timedelta(seconds=amount))
            self.tasks.change(task, due_at=due)
            self.next_due = min(due, self.next_due or due)
        elif kind == "reads":
            self.tasks.change(task, reads_left=int(amount))
        return task

    def work(self, task: JsonObject) -> JsonObject:
        """Do the scheduled work on a task: complete it, or fail it if it has broken attachments.

        Work on a task whose attachments are being probed is due as soon as that is done.
        """
        if self._is_being_probed(task):
            self.tasks.change(task, due_at=self.now, reads_left=None)
            return task
        found = self._broken_attachments(task)
        if found:
            return self.fail(task, lifecycle.ATTACHMENT_ERROR, found)
        return self.complete(task)

    def _is_being_probed(self, task: JsonObject) -> bool:
        row = self.db.execute(
            "SELECT 1 FROM probes WHERE task_id = ?", (task["task_id"],)
        ).fetchone()
        return row is not None

    def record_probe(self, task_id: str, statuses: Mapping[str, int]) -> None:
        """Record the status of each attachment of a task that was probed."""
        task = self.task(task_id)
        self.db.execute("DELETE FROM probes WHERE task_id = ?", (task_id,))
        found = broken(attachment_urls(task["params"]), statuses)
        if not found:
            return
        self.tasks.change(task, broken_attachments=dumps(found))
        if task["status"] == "pending" and task["work_started"]:
            self.tasks.change(task, due_at=self.now)

    def _broken_attachments(self, task: JsonObject) -> list[BrokenAttachment]:
        found = json.loads(self.tasks.column(task["task_id"], "broken_attachments") or "[]")
        missing_files = [
            BrokenAttachment(position, 404, url)
            for position, url in enumerate(attachment_urls(task["params"]))
            if url.startswith("scaledata://") and self.files.content_of(url) is None
        ]
        return sorted([*(BrokenAttachment(*one) for one in found), *missing_files])

    def complete(self, task: JsonObject, response: JsonObject | None = None) -> JsonObject:
        """Complete a pending task; the default response is the canned one of its type."""
        self.check_workable(task)
        if response is None and task["status"] == "pending":
            response = self.canned_response(task)
        task = lifecycle.complete(task, response, self.now)
        self.queue_callback(task, "completed")
        return self.put_task(task)

    def canned_response(self, task: JsonObject) -> JsonObject | None:
        """Return the canned response of a task."""
        return canned_response(task, self.files.size, self._file_store(task["task_id"]))

    def fail(
        self, task: JsonObject, error: str, broken: Sequence[BrokenAttachment] = ()
    ) -> JsonObject:
        """Turn a pending task into an error."""
        clear = bool(self.tasks.column(task["task_id"], "clear_unique_id_on_error"))
        task = lifecycle.fail(task, error, self.now, clear_unique_id=clear, broken=broken)
        self.queue_callback(task, "error")
        return self.put_task(task)

    def recall(self, task: JsonObject) -> JsonObject:
        """Return a completed task to pending."""
        task = lifecycle.recall(task, self.now)
        self.queue_callback(task, "recalled")
        return self.put_task(task)

    def start_work(self, task: JsonObject) -> JsonObject:
        """Start work on a pending task; broken attachments fail it now."""
        self.check_workable(task)
        started = lifecycle.start_work(task, self.now)
        found = self._broken_attachments(task)
        if found:
            return self.fail(task, lifecycle.ATTACHMENT_ERROR, found)
        return self.put_task(started)

    def cancel(self, task: JsonObject, *, clear_unique_id: bool = False) -> JsonObject:
        """Cancel a task on which work has not started."""
        canceled = lifecycle.cancel(task, self.now, clear_unique_id=clear_unique_id)
        return task if canceled is task else self.put_task(canceled)

    def audit(self, task: JsonObject, *, accepted: bool, comment: str | None) -> JsonObject:
        """Accept or reject the result of a completed task."""
        audited, entry = lifecycle.audit(task, accepted=accepted, comment=comment, now=self.now)
        return self.record_audit(audited, entry)

    def record_audit(self, task: JsonObject, entry: JsonObject) -> JsonObject:
        """Store an audited task and its new audit."""
        self.audits.add({"id": self.new_id(), "task_id": task["task_id"]} | entry)
        if "batch" in task:
            batch = self.batch(task["batch"])
            self.batches.change(batch | {"last_audited_at": entry["audited_at"]})
        self.queue_callback(task, "audited")
        return self.put_task(task)

    def queue_callback(self, task: JsonObject, event: Event) -> None:
        """Queue a callback about a task."""
        callback_id = self.store.ids.callback_id(self.time)
        if self._outbox.add_task(callback_id, self.mode, event, task, self.now):
            self.next_due = self.now

    def check_workable(self, task: JsonObject) -> None:
        """Reject work on a task whose batch is staged or paused."""
        batch = task.get("batch")
        status = None if batch is None else self.batches.column(batch, "status")
        if status == "staging":
            raise bad_request("Work on the task cannot start before its batch is finalized.")
        if status == "paused" and not task["work_started"]:
            raise bad_request("Work on the task cannot start while its batch is paused.")

    def _file_store(self, task_id: str) -> StoreFile:
        """Return a function that stores a result file of a task and returns its link."""

        def store_file(file_id: str, mime_type: str, content: bytes) -> str:
            self.put_content(file_id, mime_type, content, task_id)
            return f"{self.origin}/v1/task/{task_id}/response_url/{file_id}"

        return store_file

    # Reads and batches

    def count_reads(self, readings: Iterable[TaskRead]) -> None:
        """Count one read of each task; complete those without reads left."""
        for task_id, left in readings:
            if left is None:
                continue
            if left > 1:
                self.db.execute(
                    "UPDATE tasks SET reads_left = ? WHERE task_id = ?", (left - 1, task_id)
                )
            else:
                self.work(self.task(task_id))

    def read_task(self, task_id: str) -> str:
        """Return the JSON text of a task and count the read."""
        row = self.db.execute(
            "SELECT body, reads_left FROM tasks JOIN documents USING (key)"
            " WHERE task_id = ? AND world = ?",
            (task_id, self.mode),
        ).fetchone()
        if row is None:
            raise not_found(TASK_NOT_FOUND)
        if row[1] is not None:
            self.count_reads([TaskRead(task_id, row[1])])
        return cast(str, row[0])

    def read_batch(self, name: str) -> JsonObject:
        """Return a batch and count a read of each of its tasks."""
        batch = self.batch(name)
        rows = self.db.execute(
            "SELECT task_id, reads_left FROM tasks"
            " WHERE world = ? AND batch = ? AND status = 'pending' AND reads_left IS NOT NULL",
            (self.mode, name),
        ).fetchall()
        self.count_reads(TaskRead(*row) for row in rows)
        return batch

    def counts(self, batch: str) -> dict[str, int]:
        """Return the number of tasks of a batch by status."""
        rows = self.db.execute(
            "SELECT status, COUNT(*) FROM tasks WHERE world = ? AND batch = ? GROUP BY status",
            (self.mode, batch),
        )
        return dict(rows.fetchall())

    def refresh_batch(self, name: str) -> None:
        """Complete or reopen a batch according to its tasks."""
        batch = self.batch(name)
        after = lifecycle.batch_after(
            batch, tasks=self._any_task(name), pending=self._any_task(name, "pending"), now=self.now
        )
        if after is batch:
            return
        self.batches.change(after)
        if after["status"] != "completed":
            return
        callback_id = self.store.ids.callback_id(self.time)
        if self._outbox.add_batch(callback_id, self.mode, after, self.counts(name), self.now):
            self.next_due = self.now

    def _any_task(self, batch: str, *status: str) -> int:
        """Return 1 if the batch has a task (of that status), else 0."""
        condition = " AND status = ?" if status else ""
        row = self.db.execute(
            f"SELECT EXISTS (SELECT 1 FROM tasks WHERE world = ? AND batch = ?{condition})",
            (self.mode, batch, *status),
        ).fetchone()
        return int(row[0])
