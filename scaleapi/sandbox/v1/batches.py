"""Batches."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from ..base.documents import JsonObject
from ..base.validation import Query, integer, metadata
from ..resources.batches import create_batch, finalize
from ..resources.listing import OFFSET_LIMIT, PAGE_LIMIT, Where, batch_page
from ..resources.transaction import World
from ..rules import lifecycle
from ..web import answer, body, object_body, opened, query

batches = Blueprint("batches", __name__)


@batches.post("/batches")
def post_batch() -> Response:
    """Create a batch; those of Rapid and Studio projects are staged first."""
    body = object_body()
    with opened() as world:
        return answer(create_batch(world, body))


@batches.get("/batches")
def list_batches() -> Response:
    """Answer a page of the batches that pass every filter, newest first."""
    wanted = query()
    limit = wanted.integer("limit", PAGE_LIMIT, 1, PAGE_LIMIT)
    offset = wanted.integer("offset", 0, 0, OFFSET_LIMIT)
    detailed = wanted.flag("detailed")
    wanted.flag("exclude_archived")  # No call archives a project, so none is left out.
    with opened() as world:
        page = batch_page(world, _filters(wanted, world.name), limit, offset)
        docs = [json.loads(text) for text in page.texts]
        if detailed:
            docs = [batch | {"progress": world.counts(batch["name"])} for batch in docs]
    more = offset + len(docs) < page.total
    return answer(
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


def _filters(wanted: Query, world: str) -> Where:
    where = Where(world)
    where.equal("project", wanted.text("project"))
    where.equal("status", wanted.choice("status", lifecycle.BATCH_STATUSES))
    where.between("created_at", wanted.time("start_time"), wanted.time("end_time"))
    where.between("completed_at", wanted.time("completed_after"), wanted.time("completed_before"))
    where.between("last_audited_at", wanted.time("audited_after"), wanted.time("audited_before"))
    return where


@batches.get("/batches/<name>")
def get_batch(name: str) -> Response:
    """Answer one batch."""
    with opened() as world:
        return answer(world.read_batch(name))


@batches.get("/batches/<name>/status")
def get_batch_status(name: str) -> Response:
    """Answer how far the tasks of a batch are."""
    with opened() as world:
        counts = world.counts(name)
        batch = world.read_batch(name)
        return answer({"status": batch["status"]} | counts)


@batches.post("/batches/<name>/finalize")
def finalize_batch(name: str) -> Response:
    """Give a batch to the workers."""
    with opened() as world:
        return answer(finalize(world, world.batch(name)))


@batches.post("/batches/<name>/setMetadata")
def set_batch_metadata(name: str) -> Response:
    """Replace the metadata."""
    value = metadata(body())
    with opened() as world:
        return _changed(world, world.batch(name) | {"metadata": value})


@batches.post("/batches/<name>/prioritize")
def prioritize_batch(name: str) -> Response:
    """Set the priority of a batch before it is finalized."""
    priority = integer(object_body().get("priority"), "priority", 10, 30)
    with opened() as world:
        batch = world.batch(name)
        product = world.product(batch["project"])
        _changed(world, lifecycle.prioritize(batch, priority, product))
        return answer({"result": f'The batch "{name}" has priority {priority}.'})


def _changed(world: World, batch: JsonObject) -> Response:
    world.batches.change(batch)
    return answer(batch)
