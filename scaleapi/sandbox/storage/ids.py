"""Ids of new resources."""

# Names in the SQL below are constants of this module; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
from datetime import datetime
from uuid import uuid4

_TABLES = {
    "projects": "id",
    "batches": "id",
    "tasks": "task_id",
    "audits": "id",
    "studio_groups": "id",
    "quality_tasks": "id",
    "response_schemas": "id",
    "task_deliveries": "id",
    "datasets": "id",
    "dataset_deliveries": "id",
    "dataset_tasks": "task_id",
}
"""The column with the id, by table; callbacks and files have ids of their own kinds."""


class Ids:
    """Makes ids of new resources: 24 hex digits that sort by creation, and UUIDs of files.

    Args:
        random_seed: The same seed gives the same ids, in the order of creation, on every run. By
            default, ids start with the time and are unique across runs.
    """

    def __init__(self, random_seed: int | None) -> None:
        self._random_seed = random_seed
        self._process = secrets.token_hex(5)
        self._numbers = _Count()
        # The worker queues callbacks whenever it gets to them: their ids have a count of their own.
        self._callback_numbers = _Count()

    @property
    def reproducible(self) -> bool:
        """Whether ids are the same on every run."""
        return self._random_seed is not None

    def account(self) -> tuple[str, bytes]:
        """Return the id and the secret of a new account."""
        if self._random_seed is None:
            return secrets.token_hex(12), secrets.token_bytes(32)
        return self._digest("account").hex()[:24], self._digest("secret")

    def new_id(self, now: datetime) -> str:
        """Return an id of a resource."""
        if self._random_seed is None:
            return self._timed_id(now)
        return f"{self._prefix('resources')}{self._numbers.next():08x}"

    def callback_id(self, now: datetime) -> str:
        """Return an id of a callback."""
        if self._random_seed is None:
            return self._timed_id(now)
        return f"{self._prefix('callbacks')}{self._callback_numbers.next():08x}"

    def new_uuid(self) -> str:
        """Return an id of a file, or of its content."""
        if self._random_seed is None:
            return str(uuid4())
        return f"{self._uuid_prefix()}{self._numbers.next():012x}"

    def continue_after(self, db: sqlite3.Connection, *, replaced: bool = True) -> None:
        """Continue after the ids in a database, so that none is used twice.

        Args:
            db: The database.
            replaced: Whether all its content is new, so that other ids can be used again.
        """
        if self._random_seed is None:
            return
        prefix = self._prefix("resources")
        last = [_last(db, table, column, prefix) for table, column in _TABLES.items()]
        last.append(_last(db, "files", "id", self._uuid_prefix()))
        self._numbers.move_to(max(last) + 1, back=replaced)
        last_callback = _last(db, "deliveries", "id", self._prefix("callbacks"))
        self._callback_numbers.move_to(last_callback + 1, back=replaced)

    def _timed_id(self, now: datetime) -> str:
        second = int(now.timestamp()) % 2**32
        return f"{second:08x}{self._process}{self._numbers.next() % 0x1000000:06x}"

    def _digest(self, what: str) -> bytes:
        return hashlib.sha256(f"{self._random_seed} {what}".encode()).digest()

    def _prefix(self, what: str) -> str:
        return self._digest(what).hex()[:16]

    def _uuid_prefix(self) -> str:
        digits = self._digest("files").hex()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15:18]}-"


class _Count:
    """Counts from 0; several threads may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0

    def next(self) -> int:
        with self._lock:
            self._next += 1
            return self._next - 1

    def move_to(self, number: int, *, back: bool) -> None:
        """Continue with a number, which may be lower than the next one only if ``back``."""
        with self._lock:
            self._next = number if back else max(number, self._next)


def _last(db: sqlite3.Connection, table: str, column: str, prefix: str) -> int:
    """Return the highest number after this prefix in a column, or -1."""
    (found,) = db.execute(
        f"SELECT MAX({column}) FROM {table} WHERE {column} > ? AND {column} < ?",
        (prefix, prefix + "g"),
    ).fetchone()
    try:
        return -1 if found is None else int(found[len(prefix) :], 16)
    except ValueError:  # A seed may have given an id that only looks like one of these.
        return -1
