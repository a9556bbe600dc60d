"""Copying a database of an older version to the current schema."""

# Names in the SQL below are those of our own tables and columns; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

_NEW_ID = "lower(hex(randomblob(12)))"
_TYPE = "SELECT json_extract(body, '$.type') FROM main.documents WHERE key = "

NEW_COLUMNS: Mapping[int, Mapping[str, Mapping[str, str]]] = {
    1: {
        "projects": {"type": f"({_TYPE} projects.key)", "id": _NEW_ID},
        "batches": {
            "id": f"(SELECT COALESCE(json_extract(body, '$.id'), {_NEW_ID})"
            " FROM main.documents WHERE key = batches.key)",
            "generative": f"COALESCE(({_TYPE} (SELECT key FROM main.projects AS p"
            " WHERE p.world = batches.world AND p.name = batches.project))"
            " IN ('chat', 'chatexperimental', 'chatlite', 'multichat', 'multistage'), 0)",
        },
    },
}
"""The values of columns that came after a version and have no default, by table."""

_SINCE_3 = {"probes"}
_SINCE_2 = {
    "annotations",
    "dataset_deliveries",
    "dataset_tasks",
    "datasets",
    "response_schemas",
    "task_deliveries",
}
NEW_TABLES: Mapping[int, set[str]] = {1: _SINCE_2 | _SINCE_3, 2: _SINCE_3}
"""The tables that came after a version; they start empty."""


def copy_older(db: sqlite3.Connection, version: int, path: Path) -> None:
    """Copy everything from a database of an older version.

    Args:
        db: The older database.
        version: Its version.
        path: A database with the current schema and no content.

    Raises:
        sqlite3.Error: If it does not have the tables of its version.
    """
    db.execute("ATTACH ? AS migrated", (str(path),))
    try:
        db.execute("BEGIN")
        for table in _tables(db, "migrated"):
            if table not in NEW_TABLES[version]:
                _copy_table(db, table, NEW_COLUMNS.get(version, {}).get(table, {}))
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute("DETACH migrated")


def _copy_table(db: sqlite3.Connection, table: str, new_columns: Mapping[str, str]) -> None:
    had = _columns(db, "main", table)
    values = {name: name for name in _columns(db, "migrated", table) if name in had}
    values.update(new_columns)
    db.execute(
        f"INSERT INTO migrated.{table} ({', '.join(values)})"
        f" SELECT {', '.join(values.values())} FROM main.{table}"
    )


def _tables(db: sqlite3.Connection, schema: str) -> list[str]:
    rows = db.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'")
    return [name for (name,) in rows]


def _columns(db: sqlite3.Connection, schema: str, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"PRAGMA {schema}.table_info({table})")]
