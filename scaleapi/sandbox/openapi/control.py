"""The control API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from ..base.documents import JsonObject
from ..base.modes import MODES
from ..faults.fault import Effect
from ..rules.statuses import DeliveryState, Event
from .operation import Operation
from .schemas import (
    ANY,
    BINARY,
    COUNT,
    FLAG,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    array,
    between,
    nullable,
    one_of,
    record,
    ref,
)

_SECONDS = {"type": "number", "minimum": 0}
_FAULT: Mapping[str, JsonObject] = {
    "method": TEXT,
    "path": TEXT,
    "effect": {"anyOf": [between(200, 599), one_of(get_args(Effect))]},
    "after_commit": FLAG,
    "seconds": _SECONDS,
    "jitter": _SECONDS,
    "headers": {"type": "object", "additionalProperties": TEXT},
    "body": ANY,
    "first": between(1, 2**31),
    "every": between(1, 2**31),
    "percent": {"type": "number", "minimum": 0, "maximum": 100},
    "seed": COUNT,
}

_PER_MODE = record(dict.fromkeys(MODES, TEXT))
_HEADERS = {"type": "object", "additionalProperties": TEXT}

SCHEMAS: Mapping[str, JsonObject] = {
    "Sandbox": record(
        {
            "url": TEXT,
            "dashboard": TEXT,
            "keys": _PER_MODE,
            "callback_secrets": _PER_MODE,
            "now": TIME,
            "empty": FLAG,
            "transition": nullable(TEXT),
        }
    ),
    "Clock": record({"now": TIME, "frozen": FLAG}),
    "FaultRule": record({"id": COUNT, "rule": TEXT, "matched": COUNT, "fired": COUNT, **_FAULT})
    | {"required": ["id", "rule", "matched", "fired", "method", "path", "effect"]},
    "Traffic": record({"rate_limit": nullable(NUMBER), "latency": _SECONDS, "jitter": _SECONDS}),
    "CallbackDelivery": record(
        {
            "id": TEXT,
            "mode": one_of(MODES),
            "event": one_of(get_args(Event)),
            "target": TEXT,
            "state": one_of(get_args(DeliveryState)),
            "created_at": TIME,
            "tries": array(
                record(
                    {
                        "time": TIME,
                        "status": nullable(COUNT),
                        "error": nullable(TEXT),
                        "milliseconds": NUMBER,
                    }
                )
            ),
            "body": OBJECT,
        },
        task_id=nullable(TEXT),
        batch=nullable(TEXT),
        reason=nullable(TEXT),
        due_at=nullable(TIME),
    ),
    "LoggedRequest": record(
        {
            "method": TEXT,
            "path": TEXT,
            "status": COUNT,
            "milliseconds": NUMBER,
            "number": COUNT,
            "time": TEXT,
            "headers": _HEADERS,
            "response_headers": _HEADERS,
        },
        **dict.fromkeys(("sent", "sent_base64", "response", "response_base64"), TEXT),
    ),
}

_SUCCESS = ref("Success")
_SANDBOX = ref("Sandbox")
_SEED = record(**dict.fromkeys(MODES, OBJECT)) | {"additionalProperties": False}

OPERATIONS: Mapping[str, Operation] = {
    "GET /_sandbox/": Operation(_SANDBOX),
    "GET /_sandbox/health": Operation(record({"status": {"const": "ok"}})),
    "GET /_sandbox/certificate": Operation(TEXT, errors=(404,), returned="text/plain"),
    "GET /_sandbox/openapi.json": Operation(OBJECT),
    "GET /_sandbox/clock": Operation(ref("Clock")),
    "POST /_sandbox/clock": Operation(
        ref("Clock"),
        body=record(advance=_SECONDS, set=TIME, freeze={"anyOf": [TIME, FLAG]})
        | {"minProperties": 1, "maxProperties": 1, "additionalProperties": False},
        example={"advance": 3600},
    ),
    "POST /_sandbox/tasks/<task_id>/<action>": Operation(
        ref("Task"),
        path={"action": one_of(("complete", "fail", "fix", "start_work", "recall"))},
        body=record(response=OBJECT, error=TEXT) | {"additionalProperties": False},
        errors=(404,),
    ),
    "GET /_sandbox/faults": Operation(array(ref("FaultRule"))),
    "POST /_sandbox/faults": Operation(
        ref("FaultRule"),
        body={
            "anyOf": [
                record({"rule": TEXT}),
                record(**_FAULT)
                | {"required": ["method", "path", "effect"], "additionalProperties": False},
            ]
        },
        example={"rule": "POST /v1/task/* 503 Retry-After=2 first 3"},
    ),
    "DELETE /_sandbox/faults": Operation(_SUCCESS),
    "DELETE /_sandbox/faults/<int:number>": Operation(_SUCCESS, errors=(404,)),
    "GET /_sandbox/traffic": Operation(ref("Traffic")),
    "POST /_sandbox/traffic": Operation(
        ref("Traffic"),
        body=record(
            rate_limit=nullable({"type": "number", "minimum": 0.001, "maximum": 1_000_000}),
            latency=nullable(_SECONDS),
            jitter=nullable(_SECONDS),
        )
        | {"minProperties": 1, "additionalProperties": False},
        example={"rate_limit": 20, "latency": 0.2, "jitter": 0.1},
    ),
    "GET /_sandbox/deliveries": Operation(array(ref("CallbackDelivery")), query={"task_id": TEXT}),
    "POST /_sandbox/callbacks/wait": Operation(
        _SUCCESS,
        body=record(timeout={"type": "number", "minimum": 0, "maximum": 600})
        | {"additionalProperties": False},
        example={"timeout": 10},
        errors=(504,),
    ),
    "GET /_sandbox/requests": Operation(
        array(ref("LoggedRequest")),
        query={"after": COUNT, "method": TEXT, "path": TEXT, "status": between(0, 599)},
    ),
    "POST /_sandbox/transition": Operation(
        _SANDBOX, body=record({"transition": nullable(TEXT)}) | {"additionalProperties": False}
    ),
    "GET /_sandbox/export": Operation(_SEED),
    "POST /_sandbox/seed": Operation(_SUCCESS, body=_SEED, errors=(404, 409)),
    "GET /_sandbox/snapshot": Operation(BINARY, returned="application/octet-stream"),
    "POST /_sandbox/restore": Operation(_SUCCESS, body=BINARY, sent="application/octet-stream"),
    "POST /_sandbox/reset": Operation(
        _SUCCESS, body=OBJECT | {"maxProperties": 0, "additionalProperties": False}
    ),
}
