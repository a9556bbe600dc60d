"""Each of the 25 operations sends and reads what the schema declares."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

import pytest

from scaleapi import ScaleArgumentError, ScaleClient
from scaleapi.api_client.v2 import models
from scaleapi.v2 import V2Api
from tests.schema.description import (
    ENDPOINTS,
    MODELS,
    Schema,
    attributes,
    declared_properties,
    model_name,
)
from tests.schema.generated import Maker
from tests.schema.reading import check
from tests.wire.server import Reply, Request, Server

KEY = "test_0123456789abcdef"
LINK = "https://storage.example/a_1?signature=1"
TOKEN = "bmV4dA=="

GETS = sorted(name for name, endpoint in ENDPOINTS.items() if endpoint["method"] == "GET")
POSTS = sorted(set(ENDPOINTS) - set(GETS))
PAGED = sorted(name for name, endpoint in ENDPOINTS.items() if "pagination" in endpoint)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def v2(server: Server) -> Iterator[V2Api]:
    server.requests.clear()
    with ScaleClient(KEY, api_instance_url=server.url, verify=False) as client:
        yield client.v2


def enum_values(schema: Schema) -> list[str]:
    values: list[str] = MODELS[model_name(schema)]["enum"]
    return values


def argument(schema: Schema) -> tuple[Any, list[str]]:
    """Return a value for a parameter, and its form in a query."""
    if schema.get("type") == "array":
        return (values := enum_values(schema["items"])), values
    if "$ref" in schema:
        return (value := enum_values(schema)[-1]), [value]
    if schema.get("format") == "date-time":
        time = datetime(2025, 1, 2, 3, 4, 5, 678_000, timezone.utc)
        return time, ["2025-01-02T03:04:05.678000+0000"]
    return (7, ["7"]) if schema["type"] == "integer" else ("a b/ü&%", ["a b/ü&%"])


def arguments(endpoint: Schema) -> tuple[dict[str, Any], dict[str, list[str]], str]:
    """Return an argument for every parameter, the query that they make, and the path."""
    given: dict[str, Any] = {}
    query: dict[str, list[str]] = {}
    path: str = endpoint["path"]
    for parameter in endpoint["parameters"]:
        name = parameter["name"]
        (attribute,) = attributes(name, {})
        given[attribute], written = argument(parameter["schema"])
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(given[attribute], safe=""))
        else:
            query[name] = written
    return given, query, path


def reply_of(endpoint: Schema, seed: int = 3) -> Reply:
    """Return a successful response of an operation."""
    if "302" in endpoint["responses"]:
        return Reply(b"", 302, {"Location": LINK})
    return Reply(Maker(seed, 30).make(endpoint["responses"]["200"]["schema"]))


def body_model(endpoint: Schema) -> str:
    return model_name(endpoint["requestBody"]["schema"])


def whole_body(name: str) -> dict[str, Any]:
    """Return a body with every field."""
    values = {"string": "a b/ü", "boolean": True, "object": {"deep": {"null": None}, "list": [1]}}
    return {key: values[schema["type"]] for key, schema in declared_properties(name).items()}


def assert_sent(request: Request, endpoint: Schema, path: str) -> None:
    assert (request.method, request.path) == (endpoint["method"], path)
    assert request.headers["authorization"] == f"Bearer {KEY}"


def assert_reads(endpoint: Schema, reply: Reply, read: object) -> None:
    if "302" in endpoint["responses"]:
        assert read == LINK
    else:
        check(endpoint["responses"]["200"]["schema"], reply.content, read, "response")


def test_every_operation_exists() -> None:
    """All operations are methods, and there are no others."""
    verbs = "get|create|set|finalize|pause|resume|cancel"
    found = {name for name in dir(V2Api) if re.match(f"({verbs})_", name)}
    found -= {"create_chat_tasks"}  # many calls of one operation
    forms = ("", "_with_http_info", "_without_preload_content")
    assert found == {f"{name}{form}" for name in ENDPOINTS for form in forms}
    assert len(ENDPOINTS) == 25


@pytest.mark.parametrize("name", GETS)
def test_get(v2: V2Api, server: Server, name: str) -> None:
    """The path, parameters in the order of scaleapi 2, and the response in its forms."""
    endpoint = ENDPOINTS[name]
    given, query, path = arguments(endpoint)
    reply = reply_of(endpoint)
    server.service = lambda request: reply
    method = getattr(v2, name)
    assert list(inspect.signature(method).parameters) == [*given, "terms"]
    assert_reads(endpoint, reply, method(**given))
    assert_reads(endpoint, reply, method(*given.values()))
    response = getattr(v2, f"{name}_with_http_info")(**given)
    assert_reads(endpoint, reply, response.data)
    assert response.status_code == reply.status
    assert response.raw_data == reply.body
    assert len(server.requests) == 3
    for request in server.requests:
        assert_sent(request, endpoint, path)
        assert request.query == query
        assert not request.size


@pytest.mark.parametrize("name", POSTS)
def test_post(v2: V2Api, server: Server, name: str) -> None:
    """The path and every field of the body, from a model, a dict or keywords."""
    endpoint, model = ENDPOINTS[name], body_model(ENDPOINTS[name])
    body, reply = whole_body(model), reply_of(endpoint)
    server.service = lambda request: reply
    method = getattr(v2, name)
    whole, *fields, terms = inspect.signature(method).parameters
    assert terms == "terms"
    assert whole == re.sub("(?<!^)[A-Z]", lambda capital: f"_{capital[0]}", model).lower()
    assert set(fields) == set(body)
    made = getattr(models, model)(**body)
    read = [method(made), method(**{whole: body}), method(**body)]
    read.append(getattr(v2, f"{name}_with_http_info")(body).data)
    for one, request in zip(read, server.requests, strict=True):
        assert_reads(endpoint, reply, one)
        assert_sent(request, endpoint, endpoint["path"])
        assert not request.query
        assert request.headers["content-type"].startswith("application/json")
        assert request.json == body


def incomplete() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each operation without one of its required arguments or groups."""
    for name, endpoint in ENDPOINTS.items():
        if "requestBody" in endpoint:
            given = whole_body(body_model(endpoint))
            needed = [{key} for key in MODELS[body_model(endpoint)].get("required", ())]
            one_of = endpoint["requestBody"].get("requireAnyOf")
        else:
            given = arguments(endpoint)[0]
            needed = [
                attributes(parameter["name"], {})
                for parameter in endpoint["parameters"]
                if parameter["required"]
            ]
            one_of = endpoint.get("requireAnyOf")
        for group in [*needed, *([set(one_of)] if one_of else [])]:
            yield name, {key: value for key, value in given.items() if key not in group}


