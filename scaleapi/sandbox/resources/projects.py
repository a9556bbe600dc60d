"""Creating projects."""

from __future__ import annotations

from ..base.documents import JsonObject
from ..base.errors import bad_request, conflict
from ..base.validation import boolean, integer, invalid, json_object, required_text, text
from ..rules.task_types import TASK_TYPES, known_type
from .transaction import Transaction

_PIPELINES = ("standard_task", "consensus_task")


def create_project(tx: Transaction, body: JsonObject) -> JsonObject:
    """Create a project; its parameters become version 0.

    Raises:
        Refusal: If a field is invalid (400) or the name is taken (409).
    """
    name = required_text(body, "name")
    type_name = known_type(required_text(body, "type"))
    if type_name is None:
        raise invalid("type", f"must be one of: {', '.join(TASK_TYPES)}")
    product = _product(body)
    params = {} if body.get("params") is None else json_object(body["params"], "params")
    text(body, "datasetId")
    if tx.projects.get(name) is not None:
        raise conflict(f'A project with the name "{name}" already exists.')
    project = {
        "type": type_name,
        "name": name,
        "created_at": tx.now,
        "archived": False,
        "param_history": [param_version(params, 0, tx.now)],
    } | _studio_fields(body, product)
    tx.projects.add(project, product=product, id=tx.new_id())
    return project


def param_version(params: JsonObject, number: int, now: str) -> JsonObject:
    """Return a version of a project's parameters."""
    return params | {"version": number, "created_at": now}


def _product(body: JsonObject) -> str:
    rapid, studio = boolean(body, "rapid"), boolean(body, "studio")
    if rapid and studio:
        raise bad_request('A project is "rapid" or "studio", not both.')
    return "rapid" if rapid else "studio" if studio else "plain"


def _studio_fields(body: JsonObject, product: str) -> JsonObject:
    """Return the pipeline fields of a Studio project."""
    pipeline = text(body, "pipeline")
    attempts = body.get("consensus_attempts")
    if pipeline is None and attempts is None:
        return {}
    if product != "studio":
        raise invalid("pipeline", "and consensus_attempts are for studio projects only")
    if pipeline not in _PIPELINES:
        raise invalid("pipeline", f"must be one of: {', '.join(_PIPELINES)}")
    if attempts is None:
        return {"pipelineName": pipeline}
    if pipeline != "consensus_task":
        raise invalid("consensus_attempts", "needs the pipeline consensus_task")
    return {
        "pipelineName": pipeline,
        "numConsensus": integer(attempts, "consensus_attempts", low=1),
    }
