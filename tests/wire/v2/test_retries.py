"""Retries of v2 calls: uncertain creations are never retried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from scaleapi import ScaleConnectionError, ScaleException, V2Api
from scaleapi.exceptions import ScaleInternalError, ScaleInvalidRequest, ScaleServerError
from tests.wire.conftest import Connect, Serve
from tests.wire.server import Reply, Request, Server, after, before, reset, respond, succeed

pytestmark = pytest.mark.usefixtures("no_waits")

CREATIONS: list[Callable[[V2Api], object]] = [
    lambda api: api.create_batch(name="b", project_id="p"),
    lambda api: api.create_chat_task(project_id="p"),
    lambda api: api.create_chat_task(project_id="p", unique_id="u"),
]

HARMLESS: list[Callable[[V2Api], object]] = [
    lambda api: api.get_task("t"),
    lambda api: api.set_task_metadata(task_id="t", metadata={}),
    lambda api: api.set_batch_metadata(batch_id="b", metadata={}, merge=True),
    lambda api: api.get_dataset_task_response_url("t", "a"),
]


def anything(request: Request) -> Reply:
    if request.path.endswith("/a"):
        return Reply(b"", 302, {"Location": "https://storage.example/a"})
    return Reply({"task_id": "t", "id": "b"})


@pytest.mark.parametrize("create", CREATIONS, ids=range(len(CREATIONS)))
@pytest.mark.parametrize(
    "fault",
    [after(reset), before(respond(status=500)), before(respond(status=503))],
    ids=["lost", "500", "503"],
)
def test_uncertain_creations_are_not_retried(
    serve: Serve, connect: Connect, create: Callable[[V2Api], object], fault: Any
) -> None:
    server = serve(anything)
    server.script(fault)
    with pytest.raises((ScaleConnectionError, ScaleServerError)) as caught:
        create(connect(server).v2)
    assert caught.value.may_have_been_applied
    assert len(server.requests) == 1


@pytest.mark.parametrize("create", CREATIONS, ids=range(len(CREATIONS)))
@pytest.mark.parametrize(("status", "headers"), [(429, {}), (503, {"Retry_After": "0"})])
def test_throttled_creations_are_retried(
    serve: Serve,
    connect: Connect,
    create: Callable[[V2Api], object],
    status: int,
    headers: dict[str, str],
) -> None:
    server = serve(anything)
    server.script(before(respond(status=status, **headers)))
    create(connect(server).v2)
    assert len(server.requests) == 2


@pytest.mark.parametrize("call", HARMLESS, ids=range(len(HARMLESS)))
def test_idempotent_calls_are_retried(
    serve: Serve, connect: Connect, call: Callable[[V2Api], object]
) -> None:
    server = serve(anything)
    server.script(after(reset), before(respond(status=500)))
    call(connect(server).v2)
    assert len(server.requests) == 3


class Batches:
    """A batch that can be changed only in the right status."""

    moves: ClassVar = {
        "finalize": ("staging", "in_progress"),
        "pause": ("in_progress", "paused"),
        "resume": ("paused", "in_progress"),
        "cancel": ("in_progress", "cancelled"),
    }

    def __init__(self, status: str) -> None:
        self.status = status

    @property
    def json(self) -> dict[str, str]:
        return {"id": "b", "name": "n", "status": self.status}

    def __call__(self, request: Request) -> Reply:
        verb = request.path.rpartition("/")[2]
        if verb == "batch":
            assert request.query == {"batch_name": ["n"]}
            return Reply(self.json)
        old, new = self.moves[verb]
        if self.status != old:
            return Reply({"status_code": 400, "error": f"Batch is {self.status}."}, 400)
        self.status = new
        return Reply(self.json if verb == "finalize" else {"batch": self.json, "message": "Yes."})


VERBS = pytest.mark.parametrize("verb", Batches.moves)


@pytest.fixture
def change(serve: Serve, connect: Connect) -> Callable[[str], tuple[Server, Any]]:
    """Return a server with a batch in the right status, and a call that changes it."""

    def make(verb: str) -> tuple[Server, Any]:
        server = serve(Batches(Batches.moves[verb][0]))
        return server, getattr(connect(server).v2, f"{verb}_batch")

    return make


@VERBS
def test_a_lost_response_is_recovered(change: Any, verb: str) -> None:
    """The first attempt finalized the batch, so the rejection of the retry is not an error."""
    server, call = change(verb)
    server.script(after(reset))
    result = call(batch_name="n")
    batch = result if verb == "finalize" else result.batch
    assert batch.status == Batches.moves[verb][1]
    assert [request.method for request in server.requests] == ["POST", "POST", "GET"]


@VERBS
def test_a_second_change_is_rejected(change: Any, verb: str) -> None:
    """Without a lost response, the rejection is raised."""
    server, call = change(verb)
    call(batch_name="n")
    with pytest.raises(ScaleInvalidRequest, match="Batch is"):
        call(batch_name="n")
    assert len(server.requests) == 2


@VERBS
def test_the_rejection_is_raised_if_the_batch_is_unchanged(change: Any, verb: str) -> None:
    """A rejection for another reason is raised, even after a lost response."""
    server, call = change(verb)
    server.script(before(reset), before(respond(status=400)))
    with pytest.raises(ScaleInvalidRequest, match="told to return 400"):
        call({"batch_name": "n", "unheard": 1})
    assert len(server.requests) == 3


@VERBS
def test_the_rejection_is_raised_if_the_lookup_fails(change: Any, verb: str) -> None:
    """The rejection is raised with a hint, not the error of the lookup."""
    server, call = change(verb)
    server.script(after(reset), after(succeed), *[before(respond(status=500))] * 4)
    with pytest.raises(ScaleInvalidRequest, match=r"^<Response .400.> Batch is") as caught:
        call(batch_name="n")
    assert caught.value.may_have_been_applied
    assert isinstance(caught.value.__cause__, ScaleInternalError)
    assert [request.method for request in server.requests] == ["POST", "POST", *["GET"] * 4]


def test_a_server_error_is_not_a_rejection(change: Any) -> None:
    server, call = change("pause")
    server.script(*[before(respond(status=500))] * 4)
    with pytest.raises(ScaleException, match="told to return 500"):
        call(batch_name="n")
    assert {request.method for request in server.requests} == {"POST"}
