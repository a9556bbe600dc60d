"""Verifying the content of a database: every value of every table is one that routes can use."""

# Names in the SQL below are those of our own tables and columns; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from ..base.clock import Clock
from ..base.documents import is_object
from ..base.errors import Refusal
from ..base.validation import parse_json
from .shapes import CHOICES, JSON_COLUMNS, check_document
from .tables import DOCUMENT_TABLES, TableSpec


class InvalidContentError(Exception):
    """The content of a database cannot be used; the message says what is wrong with it."""


class _Column(NamedTuple):
    name: str
    declared: str
    not_null: bool


_TYPES = {"TEXT": "text", "INTEGER": "integer", "REAL": "real", "BLOB": "blob"}
"""What SQLite calls a value of each declared type."""

_LARGEST_SIDE = 2**32 - 1
"""The largest width or height in the header of an image."""

_REFERENCES = (
    ("batches", "project", "projects", "name"),
    ("tasks", "project", "projects", "name"),
    ("tasks", "batch", "batches", "name"),
    ("tasks", "delivery", "task_deliveries", "id"),
    ("task_deliveries", "project", "projects", "name"),
)
"""A column, and the column of the same mode in which each of its values must be."""


def verify_content(db: sqlite3.Connection) -> None:
    """Check every value of a database that has the current schema.

    Raises:
        InvalidContentError: If one could not be used.
        sqlite3.Error: If one cannot be read, such as text that is not UTF-8.
    """
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        columns = [
            _Column(name, declared, bool(not_null))
            for _, name, declared, not_null, *_ in db.execute(f"PRAGMA table_info({table})")
        ]
        _check_columns(db, table, columns)
    _check_account(db)
    for column, (table, kind) in JSON_COLUMNS.items():
        rows = db.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
        if not all(kind.matches(_parsed(table, text)) for (text,) in rows):
            raise InvalidContentError(f"{table}.{column} must be {kind.expected}")
    for spec in DOCUMENT_TABLES:
        _check_documents(db, spec)
    for table, column, other, identity in _REFERENCES:
        if db.execute(
            f"SELECT 1 FROM {table} AS t WHERE {column} IS NOT NULL AND NOT EXISTS"
            f" (SELECT 1 FROM {other} AS o WHERE o.world = t.world AND o.{identity} = t.{column})"
        ).fetchone():
            raise InvalidContentError(f"{table}.{column} must be in {other}.{identity}")


def _check_columns(db: sqlite3.Connection, table: str, columns: list[_Column]) -> None:
    for column in columns:
        wrong = f"NOT ({_condition(table, column)})"
        if db.execute(f"SELECT 1 FROM {table} WHERE {wrong} LIMIT 1").fetchone():
            raise InvalidContentError(f"{table}.{column.name} has an invalid value")
    if table not in ("documents", "account"):  # which are read below
        texts = [column.name for column in columns if column.declared == "TEXT"]
        for _ in db.execute(f"SELECT {', '.join(texts)} FROM {table}"):
            pass  # Reading decodes them.


def _condition(table: str, column: _Column) -> str:
    """Return the SQL condition that a value of a column meets."""
    name = column.name
    parts = [f"typeof({name}) = '{_TYPES[column.declared]}'"]
    if name in CHOICES:
        parts.append(f"{name} IN ({', '.join(map(repr, CHOICES[name]))})")
    elif name.endswith("_at") and name != "frozen_at":
        # The modifier turns a day that does not exist into another one.
        same = f"strftime('%Y-%m-%dT%H:%M:%fZ', {name}, '+0 days') IS {name}"
        parts.append(f"{same} AND {name} >= '0001'")
    elif table == "files" and name in ("width", "height"):
        parts.append(f"{name} BETWEEN 1 AND {_LARGEST_SIDE} AND width * height IS NOT NULL")
    condition = " AND ".join(parts)
    return condition if column.not_null else f"{name} IS NULL OR {condition}"


def _check_account(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT ahead, frozen_at FROM account").fetchall()
    if len(rows) != 1:
        raise InvalidContentError("there must be one account")
    try:
        Clock.check(*rows[0])
    except ValueError as error:
        raise InvalidContentError(f"account: {error}") from None


def _check_documents(db: sqlite3.Connection, table: TableSpec) -> None:
    names = ", ".join(table.fields)
    rows = db.execute(f"SELECT body, {names} FROM {table.name} LEFT JOIN documents USING (key)")
    for body, *values in rows:
        document = None if body is None else _parsed(table.name, body)
        if not is_object(document):
            raise InvalidContentError(f"a document of {table.name} must be an object")
        try:
            check_document(table.name, document)
        except ValueError as error:
            raise InvalidContentError(f"a document of {table.name}: {error}") from None
        if values != [document.get(name) for name in table.fields]:
            raise InvalidContentError(f"{table.name} has other values than its documents")


def _parsed(table: str, text: str) -> object:
    try:
        return parse_json(text.encode())
    except Refusal:
        raise InvalidContentError(f"{table} must have JSON") from None
