"""``unittest.mock`` patches of the four methods of ``Api``, which every call uses."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from types import GeneratorType
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest

from scaleapi import ScaleClient
from scaleapi.api import Api
from scaleapi.exceptions import ScaleException, ScaleResourceNotFound
from scaleapi.v2 import V2Api
from tests.environments.service import service
from tests.wire.conftest import Connect, Serve
from tests.wire.server import Reply, Request, Server
from tests.wire.service import ANYTHING

VERBS = {"get_request": "GET", "post_request": "POST", "put_request": "PUT"} | {
    "delete_request": "DELETE"
}

#: Something of every shape.
EVERYTHING: dict[str, Any] = {
    **ANYTHING,
    "batch": {"id": "batch_1"},
    "schema": {"json": "{}"},
    **{key: [] for key in ("tasks", "batches", "projects", "deliveries", "datasets")},
}

EMAILS = ["ada@example.com"]

#: What parameters of these names are given.
VALUES: dict[str, Any] = {
    "accepted": True,
    "add_emails": EMAILS,
    "annotation_id": "a",
    "attachment_id": "a",
    "batch_id": "b",
    "batch_name": "b",
    "batch_names": ["b"],
    "dataset_id": "d",
    "delivery_id": "d",
    "emails": EMAILS,
    "file": b"data",
    "file_url": "https://example.com/a.png",
    "metadata": {"a": 1},
    "name": "n",
    "priority": 1,
    "project": "p",
    "project_group": "g",
    "project_groups": ["g"],
    "project_id": "p",
    "project_name": "p",
    "projects": ["p"],
    "remove_emails": EMAILS,
    "role": "member",
    "rows": [{"attachment": "https://example.com/a.png"}],
    "schema_id": "s",
    "tags": ["a"],
    "task_id": "t",
    "task_type": "imageannotation",
    "tasks": ["t"],
    "timeout": 0.5,
    "unique_id": "u",
}

#: Arguments in addition to the required ones.
MORE: dict[str, dict[str, Any]] = {
    "as_completed": {"tasks": ["t"], "timeout": 0.5},
    "wait_for_tasks": {"timeout": 0.5},
    "create_evaluation_task": {"attachment": "https://example.com/a.png"},
    "create_task": {"attachment": "https://example.com/a.png"},
    "create_training_task": {"attachment": "https://example.com/a.png"},
    "get_tasks": {"project_name": "p"},
    "get_tasks_count": {"project_name": "p"},
    "tasks": {"project": "p"},
    "update_project": {"instruction": "i"},
    "upload_file": {"filename": "a.png"},
    "v2_get_tasks": {"project_name": "p"},
}

#: Arguments of v2 methods that take either of two.
V2_GIVEN: dict[str, dict[str, Any]] = {
    "as_completed": {"tasks": ["t"], "timeout": 0.5},
    "create_chat_tasks": {"rows": [{"project_id": "p", "prompt": "Hi"}]},
    "wait_for_batch": {"batch_id": "b", "timeout": 0.5},
}

#: What belongs to the client itself, the download of a file, which has no JSON, and exports, which
#: write what get_tasks returns.
NOT_CALLS = {"close", "with_options", "download_response", "export_annotations", "export_tasks"}
NOT_CALLS |= {"iter_arrow", "to_arrow"}

CALLS = sorted(
    name
    for name, _ in inspect.getmembers(ScaleClient, callable)
    if not name.startswith("_") and name not in NOT_CALLS
)

V2_CALLS = sorted(
    name
    for name, _ in inspect.getmembers(V2Api, callable)
    # These two are made of the response itself, which a stub does not have.
    if not name.startswith("_") and not name.endswith(("_http_info", "_preload_content"))
)

Call = Callable[[ScaleClient], Any]

#: Makes a call of the given version of the API with stubs.
Check = Callable[[Call, str], None]


def call_of(name: str) -> Call:
    """Return a call of a client method with its required arguments."""
    parameters = inspect.signature(getattr(ScaleClient, name)).parameters.values()
    required = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    given = {
        one.name: VALUES[one.name]
        for one in parameters
        if one.name in required[1:] and one.default is one.empty
    }
    return lambda client: getattr(client, name)(**given, **MORE.get(name, {}))


def v2_call_of(name: str) -> Call:
    """Return a call of a ``client.v2`` method with all ids and names."""
    parameters = inspect.signature(getattr(V2Api, name)).parameters
    given = {one: VALUES[one] for one in parameters if one in VALUES}
    if "project_id" in given:
        given.pop("project_name", None)
    given.pop("project", None)
    given = V2_GIVEN.get(name, given)
    return lambda client: getattr(client.v2, name)(**given)


def everything(request: Request) -> Reply:
    """Return JSON that every call can read."""
    reply = Reply(EVERYTHING) if "/v2/" in request.path else service(request)
    if isinstance(reply.content, dict):
        return Reply(EVERYTHING | reply.content)
    return reply


def stub_of(version: str, method: str) -> Callable[..., Any]:
    """Return a stub of a method that returns the server's response."""

    def stub(endpoint: str, *args: Any, **kwargs: Any) -> Any:
        params = kwargs.get("params", args[0] if args and method == "GET" else None) or {}
        query = urlencode({key: one for key, one in params.items() if one is not None})
        target = f"/{version}/{endpoint}?{query}"
        return everything(Request(0, 0.0, f"{method} {target} HTTP/1.1\r\n\r\n".encode())).content

    return stub


