"""Batches."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from ..base.documents import JsonObject
from ..base.modes import Mode
from ..base.validation import Query, integer, metadata
from ..resources.batches import create_batch, finalize
from ..resources.listing import OFFSET_LIMIT, PAGE_LIMIT, Where, batch_page
from ..resources.transaction import Transaction
from ..rules import lifecycle
from ..rules.statuses import BATCH_STATUSES
from ..web import body, json_response, object_body, query, transaction

batches = Blueprint("batches", __name__)


@batches.post("/batches")
def post_batch() -> Response:
    """Create a batch; in Rapid and Studio projects it is staged first."""
    body = object_body()
    with transaction() as tx:
        return json_response(create_batch(tx, body))


@batches.get("/batches")
def list_batches() -> Response:
    """List a page of batches that match all filters, newest first."""
    wanted = query()
    limit = wanted.integer("limit", PAGE_LIMIT, 1, PAGE_LIMIT)
    offset = wanted.integer("offset", 0, 0, OFFSET_LIMIT)
    detailed = wanted.flag("detailed")
    wanted.flag("exclude_archived")  # Nothing archives a project, so none is excluded.
    with transaction() as tx:
        page = batch_page(tx, _filters(wanted, tx.mode), limit, offset)
        docs = [json.loads(text) for text in page.texts]
        if detailed:
            docs = [batch | {"progress": tx.counts(batch["name"])} for batch in docs]
    more = offset + len(docs) < page.total
    return json_response(
        {
            "docs": docs,
            "total": page.total,
            "totalDocs": page.total,
            "limit": limit,
            "offset": offset,
            "has_more": more,
            "totalPages": -(-page.total // limit),
            "hasNextPage": more,
            "nextPage": offset // limit + 2 if more else None,
        }
    )


def _filters(wanted: Query, mode: Mode) -> Where:
    where = Where(mode)
    where.equal("project", wanted.text("project"))
    where.equal("status", wanted.choice("status", BATCH_STATUSES))
    where.between("created_at", wanted.time("start_time"), wanted.time("end_time"))
    where.between("completed_at", wanted.time("completed_after"), wanted.time("completed_before"))
    where.between("last_audited_at", wanted.time("audited_after"), wanted.time("audited_before"))
    return where


@batches.get("/batches/<name>")
def get_batch(name: str) -> Response:
    """Return a batch."""
    with transaction() as tx:
        return json_response(tx.read_batch(name))


@batches.get("/batches/<name>/status")
def get_batch_status(name: str) -> Response:
    """Return the status of a batch and its task counts."""
    with transaction() as tx:
        counts = tx.counts(name)
        batch = tx.read_batch(name)
        return json_response({"status": batch["status"]} | counts)


@batches.post("/batches/<name>/finalize")
def finalize_batch(name: str) -> Response:
    """Finalize a batch."""
    with transaction() as tx:
        return json_response(finalize(tx, tx.batch(name)))


@batches.post("/batches/<name>/setMetadata")
def set_batch_metadata(name: str) -> Response:
    """Replace the metadata."""
    value = metadata(body())
    with transaction() as tx:
        return _changed(tx, tx.batch(name) | {"metadata": value})


@batches.post("/batches/<name>/prioritize")
def prioritize_batch(name: str) -> Response:
    """Set the priority of a batch that is not finalized."""
    priority = integer(object_body().get("priority"), "priority", 10, 30)
    with transaction() as tx:
        batch = tx.batch(name)
        product = tx.product(batch["project"])
        _changed(tx, lifecycle.prioritize(batch, priority, product))
        return json_response({"result": f'The batch "{name}" has priority {priority}.'})


def _changed(tx: Transaction, batch: JsonObject) -> Response:
    tx.batches.change(batch)
    return json_response(batch)
