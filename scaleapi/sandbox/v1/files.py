"""Files: uploads, imports, lists and downloads."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from ..base.documents import JsonObject
from ..base.errors import Refusal, bad_request, not_found
from ..base.validation import invalid, is_http, required_text
from ..links.fetching import fetch
from ..links.signing import is_valid
from ..media.mime_types import sendable
from ..resources.files import FILE_LIMIT, Source, create_file, file_metadata, share_file
from ..resources.listing import PAGE_LIMIT, Cursor, Where, file_page
from ..web import json_response, object_body, query, service, transaction
from .attachment_links import converted_image

files = Blueprint("files", __name__)
storage = Blueprint("storage", __name__)

_INERT = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}


@files.post("/files/upload")
def upload_file() -> Response:
    """Store an uploaded file, or share an existing one with another project."""
    fields = request.form.to_dict()
    upload = request.files.get("file")
    if fields.get("id"):
        with transaction() as tx:
            return json_response(
                share_file(tx, fields["id"], required_text(fields, "project_name"))
            )
    if upload is None or not upload.filename:
        raise bad_request('Parameter is invalid, reason: "file" is required, with a filename')
    content = upload.read()
    if len(content) > FILE_LIMIT:
        raise bad_request(f"The file is larger than {FILE_LIMIT} bytes.")
    source = Source(upload.filename, content, upload.mimetype or None)
    with transaction() as tx:
        return json_response(create_file(tx, service().account_id, source, fields))


@files.post("/files/import")
def import_file() -> Response:
    """Import a file from this machine; record one from another host without fetching it."""
    fields = object_body()
    url = required_text(fields, "file_url")
    if not is_http(url):
        raise invalid("file_url", "must be an http or https URL")
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    source = Source(name, None, None)
    if service().reachable.has_host_of(url):
        fetched = fetch(url, FILE_LIMIT)
        source = Source(name, fetched.content, fetched.mime_type)
    with transaction() as tx:
        return json_response(create_file(tx, service().account_id, source, fields))


@files.get("/files")
def list_files() -> Response:
    """List a page of files of a project, newest first."""
    wanted = query()
    project = wanted.text("project")
    if project is None:
        raise bad_request('Parameter is invalid, reason: "project" is required')
    limit = wanted.integer("limit", PAGE_LIMIT, 1, PAGE_LIMIT)
    name = "cursor" if wanted.text("cursor") else "next_token"
    after = Cursor.parse(name, wanted.text(name))
    with transaction() as tx:
        tx.project(project)
        where = Where(tx.mode)
        where.equal("project", project)
        for key, value in (file_metadata(wanted.text("metadata")) or {}).items():
            where.has_metadata(key, value)
        page = file_page(tx, where, limit, after)
    found: JsonObject = {
        "docs": [json.loads(text) for text in page.texts],
        "total": page.total,
        "limit": limit,
        "has_more": page.next is not None,
    }
    if page.next is not None:
        found |= {"next_token": str(page.next), "cursor": str(page.next)}
    return json_response(found)


@storage.get("/_storage/<content_id>")
def download(content_id: str) -> Response:
    """Return stored content for a valid signed link."""
    # Pages of the dashboard run scripts of this origin, so a stored file must never be one.
    if request.headers.get("Sec-Fetch-Dest", "").endswith(("script", "worker", "style")):
        raise Refusal(403, "A stored file is neither a script nor a style sheet.")
    wanted = query()
    expires, signature = wanted.text("expires") or "", wanted.text("signature") or ""
    here = service()
    if not is_valid(here.secret, content_id, expires, signature, here.clock.now()):
        raise Refusal(403, "The link is invalid or has expired.")
    stored = here.content(content_id)
    converted = converted_image(content_id)
    if stored is None and converted is not None:
        stored = "image/png", converted
    if stored is None:
        raise not_found("The file was recorded, but its content is not stored.")
    mime_type, content = stored
    # An uploaded HTML page must not run scripts as one of the sandbox's own.
    return Response(content, content_type=sendable(mime_type), headers=_INERT)
