"""Batches."""

from __future__ import annotations

import json
from functools import partial

from flask import Blueprint, Response

from ..base.documents import JsonObject
from ..base.errors import not_found
from ..base.validation import boolean, text
from ..resources.batches import create_batch, operate
from ..resources.listing import Keyset, Where, keyset_rows
from ..resources.transaction import Transaction
from ..rules.lifecycle import Operation
from ..rules.statuses import BATCH_STATUSES
from ..rules.task_types import GENERATIVE_TYPES
from ..web import json_response, object_body, query, transaction
from .lookup import project_name, requested_batch, requested_project, require_one_of
from .metadata import changed_metadata
from .pages import PageRequest, envelope
from .views import View

batches = Blueprint("v2_batches", __name__)

_EXPAND = ("project",)
ROWS = Keyset("batches", "created_at", "key")


@batches.post("/batch")
def post_batch() -> Response:
    """Create a batch, optionally staged."""
    body = object_body()
    staging = boolean(body, "staging_batch")
    with transaction() as tx:
        fields = body | {"project": _project_of_new(tx, body)["name"]}
        return json_response(View(tx).batch(create_batch(tx, fields, staging=staging)))


def _project_of_new(tx: Transaction, body: JsonObject) -> JsonObject:
    """Return the project of a new batch; ``project`` may be its id or name."""
    read = partial(text, body)
    require_one_of(read, "project_id", "project_name", "project")
    named = read("project")
    if not named:
        return requested_project(tx, read)
    project = tx.projects.get(named) or tx.projects.find("id", named)
    if project is None or project["type"] not in GENERATIVE_TYPES:
        raise not_found(f'Project "{named}" not found.')
    return project


@batches.get("/batch")
def get_batch() -> Response:
    """Return a batch."""
    wanted = query()
    expand = wanted.each("expand", _EXPAND)
    with transaction() as tx:
        batch = requested_batch(tx, wanted.text)
        return json_response(View(tx, expand).batch(tx.read_batch(batch["name"])))


@batches.get("/batches")
def list_batches() -> Response:
    """List a page of batches that match all filters, newest first."""
    wanted = query()
    page_request = PageRequest.read(wanted)
    expand = wanted.each("expand", _EXPAND)
    with transaction() as tx:
        where = Where(tx.mode)
        where.add("generative")
        where.equal("project", project_name(tx, wanted.text))
        where.equal("status", wanted.choice("status", BATCH_STATUSES))
        for time in ("created", "completed"):
            first, last = wanted.time(f"{time}_after"), wanted.time(f"{time}_before")
            where.between(f"{time}_at", first, last)
        rows, following = keyset_rows(tx, ROWS, where, *page_request)
        view = View(tx, expand)
        return json_response(
            envelope("batches", [view.batch(json.loads(row[3])) for row in rows], following)
        )


@batches.post("/batch/finalize")
def finalize_batch() -> Response:
    """Give a staged batch to the workers."""
    return json_response(_operated("finalize"))


@batches.post("/batch/pause")
def pause_batch() -> Response:
    """Pause a batch: no new work starts on its tasks."""
    return json_response({"batch": _operated("pause"), "message": "The batch is paused."})


@batches.post("/batch/resume")
def resume_batch() -> Response:
    """Resume a paused batch."""
    return json_response({"batch": _operated("resume"), "message": "The batch is resumed."})


@batches.post("/batch/cancel")
def cancel_batch() -> Response:
    """Cancel a batch and its tasks on which work has not started."""
    return json_response({"batch": _operated("cancel"), "message": "The batch is cancelled."})


def _operated(operation: Operation) -> JsonObject:
    body = object_body()
    with transaction() as tx:
        batch = requested_batch(tx, partial(text, body))
        return View(tx).batch(operate(tx, batch, operation))


@batches.post("/batch/metadata")
def set_batch_metadata() -> Response:
    """Replace the metadata or merge into it."""
    body = object_body()
    with transaction() as tx:
        batch = requested_batch(tx, partial(text, body))
        changed = batch | {"metadata": changed_metadata(batch["metadata"], body)}
        tx.batches.change(changed)
        return json_response(View(tx).batch(changed))
