"""Tasks."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from ..base.documents import JsonObject, dumps
from ..base.modes import Mode
from ..base.validation import Query, check_tag_count, metadata, required_text, tags
from ..resources import idempotency
from ..resources.listing import PAGE_LIMIT, Cursor, Page, Where, task_page
from ..resources.tasks import check_unique_id, create_task
from ..resources.transaction import Transaction
from ..rules import lifecycle
from ..rules.statuses import REVIEW_STATUSES, TASK_STATUSES
from ..web import (
    body,
    enabled_type,
    json_response,
    json_text_response,
    object_body,
    query,
    transaction,
)
from .attachment_links import with_links

tasks = Blueprint("tasks", __name__)

_LIMITED = ("task_id", "status", "metadata", "project")


@tasks.post("/task/<type_name>")
def post_task(type_name: str) -> Response:
    """Create a task."""
    known = enabled_type(type_name)
    given = object_body()
    key = request.headers.get("Idempotency-Key")
    with transaction() as tx:
        idempotency.check(tx, key)
        task = create_task(tx, known, given)
        idempotency.remember(tx, key, task["task_id"])
    return json_response(task)


@tasks.get("/task/<task_id>")
def get_task(task_id: str) -> Response:
    """Return a task."""
    without = query().choice_of_flag("include_attachment_url") is False
    with transaction() as tx:
        text = tx.read_task(task_id)
        return json_text_response(text if without else with_links(tx, text))


@tasks.get("/tasks")
def list_tasks() -> Response:
    """List a page of tasks that match all filters, newest first."""
    wanted = query()
    limit = wanted.integer("limit", PAGE_LIMIT, 1, PAGE_LIMIT)
    after = Cursor.parse("next_token", wanted.text("next_token"))
    limited = wanted.flag("limited_response")
    linked = wanted.flag("include_attachment_url")
    with transaction() as tx:
        page = task_page(tx, _filters(wanted, tx.mode), limit, after)
        if limited:
            page = page._replace(texts=[_limited(text) for text in page.texts])
        elif linked:
            page = page._replace(texts=[with_links(tx, text) for text in page.texts])
    return json_text_response(_envelope(page, limit))


def _filters(wanted: Query, mode: Mode) -> Where:
    where = Where(mode)
    where.between("created_at", wanted.time("start_time"), wanted.time("end_time"))
    where.between("completed_at", wanted.time("completed_after"), wanted.time("completed_before"))
    where.between("updated_at", wanted.time("updated_after"), wanted.time("updated_before"))
    where.equal("status", wanted.choice("status", TASK_STATUSES))
    project, batch = wanted.text("project"), wanted.text("batch")
    where.equal("project", project)
    where.equal("batch", batch)
    # A project or batch has fewer tasks than a type has: the plus disables the index on type.
    where.equal("+type" if project or batch else "type", wanted.text("type"))
    where.one_of("unique_id", wanted.texts("unique_id"))
    where.reviewed(wanted.choices("customer_review_status", REVIEW_STATUSES))
    where.tagged(wanted.texts("tags"))
    return where


def _envelope(page: Page, limit: int) -> str:
    """Return the response body around documents that are JSON text already."""
    rest: JsonObject = {
        "total": page.total,
        "limit": limit,
        "offset": 0,
        "has_more": page.next is not None,
    }
    if page.next is not None:
        rest["next_token"] = str(page.next)
    return f'{{"docs":[{",".join(page.texts)}],{dumps(rest)[1:]}'


def _limited(text: str) -> str:
    task = json.loads(text)
    return dumps({name: task[name] for name in _LIMITED if name in task})


@tasks.post("/task/<task_id>/cancel")
def cancel_task(task_id: str) -> Response:
    """Cancel a task on which work has not started."""
    clear = query().flag("clear_unique_id")
    with transaction() as tx:
        return json_response(tx.cancel(tx.task(task_id), clear_unique_id=clear))


@tasks.post("/task/<task_id>/setMetadata")
def set_task_metadata(task_id: str) -> Response:
    """Replace the metadata."""
    value = metadata(body())
    with transaction() as tx:
        return _changed(tx, tx.task(task_id) | {"metadata": value})


@tasks.post("/task/<task_id>/unique_id")
def set_unique_id(task_id: str) -> Response:
    """Set the unique id of a task."""
    unique_id = required_text(object_body(), "unique_id")
    with transaction() as tx:
        task = tx.task(task_id)
        check_unique_id(tx, unique_id, task_id)
        return _changed(tx, task | {"unique_id": unique_id})


@tasks.delete("/task/<task_id>/unique_id")
def delete_unique_id(task_id: str) -> Response:
    """Clear the unique id of a task."""
    with transaction() as tx:
        return _changed(tx, lifecycle.without(tx.task(task_id), "unique_id"))


@tasks.route("/task/<task_id>/tags", methods=["POST", "PUT", "DELETE"])
def change_tags(task_id: str) -> Response:
    """Replace (POST), add (PUT) or remove (DELETE) tags."""
    given = tags(body())
    with transaction() as tx:
        task = tx.task(task_id)
        had: list[str] = task.get("tags") or []
        if request.method == "PUT":
            given = list(dict.fromkeys(had + given))
        elif request.method == "DELETE":
            given = [tag for tag in had if tag not in given]
        check_tag_count(given)
        return _changed(tx, task | {"tags": given})


def _changed(tx: Transaction, task: JsonObject) -> Response:
    return json_response(tx.put_task(task | {"updated_at": tx.now}))
