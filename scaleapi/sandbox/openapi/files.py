"""Files."""

from __future__ import annotations

from collections.abc import Mapping

from ..base.documents import JsonObject
from ..resources.listing import PAGE_LIMIT
from .operation import Operation
from .schemas import (
    ANY,
    BINARY,
    COUNT,
    FLAG,
    METADATA,
    OBJECT,
    TEXT,
    TIME,
    array,
    at_least_one,
    between,
    record,
    ref,
)

SCHEMAS: Mapping[str, JsonObject] = {
    "File": record(
        {
            "id": TEXT,
            "attachment_url": TEXT,
            "mime_type": TEXT,
            "size": COUNT,
            "project_names": array(TEXT),
            "created_at": TIME,
            "updated_at": TIME,
        },
        display_name=TEXT,
        reference_id=TEXT,
        metadata=METADATA,
    ),
    "FilePage": record(
        {"docs": array(ref("File")), "total": COUNT, "limit": COUNT, "has_more": FLAG},
        next_token=TEXT,
        cursor=TEXT,
    ),
}

_FIELDS: Mapping[str, JsonObject] = {
    "project_name": TEXT,
    "display_name": TEXT,
    "reference_id": TEXT,
}

OPERATIONS: Mapping[str, Operation] = {
    "POST /v1/files/upload": Operation(
        ref("File"),
        body=at_least_one(
            record(
                **_FIELDS,
                file=BINARY,
                id={"type": "string", "description": "An existing file to share instead."},
                metadata={"type": "string", "description": "An object as JSON text."},
            ),
            ("file", "id"),
        ),
        errors=(404, 409),
        sent="multipart/form-data",
    ),
    "POST /v1/files/import": Operation(
        ref("File"),
        body=record(
            {"file_url": {"type": "string", "format": "uri"}}, **_FIELDS, metadata=METADATA
        ),
        errors=(409,),
    ),
    "GET /v1/files": Operation(
        ref("FilePage"),
        query={
            "project": TEXT,
            "limit": between(1, PAGE_LIMIT),
            "next_token": TEXT,
            "cursor": TEXT,
            "metadata": OBJECT,
        },
        required=("project",),
        errors=(404,),
    ),
    "GET /_storage/<content_id>": Operation(
        ANY,
        query={"expires": TEXT, "signature": TEXT},
        required=("expires", "signature"),
        errors=(404,),
        returned="*/*",
    ),
}