@contextmanager
def stubbed(target: object, version: str) -> Generator[list[mock.Mock]]:
    """Patch the four methods of one Api or of the class."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                mock.patch.object(target, verb, side_effect=stub_of(version, method))
            )
            for verb, method in VERBS.items()
        ]


def outcome(call: Call, client: ScaleClient) -> str:
    """Return the outcome of a call as text."""
    try:
        result = call(client)
        return repr(list(result) if isinstance(result, (GeneratorType, Iterator)) else result)
    except (ScaleException, TimeoutError) as error:
        return type(error).__name__  # the text shows a response only if there was one


@pytest.fixture
def service_server(serve: Serve) -> Server:
    """A server with something of the right shape for every call."""
    return serve(everything)


@pytest.fixture
def client(service_server: Server, connect: Connect) -> ScaleClient:
    """The client whose methods are patched."""
    return connect(service_server)


@pytest.fixture(params=["instance", "class"])
def check(
    request: pytest.FixtureRequest, service_server: Server, client: ScaleClient, connect: Connect
) -> Check:
    """Return a function that makes a call with stubs.

    It asserts that nothing was sent, and that the call returned what it does with a server.
    """

    def check(call: Call, version: str) -> None:
        with stubbed(client.api if request.param == "instance" else Api, version) as verbs:
            found = outcome(call, client)
        assert service_server.connections == 0
        assert any(verb.called for verb in verbs)
        assert found == outcome(call, connect(service_server))
        assert service_server.requests

    return check


@pytest.mark.parametrize("name", CALLS)
def test_patched_calls_send_nothing(check: Check, name: str) -> None:
    check(call_of(name), "v2" if name == "v2_get_tasks" else "v1")


@pytest.mark.parametrize("name", V2_CALLS)
def test_patched_v2_calls_send_nothing(check: Check, name: str) -> None:
    check(v2_call_of(name), "v2")


@pytest.mark.parametrize("name", ["get_task", "get_tasks", "create_chat_task", "finalize_batch"])
def test_patched_v2_calls_send_nothing_after_earlier_use(
    check: Check, client: ScaleClient, name: str
) -> None:
    assert isinstance(client.v2, V2Api)
    check(v2_call_of(name), "v2")


OBJECT_CALLS: dict[str, Call] = {
    "Task.refresh": lambda client: client.get_task("t").refresh(),
    "Task.cancel": lambda client: client.get_task("t").cancel(),
    "Task.set_metadata": lambda client: client.get_task("t").set_metadata({"a": 1}),
    "Batch.finalize": lambda client: client.get_batch("b").finalize(),
    "Batch.get_status": lambda client: client.get_batch("b").get_status(),
    "Project.get_template": lambda client: client.get_project("p").get_template(),
}


@pytest.mark.parametrize("name", OBJECT_CALLS)
def test_patched_object_methods_send_nothing(check: Check, name: str) -> None:
    check(OBJECT_CALLS[name], "v1")


def test_return_value(server: Server, connect: Connect) -> None:
    """A typical stub with one value for all calls."""
    client = connect(server)
    with mock.patch.object(client.api, "get_request", return_value={"task_id": "mine"}) as get:
        assert client.get_task("anything").id == "mine"
    assert get.call_args.args[0] == "task/anything"
    with mock.patch.object(client.api, "post_request", return_value={"task_id": "mine"}) as post:
        assert (
            client.create_task("imageannotation", attachment="https://example.com/a").id == "mine"
        )
    assert post.call_args.args[0] == "task/imageannotation"
    body = post.call_args.kwargs.get("body") or post.call_args.args[1]
    assert body["attachment"] == "https://example.com/a"
    assert server.connections == 0


@pytest.mark.parametrize("error", [ScaleResourceNotFound("no", 404), ZeroDivisionError("mine")])
def test_side_effect(server: Server, connect: Connect, error: Exception) -> None:
    """The error of the stub propagates unchanged."""
    client = connect(server)
    with (
        mock.patch.object(client.api, "get_request", side_effect=error),
        pytest.raises(type(error)) as caught,
    ):
        client.get_task("t")
    assert caught.value is error
    assert server.connections == 0