@pytest.mark.parametrize(("name", "given"), [*incomplete()])
def test_required_arguments(v2: V2Api, server: Server, name: str, given: dict[str, Any]) -> None:
    """Nothing is sent without it."""
    with pytest.raises((TypeError, ScaleArgumentError)):
        getattr(v2, name)(**given)
    assert not server.requests


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize("limit", [0, 101, -1, True, 1.0, "7"])
def test_limits(v2: V2Api, server: Server, name: str, limit: object) -> None:
    """A page has 1 to 100 entries."""
    endpoint = ENDPOINTS[name]
    declared = next(one["schema"] for one in endpoint["parameters"] if one["name"] == "limit")
    assert (declared["minimum"], declared["maximum"]) == (1, 100)
    for method in (getattr(v2, name), getattr(v2, name.replace("get_", "iter_"))):
        with pytest.raises(ScaleArgumentError, match="limit"):
            method(**arguments(endpoint)[0] | {"limit": limit})
    assert not server.requests


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize("end", [{}, {"next_token": None}, {"next_token": ""}])
def test_all_pages(v2: V2Api, server: Server, name: str, end: dict[str, Any]) -> None:
    """Each of the six paged lists has a generator, which keeps the arguments."""
    endpoint = ENDPOINTS[name]
    given, query, path = arguments(endpoint)
    del given["next_token"], query["next_token"]
    items = endpoint["pagination"]["items"]
    schema = declared_properties(model_name(endpoint["responses"]["200"]["schema"]))[items]
    entries = [Maker(seed, 10).make(schema["items"]) for seed in range(5)]

    def service(request: Request) -> Reply:
        first = "next_token" not in request.query
        more = {"next_token": TOKEN} if first else end
        return Reply({items: entries[:3] if first else entries[3:], "total": 3, **more})

    server.service = service
    check(schema, entries, list(getattr(v2, name.replace("get_", "iter_"))(**given)), items)
    assert [request.query for request in server.requests] == [
        query,
        query | {"next_token": [TOKEN]},
    ]
    for request in server.requests:
        assert_sent(request, endpoint, path)


def test_paged_lists() -> None:
    """Exactly the paged lists have generators."""
    found = {name for name in dir(V2Api) if name.startswith("iter_")}
    assert found == {name.replace("get_", "iter_") for name in PAGED}
    assert len(found) == 6
