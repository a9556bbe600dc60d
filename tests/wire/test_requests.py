"""Bodies, ids in paths, and values in queries."""

from __future__ import annotations

import inspect
import socket
from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleConnectionError, ScaleInvalidRequest
from tests.wire.conftest import Connect
from tests.wire.server import Server

EMPTY: dict[str, tuple[Callable[[ScaleClient], Any], bytes]] = {
    "set_task_tags": (lambda client: client.set_task_tags("t", []), b"[]"),
    "add_task_tags": (lambda client: client.add_task_tags("t", []), b"[]"),
    "delete_task_tags": (lambda client: client.delete_task_tags("t", []), b"[]"),
    "set_task_metadata": (lambda client: client.set_task_metadata("t", {}), b"{}"),
    "set_batch_metadata": (lambda client: client.set_batch_metadata("b", {}), b"{}"),
    "create_task": (lambda client: client.create_task("imageannotation"), b"{}"),
    "update_project": (lambda client: client.update_project("p"), b"{}"),
    "cancel_task": (lambda client: client.cancel_task("t"), b""),
}


@pytest.mark.parametrize(("call", "body"), EMPTY.values(), ids=EMPTY.keys())
def test_sends_empty_bodies(server: Server, connect: Connect, call: Any, body: bytes) -> None:
    """Tags and metadata can be cleared."""
    call(connect(server))
    assert server.requests[0].body == body
    assert server.requests[0].headers["content-length"] == str(len(body))


@pytest.mark.parametrize(
    ("task_id", "path"),
    [
        ("../projects?x=1", "/v1/task/..%2Fprojects%3Fx%3D1"),
        ("a b/c", "/v1/task/a%20b%2Fc"),
        ("%2e%2e", "/v1/task/%252e%252e"),
        ("ü#", "/v1/task/%C3%BC%23"),
        ("...", "/v1/task/..."),
    ],
)
def test_quotes_ids(server: Server, connect: Connect, task_id: str, path: str) -> None:
    """An id is a single path segment."""
    connect(server).get_task(task_id)
    assert server.requests[0].target == path


@pytest.mark.parametrize("task_id", [".", "..", "", None, ["t"], True])
def test_rejects_invalid_ids(server: Server, connect: Connect, task_id: Any) -> None:
    """Before anything is sent."""
    with pytest.raises(ScaleInvalidRequest, match="task_id"):
        connect(server).get_task(task_id)
    assert server.connections == 0


def test_booleans_in_queries(server: Server, connect: Connect) -> None:
    """``True`` and ``False`` as in 2.18.4, except where it sends ``true``."""
    client = connect(server)
    list(client.get_batches(exclude_archived=True))
    list(client.get_tasks("p", include_attachment_url=False, limited_response=True))
    client.cancel_task("t", clear_unique_id=True)
    batches, tasks, cancel = server.requests
    assert batches.query["exclude_archived"] == ["True"]
    assert tasks.query["include_attachment_url"] == ["False"]
    assert tasks.query["limited_response"] == ["True"]
    assert cancel.target == "/v1/task/t/cancel?clear_unique_id=true"


def test_tasks_accepts_every_filter_of_get_tasks(server: Server, connect: Connect) -> None:
    """``created_after`` and ``created_before`` too; unknown filters are rejected."""
    client = connect(server)
    client.tasks(project="p", created_after="2026-01-01", created_before="2026-02-01")
    assert server.requests[0].query == {
        "project": ["p"],
        "start_time": ["2026-01-01"],
        "end_time": ["2026-02-01"],
    }
    names = inspect.signature(client.get_tasks).parameters
    client.tasks(**dict.fromkeys(names))  # None means that a filter is not used
    with pytest.raises(ScaleInvalidRequest, match="colour"):
        client.tasks(project="p", colour="red")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ("a=b c&d=%20ü", "?a=b%20c&d=%20%C3%BC"),
        (b"a=b", "?a=b"),
        ([("a", "b"), ("a", None), ("c", [1, None, 2])], "?a=b&c=1&c=2"),
        ((("a", 1),), "?a=1"),
        ([["a", "b"]], "?a=b"),
        ({"a": "b"}.items(), "?a=b"),
        ((pair for pair in [("a", "b")]), "?a=b"),
        ("", ""),
        ([], ""),
    ],
)
def test_forms_of_a_query(server: Server, connect: Connect, params: Any, query: str) -> None:
    """Those that requests has, as in scaleapi 2."""
    connect(server).api.get_request("tasks", params)
    assert server.requests[0].target == f"/v1/tasks{query}"


@pytest.mark.parametrize(
    "params", [5, ["a"], [("a", "b", "c")], [5], "a#b", "a\n", b"\xff", object()]
)
def test_rejects_what_is_not_a_query(server: Server, connect: Connect, params: Any) -> None:
    api = connect(server).api
    for verb in (api.get_request, api.delete_request):
        with pytest.raises(ScaleInvalidRequest, match="params"):
            verb("tasks", params=params)
    assert server.connections == 0


def test_pairs_of_an_upload(server: Server, connect: Connect) -> None:
    """Files and form fields may be lists of pairs, as in requests."""
    fields = [("project_name", "p"), ("project_name", "q")]
    connect(server).api.post_request("files/upload", files=[("file", ("n", b"abc"))], data=fields)
    body = server.requests[0].body
    assert body.count(b'name="project_name"') == 2
    assert b'name="file"; filename="n"' in body


@pytest.mark.parametrize(
    ("files", "data", "text"),
    [
        ([("file", b"a"), ("file", b"b")], None, "files"),
        (b"abc", None, "files"),
        ({"file": b"a"}, "project_name=p", "data"),
        ({"file": b"a"}, b"x", "data"),
        ({"file": b"a"}, 5, "data"),
    ],
)
def test_rejects_other_forms_of_an_upload(
    server: Server, connect: Connect, files: Any, data: Any, text: str
) -> None:
    with pytest.raises(ScaleInvalidRequest, match=f"^{text} "):
        connect(server).api.post_request("files/upload", files=files, data=data)
    assert server.connections == 0


@pytest.mark.parametrize("returned", [None, 0, -1, 1_000_000])
def test_a_replaced_socket_that_miscounts_what_it_sent(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch, returned: int | None
) -> None:
    """The call fails. Going on could send the request again and again."""
    client = connect(server, deadline=2, max_retries=0)
    calls = []

    def send(sock: socket.socket, data: bytes) -> int | None:
        calls.append(sock)
        sock.sendall(data)
        return returned

    monkeypatch.setattr(socket.socket, "send", send)
    with pytest.raises(ScaleConnectionError, match="send") as caught:
        client.api.post_request("tasks", {"a": 1})
    assert caught.value.may_have_been_applied
    assert len(calls) == 1
