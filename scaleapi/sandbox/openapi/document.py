"""The OpenAPI document, put together from the routes and what is known about each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from itertools import chain

from flask import Flask
from werkzeug.routing import Rule

from ..base.documents import JsonObject
from ..base.version import version
from ..fidelity import ROUTES
from ..rules.task_types import TASK_TYPES
from . import batches, control, files, people, projects, tasks, v2
from .operation import JSON, Operation
from .schemas import TEXT, WHOLE, record, ref

_NOUNS = (tasks, batches, projects, files, people, v2, control)
_CREATE_TASK = "POST /v1/task/<type_name>"
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_KINDS = {None: TEXT, "int": WHOLE}
_API_ERRORS = (400, 401, 403, 429)
_OTHER_ERRORS = (400, 403)

OPERATIONS: Mapping[str, Operation] = {
    route: operation for noun in _NOUNS for route, operation in noun.OPERATIONS.items()
}
"""What is known about each route, except for the one that creates tasks: it has one per type."""


def describe(app: Flask, url: str) -> JsonObject:
    """Return the OpenAPI description of an application.

    Args:
        app: The application.
        url: The URL of the server, without a path.
    """
    schemas = dict(chain.from_iterable(noun.SCHEMAS.items() for noun in _NOUNS))
    schemas["Error"] = record({"status_code": WHOLE, "error": TEXT})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Scale sandbox",
            "version": version(),
            "description": "A local Scale service: v1, v2 and the control API of the sandbox.",
        },
        "servers": [{"url": url}],
        "paths": _paths(app),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The key is the user name; a password is ignored.",
                },
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def routes(app: Flask) -> Iterator[tuple[str, Rule, str]]:
    """Yield the method, rule and name of every route, except for the pages of the dashboard."""
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("dashboard."):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule, f"{method} {rule.rule}"


def _paths(app: Flask) -> JsonObject:
    sources = {row.what: row for row in ROUTES}
    paths: JsonObject = {}
    for method, rule, route in routes(app):
        row = sources.get(route)
        common: JsonObject = {
            "summary": _summary(app, rule),
            "tags": [_tag(rule)],
        }
        if row is not None:
            common["description"] = f"Source: {row.source} ({row.certainty})."
        for path, name, operation in _operations(route, rule, method):
            described = common | {"operationId": name} | _described(path, rule, operation)
            paths.setdefault(_PARAMETER.sub(r"{\g<name>}", path), {})[method.lower()] = described
    return paths


def _operations(route: str, rule: Rule, method: str) -> Iterator[tuple[str, str, Operation]]:
    """Yield the path, name and description of the operations of a route.

    The creation of tasks is one operation per type: its parameters depend on the type, and its
    path would be the same as the one of a task.
    """
    name = f"{_version(rule)}_{rule.endpoint.rpartition('.')[2]}"
    if route == _CREATE_TASK:
        for type_name in TASK_TYPES:
            path = rule.rule.replace("<type_name>", type_name)
            yield path, f"v1_create_{type_name}_task", tasks.creation(type_name)
        return
    if len((rule.methods or set()) - {"HEAD", "OPTIONS"}) > 1:
        name = f"{name}_{method.lower()}"
    if route in OPERATIONS:
        yield rule.rule, name, OPERATIONS[route]


def _described(path: str, rule: Rule, operation: Operation) -> JsonObject:
    in_api = rule.rule.startswith(("/v1/", "/v2/"))
    names = {match["name"]: _KINDS[match["kind"]] for match in _PARAMETER.finditer(path)}
    responses: JsonObject = {str(operation.status): operation.success()}
    responses |= _errors((*(_API_ERRORS if in_api else _OTHER_ERRORS), *operation.errors))
    if operation.status != 200:
        responses["302"]["headers"] = {"Location": {"schema": TEXT}}
    described: JsonObject = {"responses": responses}
    if parameters := operation.parameters(names):
        described["parameters"] = parameters
    if body := operation.request_body():
        described["requestBody"] = body
    if in_api:
        described["security"] = [{"key": []}, {"bearer": []}]
    return described


def _errors(statuses: Iterable[int]) -> JsonObject:
    found: JsonObject = {}
    for status in sorted(statuses):
        found[str(status)] = {
            "description": f"{HTTPStatus(status).phrase}.",
            "content": {JSON: {"schema": ref("Error")}},
        }
    if "429" in found:
        found["429"]["headers"] = {"Retry-After": {"schema": WHOLE}}
    return found


def _summary(app: Flask, rule: Rule) -> str:
    return str(app.view_functions[rule.endpoint].__doc__).partition("\n")[0]


def _tag(rule: Rule) -> str:
    endpoint: str = rule.endpoint
    return endpoint.rpartition(".")[0].rpartition(".")[2]


def _version(rule: Rule) -> str:
    first = rule.rule.split("/")[1]
    return {"v1": "v1", "v2": "v2"}.get(first, "sandbox")
