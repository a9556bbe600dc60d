"""The sections of a seed that hold stored resources, and their tables.

An entry of a document section has the document as ``resource``, and beside it what the table
knows in addition. An entry of a row section has the columns of its row.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from ..base.clock import parse_stamp, stamp
from ..base.documents import JsonObject, dumps
from ..base.validation import binary, integer, invalid, number, required_text, text, time
from ..storage.shapes import CHOICES, JSON_COLUMNS
from ..storage.store import SqlValue
from ..storage.tables import (
    AUDITS,
    BATCHES,
    DATASET_DELIVERIES,
    DATASET_TASKS,
    DATASETS,
    FILES,
    GROUPS,
    PROJECTS,
    QUALITY_TASKS,
    RESPONSE_SCHEMAS,
    TASK_DELIVERIES,
    TASKS,
    TEAMMATES,
    TableSpec,
)

DOCUMENT_SECTIONS: Mapping[str, TableSpec] = {
    "projects": PROJECTS,
    "teammates": TEAMMATES,
    "batches": BATCHES,
    "files": FILES,
    "tasks": TASKS,
    "audits": AUDITS,
    "quality_tasks": QUALITY_TASKS,
    "studio_groups": GROUPS,
    "response_schemas": RESPONSE_SCHEMAS,
    "deliveries": TASK_DELIVERIES,
    "datasets": DATASETS,
    "dataset_deliveries": DATASET_DELIVERIES,
    "dataset_tasks": DATASET_TASKS,
}
"""The table of each section of documents, in the order in which they are loaded."""


class RowTable(NamedTuple):
    """A table without documents, and the column by which its rows are exported."""

    name: str
    order: str


ROW_SECTIONS: Mapping[str, RowTable] = {
    "studio_assignments": RowTable("studio_assignments", "key"),
    "annotations": RowTable("annotations", "id"),
    "contents": RowTable("contents", "id"),
    "idempotency_keys": RowTable("idempotency_keys", "name"),
    "callbacks": RowTable("deliveries", "key"),
    "probes": RowTable("probes", "key"),
}
"""The table of each section of rows."""

ORIGIN = "http://sandbox/v1/task/"
"""Start of links to result files in a seed; each sandbox has its own URL."""

_DERIVED = ("key", "world", "generative", "host")
"""Columns that follow from the rest of an entry."""

_LONGEST = 10_000 * 86_400
"""Longest time in seconds until something falls due."""


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: Its name in the database.
        kind: ``text``, ``integer``, ``time``, ``due``, ``json`` or ``binary``.
        required: Whether every row has a value.
    """

    name: str
    kind: str
    required: bool

    @property
    def key(self) -> str:
        """Its name in a seed."""
        return "due_in" if self.kind == "due" else self.name

    def exported(self, value: SqlValue, now: datetime) -> object:
        """Return a value, which is not NULL, as JSON."""
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if self.kind == "due":
            return (parse_stamp(str(value)) - now).total_seconds()
        return json.loads(str(value)) if self.kind == "json" else value

    def loaded(self, entry: JsonObject, now: datetime) -> SqlValue:
        """Return the value for the database from an entry of a seed."""
        value = entry.get(self.key)
        if value is None or self.kind == "text":
            return self._text(entry)
        if self.kind == "time":
            return time(entry, self.key)
        if self.kind == "binary":
            return binary(entry, self.key)
        if self.kind == "json":
            return self._json(value)
        if self.kind == "due":
            return stamp(now + timedelta(seconds=_seconds(value)))
        return integer(value, self.key)

    def _json(self, value: object) -> str:
        kind = JSON_COLUMNS[self.name].kind
        if not kind.matches(value):
            raise invalid(self.key, f"must be {kind.expected}")
        return dumps(value)

    def _text(self, entry: JsonObject) -> str | None:
        value = required_text(entry, self.key) if self.required else text(entry, self.key)
        choices = CHOICES.get(self.name)
        if value is not None and choices and value not in choices:
            raise invalid(self.key, f"must be one of: {', '.join(choices)}")
        return value


def _seconds(value: object) -> float:
    seconds = number(value, "due_in")
    if not -_LONGEST <= seconds <= _LONGEST:
        raise invalid("due_in", f"must be between {-_LONGEST} and {_LONGEST} seconds")
    return seconds


def columns(db: sqlite3.Connection, table: str) -> list[Column]:
    """Return the columns of a table that do not follow from others."""
    rows = db.execute(f"PRAGMA table_info({table})").fetchall()
    return [
        Column(name, _kind(name, declared), bool(not_null) and default is None)
        for _, name, declared, not_null, default, _ in rows
        if name not in _DERIVED
    ]


def _kind(name: str, declared: str) -> str:
    if name == "due_at":
        return "due"
    if name.endswith("_at"):
        return "time"
    if name in JSON_COLUMNS and declared == "TEXT":
        return "json"
    return {"BLOB": "binary", "INTEGER": "integer"}.get(declared, "text")
