"""The queue of pending tasks, oldest first."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from ..resources.listing import Where
from ..resources.transaction import Transaction
from ..web import query, transaction

queue = Blueprint("queue", __name__)


def pending(tx: Transaction, project: str | None, batch: str | None) -> Where:
    """Return the condition on tasks that can be worked on now."""
    where = Where(tx.mode)
    where.equal("status", "pending")
    where.equal("project", project)
    where.equal("batch", batch)
    where.add(
        "(batch IS NULL OR NOT EXISTS (SELECT 1 FROM batches AS b WHERE b.world = tasks.world"
        " AND b.name = tasks.batch AND b.status IN ('staging', 'paused')))"
    )
    return where


def waiting(tx: Transaction, project: str | None, batch: str | None) -> int:
    """Return the number of tasks in the queue."""
    where = pending(tx, project, batch)
    return tx.store.total(f"SELECT COUNT(*) FROM tasks WHERE {where}", where.values)


@queue.get("/next")
def next_task() -> Response:
    """Redirect to the oldest task in the queue, or to the one that follows ``after``.

    After the last task, the queue starts again with the first.
    """
    wanted = query()
    given: dict[str, Any] = {name: wanted.text(name) for name in ("project", "batch")}
    after = wanted.text("after")
    with transaction() as tx:
        found = after and _first(tx, pending(tx, **given), after)
        found = found or _first(tx, pending(tx, **given), None)
    if found is None:
        return redirect(url_for("dashboard.tasks.list_tasks", **given, done="queue"), 303)
    return redirect(url_for("dashboard.label.show", task_id=found, **given), 303)


def _first(tx: Transaction, where: Where, after: str | None) -> str | None:
    if after is not None:
        where.add(
            "(created_at, task_id) > (SELECT created_at, task_id FROM tasks WHERE task_id = ?)",
            after,
        )
    row = tx.db.execute(
        f"SELECT task_id FROM tasks WHERE {where} ORDER BY created_at, task_id LIMIT 1",
        where.values,
    ).fetchone()
    return row[0] if row else None
