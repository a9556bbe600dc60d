"""Tasks: the creation of each type, and everything that is done with one."""

from __future__ import annotations

from collections.abc import Mapping

from ..base.documents import JsonObject
from ..base.validation import TAG_LIMIT
from ..resources.listing import PAGE_LIMIT
from ..rules.geometry_parameters import GEOMETRIES
from ..rules.statuses import REVIEW_STATUSES, TASK_STATUSES
from ..rules.task_types import ATTACHMENT_TYPES, TASK_TYPES
from .operation import IDEMPOTENCY_KEY, Operation
from .schemas import (
    ANY,
    COUNT,
    FLAG,
    ID,
    METADATA,
    OBJECT,
    TEXT,
    TIME,
    WHOLE,
    array,
    between,
    one_of,
    record,
    ref,
)

_LINK = {"type": "string", "format": "uri"}
_LABELS = array({"anyOf": [TEXT, OBJECT]}, minItems=1)
_TAGS = array({"type": "string", "minLength": 1}, maxItems=TAG_LIMIT)
_UNIQUE_ID = {"type": "string", "minLength": 1}

_COMMON: Mapping[str, JsonObject] = {
    "project": TEXT,
    "batch": TEXT,
    "instruction": TEXT,
    "callback_url": {"type": "string", "description": "An HTTP URL or an email address."},
    "metadata": METADATA,
    "priority": {"type": "integer", "enum": [10, 20, 30]},
    "unique_id": _UNIQUE_ID,
    "clear_unique_id_on_error": FLAG,
    "tags": _TAGS,
    "project_param_version": WHOLE,
    "project_version": WHOLE,
    "urgency": TEXT,
}
"""Fields of every new task."""

_PARAMETERS: Mapping[str, JsonObject] = {
    "allow_multiple": FLAG,
    "allow_parent_labels": FLAG,
    "allow_unlabeled": FLAG,
    "attachment": TEXT,
    "attachment_type": one_of(ATTACHMENT_TYPES),
    "attachments": array({"anyOf": [TEXT, record({"type": TEXT}, content=TEXT)]}),
    "categories": _LABELS,
    "choices": array(ANY),
    "examples": array(ANY),
    "features": array(ANY),
    "frame_rate": {"type": "number"},
    "geometries": {
        "type": "object",
        "properties": dict.fromkeys(GEOMETRIES, OBJECT),
        "additionalProperties": False,
        "minProperties": 1,
    },
    "labels": _LABELS,
    "lidar_task": TEXT,
    "max_annotations": COUNT,
    "min_annotations": COUNT,
    "min_height": COUNT,
    "min_width": COUNT,
    "objects_to_annotate": _LABELS,
    "phrases": array(TEXT),
    "repeatable_fields": OBJECT,
    "responses_required": between(1, 100),
    "splines": FLAG,
    "template_variables": OBJECT,
    "text": TEXT,
    "verbatim": FLAG,
    "with_labels": FLAG,
}
"""Parameters of task types that are required or have a default."""

_FIELDS: Mapping[str, JsonObject] = {"textcollection": array(OBJECT, minItems=1)}
"""The parameter ``fields``: an object, except for these types."""

_EXAMPLES: JsonObject = {
    "attachment": "https://example.com/street.png",
    "attachment_type": "image",
    "attachments": ["https://example.com/frame_1.json", "https://example.com/frame_2.json"],
    "categories": ["car", "truck"],
    "choices": ["left", "right"],
    "features": [{"type": "text", "label": "total"}],
    "fields": {"color": "The color of the car."},
    "geometries": {"box": {"objects_to_annotate": ["car"]}},
    "labels": ["car", "truck"],
    "objects_to_annotate": ["car"],
    "text": "Ada wrote the first program.",
}
_EXAMPLE_FIELDS = [{"type": "text", "field_id": "summary", "title": "Summary"}]

_AUDIT = record(
    {"audited_by": TEXT, "audited_at": TIME, "audit_result": ref("ReviewStatus")},
    audit_source=TEXT,
    audit_time_secs=COUNT,
)

