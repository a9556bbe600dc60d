"""The team, Studio, and quality tasks for annotators."""

from __future__ import annotations

from collections.abc import Mapping

from ..base.documents import JsonObject
from ..resources.listing import PAGE_LIMIT
from ..resources.quality_tasks import TYPES as QUALITY_TYPES
from ..resources.team import GRANTED, INACTIVE
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
    array,
    at_least_one,
    between,
    nullable,
    one_of,
    record,
    ref,
)

_EMAIL = {"type": "string", "format": "email"}
_EMAILS = array(_EMAIL)
_NAMES = array({"type": "string", "minLength": 1})
_NAMED = array(record({"name": TEXT}))

SCHEMAS: Mapping[str, JsonObject] = {
    "Teammate": record(
        {"email": TEXT, "role": one_of(("admin", *GRANTED, *INACTIVE)), "isStudioLabeler": FLAG},
        firstName=TEXT,
        lastName=TEXT,
        company=TEXT,
        disableRapidEmails=FLAG,
    ),
    "Assignments": {"type": "object", "additionalProperties": array(TEXT)},
    "StudioGroup": record(
        {
            "id": ID,
            "name": TEXT,
            "numWorkers": COUNT,
            "isSingleton": FLAG,
            "workers": array(record({"id": TEXT, "email": TEXT})),
        }
    ),
    "StudioBatch": record(
        {
            "id": ID,
            "name": TEXT,
            "projectId": TEXT,
            "projectName": TEXT,
            "batchType": one_of(("Calibration", "Production")),
            "studioPriority": nullable(COUNT),
            "groups": array(TEXT),
            "total": COUNT,
            "completed": COUNT,
        }
    ),
    "QualityTask": record(
        {
            "id": ID,
            "type": one_of(QUALITY_TYPES),
            "project": TEXT,
            "expected_response": OBJECT,
            "created_at": TIME,
            "params": OBJECT,
        },
        initial_response=OBJECT,
        batch=TEXT,
        instruction=TEXT,
        metadata=METADATA,
    ),
    "AttemptPage": record({"docs": array(ANY), "total": COUNT, "limit": COUNT, "has_more": FLAG}),
}

_TEAM = array(ref("Teammate"))
_ROLE = record({"emails": _EMAILS, "team_role": one_of(GRANTED)})
_ASSIGNED = record({"emails": _EMAILS, "projects": _NAMES})
_BATCHES = array(ref("StudioBatch"))
_QUALITY_BODY = at_least_one(
    record({"expected_response": OBJECT}, project=TEXT, batch=TEXT, metadata=METADATA),
    ("project", "batch"),
)
_QUALITY_TYPE = {"type_name": one_of(QUALITY_TYPES)}

OPERATIONS: Mapping[str, Operation] = {
    "GET /v1/teams": Operation(_TEAM),
    "POST /v1/teams/invite": Operation(_TEAM, body=_ROLE),
    "POST /v1/teams/set_role": Operation(_TEAM, body=_ROLE),
    "GET /v1/studio/assignments": Operation(ref("Assignments")),
    "POST /v1/studio/assignments/add": Operation(ref("Assignments"), body=_ASSIGNED, errors=(404,)),
    "POST /v1/studio/assignments/remove": Operation(
        ref("Assignments"), body=_ASSIGNED, errors=(404,)
    ),
    "GET /v1/studio/projects/<project>/groups": Operation(array(ref("StudioGroup")), errors=(404,)),
    "POST /v1/studio/projects/<project>/groups": Operation(
        ref("StudioGroup"),
        body=record({"name": {"type": "string", "minLength": 1}, "emails": _EMAILS}),
        errors=(404, 409),
    ),
    "PUT /v1/studio/projects/<project>/groups/<name>": Operation(
        ref("StudioGroup"), body=record(add_emails=_EMAILS, remove_emails=_EMAILS), errors=(404,)
    ),
    "GET /v1/studio/batches": Operation(_BATCHES),
    "PUT /v1/studio/batches/<name>": Operation(
        ref("StudioBatch"), body=record({"groups": _NAMES}), errors=(404,)
    ),
    "POST /v1/studio/batches/set_priorities": Operation(
        _BATCHES, body=at_least_one(record(batches=_NAMED, groups=_NAMED), ("batches", "groups"))
    ),
    "POST /v1/studio/batches/reset_priorities": Operation(_BATCHES),
    "POST /v1/evaluation_tasks/<type_name>": Operation(
        ref("QualityTask"),
        headers=(IDEMPOTENCY_KEY,),
        path=_QUALITY_TYPE,
        body=_QUALITY_BODY
        | {"properties": {**_QUALITY_BODY["properties"], "initial_response": OBJECT}},
        errors=(402, 404, 409),
    ),
    "POST /v1/training_tasks/<type_name>": Operation(
        ref("QualityTask"),
        headers=(IDEMPOTENCY_KEY,),
        path=_QUALITY_TYPE,
        body=_QUALITY_BODY,
        errors=(402, 404, 409),
    ),
    "GET /v1/quality/labelers": Operation(
        ref("AttemptPage"),
        query={
            "quality_task_ids": array(TEXT),
            "labeler_emails": array(TEXT),
            "limit": between(1, PAGE_LIMIT),
        },
    ),
}
