"""Files: uploads, imports, the files of a project, and their bytes."""

from __future__ import annotations

import json
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Blueprint, Response, request

from ..call import answer, object_body, opened, query, service
from ..documents import JsonObject
from ..errors import Refusal, bad, missing, taken
from ..fetching import fetch, is_loopback_url
from ..images import measure
from ..links import is_valid
from ..listing import PAGE_LIMIT, Cursor, Where, file_page
from ..mime_types import mime_type_of
from ..validation import invalid, is_http, metadata, required_text, text
from ..world import World

files = Blueprint("files", __name__)
storage = Blueprint("storage", __name__)

FILE_LIMIT = 80 * 1024 * 1024
"""Largest file, in bytes."""


class _Source(NamedTuple):
    """A file as it came: its name, its bytes if they are here, and the type it claims to be."""

    name: str
    content: bytes | None
    mime_type: str | None


@files.post("/files/upload")
def upload_file() -> Response:
    """Keep an uploaded file, or share one that is here with another project."""
    fields = request.form.to_dict()
    upload = request.files.get("file")
    if fields.get("id"):
        with opened() as world:
            return answer(_share(world, fields["id"], required_text(fields, "project_name")))
    if upload is None or not upload.filename:
        raise bad('Parameter is invalid, reason: "file" is required, with a filename')
    content = upload.read()
    if len(content) > FILE_LIMIT:
        raise bad(f"The file is larger than {FILE_LIMIT} bytes.")
    source = _Source(upload.filename, content, upload.mimetype or None)
    with opened() as world:
        return answer(_keep(world, source, fields))


@files.post("/files/import")
def import_file() -> Response:
    """Keep a file that is fetched from this machine, or note one of another host."""
    fields = object_body()
    url = required_text(fields, "file_url")
    if not is_http(url):
        raise invalid("file_url", "must be an http or https URL")
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    source = _Source(name, None, None)
    if service().reach_anywhere or is_loopback_url(url):
        fetched = fetch(url, FILE_LIMIT)
        source = _Source(name, fetched.content, fetched.mime_type)
    with opened() as world:
        return answer(_keep(world, source, fields))


def _keep(world: World, source: _Source, fields: JsonObject) -> JsonObject:
    reference, project = text(fields, "reference_id"), text(fields, "project_name")
    if reference:
        _check_reference(world, reference)
    content_id = str(uuid4())
    size = None if source.content is None else measure(source.content)
    file: JsonObject = {
        "id": str(uuid4()),
        "attachment_url": f"scaledata://{service().account_id}/{content_id}",
        "mime_type": mime_type_of(source.name, source.content, source.mime_type),
        "size": len(source.content or b""),
        "project_names": [],
        "created_at": world.now,
        "updated_at": world.now,
    }
    given = {
        "display_name": text(fields, "display_name"),
        "reference_id": reference,
        "metadata": _metadata(fields.get("metadata")),
    }
    file |= {name: value for name, value in given.items() if value not in (None, "")}
    world.files.add(
        file, content_id=content_id, width=size and size.width, height=size and size.height
    )
    if source.content is not None:
        world.put_content(content_id, file["mime_type"], source.content)
    return _share(world, file["id"], project) if project else file


def _check_reference(world: World, reference: str) -> None:
    holder = world.file_of_reference(reference)
    if holder is not None:
        raise taken(
            f'The reference_id ("{reference}") is already used for a different file ({holder}).'
        )


def _metadata(value: object) -> JsonObject | None:
    """Return metadata given as an object or, as forms carry it, as JSON text."""
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise invalid("metadata", "must be JSON") from None
    return metadata(value)


def _share(world: World, file_id: str, project: str) -> JsonObject:
    """Add a file to a project."""
    file = world.files.get(file_id)
    if file is None:
        raise missing("File with that ID not found.")
    if world.projects.get(project) is None:
        raise bad(f'Project with the name "{project}" not found.')
    if project not in file["project_names"]:
        file["project_names"].append(project)
        file["updated_at"] = world.now
        world.share_file(file, project)
    return file


@files.get("/files")
def list_files() -> Response:
    """Answer a page of the files of a project, newest first."""
    wanted = query()
    project = wanted.text("project")
    if project is None:
        raise bad('Parameter is invalid, reason: "project" is required')
    limit = wanted.integer("limit", PAGE_LIMIT, 1, PAGE_LIMIT)
    name = "cursor" if wanted.text("cursor") else "next_token"
    after = Cursor.parse(name, wanted.text(name))
    with opened() as world:
        world.project(project)
        where = Where(world.name)
        where.equal("project", project)
        for key, value in (_metadata(wanted.text("metadata")) or {}).items():
            where.has_metadata(key, value)
        page = file_page(world, where, limit, after)
    answered: JsonObject = {
        "docs": [json.loads(text) for text in page.texts],
        "total": page.total,
        "limit": limit,
        "has_more": page.next is not None,
    }
    if page.next is not None:
        answered |= {"next_token": str(page.next), "cursor": str(page.next)}
    return answer(answered)


@storage.get("/_storage/<content_id>")
def download(content_id: str) -> Response:
    """Answer stored bytes to whoever has a link that lives."""
    wanted = query()
    expires, signature = wanted.text("expires") or "", wanted.text("signature") or ""
    here = service()
    if not is_valid(here.secret, content_id, expires, signature, here.clock.now()):
        raise Refusal(403, "The link is not valid, or not any more.")
    stored = here.content(content_id)
    if stored is None:
        raise missing("The file was noted, but its bytes are not here.")
    mime_type, content = stored
    return Response(content, content_type=mime_type)