SCHEMAS: Mapping[str, JsonObject] = {
    "TaskType": one_of(TASK_TYPES),
    "TaskStatus": one_of(TASK_STATUSES),
    "ReviewStatus": one_of(REVIEW_STATUSES),
    "Task": record(
        {
            "task_id": ID,
            "type": ref("TaskType"),
            "status": ref("TaskStatus"),
            "created_at": TIME,
            "updated_at": TIME,
            "instruction": TEXT,
            "is_test": FLAG,
            "urgency": TEXT,
            "priority": WHOLE,
            "metadata": METADATA,
            "params": OBJECT,
            "work_started": FLAG,
        },
        project=TEXT,
        batch=TEXT,
        unique_id=TEXT,
        tags=array(TEXT),
        callback_url=TEXT,
        callback_succeeded=FLAG,
        completed_at=TIME,
        project_param_version=WHOLE,
        response=ANY,
        prior_responses=array(ANY),
        customer_review_status=ref("ReviewStatus"),
        audits=array(OBJECT),
        attachmentS3Downloads=array(
            record({"attachmentURL": TEXT, "s3URL": TEXT, "isConvertedImage": FLAG})
        ),
    ),
    "TaskPage": record(
        {
            "docs": array(ref("TaskOrSummary")),
            "total": COUNT,
            "limit": COUNT,
            "offset": COUNT,
            "has_more": FLAG,
        },
        next_token=TEXT,
    ),
    "TaskOrSummary": {"anyOf": [ref("Task"), ref("TaskSummary")]},
    "TaskSummary": record(
        {"task_id": ID, "status": ref("TaskStatus"), "metadata": METADATA}, project=TEXT
    ),
    "Audit": _AUDIT,
    "Success": record({"success": {"const": True}}),
}

_LISTED: Mapping[str, JsonObject] = {
    "start_time": TIME,
    "end_time": TIME,
    "completed_after": TIME,
    "completed_before": TIME,
    "updated_after": TIME,
    "updated_before": TIME,
    "status": ref("TaskStatus"),
    "project": TEXT,
    "batch": TEXT,
    "type": TEXT,
    "unique_id": array(TEXT),
    "customer_review_status": array(ref("ReviewStatus")),
    "tags": array(TEXT),
    "limit": between(1, PAGE_LIMIT),
    "next_token": TEXT,
    "limited_response": FLAG,
    "include_attachment_url": FLAG,
}

_TASK = ref("Task")
_CHANGED = Operation(_TASK, errors=(404,))


def creation(type_name: str) -> Operation:
    """Return the operation that creates a task of this type, from the rules of the type."""
    task_type = TASK_TYPES[type_name]
    single = [one for one in task_type.required if isinstance(one, str)]
    choices = [one for one in task_type.required if not isinstance(one, str)]
    names = [*single, *(name for choice in choices for name in choice), *task_type.defaults]
    properties = dict(_COMMON) | {name: _parameter(type_name, name) for name in names}
    for name, value in task_type.defaults.items():
        properties[name] = properties[name] | {"default": value}
    body: JsonObject = {"type": "object", "properties": properties}
    if single:
        body["required"] = single
    if choices:
        body["allOf"] = [{"anyOf": [{"required": [name]} for name in choice]} for choice in choices]
    example = {name: _example(type_name, name) for name in single}
    example |= {choice[0]: _example(type_name, choice[0]) for choice in choices}
    return Operation(
        _TASK, headers=(IDEMPOTENCY_KEY,), body=body, example=example, errors=(402, 409)
    )


def _parameter(type_name: str, name: str) -> JsonObject:
    return _FIELDS.get(type_name, OBJECT) if name == "fields" else _PARAMETERS[name]


def _example(type_name: str, name: str) -> object:
    return _EXAMPLE_FIELDS if (type_name, name) == ("textcollection", "fields") else _EXAMPLES[name]


OPERATIONS: Mapping[str, Operation] = {
    "GET /v1/task/<task_id>": Operation(
        _TASK, query={"include_attachment_url": FLAG}, errors=(404,)
    ),
    "GET /v1/tasks": Operation(ref("TaskPage"), query=_LISTED),
    "POST /v1/task/<task_id>/cancel": Operation(
        _TASK, query={"clear_unique_id": FLAG}, errors=(404,)
    ),
    "POST /v1/task/<task_id>/setMetadata": Operation(_TASK, body=METADATA, errors=(404,)),
    "POST /v1/task/<task_id>/unique_id": Operation(
        _TASK, body=record({"unique_id": _UNIQUE_ID}), errors=(404, 409)
    ),
    "DELETE /v1/task/<task_id>/unique_id": _CHANGED,
    **{
        f"{method} /v1/task/<task_id>/tags": Operation(_TASK, body=_TAGS, errors=(404,))
        for method in ("POST", "PUT", "DELETE")
    },
    "POST /v1/task/<task_id>/audit": Operation(
        {"const": "OK"},
        body=record({"accepted": FLAG}, comments=TEXT),
        errors=(404,),
        returned="text/plain",
    ),
    "GET /v1/audits": Operation(
        {"anyOf": [ref("Audit"), array(ref("Audit"))]},
        query={"task_id": TEXT, "id": TEXT},
        errors=(404,),
    ),
    "POST /v1/task/<task_id>/send_callback": Operation(ref("Success"), errors=(404,)),
    "GET /v1/task/<task_id>/response_url/<file_id>": Operation(ANY, errors=(404,), returned="*/*"),
}
