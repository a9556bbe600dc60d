"""Batch pages, with the progress of each batch."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from ..callbacks.outbox import Outbox
from ..resources.listing import OFFSET_LIMIT, Where, batch_page
from ..rules.statuses import BATCH_STATUSES
from ..web import query, transaction
from .page import ROWS, render
from .task_search import task_rows

batches = Blueprint("batches", __name__)

_LATEST = 10


@batches.get("/batches")
def list_batches() -> Response:
    """Show a page of batches, newest first."""
    wanted = query()
    offset = wanted.integer("offset", 0, 0, OFFSET_LIMIT)
    with transaction() as tx:
        where = Where(tx.mode)
        where.equal("project", wanted.text("project"))
        where.equal("status", wanted.choice("status", BATCH_STATUSES))
        page = batch_page(tx, where, ROWS, offset)
        found = [json.loads(text) for text in page.texts]
        rows = [batch | {"counts": tx.counts(batch["name"])} for batch in found]
    given = {name: value for name, value in request.args.items() if value and name != "offset"}
    return render(
        "batch_list.html",
        rows=rows,
        given=given,
        statuses=BATCH_STATUSES,
        offset=offset,
        size=ROWS,
        more=offset + len(rows) < page.total,
        total=page.total,
    )


@batches.get("/batches/<name>")
def show_batch(name: str) -> Response:
    """Show one batch, without counting its tasks as read."""
    with transaction() as tx:
        batch = tx.batch(name)
        where = Where(tx.mode)
        where.equal("batch", name)
        latest, _ = task_rows(tx, where, _LATEST)
        counts = tx.counts(name)
        deliveries = Outbox(tx.db).of_batch(tx.mode, name)
    return render(
        "batch_detail.html", batch=batch | {"counts": counts}, latest=latest, deliveries=deliveries
    )
