"""Batch pages, with the progress of each batch and the operations on it."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from ..base.documents import JsonObject
from ..base.errors import Refusal, not_found
from ..callbacks.outbox import Outbox
from ..resources.batches import operate
from ..resources.listing import OFFSET_LIMIT, Where
from ..rules import lifecycle
from ..rules.lifecycle import Operation
from ..rules.statuses import BATCH_STATUSES
from ..web import query, transaction
from .choices import project_names
from .page import ROWS, Sorting, query_without, render
from .task_search import task_rows

batches = Blueprint("batches", __name__)

_LATEST = 10
_SORTING = Sorting("-created", {"name": "name", "status": "status", "created": "created_at"})

_OPERATIONS: Mapping[Operation, tuple[str, str]] = {
    "finalize": ("Finalize", "The batch is finalized."),
    "pause": ("Pause", "The batch is paused."),
    "resume": ("Resume", "The batch is resumed."),
    "cancel": ("Cancel batch", "The batch is cancelled."),
}
"""The title of each operation, and the message shown after it."""


@batches.get("/batches")
def list_batches() -> Response:
    """Show a page of batches."""
    wanted = query()
    offset = wanted.integer("offset", 0, 0, OFFSET_LIMIT)
    order = _SORTING.order(wanted)
    with transaction() as tx:
        where = Where(tx.mode)
        where.equal("project", wanted.text("project"))
        where.equal("status", wanted.choice("status", BATCH_STATUSES))
        total = tx.store.total(f"SELECT COUNT(*) FROM batches WHERE {where}", where.values)
        texts = tx.db.execute(
            f"SELECT body FROM batches JOIN documents USING (key) WHERE {where}"
            f" ORDER BY {order} LIMIT ? OFFSET ?",
            (*where.values, ROWS, offset),
        ).fetchall()
        found = [json.loads(text) for (text,) in texts]
        rows = [batch | {"counts": tx.counts(batch["name"])} for batch in found]
        projects = project_names(tx)
    given = query_without("offset")
    return render(
        "batch_list.html",
        rows=rows,
        given=given,
        statuses=BATCH_STATUSES,
        projects=projects,
        order=_SORTING.given(wanted),
        offset=offset,
        size=ROWS,
        more=offset + len(rows) < total,
        total=total,
    )


@batches.get("/batches/<name>")
def show_batch(name: str) -> Response:
    """Show one batch, without counting its tasks as read."""
    done = query().choice("done", _OPERATIONS)
    return _page(name, notice=_OPERATIONS[cast(Operation, done)][1] if done else "")


def _page(name: str, status: int = 200, notice: str = "", problem: str = "") -> Response:
    with transaction() as tx:
        batch = tx.batch(name)
        where = Where(tx.mode)
        where.equal("batch", name)
        latest, _ = task_rows(tx, where, _LATEST)
        counts = tx.counts(name)
        deliveries = Outbox(tx.db).of_batch(tx.mode, name)
        operations = {one: title for one, (title, _) in _OPERATIONS.items() if _allows(batch, one)}
    return render(
        "batch_detail.html",
        status,
        batch=batch | {"counts": counts},
        latest=latest,
        deliveries=deliveries,
        operations=operations,
        notice=notice,
        problem=problem,
    )


def _allows(batch: JsonObject, operation: Operation) -> bool:
    try:
        lifecycle.operate(batch, operation)
    except Refusal:
        return False
    return True


@batches.post("/batches/<name>/<operation>")
def act(name: str, operation: str) -> Response:
    """Apply an operation to a batch."""
    if operation not in _OPERATIONS:
        raise not_found(f'There is no operation "{operation}" on batches.')
    try:
        with transaction() as tx:
            operate(tx, tx.batch(name), cast(Operation, operation))
    except Refusal as refusal:
        if refusal.status_code == 404:
            raise
        return _page(name, refusal.status_code, problem=refusal.error)
    return redirect(url_for(".show_batch", name=name, done=operation), 303)
