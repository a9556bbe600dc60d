"""Lists: filters, keyset pagination and totals."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..base.documents import JsonObject, dumps
from ..base.modes import Mode
from ..base.validation import invalid
from ..storage.store import SqlValue
from .transaction import TaskRead, Transaction

PAGE_LIMIT = 100
"""Largest and default page size."""

OFFSET_LIMIT = 2**31
"""Largest offset."""


class Where:
    """A WHERE clause on rows of one mode, built filter by filter.

    Args:
        mode: The mode.
    """

    def __init__(self, mode: Mode) -> None:
        self._parts = ["world = ?"]
        self.values: list[SqlValue] = [mode]

    def __str__(self) -> str:
        return " AND ".join(self._parts)

    def add(self, condition: str, *values: SqlValue) -> None:
        """Add a condition with its bound values."""
        self._parts.append(condition)
        self.values += values

    def equal(self, column: str, value: str | None) -> None:
        """Filter by a value, if it is given."""
        if value is not None:
            self.add(f"{column} = ?", value)

    def one_of(self, column: str, values: Sequence[str]) -> None:
        """Filter by any of several values, if any are given."""
        if values:
            self.add(f"{column} IN ({_placeholders(values)})", *values)

    def between(self, column: str, first: str | None, last: str | None) -> None:
        """Filter by a range, both ends included and optional."""
        if first is not None:
            self.add(f"{column} >= ?", first)
        if last is not None:
            self.add(f"{column} <= ?", last)

    def tagged(self, tags: Sequence[str]) -> None:
        """Filter tasks by any of several tags, if any are given."""
        if tags:
            self.add(
                "EXISTS (SELECT 1 FROM task_tags AS t"
                f" WHERE t.key = tasks.key AND t.tag IN ({_placeholders(tags)}))",
                *tags,
            )

    def has_metadata(self, name: str, value: object) -> None:
        """Filter documents by a metadata value."""
        if isinstance(value, (dict, list)):
            raise invalid("metadata", "must have values that are neither objects nor arrays")
        self.add(
            "EXISTS (SELECT 1 FROM json_each(documents.body, '$.metadata') AS m"
            " WHERE m.key = ? AND m.atom IS json_extract(?, '$'))",
            name,
            dumps(value),
        )

    def reviewed(self, statuses: Sequence[str]) -> None:
        """Filter tasks by review status; a missing one counts as pending."""
        if not statuses:
            return
        condition = f"customer_review_status IN ({_placeholders(statuses)})"
        if "pending" in statuses:
            condition = f"({condition} OR customer_review_status IS NULL)"
        self.add(condition, *statuses)


def _placeholders(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


class Cursor(NamedTuple):
    """The last row of a page; the next page starts after it."""

    id: str
    created_at: str

    def __str__(self) -> str:
        return base64.b64encode(dumps(self._asdict()).encode()).decode()

    @classmethod
    def parse(cls, name: str, token: str | None) -> Cursor | None:
        """Parse a cursor from an earlier response; raise 400 if it is invalid.

        Args:
            name: The name of its query parameter.
            token: The cursor, if any.
        """
        if token is None:
            return None
        try:
            # An unescaped "+" arrives as a space.
            content = json.loads(base64.b64decode(token.replace(" ", "+"), validate=True))
            last, created_at = content["id"], content["created_at"]
        except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
            last = created_at = None
        if not isinstance(last, str) or not isinstance(created_at, str):
            raise invalid(name, "must be a cursor from an earlier response")
        return cls(last, created_at)


class Page(NamedTuple):
    """One page of a list.

    Attributes:
        texts: The documents as JSON text.
        total: The number of documents on all pages.
        next: The cursor of the next page; None on the last one.
    """

    texts: list[str]
    total: int
    next: Cursor | None


def documents(tx: Transaction, table: str, where: Where, order: str) -> list[JsonObject]:
    """Return all documents of a list without pagination."""
    rows = tx.db.execute(
        f"SELECT body FROM {table} JOIN documents USING (key) WHERE {where} ORDER BY {order}",
        where.values,
    )
    return [json.loads(body) for (body,) in rows]


class Keyset(NamedTuple):
    """A table and its order for keyset pagination, newest first.

    Attributes:
        table: The name of the table.
        time: The column to order by.
        identity: The column that breaks ties.
        more: An extra column to return.
    """

    table: str
    time: str
    identity: str
    more: str = "NULL"


TASK_ROWS = Keyset("tasks", "created_at", "task_id", "reads_left")
FILE_ROWS = Keyset("file_projects", "created_at", "id")


def keyset_query(
    keyset: Keyset, where: Where, limit: int, after: Cursor | None
) -> tuple[str, list[SqlValue]]:
    """Return the SQL of a page, which uses an index starting at the cursor."""
    table, time, identity, more = keyset
    condition, values = str(where), list(where.values)
    if after is not None:
        condition += f" AND ({time}, {identity}) < (?, ?)"
        values += [after.created_at, after.id]
    query = (
        f"SELECT {identity}, {time}, {more}, body FROM {table} JOIN documents USING (key)"
        f" WHERE {condition} ORDER BY {time} DESC, {identity} DESC LIMIT ?"
    )
    return query, [*values, limit + 1]


def keyset_rows(
    tx: Transaction, keyset: Keyset, where: Where, limit: int, after: Cursor | None
) -> tuple[list[Any], Cursor | None]:
    """Return the rows of a page (identity, time, extra column, document) and the next cursor."""
    query, values = keyset_query(keyset, where, limit, after)
    rows = tx.db.execute(query, values).fetchall()
    shown = rows[:limit]
    return shown, Cursor(str(shown[-1][0]), shown[-1][1]) if len(rows) > limit else None


def task_page(tx: Transaction, where: Where, limit: int, after: Cursor | None) -> Page:
    """Return a page of tasks, newest first, and count the reads."""
    total = tx.store.total(f"SELECT COUNT(*) FROM tasks WHERE {where}", where.values)
    rows, more = keyset_rows(tx, TASK_ROWS, where, limit, after)
    tx.count_reads(TaskRead(row[0], row[2]) for row in rows)
    return Page([row[3] for row in rows], total, more)


def batch_page(tx: Transaction, where: Where, limit: int, offset: int) -> Page:
    """Return a page of batches, newest first."""
    total = tx.store.total(f"SELECT COUNT(*) FROM batches WHERE {where}", where.values)
    rows = tx.db.execute(
        f"SELECT body FROM batches JOIN documents USING (key) WHERE {where}"
        " ORDER BY created_at DESC, key DESC LIMIT ? OFFSET ?",
        (*where.values, limit, offset),
    ).fetchall()
    return Page([row[0] for row in rows], total, None)


def file_page(tx: Transaction, where: Where, limit: int, after: Cursor | None) -> Page:
    """Return a page of the files of a project, newest first."""
    total = tx.store.total(
        f"SELECT COUNT(*) FROM file_projects JOIN documents USING (key) WHERE {where}",
        where.values,
    )
    rows, more = keyset_rows(tx, FILE_ROWS, where, limit, after)
    return Page([row[3] for row in rows], total, more)
