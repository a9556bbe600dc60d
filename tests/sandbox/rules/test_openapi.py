"""The OpenAPI description: complete, valid, and what the sandbox does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask import Flask, request
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.app import create_app
from scaleapi.sandbox.base.validation import Query
from scaleapi.sandbox.fidelity import ROUTES
from scaleapi.sandbox.openapi import describe
from scaleapi.sandbox.openapi.document import OPERATIONS
from scaleapi.sandbox.resources.tasks import COMMON
from scaleapi.sandbox.rules.task_types import TASK_TYPES
from scaleapi.sandbox.service import Service
from scaleapi.sandbox.storage.store import Store
from tests.sandbox.rules.caller import Caller

Json = dict[str, Any]


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    store = Store()
    yield create_app(Service(store, transition=None, keys={}, callback_secrets={}))
    store.close()


@pytest.fixture(scope="module")
def document(app: Flask) -> Json:
    return describe(app, "http://127.0.0.1:1")


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield the method, path and description of every operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


@pytest.mark.slow
def test_it_is_valid(document: Json) -> None:
    """openapi-spec-validator has no objections, nor against the examples."""
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    for _, path, operation in operations(document):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in media:
                schema = media["schema"] | {"components": document["components"]}
                assert not list(Draft202012Validator(schema).iter_errors(media["example"])), path


def test_every_route_is_described(document: Json) -> None:
    """Each route of v1, v2 and the control API is in it, and nothing else is."""
    routes = {row.what for row in ROUTES} - {"POST /v1/task/<type_name>"}
    assert sorted(OPERATIONS) == sorted(routes)
    expected = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for route in routes}
    expected |= {f"POST /v1/task/{type_name}" for type_name in TASK_TYPES}
    assert {f"{method} {path}" for method, path, _ in operations(document)} == expected


def test_every_operation_has_a_name_and_says_where_it_comes_from(document: Json) -> None:
    described = [operation for _, _, operation in operations(document)]
    names = [operation["operationId"] for operation in described]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9_]*", name) for name in names)
    for operation in described:
        assert operation["summary"].endswith(".")
        assert operation["description"].startswith("Source: ")


def test_every_task_takes_the_common_fields(document: Json) -> None:
    """The description of each type has the fields that the sandbox reads from every new task."""
    for type_name in TASK_TYPES:
        content = document["paths"][f"/v1/task/{type_name}"]["post"]["requestBody"]["content"]
        assert set(COMMON) <= set(content["application/json"]["schema"]["properties"])


def test_every_schema_is_used(document: Json) -> None:
    """There are no dead references and no dead definitions."""
    text = repr(document)
    used = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert used == set(document["components"]["schemas"])


def test_it_is_served(sandbox: Sandbox, document: Json) -> None:
    """Under the host that the client knows, and without a key."""
    url = sandbox.url.replace("/v1", "/_sandbox/openapi.json")
    served = requests.get(url, headers={"Host": "app.localhost:8443"}, timeout=5).json()
    assert served["servers"] == [{"url": "http://app.localhost:8443"}]
    assert served["paths"] == document["paths"]


@pytest.mark.parametrize("type_name", TASK_TYPES)
def test_examples_of_task_types_work(caller: Caller, document: Json, type_name: str) -> None:
    """The example creates a task of the type, which is what the description says it is."""
    operation = document["paths"][f"/v1/task/{type_name}"]["post"]
    media = operation["requestBody"]["content"]["application/json"]
    task = caller.post(f"/task/{type_name}", media["example"])
    assert task["type"] == type_name
    schema = {"$ref": "#/components/schemas/Task", "components": document["components"]}
    Draft202012Validator(schema).validate(task)
    for name in media["schema"].get("required", []):
        error = caller.error(
            "POST",
            f"/task/{type_name}",
            400,
            json={key: value for key, value in media["example"].items() if key != name},
        )
        assert name in error


@pytest.mark.slow
def test_query_parameters_are_those_that_the_code_reads(
    manual: Sandbox, document: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each that is read is described, and each that is described is read."""
    read: dict[str, set[str]] = defaultdict(set)
    text, texts = Query.text, Query.texts

    def note(name: str) -> str:
        if request.url_rule is not None:
            read[f"{request.method} {request.url_rule.rule}"].add(name)
        return name

    monkeypatch.setattr(Query, "text", lambda query, name: text(query, note(name)))
    monkeypatch.setattr(Query, "texts", lambda query, name: texts(query, note(name)))
    manual.seed({"live": WORLD})
    known = identities(manual)
    session = requests.Session()
    session.auth = (manual.live_key, "")
    for route, operation in OPERATIONS.items():
        method, path = route.split(" ")
        for query in queries(operation.query, known):
            url = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: known.get(match[1], "1"), path)
            session.request(method, manual.url.replace("/v1", url), params=query, json={})
    for route, operation in OPERATIONS.items():
        assert read[route] == set(operation.query), route


WORLD: Json = {
    "projects": [
        {"name": "parcels", "type": "imageannotation"},
        {"name": "talk", "type": "chat"},
        {"name": "rapid", "type": "imageannotation", "rapid": True},
        {"name": "studio", "type": "imageannotation", "studio": True},
    ],
    "batches": [{"name": "week_1", "project": "parcels"}, {"name": "talk_1", "project": "talk"}],
    "tasks": [
        {"type": "chat", "project": "talk", "batch": "talk_1", "status": "completed"},
        {"type": "datacollection", "fields": {"a": "b"}, "status": "completed", "response": {}},
    ],
    "deliveries": [{"name": "first", "project": "talk"}],
    "datasets": [
        {
            "name": "dialogs",
            "deliveries": [
                {
                    "name": "d1",
                    "tasks": [
                        {
                            "response": {"a": 1},
                            "attachments": [{"id": "a1", "content": "e30="}],
                        }
                    ],
                }
            ],
        }
    ],
}
"""One of each resource, as a seed."""


def identities(sandbox: Sandbox) -> dict[str, str]:
    """Return the ids and names in the seed, by the names of parameters."""
    session = requests.Session()
    session.auth = (sandbox.live_key, "")

    def get(path: str) -> Any:
        return session.get(sandbox.url.replace("/v1", path)).json()

    task = get("/v2/tasks?project_name=talk")["tasks"][0]
    delivery = get("/v2/deliveries?project_name=talk")["deliveries"][0]
    return {
        "task_id": task["task_id"],
        "project": "talk",
        "name": "week_1",
        "batch": "talk_1",
        "project_name": "talk",
        "batch_name": "talk_1",
        "project_id": task["project"],
        "batch_id": task["batch"],
        "delivery_id": delivery["id"],
        "action": "start_work",
        "attachment_id": "a1",
        "type_name": "imageannotation",
    }


def queries(schemas: Any, known: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield queries that make an operation read all its parameters."""
    yield {}
    yield {name: known[name] for name in schemas if name in known}
    for name in schemas:
        yield {name: known.get(name, "1")}
        if "project_name" in schemas:
            yield {"project_name": "talk", name: known.get(name, "")}
