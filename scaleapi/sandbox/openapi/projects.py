"""Projects."""

from __future__ import annotations

from collections.abc import Mapping

from ..base.documents import JsonObject
from .operation import Operation
from .schemas import ANY, COUNT, FLAG, OBJECT, TEXT, TIME, array, record, ref

SCHEMAS: Mapping[str, JsonObject] = {
    "Project": record(
        {
            "type": ref("TaskType"),
            "name": TEXT,
            "created_at": TIME,
            "archived": FLAG,
            "param_history": array(record({"version": COUNT, "created_at": TIME})),
        },
        pipelineName=TEXT,
        numConsensus=COUNT,
        ontologies=array(
            record({"version": COUNT, "created_at": TIME, "ontology": ANY}, name=TEXT)
        ),
    ),
    "TaskTemplate": record(
        {
            "id": TEXT,
            "version": COUNT,
            "created_at": TIME,
            "updated_at": TIME,
            "template_variables": OBJECT,
            "response_schema": ANY,
            "auto_onboard_enabled": FLAG,
        }
    ),
}

_PROJECT = ref("Project")

OPERATIONS: Mapping[str, Operation] = {
    "POST /v1/projects": Operation(
        _PROJECT,
        body=record(
            {"name": {"type": "string", "minLength": 1}, "type": ref("TaskType")},
            params=OBJECT,
            rapid=FLAG,
            studio=FLAG,
            pipeline=TEXT,
            consensus_attempts={"type": "integer", "minimum": 1},
            datasetId=TEXT,
        ),
        errors=(409,),
    ),
    "GET /v1/projects": Operation(array(_PROJECT), query={"archived": FLAG}),
    "GET /v1/projects/<name>": Operation(_PROJECT, errors=(404,)),
    "POST /v1/projects/<name>/setParams": Operation(
        _PROJECT, body=record(patch=FLAG), errors=(404,)
    ),
    "POST /v1/projects/<name>/setOntology": Operation(
        _PROJECT, body=record({"ontology": array(ANY)}, name=TEXT), errors=(404,)
    ),
    "GET /v1/projects/<name>/taskTemplates": Operation(ref("TaskTemplate"), errors=(404,)),
}
