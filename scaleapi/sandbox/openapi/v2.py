"""The v2 API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..base.documents import JsonObject
from ..resources.listing import PAGE_LIMIT
from ..v2 import batches, datasets, deliveries, tasks
from ..v2.parts import OPTS
from ..v2.views import ERROR_TYPES
from .operation import IDEMPOTENCY_KEY, Operation
from .schemas import (
    COUNT,
    FLAG,
    ID,
    METADATA,
    OBJECT,
    TEXT,
    TIME,
    array,
    at_least_one,
    between,
    nullable,
    one_of,
    record,
    ref,
)


def _expandable(name: str) -> JsonObject:
    """Return the schema of a related resource: its id or the object."""
    return {"anyOf": [TEXT, ref(name)]}


def _page(name: str, entries: str) -> JsonObject:
    return record({name: array(ref(entries))}, next_token=TEXT)


def _operated(batch: JsonObject) -> JsonObject:
    return record({"batch": batch, "message": TEXT})


_STATUS = ref("V2TaskStatus")
_BATCH_STATUS = ref("BatchStatus")

SCHEMAS: Mapping[str, JsonObject] = {
    "V2TaskStatus": one_of(tasks.STATUSES),
    "V2Project": record(
        {
            "id": ID,
            "name": TEXT,
            "created_at": TIME,
            "types": array(TEXT),
            "models": array(TEXT),
        }
    ),
    "V2Batch": record(
        {
            "id": ID,
            "name": TEXT,
            "created_at": TIME,
            "status": _BATCH_STATUS,
            "metadata": METADATA,
            "project": _expandable("V2Project"),
        },
        completed_at=TIME,
        callback=TEXT,
    ),
    "V2Task": record(
        {
            "task_id": ID,
            "project": _expandable("V2Project"),
            "status": _STATUS,
            "created_at": TIME,
        },
        batch=_expandable("V2Batch"),
        metadata=METADATA,
        completed_at=TIME,
        threads=array(record({"turns": array(OBJECT)}, id=TEXT, annotations=array(OBJECT))),
        errors=array(record({"type": one_of(ERROR_TYPES), "message": TEXT})),
        sensitive_content_reports=array(OBJECT),
    ),
    "V2TaskPage": _page("tasks", "V2Task"),
    "V2BatchPage": _page("batches", "V2Batch"),
    "V2Delivery": record(
        {
            "id": ID,
            "name": TEXT,
            "task_count": COUNT,
            "delivered_at": TIME,
            "project": _expandable("V2Project"),
        }
    ),
    "V2DeliveryPage": record(
        {"delivery": _expandable("V2Delivery"), "tasks": array(ref("V2Task"))}, next_token=TEXT
    ),
    "V2DeliveredTask": record(
        {
            "task_id": ID,
            "created_at": TIME,
            "delivery_id": nullable(TEXT),
            "delivered_at": nullable(TIME),
            "response_schema_id": nullable(TEXT),
            "response": nullable(OBJECT),
        }
    ),
    "V2DeliveredTaskPage": record(
        {"total": COUNT, "docs": array(ref("V2DeliveredTask"))}, next_token=TEXT
    ),
    "V2ResponseSchema": record({"id": ID, "name": TEXT, "json": TEXT}, createdAt=TIME),
    "V2Dataset": record({"id": ID, "name": TEXT}),
    "V2DatasetDelivery": record(
        {
            "id": ID,
            "name": TEXT,
            "delivered_at": TIME,
            "dataset": _expandable("V2Dataset"),
            "metadata": record({"task_count": COUNT}, turn_count=COUNT),
        }
    ),
    "V2DatasetTask": record(
        {
            "task_id": ID,
            "dataset": _expandable("V2Dataset"),
            "delivery": _expandable("V2DatasetDelivery"),
            "response": OBJECT,
        }
    ),
    "V2DatasetTaskPage": _page("tasks", "V2DatasetTask"),
    "V2DatasetDeliveryPage": record(
        {"delivery": _expandable("V2DatasetDelivery"), "tasks": array(ref("V2DatasetTask"))},
        next_token=TEXT,
    ),
}

_PROJECT = {"project_id": TEXT, "project_name": TEXT}
_BATCH = {"batch_id": TEXT, "batch_name": TEXT}
_PAGE = {"limit": between(1, PAGE_LIMIT), "next_token": TEXT}
_COMPLETED = {"completed_after": TIME, "completed_before": TIME}
_CREATED = {"created_after": TIME, "created_before": TIME}
_DELIVERED = {"delivered_after": TIME, "delivered_before": TIME}
_DELIVERY = {"delivery_id": TEXT, "delivery_name": TEXT}


def _some(values: Iterable[str]) -> JsonObject:
    return array(one_of(values))


def _batch_body(**more: JsonObject) -> JsonObject:
    return at_least_one(record(**_BATCH, **more), tuple(_BATCH))


_TASK_ID = {"task_id": TEXT}
_OPTS = {"opts": _some(OPTS)}
_BATCH_OPERATION = Operation(_operated(ref("V2Batch")), body=_batch_body(), errors=(404,))

OPERATIONS: Mapping[str, Operation] = {
    "POST /v2/task/chat": Operation(
        ref("V2Task"),
        headers=(IDEMPOTENCY_KEY,),
        body=at_least_one(
            record(
                **_PROJECT,
                **_BATCH,
                template_variables=OBJECT,
                metadata=METADATA,
                unique_id={"type": "string", "minLength": 1},
                callback_url=TEXT,
            ),
            tuple(_PROJECT),
        ),
        errors=(402, 404, 409),
    ),
    "GET /v2/task": Operation(
        ref("V2Task"),
        query={**_TASK_ID, "expand": _some(tasks._EXPAND), **_OPTS},
        required=("task_id",),
        errors=(404,),
    ),
    "GET /v2/tasks": Operation(
        ref("V2TaskPage"),
        query={
            **_PROJECT,
            **_BATCH,
            "status": _STATUS,
            **_COMPLETED,
            **_PAGE,
            "expand": _some(tasks._EXPAND),
            **_OPTS,
        },
        errors=(404,),
    ),
    "POST /v2/task/metadata": Operation(
        ref("V2Task"),
        body=record({"task_id": TEXT, "metadata": METADATA}, merge=FLAG),
        errors=(404,),
    ),
    "GET /v2/annotation": Operation(
        OBJECT, query={"annotation_id": TEXT}, required=("annotation_id",), errors=(404,)
    ),
    "POST /v2/batch": Operation(
        ref("V2Batch"),
        body=at_least_one(
            record(
                {"name": TEXT},
                **_PROJECT,
                project=TEXT,
                callback=TEXT,
                metadata=METADATA,
                staging_batch=FLAG,
                calibration_batch=FLAG,
                self_label_batch=FLAG,
            ),
            (*_PROJECT, "project"),
        ),
        errors=(404, 409),
    ),
    "GET /v2/batch": Operation(
        ref("V2Batch"), query={**_BATCH, "expand": _some(batches._EXPAND)}, errors=(404,)
    ),
    "GET /v2/batches": Operation(
        ref("V2BatchPage"),
        query={
            **_PROJECT,
            "status": _BATCH_STATUS,
            **_CREATED,
            **_COMPLETED,
            **_PAGE,
            "expand": _some(batches._EXPAND),
        },
        errors=(404,),
    ),
    "POST /v2/batch/finalize": Operation(ref("V2Batch"), body=_batch_body(), errors=(404,)),
    "POST /v2/batch/pause": _BATCH_OPERATION,
    "POST /v2/batch/resume": _BATCH_OPERATION,
    "POST /v2/batch/cancel": _BATCH_OPERATION,
    "POST /v2/batch/metadata": Operation(
        ref("V2Batch"), body=_batch_body(metadata=METADATA, merge=FLAG), errors=(404,)
    ),
    "GET /v2/project": Operation(ref("V2Project"), query=_PROJECT, errors=(404,)),
    "GET /v2/projects": Operation(record({"projects": array(ref("V2Project"))}), query=_CREATED),
    "GET /v2/deliveries": Operation(
        record({"deliveries": array(ref("V2Delivery"))}),
        query={**_PROJECT, **_DELIVERED, "expand": _some(("project",))},
        errors=(404,),
    ),
    "GET /v2/delivery": Operation(
        ref("V2DeliveryPage"),
        query={
            **_DELIVERY,
            **_PROJECT,
            **_PAGE,
            "expand": _some(deliveries._EXPAND),
            **_OPTS,
        },
        errors=(404,),
    ),
    "GET /v2/delivery/tasks": Operation(
        ref("V2DeliveredTaskPage"),
        query={**_PROJECT, **_DELIVERY, "status": _STATUS, **_COMPLETED, **_PAGE},
        errors=(404,),
    ),
    "GET /v2/schema": Operation(
        record({"schema": ref("V2ResponseSchema")}),
        query={"schema_id": ID},
        required=("schema_id",),
        errors=(404,),
    ),
    "GET /v2/datasets": Operation(record({"datasets": array(ref("V2Dataset"))})),
    "GET /v2/datasets/deliveries": Operation(
        record({"deliveries": array(ref("V2DatasetDelivery"))}),
        query={"dataset_id": TEXT, **_DELIVERED, "expand": _some(("dataset",))},
        errors=(404,),
    ),
    "GET /v2/datasets/delivery": Operation(
        ref("V2DatasetDeliveryPage"),
        query={"delivery_id": TEXT, **_PAGE, "expand": _some(datasets._EXPAND)},
        required=("delivery_id",),
        errors=(404,),
    ),
    "GET /v2/datasets/tasks": Operation(
        ref("V2DatasetTaskPage"),
        query={
            "dataset_id": TEXT,
            "delivery_id": TEXT,
            **_DELIVERED,
            **_PAGE,
            "expand": _some(datasets._EXPAND),
        },
        errors=(404,),
    ),
    "GET /v2/datasets/task": Operation(
        ref("V2DatasetTask"),
        query={**_TASK_ID, "expand": _some(datasets._EXPAND)},
        required=("task_id",),
        errors=(404,),
    ),
    "GET /v2/datasets/task/<task_id>/response_url/<attachment_id>": Operation(
        None, errors=(404,), status=302
    ),
}
