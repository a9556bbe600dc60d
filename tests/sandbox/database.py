"""What a sandbox holds, for comparing one with another."""

from __future__ import annotations

import sqlite3
from typing import Any

from scaleapi.sandbox import Sandbox

PLAIN = ("deliveries", "studio_assignments", "documents")
"""Tables whose keys are not those of documents."""

OWNERS = {"task_tags": "tasks", "file_projects": "files"}
"""Tables that name their owner by the key of its row only."""


def state(sandbox: Sandbox) -> dict[str, list[Any]]:
    """Return the rows of every table, each with its document, oldest first.

    Keys of rows are left out, and links do not show the port.
    """
    service = sandbox._running
    with service.store.transaction() as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {name: _rows(db, name) for (name,) in tables}
    del found["account"], found["documents"]  # the other tables have them
    for rows in found.values():
        for row in rows:
            for name, value in row.items():
                if isinstance(value, str):
                    row[name] = value.replace(service.origin, "ORIGIN")
    return found


def _rows(db: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    cursor = db.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    if "key" not in names or table in OWNERS:
        rows.sort(key=repr)
    else:
        rows.sort(key=lambda row: (row.get("world", ""), row["key"]))
    for row in rows:
        key = row.pop("key", None)
        if key is not None and table not in PLAIN:
            found = db.execute("SELECT body FROM documents WHERE key = ?", (key,))
            (row["body"],) = found.fetchone()
    return sorted(rows, key=repr) if table in OWNERS else rows
