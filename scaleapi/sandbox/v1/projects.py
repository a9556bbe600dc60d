"""Projects."""

from __future__ import annotations

from flask import Blueprint, Response

from ..base.documents import JsonObject
from ..base.errors import bad_request, not_found
from ..base.validation import boolean, text
from ..resources.projects import create_project, param_version
from ..resources.transaction import Transaction
from ..rules.ontology import check_unique_choices
from ..web import json_response, object_body, query, transaction

projects = Blueprint("projects", __name__)

_TEMPLATED = ("textcollection", "chat")


@projects.post("/projects")
def post_project() -> Response:
    """Create a project; its parameters become version 0."""
    body = object_body()
    with transaction() as tx:
        return json_response(create_project(tx, body))


@projects.get("/projects")
def list_projects() -> Response:
    """List all projects, oldest first."""
    archived = query().choice_of_flag("archived")
    with transaction() as tx:
        found = tx.projects.all("created_at, key")
    return json_response([one for one in found if archived in (None, one["archived"])])


@projects.get("/projects/<name>")
def get_project(name: str) -> Response:
    """Return a project."""
    with transaction() as tx:
        return json_response(tx.project(name))


@projects.post("/projects/<name>/setParams")
def set_params(name: str) -> Response:
    """Append a version of the parameters, optionally as a patch of the latest one."""
    body = object_body()
    patch = boolean(body, "patch")
    params = {key: value for key, value in body.items() if key != "patch"}
    with transaction() as tx:
        project = tx.project(name)
        history = project["param_history"]
        if patch:
            params = history[-1] | params
        history.append(param_version(params, len(history), tx.now))
        tx.projects.change(project)
        return json_response(project)


@projects.post("/projects/<name>/setOntology")
def set_ontology(name: str) -> Response:
    """Append a version of the ontology."""
    body = object_body()
    ontology = body.get("ontology")
    check_unique_choices(ontology)
    title = text(body, "name")
    with transaction() as tx:
        project = tx.project(name)
        versions = project.setdefault("ontologies", [])
        version = {"version": len(versions), "created_at": tx.now, "ontology": ontology}
        versions.append(version if title is None else version | {"name": title})
        tx.projects.change(project)
        return json_response(project)


@projects.get("/projects/<name>/taskTemplates")
def get_task_template(name: str) -> Response:
    """Return the task template that results from the parameters of a project."""
    with transaction() as tx:
        return json_response(_template(tx, name))


def _template(tx: Transaction, name: str) -> JsonObject:
    project = tx.project(name)
    if project["type"] not in _TEMPLATED:
        raise bad_request(
            f"Only projects of the types {' and '.join(_TEMPLATED)} have a task template."
        )
    latest = project["param_history"][-1]
    variables = {key: latest[key] for key in latest if key not in ("version", "created_at")}
    if not variables:
        raise not_found(f'The project "{name}" has no task template.')
    return {
        "id": tx.projects.column(name, "id"),
        "version": latest["version"],
        "created_at": project["created_at"],
        "updated_at": latest["created_at"],
        "template_variables": variables,
        "response_schema": None,
        "auto_onboard_enabled": False,
    }
