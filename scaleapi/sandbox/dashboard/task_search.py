"""Rows of task lists: filtered, searched and sorted."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

from typing import NamedTuple

from ..base.validation import is_http
from ..resources.listing import Cursor, Where
from ..resources.transaction import Transaction
from ..storage.store import SqlValue
from .page import Sorting
from .pictures import source

_COLUMNS = (
    "task_id, created_at, status, type, project, batch, unique_id, customer_review_status,"
    " tasks.key"
)
_SORTED = {
    "created": "created_at",
    "status": "status",
    "type": "type",
    "project": "COALESCE(project, '')",
    "batch": "COALESCE(batch, '')",
    "unique_id": "COALESCE(unique_id, '')",
    "review": "COALESCE(customer_review_status, '')",
}


TASK_SORTING = Sorting("-created", _SORTED)


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
    image: str | None


def task_rows(
    tx: Transaction,
    where: Where,
    limit: int,
    *,
    tag: str | None = None,
    order: str = TASK_SORTING.default,
    after: Cursor | None = None,
) -> tuple[list[TaskRow], Cursor | None]:
    """Return a page of tasks.

    Args:
        tx: The open transaction.
        where: The condition on tasks.
        limit: Largest number of rows.
        tag: A tag that the tasks must have, if given.
        order: The column to sort by, with ``-`` before it if descending.
        after: The last row of the previous page, if any.

    Returns:
        The rows, and the cursor of the next page if there is one. This does not count as a read.
    """
    column = _SORTED[order.removeprefix("-")]
    table, condition, values = _condition(where, tag)
    direction, sign = ("DESC", "<") if order.startswith("-") else ("ASC", ">")
    by, identity = f"{column} {direction}", "task_id"
    if tag is not None and order == TASK_SORTING.default:
        # The keys of a tag are in the order of age.
        by, column, identity = "", "", "task_tags.key"
    if after is not None and column:
        condition += f" AND ({column}, task_id) {sign} (?, ?)"
        values += [after.created_at, after.id]
    elif after is not None:
        condition += " AND task_tags.key < (SELECT key FROM tasks WHERE task_id = ?)"
        values.append(after.id)
    ordering = ", ".join(filter(None, (by, f"{identity} {direction}")))
    found = tx.db.execute(
        f"SELECT {_COLUMNS}, {column or 'created_at'} FROM {table} WHERE {condition}"
        f" ORDER BY {ordering} LIMIT ?",
        (*values, limit + 1),
    ).fetchall()
    shown = found[:limit]
    keys = [row[-2] for row in shown]
    tags, images = _tags(tx, keys), _images(tx, keys)
    rows = [TaskRow._make([*row[:-2], tags[row[-2]], images.get(row[-2])]) for row in shown]
    more = Cursor(shown[-1][0], shown[-1][-1]) if len(found) > limit else None
    return rows, more


def task_total(tx: Transaction, where: Where, tag: str | None = None) -> int:
    """Return the number of tasks on all pages."""
    table, condition, values = _condition(where, tag)
    return tx.store.total(f"SELECT COUNT(*) FROM {table} WHERE {condition}", tuple(values))


def _condition(where: Where, tag: str | None) -> tuple[str, str, list[SqlValue]]:
    if tag is None:
        return "tasks", str(where), [*where.values]
    table = "task_tags CROSS JOIN tasks USING (key)"
    return table, f"tag = ? AND {where}", [tag, *where.values]


def _tags(tx: Transaction, keys: list[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {key: [] for key in keys}
    rows = tx.db.execute(
        f"SELECT key, tag FROM task_tags WHERE key IN ({', '.join('?' * len(keys))})", keys
    )
    for key, tag in rows:
        tags[key].append(tag)
    return tags


def _images(tx: Transaction, keys: list[int]) -> dict[int, str]:
    """Return links to the images of tasks."""
    rows = tx.db.execute(
        "SELECT key, json_extract(body, '$.params.attachment') FROM documents"
        f" WHERE key IN ({', '.join('?' * len(keys))}) AND json_valid(body)"
        " AND json_extract(body, '$.params.attachment_type') = 'image'",
        keys,
    ).fetchall()
    links = {key: source(tx, text) for key, text in rows if isinstance(text, str)}
    return {key: link for key, link in links.items() if is_http(link)}


def find_task(tx: Transaction, text: str) -> str | None:
    """Return the id of the task with this id or ``unique_id``, if any."""
    row = tx.db.execute(
        "SELECT task_id FROM tasks WHERE task_id = ? AND world = ?", (text, tx.mode)
    ).fetchone()
    return row[0] if row else tx.task_with_unique_id(text)
