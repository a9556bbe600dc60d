"""Creating files, and sharing them with projects."""

from __future__ import annotations

import json
from typing import NamedTuple

from ..base.documents import JsonObject
from ..base.errors import bad_request, conflict, not_found
from ..base.validation import invalid, metadata, text
from ..media.images import measure
from ..media.mime_types import mime_type_of
from .transaction import Transaction

FILE_LIMIT = 80 * 1024 * 1024
"""Largest accepted file, in bytes."""


class Source(NamedTuple):
    """An incoming file: its name, its content if available, and its declared MIME type."""

    name: str
    content: bytes | None
    mime_type: str | None


def create_file(
    tx: Transaction,
    account_id: str,
    source: Source,
    fields: JsonObject,
    attachment_url: str | None = None,
) -> JsonObject:
    """Create a file.

    Args:
        tx: The open transaction.
        account_id: The account id, which is part of the attachment URL.
        source: The file.
        fields: The other fields of the request.
        attachment_url: Its attachment URL; a new one by default.

    Raises:
        Refusal: If a field is invalid (400) or its ``reference_id`` is taken (409).
    """
    reference, project = text(fields, "reference_id"), text(fields, "project_name")
    if reference:
        _check_reference(tx, reference)
    content_id = tx.store.ids.new_uuid()
    size = None if source.content is None else measure(source.content)
    file: JsonObject = {
        "id": tx.store.ids.new_uuid(),
        "attachment_url": attachment_url or f"scaledata://{account_id}/{content_id}",
        "mime_type": mime_type_of(source.name, source.content, source.mime_type),
        "size": len(source.content or b""),
        "project_names": [],
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    given = {
        "display_name": text(fields, "display_name"),
        "reference_id": reference,
        "metadata": file_metadata(fields.get("metadata")),
    }
    file |= {name: value for name, value in given.items() if value not in (None, "")}
    tx.files.add(
        file, content_id=content_id, width=size and size.width, height=size and size.height
    )
    if source.content is not None:
        tx.put_content(content_id, file["mime_type"], source.content)
    return share_file(tx, file["id"], project) if project else file


def _check_reference(tx: Transaction, reference: str) -> None:
    holder = tx.files.with_reference(reference)
    if holder is not None:
        raise conflict(
            f'The reference_id ("{reference}") is already used for a different file ({holder}).'
        )


def file_metadata(value: object) -> JsonObject | None:
    """Return metadata given as an object, or as JSON text from a form."""
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise invalid("metadata", "must be JSON") from None
    return metadata(value)


def share_file(tx: Transaction, file_id: str, project: str) -> JsonObject:
    """Add a file to a project."""
    file = tx.files.get(file_id)
    if file is None:
        raise not_found("File with that ID not found.")
    if tx.projects.get(project) is None:
        raise bad_request(f'Project with the name "{project}" not found.')
    if project not in file["project_names"]:
        file["project_names"].append(project)
        file["updated_at"] = tx.now
        tx.files.share(file, project)
    return file
