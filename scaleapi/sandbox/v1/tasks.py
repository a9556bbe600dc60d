"""Tasks."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from ..base.documents import JsonObject, dumps
from ..base.validation import Query, check_tag_count, metadata, required_text, tags
from ..links.broken_attachments import unreachable
from ..links.signing import presigned
from ..resources import idempotency
from ..resources.listing import PAGE_LIMIT, Cursor, Page, Where, task_page
from ..resources.tasks import check_unique_id, create_task
from ..resources.transaction import World
from ..rules import lifecycle
from ..rules.attachments import attachment_urls
from ..web import answer, answer_text, body, enabled_type, object_body, opened, query, service

tasks = Blueprint("tasks", __name__)

_STATUSES = ("pending", "completed", "canceled", "error")
_REVIEWS = ("pending", "accepted", "fixed", "rejected", "commented")
_LIMITED = ("task_id", "status", "metadata", "project")


@tasks.post("/task/<type_name>")
def post_task(type_name: str) -> Response:
    """Create a task."""
    known = enabled_type(type_name)
    given = object_body()
    key = request.headers.get("Idempotency-Key")
    broken = unreachable(attachment_urls(given))
    with opened() as world:
        idempotency.check(world, key)
        task = create_task(world, known, given, broken)
        idempotency.remember(world, key, task["task_id"])
    return answer(task)


@tasks.get("/task/<task_id>")
def get_task(task_id: str) -> Response:
    """Answer one task."""
    with_links = query().flag("include_attachment_url")
    with opened() as world:
        text = world.read_task(task_id)
        return answer_text(_linked(world, text) if with_links else text)


@tasks.get("/tasks")
def list_tasks() -> Response:
    """Answer a page of the tasks that pass every filter, newest first."""
    wanted = query()
    limit = wanted.integer("limit", PAGE_LIMIT, 1, PAGE_LIMIT)
    after = Cursor.parse("next_token", wanted.text("next_token"))
    limited = wanted.flag("limited_response")
    with_links = wanted.flag("include_attachment_url")
    with opened() as world:
        page = task_page(world, _filters(wanted, world.name), limit, after)
        if limited:
            page = page._replace(texts=[_limited(text) for text in page.texts])
        elif with_links:
            page = page._replace(texts=[_linked(world, text) for text in page.texts])
    return answer_text(_envelope(page, limit))


def _filters(wanted: Query, world: str) -> Where:
    where = Where(world)
    where.between("created_at", wanted.time("start_time"), wanted.time("end_time"))
    where.between("completed_at", wanted.time("completed_after"), wanted.time("completed_before"))
    where.between("updated_at", wanted.time("updated_after"), wanted.time("updated_before"))
    where.equal("status", wanted.choice("status", _STATUSES))
    project, batch = wanted.text("project"), wanted.text("batch")
    where.equal("project", project)
    where.equal("batch", batch)
    # The tasks of a place are fewer than those of a type: the plus keeps the type's index out.
    where.equal("+type" if project or batch else "type", wanted.text("type"))
    where.one_of("unique_id", wanted.texts("unique_id"))
    where.reviewed(wanted.choices("customer_review_status", _REVIEWS))
    where.tagged(wanted.texts("tags"))
    return where


def _envelope(page: Page, limit: int) -> str:
    """Return the answer around documents that are JSON already."""
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


def _linked(world: World, text: str) -> str:
    """Return a task with a link to download each of its attachments."""
    task = json.loads(text)
    task["attachmentS3Downloads"] = [
        {"attachmentURL": url, "s3URL": _download(world, url), "isConvertedImage": False}
        for url in attachment_urls(task["params"])
    ]
    return dumps(task)


def _download(world: World, url: str) -> str:
    content_id = world.files.content_of(url)
    if content_id is None:
        return url
    return presigned(world.origin, service().secret, content_id, world.time)


@tasks.post("/task/<task_id>/cancel")
def cancel_task(task_id: str) -> Response:
    """Cancel a task that nobody works on yet."""
    clear = query().flag("clear_unique_id")
    with opened() as world:
        return answer(world.cancel(world.task(task_id), clear_unique_id=clear))


@tasks.post("/task/<task_id>/setMetadata")
def set_task_metadata(task_id: str) -> Response:
    """Replace the metadata."""
    value = metadata(body())
    with opened() as world:
        return _changed(world, world.task(task_id) | {"metadata": value})


@tasks.post("/task/<task_id>/unique_id")
def set_unique_id(task_id: str) -> Response:
    """Give a task another unique id."""
    unique_id = required_text(object_body(), "unique_id")
    with opened() as world:
        task = world.task(task_id)
        check_unique_id(world, unique_id, task_id)
        return _changed(world, task | {"unique_id": unique_id})


@tasks.delete("/task/<task_id>/unique_id")
def delete_unique_id(task_id: str) -> Response:
    """Take the unique id from a task, which frees it."""
    with opened() as world:
        return _changed(world, lifecycle.without(world.task(task_id), "unique_id"))


@tasks.route("/task/<task_id>/tags", methods=["POST", "PUT", "DELETE"])
def change_tags(task_id: str) -> Response:
    """Replace (POST), add (PUT) or remove (DELETE) tags."""
    given = tags(body())
    with opened() as world:
        task = world.task(task_id)
        had: list[str] = task.get("tags", [])
        if request.method == "PUT":
            given = list(dict.fromkeys(had + given))
        elif request.method == "DELETE":
            given = [tag for tag in had if tag not in given]
        check_tag_count(given)
        return _changed(world, task | {"tags": given})


def _changed(world: World, task: JsonObject) -> Response:
    return answer(world.put_task(task | {"updated_at": world.now}))
