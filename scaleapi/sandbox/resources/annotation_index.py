"""An index of annotations in given responses."""

from __future__ import annotations

import sqlite3

from ..base.documents import JsonObject
from ..responses.conversation import annotations_in, given_threads
from ..rules.task_types import GENERATIVE_TYPES


class AnnotationIndex:
    """Maps ids of annotations to tasks, for one mode and within one transaction.

    It holds annotations of given responses only. Ids of canned annotations contain their task.
    """

    def __init__(self, db: sqlite3.Connection, mode: str) -> None:
        self._db = db
        self._mode = mode

    def add(self, task: JsonObject) -> None:
        """Index the annotations of a task's given response."""
        if task["type"] not in GENERATIVE_TYPES:
            return
        found = (one.get("id") for one in annotations_in(given_threads(task)))
        self._db.executemany(
            "INSERT OR REPLACE INTO annotations VALUES (?, ?, ?)",
            [(self._mode, one, task["task_id"]) for one in found if isinstance(one, str)],
        )

    def task_of(self, annotation_id: str) -> str | None:
        """Return the id of the task that has or had this annotation, or None."""
        row = self._db.execute(
            "SELECT task_id FROM annotations WHERE world = ? AND id = ?",
            (self._mode, annotation_id),
        ).fetchone()
        return row[0] if row else None
