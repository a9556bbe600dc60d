"""Exporting the state as a seed."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from ..base.documents import JsonObject
from ..base.modes import MODES, Mode
from ..storage.tables import TableSpec
from .sections import DOCUMENT_SECTIONS, ORIGIN, ROW_SECTIONS, RowTable, columns


def export_seed(db: sqlite3.Connection, origin: str, now: datetime) -> JsonObject:
    """Return a seed that recreates the state.

    Args:
        db: The database, with a transaction open.
        origin: The sandbox's URL without a path, as in its links.
        now: The current time, from which due times are counted.
    """
    parts = {mode: _part(db, mode, origin, now) for mode in MODES}
    return {mode: part for mode, part in parts.items() if part}


def _part(db: sqlite3.Connection, mode: Mode, origin: str, now: datetime) -> JsonObject:
    links = f"{origin}/v1/task/"
    sections: JsonObject = {
        name: _documents(db, table, mode, links, now) for name, table in DOCUMENT_SECTIONS.items()
    }
    for name, table in ROW_SECTIONS.items():
        sections[name] = _rows(db, table, mode, links, now)
    return {name: entries for name, entries in sections.items() if entries}


def _documents(
    db: sqlite3.Connection, table: TableSpec, mode: Mode, links: str, now: datetime
) -> list[JsonObject]:
    extra = [column for column in columns(db, table.name) if column.name not in table.fields]
    names = ", ".join(["body", *(column.name for column in extra)])
    rows = db.execute(
        f"SELECT {names} FROM {table.name} JOIN documents USING (key) WHERE world = ? ORDER BY key",
        (mode,),
    )
    return [
        {"resource": json.loads(body.replace(links, ORIGIN))}
        | {
            column.key: column.exported(value, now)
            for column, value in zip(extra, values, strict=True)
            if value not in (None, 0)
        }
        for body, *values in rows
    ]


def _rows(
    db: sqlite3.Connection, table: RowTable, mode: Mode, links: str, now: datetime
) -> list[JsonObject]:
    given = columns(db, table.name)
    rows = db.execute(
        f"SELECT {', '.join(column.name for column in given)} FROM {table.name} WHERE world = ?"
        f" ORDER BY {table.order}",
        (mode,),
    )
    entries: list[JsonObject] = []
    for row in rows:
        values = (v.replace(links, ORIGIN) if isinstance(v, str) else v for v in row)
        entries.append(
            {
                column.key: column.exported(value, now)
                for column, value in zip(given, values, strict=True)
                if value is not None
            }
        )
    return entries
