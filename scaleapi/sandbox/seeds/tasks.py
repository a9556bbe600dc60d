"""Tasks of a seed, possibly millions."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

from ..base.documents import JsonObject, dumps
from ..base.errors import Refusal, bad_request
from ..base.validation import check_spelling, integer, invalid, json_object, required_text
from ..resources.tasks import COMMON, Draft, draft_task
from ..resources.transaction import Transaction
from ..rules.lifecycle import ATTACHMENT_ERROR, cancel, complete, fail
from ..rules.statuses import TASK_STATUSES
from ..rules.task_types import known_parameters, require_type
from ..storage.store import SqlValue
from ..storage.tables import TASKS

_OWN_FIELDS = ("type", "status", "response", "count")
_MAX_COUNT = 10_000_000
_CHUNK_SIZE = 5_000


class SeededTasks:
    """Adds the tasks of a seed.

    A task without a ``status`` is processed like any other. A task with one keeps it: these tasks
    are inserted in bulk, without scheduled work or callbacks.

    Args:
        tx: The open transaction.

    Attributes:
        batches: Names of the batches that got tasks.
    """

    def __init__(self, tx: Transaction) -> None:
        self.batches: set[str] = set()
        self._tx = tx
        self._texts: list[str] = []
        self._rows: list[tuple[SqlValue, ...]] = []
        self._tags: list[list[str]] = []
        self._unique_ids: set[str] = set()

    def add(self, entry: JsonObject) -> None:
        """Add the tasks of one entry."""
        type_name = _type(entry)
        known = (*_OWN_FIELDS, *COMMON, *known_parameters(type_name))
        check_spelling(entry, known, "a task")
        count = integer(entry.get("count", 1), "count", 1, _MAX_COUNT)
        body = {name: value for name, value in entry.items() if name not in _OWN_FIELDS}
        if count > 1 and body.get("unique_id") is not None:
            raise invalid("unique_id", "cannot be that of more than one task")
        if body.get("unique_id") in self._unique_ids:
            self.finish()
        draft = draft_task(self._tx, type_name, body)
        if "batch" in draft.task:
            self.batches.add(draft.task["batch"])
        if entry.get("status") is not None:
            self._add_settled(draft, entry, count)
            return
        if entry.get("response") is not None:
            raise invalid("response", "requires a status")
        self.finish()
        for _ in range(count):
            task = draft.task | {"task_id": self._tx.new_id()}
            self._tx.add_task(task, clear_unique_id_on_error=draft.clear_unique_id_on_error)

    def finish(self) -> None:
        """Insert the tasks that are still buffered."""
        db = self._tx.db
        (key,) = db.execute("SELECT COALESCE(MAX(key), 0) + 1 FROM documents").fetchone()
        columns = ("key", "world", *TASKS.fields, "clear_unique_id_on_error")
        db.executemany("INSERT INTO documents VALUES (?, ?)", enumerate(self._texts, key))
        db.executemany(
            f"INSERT INTO tasks ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            ((place, *row) for place, row in enumerate(self._rows, key)),
        )
        db.executemany(
            "INSERT INTO task_tags VALUES (?, ?)",
            ((place, tag) for place, tags in enumerate(self._tags, key) for tag in tags),
        )
        for waiting in (self._texts, self._rows, self._tags, self._unique_ids):
            waiting.clear()

    def _add_settled(self, draft: Draft, entry: JsonObject, count: int) -> None:
        """Buffer tasks with a given status."""
        task = self._settled(draft, entry)
        self._tx.annotations.add(task)
        text = dumps(task)
        self._append(task, text, draft)
        canned_response = entry["status"] == "completed" and entry.get("response") is None
        for _ in range(count - 1):
            task_id = self._tx.new_id()
            if canned_response:
                task = self._settled(draft._replace(task=draft.task | {"task_id": task_id}), entry)
                text = dumps(task)
            else:
                text = text.replace(task["task_id"], task_id)
                task["task_id"] = task_id
            self._append(task, text, draft)

    def _settled(self, draft: Draft, entry: JsonObject) -> JsonObject:
        """Return a task in the status of its entry."""
        status, response = entry["status"], entry.get("response")
        if status not in TASK_STATUSES:
            raise invalid("status", f"must be one of: {', '.join(TASK_STATUSES)}")
        given = None if response is None else json_object(response, "response")
        if given is not None and status not in ("completed", "error"):
            raise invalid("response", "is only for tasks with the status completed or error")
        task, now = draft.task, self._tx.now
        if status == "completed":
            return complete(task, given or self._tx.canned_response(task), now)
        if status == "canceled":
            return cancel(task, now, clear_unique_id=False)
        if status == "error":
            failed = fail(
                task, ATTACHMENT_ERROR, now, clear_unique_id=draft.clear_unique_id_on_error
            )
            return failed if given is None else failed | {"response": given}
        return task | {"status": status}

    def _append(self, task: JsonObject, text: str, draft: Draft) -> None:
        self._texts.append(text)
        fields = (task.get(field) for field in TASKS.fields)
        self._rows.append((self._tx.mode, *fields, draft.clear_unique_id_on_error))
        self._tags.append(task.get("tags") or [])
        if "unique_id" in task:
            self._unique_ids.add(task["unique_id"])
        if len(self._texts) >= _CHUNK_SIZE:
            self.finish()


def _type(entry: JsonObject) -> str:
    try:
        return require_type(required_text(entry, "type"))
    except Refusal as refusal:
        raise bad_request(refusal.error) from None
