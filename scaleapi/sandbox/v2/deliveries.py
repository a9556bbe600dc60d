"""Deliveries of tasks, and their response schemas."""

from __future__ import annotations

import json
import re

from flask import Blueprint, Response

from ..base.documents import JsonObject
from ..base.errors import not_found
from ..base.validation import Query, invalid
from ..resources.deliveries import find_delivery
from ..resources.listing import Keyset, Where, documents, keyset_rows
from ..resources.transaction import Transaction
from ..web import json_response, query, transaction
from .lookup import project_name, requested_project, require_one_of
from .pages import PageRequest, envelope
from .parts import OPTS
from .tasks import STATUSES
from .views import View, response

deliveries = Blueprint("v2_deliveries", __name__)

_EXPAND = ("project", "batch", "delivery")
ROWS = Keyset("tasks", "created_at", "task_id", "delivery")
_OBJECT_ID = re.compile("[0-9a-fA-F]{24}")


@deliveries.get("/deliveries")
def list_deliveries() -> Response:
    """List the deliveries of a project, newest first."""
    wanted = query()
    expand = wanted.each("expand", ("project",))
    first, last = wanted.time("delivered_after"), wanted.time("delivered_before")
    with transaction() as tx:
        where = Where(tx.mode)
        where.equal("project", requested_project(tx, wanted.text)["name"])
        where.between("delivered_at", first, last)
        found = documents(tx, "task_deliveries", where, "delivered_at DESC, key DESC")
        view = View(tx, expand)
        return json_response({"deliveries": [view.delivery(delivery) for delivery in found]})


@deliveries.get("/delivery")
def get_delivery() -> Response:
    """List a page of tasks of a delivery, newest first."""
    wanted = query()
    page_request = PageRequest.read(wanted)
    expand, opts = wanted.each("expand", _EXPAND), wanted.each("opts", OPTS)
    with transaction() as tx:
        delivery = _requested_delivery(tx, wanted)
        where = Where(tx.mode)
        where.equal("delivery", delivery["id"])
        rows, following = keyset_rows(tx, ROWS, where, *page_request)
        view = View(tx, expand, opts)
        shown = [view.task(json.loads(row[3])) for row in rows]
        found = {"delivery": view.delivery_field(delivery)}
        return json_response(found | envelope("tasks", shown, following))


@deliveries.get("/delivery/tasks")
def list_delivery_tasks() -> Response:
    """List a page of tasks of a project, delivered or not, newest first."""
    wanted = query()
    page_request = PageRequest.read(wanted)
    with transaction() as tx:
        where = Where(tx.mode)
        project = requested_project(tx, wanted.text)
        if wanted.text("delivery_id") is None:
            where.equal("project", project["name"])
        else:
            where.equal("delivery", _requested_delivery(tx, wanted)["id"])
        where.equal("status", wanted.choice("status", STATUSES))
        first, last = wanted.time("completed_after"), wanted.time("completed_before")
        where.between("completed_at", first, last)
        rows, following = keyset_rows(tx, ROWS, where, *page_request)
        found = {row[2]: tx.task_deliveries.get(row[2]) for row in rows if row[2]}
        docs = [_delivered(json.loads(row[3]), found.get(row[2])) for row in rows]
        return json_response({"total": len(docs)} | envelope("docs", docs, following))


@deliveries.get("/schema")
def get_schema() -> Response:
    """Return a response schema."""
    schema_id = query().required_text("schema_id")
    if not _OBJECT_ID.fullmatch(schema_id):
        raise invalid("schema_id", "must be 24 hex digits")
    with transaction() as tx:
        schema = tx.response_schemas.get(schema_id)
    if schema is None:
        raise not_found("Schema with that ID not found.")
    return json_response({"schema": schema})


def _requested_delivery(tx: Transaction, wanted: Query) -> JsonObject:
    """Return the delivery of a request, given by id or by name and project."""
    require_one_of(wanted.text, "delivery_id", "delivery_name")
    delivery_id, name = wanted.text("delivery_id"), wanted.text("delivery_name")
    project = project_name(tx, wanted.text)
    if delivery_id is not None:
        delivery = tx.task_deliveries.get(delivery_id)
    elif project is None:
        raise invalid("delivery_name", "requires project_id or project_name")
    else:
        delivery = find_delivery(tx, project, name or "")
    if delivery is None:
        raise not_found(f'Delivery "{delivery_id or name}" not found.')
    if name not in (None, delivery["name"]):
        raise invalid("delivery_name", "does not match the delivery_id")
    if project not in (None, delivery["project"]):
        raise invalid("delivery_id", "is not a delivery of the project")
    return delivery


def _delivered(task: JsonObject, delivery: JsonObject | None) -> JsonObject:
    """Render a task with its delivered response, if it was delivered."""
    return {
        "task_id": task["task_id"],
        "created_at": task["created_at"],
        "delivery_id": delivery and delivery["id"],
        "delivered_at": delivery and delivery["delivered_at"],
        "response_schema_id": delivery and delivery["schema"],
        "response": delivery and response(task),
    }
