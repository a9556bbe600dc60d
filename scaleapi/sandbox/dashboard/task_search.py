"""Rows of task lists. Only indexed columns are read, no documents."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

from typing import NamedTuple, cast

from ..resources.listing import Cursor, Where
from ..resources.transaction import Transaction

_COLUMNS = (
    "task_id, created_at, status, type, project, batch, unique_id, customer_review_status,"
    " tasks.key"
)


class TaskRow(NamedTuple):
    """A row of a task list."""

    task_id: str
    created_at: str
    status: str
    type: str
    project: str | None
    batch: str | None
    unique_id: str | None
    review: str | None
    tags: list[str]


def task_rows(
    tx: Transaction,
    where: Where,
    limit: int,
    *,
    tag: str | None = None,
    after: Cursor | None = None,
) -> tuple[list[TaskRow], Cursor | None]:
    """Return a page of tasks, newest first.

    Args:
        tx: The open transaction.
        where: The condition on tasks.
        limit: Largest number of rows.
        tag: A tag that the tasks must have, if given.
        after: The last row of the previous page, if any.

    Returns:
        The rows, and the cursor of the next page if there is one. This does not count as a read.
    """
    query = _tagged if tag is not None else _by_age
    text, values = query(where, tag, after)
    found = tx.db.execute(f"{text} LIMIT ?", (*values, limit + 1)).fetchall()
    shown = found[:limit]
    tags = _tags(tx, [row[-1] for row in shown])
    rows = [TaskRow._make([*row[:-1], tags[row[-1]]]) for row in shown]
    more = Cursor(rows[-1].task_id, rows[-1].created_at) if len(found) > limit else None
    return rows, more


def _by_age(where: Where, _tag: str | None, after: Cursor | None) -> tuple[str, list[object]]:
    condition, values = str(where), list[object](where.values)
    if after is not None:
        condition += " AND (created_at, task_id) < (?, ?)"
        values += [after.created_at, after.id]
    query = f"SELECT {_COLUMNS} FROM tasks WHERE {condition} ORDER BY created_at DESC, task_id DESC"
    return query, values


def _tagged(where: Where, tag: str | None, after: Cursor | None) -> tuple[str, list[object]]:
    """Walk the tasks of a tag in reverse key order, which is newest first."""
    condition, values = f"tag = ? AND {where}", [tag, *where.values]
    if after is not None:
        condition += " AND task_tags.key < (SELECT key FROM tasks WHERE task_id = ?)"
        values.append(after.id)
    query = (
        f"SELECT {_COLUMNS} FROM task_tags CROSS JOIN tasks USING (key)"
        f" WHERE {condition} ORDER BY task_tags.key DESC"
    )
    return query, cast("list[object]", values)


def _tags(tx: Transaction, keys: list[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {key: [] for key in keys}
    rows = tx.db.execute(
        f"SELECT key, tag FROM task_tags WHERE key IN ({', '.join('?' * len(keys))})", keys
    )
    for key, tag in rows:
        tags[key].append(tag)
    return tags


def find_task(tx: Transaction, text: str) -> str | None:
    """Return the id of the task with this id or ``unique_id``, if any."""
    row = tx.db.execute(
        "SELECT task_id FROM tasks WHERE task_id = ? AND world = ?", (text, tx.mode)
    ).fetchone()
    return row[0] if row else tx.task_with_unique_id(text)
