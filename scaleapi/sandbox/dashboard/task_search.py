"""Rows of task lists, read from narrow rows over an index: no document is touched."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

from typing import NamedTuple, cast

from ..resources.listing import Cursor, Where
from ..resources.transaction import World

STATUSES = ("pending", "completed", "error", "canceled")

_COLUMNS = (
    "task_id, created_at, status, type, project, batch, unique_id, customer_review_status,"
    " tasks.key"
)


class TaskRow(NamedTuple):
    """A task as lists show it."""

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
    world: World,
    where: Where,
    limit: int,
    *,
    tag: str | None = None,
    after: Cursor | None = None,
) -> tuple[list[TaskRow], Cursor | None]:
    """Return a page of tasks, newest first.

    Args:
        world: The world.
        where: What to show.
        limit: How many rows to return at most.
        tag: Show only tasks with this tag.
        after: Where the page begins.

    Returns:
        The rows, and where the next page begins if there is one. Nothing counts as read.
    """
    query = _tagged if tag is not None else _by_age
    text, values = query(where, tag, after)
    found = world.db.execute(f"{text} LIMIT ?", (*values, limit + 1)).fetchall()
    shown = found[:limit]
    tags = _tags(world, [row[-1] for row in shown])
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
    """Walk the tasks of a tag from the last to the first, which is by age as well."""
    condition, values = f"tag = ? AND {where}", [tag, *where.values]
    if after is not None:
        condition += " AND task_tags.key < (SELECT key FROM tasks WHERE task_id = ?)"
        values.append(after.id)
    query = (
        f"SELECT {_COLUMNS} FROM task_tags CROSS JOIN tasks USING (key)"
        f" WHERE {condition} ORDER BY task_tags.key DESC"
    )
    return query, cast("list[object]", values)


def _tags(world: World, keys: list[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {key: [] for key in keys}
    rows = world.db.execute(
        f"SELECT key, tag FROM task_tags WHERE key IN ({', '.join('?' * len(keys))})", keys
    )
    for key, tag in rows:
        tags[key].append(tag)
    return tags


def find_task(world: World, text: str) -> str | None:
    """Return the id of the task that has this id or this ``unique_id``."""
    row = world.db.execute(
        "SELECT task_id FROM tasks WHERE task_id = ? AND world = ?", (text, world.name)
    ).fetchone()
    return row[0] if row else world.holder(text)
