"""Batches."""

from __future__ import annotations

from collections.abc import Mapping

from ..base.documents import JsonObject
from ..resources.listing import OFFSET_LIMIT, PAGE_LIMIT
from ..rules.statuses import BATCH_STATUSES, TASK_STATUSES
from .operation import Operation
from .schemas import (
    COUNT,
    FLAG,
    ID,
    METADATA,
    TEXT,
    TIME,
    WHOLE,
    array,
    between,
    nullable,
    one_of,
    record,
    ref,
)

_STATUS = ref("BatchStatus")
_COUNTS = dict.fromkeys(TASK_STATUSES, COUNT)

SCHEMAS: Mapping[str, JsonObject] = {
    "Batch": record(
        {
            "id": ID,
            "name": TEXT,
            "project": TEXT,
            "status": _STATUS,
            "created_at": TIME,
            "metadata": METADATA,
        },
        callback=TEXT,
        completed_at=TIME,
        priority=WHOLE,
        calibration_batch=FLAG,
        self_label_batch=FLAG,
        progress=record(**_COUNTS),
    ),
    "BatchPage": record(
        {
            "docs": array(ref("Batch")),
            "total": COUNT,
            "totalDocs": COUNT,
            "limit": COUNT,
            "offset": COUNT,
            "has_more": FLAG,
            "totalPages": COUNT,
            "hasNextPage": FLAG,
            "nextPage": nullable(COUNT),
        }
    ),
    "BatchStatus": one_of(BATCH_STATUSES),
    "BatchCounts": record({"status": _STATUS}, **_COUNTS),
}

_BATCH = ref("Batch")

OPERATIONS: Mapping[str, Operation] = {
    "POST /v1/batches": Operation(
        _BATCH,
        body=record(
            {"project": TEXT, "name": TEXT},
            callback={"type": "string", "description": "An HTTP URL or an email address."},
            metadata=METADATA,
            calibration_batch=FLAG,
            self_label_batch=FLAG,
        ),
        errors=(404, 409),
    ),
    "GET /v1/batches": Operation(
        ref("BatchPage"),
        query={
            "project": TEXT,
            "status": _STATUS,
            "start_time": TIME,
            "end_time": TIME,
            "completed_after": TIME,
            "completed_before": TIME,
            "audited_after": TIME,
            "audited_before": TIME,
            "detailed": FLAG,
            "exclude_archived": FLAG,
            "limit": between(1, PAGE_LIMIT),
            "offset": between(0, OFFSET_LIMIT),
        },
    ),
    "GET /v1/batches/<name>": Operation(_BATCH, errors=(404,)),
    "GET /v1/batches/<name>/status": Operation(ref("BatchCounts"), errors=(404,)),
    "POST /v1/batches/<name>/finalize": Operation(_BATCH, errors=(404,)),
    "POST /v1/batches/<name>/setMetadata": Operation(_BATCH, body=METADATA, errors=(404,)),
    "POST /v1/batches/<name>/prioritize": Operation(
        record({"result": TEXT}), body=record({"priority": between(10, 30)}), errors=(404,)
    ),
}
