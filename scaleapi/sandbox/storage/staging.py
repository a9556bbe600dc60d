"""Long changes: made in a copy of the database, and taken over in one short transaction."""

# Names in the SQL below are those of our own tables and columns; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_OWN_KEYS = ("deliveries", "probes", "studio_assignments")
"""Tables that number their rows themselves; the keys of all others are those of documents."""


class _Table(NamedTuple):
    columns: list[str]
    has_own_key: bool
    """Whether the column ``key`` identifies a row, rather than refer to one."""


def start(copy: sqlite3.Connection) -> Mapping[str, int]:
    """Note the changes to a copy from now on.

    Returns:
        The last key of each table that numbers rows.
    """
    tables = _tables(copy)
    copy.execute("CREATE TABLE changed (name TEXT, key INTEGER, PRIMARY KEY (name, key))")
    for name, table in tables.items():
        if table.has_own_key:
            copy.execute(
                f"CREATE TEMP TRIGGER {name}_changed AFTER UPDATE ON main.{name}"
                f" BEGIN INSERT OR IGNORE INTO changed VALUES ('{name}', OLD.key); END"
            )
    return {name: _last_key(copy, name) for name in ("documents", *_OWN_KEYS)}


def take_over(db: sqlite3.Connection, path: Path, last_keys: Mapping[str, int]) -> None:
    """Copy what was added to and changed in a copy, all or nothing; deletions are ignored.

    Args:
        db: The database.
        path: The file of the copy.
        last_keys: The result of `start`.

    Raises:
        sqlite3.Error: If that fails, for instance because the disk is full.
    """
    db.execute("ATTACH ? AS staged", (str(path),))
    try:
        db.execute("BEGIN")
        # Others have added rows meanwhile: new keys continue after theirs.
        steps = {table: _last_key(db, table) - last for table, last in last_keys.items()}
        for name, table in _tables(db).items():
            keyed = name if name in _OWN_KEYS else "documents"
            _copy(db, name, table, last_keys[keyed], steps[keyed])
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute("DETACH staged")


def _copy(db: sqlite3.Connection, name: str, table: _Table, last_key: int, step: int) -> None:
    columns = ", ".join(table.columns)
    new_key = "key + (CASE WHEN key > :last_key THEN :step ELSE 0 END)"
    values = ", ".join(new_key if column == "key" else column for column in table.columns)
    copied = f"INTO main.{name} ({columns}) SELECT {values} FROM staged.{name}"
    keys = {"last_key": last_key, "step": step, "name": name}
    if not table.has_own_key:
        db.execute(f"INSERT OR IGNORE {copied}", keys)
        return
    db.execute(f"INSERT {copied} WHERE key > :last_key ORDER BY key", keys)
    changes = ", ".join(f"{column} = excluded.{column}" for column in table.columns)
    db.execute(
        f"INSERT {copied} WHERE key <= :last_key"
        " AND key IN (SELECT key FROM staged.changed WHERE name = :name)"
        f" ON CONFLICT (key) DO UPDATE SET {changes}",
        keys,
    )


def _tables(db: sqlite3.Connection) -> dict[str, _Table]:
    """Return the tables of resources."""
    names = db.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name != 'account'"
    ).fetchall()
    found: dict[str, _Table] = {}
    for (name,) in names:
        rows = db.execute(f"PRAGMA main.table_info({name})").fetchall()
        found[name] = _Table(
            [row[1] for row in rows], [row[1] for row in rows if row[5]] == ["key"]
        )
    return found


def _last_key(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT COALESCE(MAX(key), 0) FROM main.{table}").fetchone()[0])
