"""Which task an annotation is of, where a response has brought it along."""

from __future__ import annotations

import sqlite3

from ..base.documents import JsonObject
from ..responses.conversation import annotations_in, given_threads
from ..rules.task_types import GENERATIVE_TYPES


class AnnotationIndex:
    """The ids of given annotations of one world, within one transaction.

    Canned annotations are not in it: their ids name their task.
    """

    def __init__(self, db: sqlite3.Connection, mode: str) -> None:
        self._db = db
        self._mode = mode

    def note(self, task: JsonObject) -> None:
        """Remember the annotations that the response of a task has brought along."""
        if task["type"] not in GENERATIVE_TYPES:
            return
        found = (one.get("id") for one in annotations_in(given_threads(task)))
        self._db.executemany(
            "INSERT OR REPLACE INTO annotations VALUES (?, ?, ?)",
            [(self._mode, one, task["task_id"]) for one in found if isinstance(one, str)],
        )

    def task_of(self, annotation_id: str) -> str | None:
        """Return the id of the task that has, or had, an annotation of this id."""
        row = self._db.execute(
            "SELECT task_id FROM annotations WHERE world = ? AND id = ?",
            (self._mode, annotation_id),
        ).fetchone()
        return row[0] if row else None
