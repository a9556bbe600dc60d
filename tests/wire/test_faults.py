"""The faults of the released client, one by one: each has a test that fails on the fault.

The number in a test's name is that of the row in the table of faults that this client was
written from. Rows that cannot be run against this package:

* 1, 6, 20, 21, 25, 28, 31, 41 to 53 were found by reading. What they say about behavior is shown
  elsewhere in this folder: 6 (no timeouts) in ``test_deadlines``, 31 (batches advance by the
  limit that the service names) in ``test_paging``.
* 33 and 34 are about the v2 client, which is not here yet; 35 is about its generated code.
* 54 is about an example program of the released client.
"""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from urllib3.exceptions import InsecureRequestWarning

from scaleapi import Paginator, ScaleClient, Task, Tasklist
from scaleapi._http.call import Call
from scaleapi.exceptions import (
    ScaleBadGateway,
    ScaleBadResponse,
    ScaleDuplicateResource,
    ScaleException,
    ScaleForbidden,
    ScaleInternalError,
    ScaleInvalidRequest,
    ScaleRequestTimeout,
    ScaleServerError,
    ScaleUnprocessable,
)
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import Server, after, answer, before, close, connect_through, reset
from tests.wire.service import TaskStore

CONFLICT = {"status_code": 409, "error": 'The unique_id ("u") is already used (65f0).'}


def test_fault_02_calls_share_a_connection(server: Server, connect: Connect) -> None:
    """Five calls make one connection, not five."""
    client = connect(server)
    for _ in range(5):
        client.get_task("t")
    assert (len(server.requests), server.connections) == (5, 1)


@pytest.mark.usefixtures("no_waits")
def test_fault_03_plain_http_is_retried_too(server: Server, connect: Connect) -> None:
    """Retries belong to ``http://`` base URLs as well."""
    server.script(before(answer(status=500)))
    connect(server).get_task("t")
    assert len(server.requests) == 2


def test_fault_04_verify_false_is_off(serve: Serve, connect: Connect, authority: Authority) -> None:
    """It does not turn into ``True``."""
    server = serve(tls=authority.server)
    with pytest.warns(InsecureRequestWarning):
        connect(server, verify=False).get_task("t")
    assert len(server.requests) == 1


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_fault_05_verify_beats_the_environment(
    serve: Serve,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    """A path given to the client does not lose to one of the environment, nor does ``False``."""
    import certifi

    monkeypatch.setenv(variable, certifi.where())
    server = serve(tls=authority.server)
    connect(server, verify=authority.bundle).get_task("t")
    with pytest.warns(InsecureRequestWarning):
        connect(server, verify=False).get_task("t")
    assert len(server.requests) == 2


@pytest.mark.usefixtures("no_waits")
def test_fault_07_retries_follow_idempotency(server: Server, connect: Connect) -> None:
    """PUT is retried, and a POST that is not idempotent is not."""
    client = connect(server)
    server.script(before(answer(status=500)))
    client.add_task_tags("t", ["a"])
    assert [request.method for request in server.requests] == ["PUT", "PUT"]
    server.script(before(answer(status=500)))
    with pytest.raises(ScaleInternalError):
        client.invite_teammates(["a@b.c"], "member")
    assert [request.method for request in server.requests[2:]] == ["POST"]


def test_fault_08_waits_are_as_documented_and_jittered(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 0.5, 1 and 2 s, never twice the same; not 0, 4 and 8 s each time."""
    waits: list[float] = []
    monkeypatch.setattr(Call, "sleep", lambda call, seconds: waits.append(seconds))
    server.default = before(answer(status=500))
    client = connect(server)
    for _ in range(2):
        with pytest.raises(ScaleInternalError):
            client.get_task("t")
    assert len(waits) == len(set(waits)) == 6
    assert all(0 < wait < limit for wait, limit in zip(waits, [0.5, 1, 2] * 2, strict=True))


@pytest.mark.parametrize(
    "content", [b"", b"no", b"[]", b"[{}]", b"null", b'"text"', b"7", b'{"error": null}']
)
def test_fault_09_a_conflict_without_the_usual_body(
    server: Server, connect: Connect, content: bytes
) -> None:
    """A 409 is a ``ScaleDuplicateResource`` whatever comes with it, also of ``cancel_task``."""
    server.default = before(answer(content, 409))
    client = connect(server)
    calls: list[Callable[[], object]] = [
        lambda: client.cancel_task("t"),
        lambda: client.create_task("imageannotation"),
    ]
    for call in calls:
        with pytest.raises(ScaleDuplicateResource) as caught:
            call()
        assert caught.value.code == 409
        assert str(caught.value).startswith("<Response [409]> ")


def test_fault_10_a_conflict_after_a_list_was_sent(server: Server, connect: Connect) -> None:
    """The body of ``set_task_tags`` has no ``unique_id`` to look for."""
    server.script(before(answer(CONFLICT, 409)))
    with pytest.raises(ScaleDuplicateResource, match="already used"):
        connect(server).set_task_tags("t", ["a"])
    assert len(server.requests) == 1


@pytest.mark.usefixtures("no_waits")
def test_fault_11_only_the_creation_of_a_task_is_recovered(
    server: Server, connect: Connect
) -> None:
    """A path with "task" in it means nothing to the transport."""
    client = connect(server)
    server.script(before(answer(status=503, Retry_After="0")), before(answer(CONFLICT, 409)))
    with pytest.raises(ScaleDuplicateResource):
        client.api.post_request("projects/mytask", {"unique_id": "u"})
    assert [request.method for request in server.requests] == ["POST", "POST"]


@pytest.mark.parametrize("fault", [reset, close])
def test_fault_12_a_dropped_connection_and_then_a_conflict(
    serve: Serve, connect: Connect, fault: Any
) -> None:
    """The task whose answer was lost is returned."""
    store = TaskStore()
    server = serve(store)
    server.script(after(fault))
    task = connect(server).create_task("imageannotation", unique_id="u")
    assert task.id == store.tasks[0]["task_id"]


@pytest.mark.usefixtures("no_waits")
def test_fault_13_the_lookup_has_the_settings_of_the_client(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    """It works behind a private CA, through a proxy and with a client certificate."""
    store = TaskStore()
    server = serve(store, tls=authority.mutual)
    proxy = serve(default=before(connect_through))
    server.script(after(answer(status=500)))
    client = connect(
        server,
        verify=authority.bundle,
        proxies={"https": proxy.origin},
        cert=authority.client_pem,
    )
    assert client.create_task("imageannotation", unique_id="u").unique_id == "u"
    assert [request.method for request in server.requests] == ["POST", "POST", "GET"]
    assert server.connections == proxy.connections == 1


def test_fault_14_the_lookup_is_encoded(serve: Serve, connect: Connect) -> None:
    """A ``unique_id`` with reserved characters is one value of one parameter."""
    store = TaskStore()
    server = serve(store)
    server.script(after(reset))
    connect(server).create_task("imageannotation", unique_id="a&b c")
    assert server.requests[-1].target == "/v1/tasks?unique_id=a%26b+c"


def test_fault_15_a_lookup_that_finds_nothing(serve: Serve, connect: Connect) -> None:
    """The conflict itself is raised, not the 200 of the lookup."""
    server = serve(TaskStore())
    server.script(after(reset), before(answer(CONFLICT, 409)), before(answer({"docs": []})))
    with pytest.raises(ScaleDuplicateResource) as caught:
        connect(server).create_task("imageannotation", unique_id="u")
    assert str(caught.value).startswith("<Response [409]> ")
    assert caught.value.status == 409


@pytest.mark.parametrize("create", ["create_evaluation_task", "create_training_task"])
def test_fault_16_quality_tasks_are_not_looked_up_among_tasks(
    server: Server, connect: Connect, create: str
) -> None:
    """They are not there; the conflict is raised."""
    server.script(after(reset), before(answer(CONFLICT, 409)))
    with pytest.raises(ScaleDuplicateResource):
        getattr(connect(server), create)("imageannotation", unique_id="u")
    assert [request.method for request in server.requests] == ["POST", "POST"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 206])
def test_fault_17_any_2xx_is_success(server: Server, connect: Connect, status: int) -> None:
    """And an empty body is ``None``."""
    client = connect(server)
    if status != 204:
        server.script(before(answer({"task_id": "t"}, status)))
        assert client.get_task("t").id == "t"
    server.script(before(answer(b"", status)))
    assert client.api.get_request("anything") is None


@pytest.mark.parametrize("content", [b"OK", b"<html>", b'"text"', b"null", b"7", b"[]", b"{}", b""])
def test_fault_18_an_answer_that_is_not_what_was_promised(
    server: Server, connect: Connect, content: bytes
) -> None:
    """It is an error that shows what came, here and not later."""
    server.default = before(answer(content))
    client = connect(server)
    with pytest.raises(ScaleBadResponse) as caught:
        client.get_task("t")
    assert caught.value.body == content.decode()
    with pytest.raises(ScaleBadResponse):
        client.tasks(project="p")


def test_fault_18_the_audit_call_answers_a_bare_ok(server: Server, connect: Connect) -> None:
    """Which is what it promises."""
    server.default = before(answer(b"OK"))
    connect(server).audit_task("t", accepted=True)


@pytest.mark.parametrize(
    "content",
    [
        b'["a", "b"]',
        b'"text"',
        b"null",
        b"7",
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"error": [1]}',
        b'{"error": {"a": 1}}',
        b'{"message": "no error key"}',
    ],
    ids=lambda content: repr(content[:20]),
)
def test_fault_19_an_error_with_any_body(server: Server, connect: Connect, content: bytes) -> None:
    """The class is that of the status, the message a string."""
    server.default = before(answer(content, 400))
    with pytest.raises(ScaleInvalidRequest) as caught:
        connect(server).get_task("t")
    assert type(caught.value) is ScaleInvalidRequest
    assert isinstance(caught.value.message, str)
    assert caught.value.message
    assert caught.value.body == content.decode("utf-8", "replace")


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, ScaleForbidden),
        (408, ScaleRequestTimeout),
        (422, ScaleUnprocessable),
        (502, ScaleBadGateway),
        (418, ScaleException),
        (530, ScaleServerError),
    ],
)
def test_fault_22_statuses_are_classes_and_the_answer_is_kept(
    server: Server, connect: Connect, status: int, error: type[ScaleException]
) -> None:
    """Everything that is known about the failure is on the error, and survives a pickle."""
    server.default = before(answer({"error": "because"}, status, X_Trace="abc"))
    with pytest.raises(ScaleException) as caught:
        connect(server).get_task("t")
    for one in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert type(one) is error
        assert str(one) == f"<Response [{status}]> because"
        assert (one.code, one.status, one.message) == (status, status, "because")
        assert (one.method, one.path) == ("GET", "/v1/task/t")
        assert one.headers["x-trace"] == "abc"
        assert one.body == '{"error": "because"}'


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
def test_fault_23_empty_bodies_are_sent(
    server: Server, connect: Connect, call: Any, body: bytes
) -> None:
    """So that tags and metadata can be cleared."""
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
def test_fault_24_ids_are_quoted(server: Server, connect: Connect, task_id: str, path: str) -> None:
    """An id stays one segment of the path, as it is on the wire."""
    connect(server).get_task(task_id)
    assert server.requests[0].target == path


@pytest.mark.parametrize("task_id", [".", "..", "", None, ["t"], True])
def test_fault_24_what_is_no_id_is_refused(server: Server, connect: Connect, task_id: Any) -> None:
    """Before anything is sent."""
    with pytest.raises(ScaleInvalidRequest, match="task_id"):
        connect(server).get_task(task_id)
    assert server.connections == 0


def test_fault_26_booleans_of_a_query_have_the_form_that_the_service_takes(
    server: Server, connect: Connect
) -> None:
    """``True`` and ``False`` as the released client sends them, except where it sends ``true``."""
    client = connect(server)
    list(client.get_batches(exclude_archived=True))
    list(client.get_tasks("p", include_attachment_url=False, limited_response=True))
    client.cancel_task("t", clear_unique_id=True)
    batches, tasks, cancel = server.requests
    assert batches.query["exclude_archived"] == ["True"]
    assert tasks.query["include_attachment_url"] == ["False"]
    assert tasks.query["limited_response"] == ["True"]
    assert cancel.target == "/v1/task/t/cancel?clear_unique_id=true"


def test_fault_27_tasks_takes_the_filters_that_it_documents(
    server: Server, connect: Connect
) -> None:
    """``created_after`` and ``created_before`` among them; one that is unknown is refused."""
    client = connect(server)
    client.tasks(project="p", created_after="2026-01-01", created_before="2026-02-01")
    assert server.requests[0].query == {
        "project": ["p"],
        "start_time": ["2026-01-01"],
        "end_time": ["2026-02-01"],
    }
    names = inspect.signature(client.get_tasks).parameters
    client.tasks(**dict.fromkeys(names))  # a filter that is None is known, and not used
    with pytest.raises(ScaleInvalidRequest, match="colour"):
        client.tasks(project="p", colour="red")
    assert len(server.requests) == 2


@pytest.mark.parametrize("name", ["get_tasks", "get_tasks_count"])
def test_fault_29_project_or_batch_is_asked_for_by_the_call_itself(
    server: Server, connect: Connect, name: str
) -> None:
    """Not by the first ``next()``."""
    with pytest.raises(ScaleInvalidRequest, match="project_name"):
        getattr(connect(server), name)()
    assert server.connections == 0


@pytest.mark.parametrize("token", [None, "same"])
def test_fault_30_a_list_without_end(server: Server, connect: Connect, token: str | None) -> None:
    """A cursor that is missing or comes again ends it."""
    page = {"docs": [{"task_id": "1"}], "total": 1, "has_more": True, "next_token": token}
    server.default = before(answer(page))
    assert len(list(connect(server).get_tasks("p"))) == (1 if token is None else 2)


def test_fault_32_a_page_is_one_list(server: Server, connect: Connect) -> None:
    """``docs`` is the page itself, so that a change of one is a change of the other."""
    server.script(before(answer({"docs": [{"task_id": "1"}], "total": 7, "limit": 1})))
    page = connect(server).tasks(project="p")
    assert isinstance(page, Tasklist)
    page.append(page[0])
    assert page.docs is page
    assert isinstance(page, Paginator)
    assert (len(page.docs), page.total, page.limit) == (2, 7, 1)


def test_fault_36_the_import_loads_little() -> None:
    """Nothing of pydantic or of v2, and few modules beside those of requests."""
    program = (
        "import sys, requests; before = set(sys.modules); import scaleapi; "
        "scaleapi.ScaleClient('k'); print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    loaded = done.stdout.split()
    others = [name for name in loaded if not name.startswith("scaleapi")]
    assert "scaleapi" in loaded
    assert not [name for name in loaded if "v2" in name or "sandbox" in name or "pydantic" in name]
    assert len(others) < 30


def test_fault_37_workers_of_a_group_are_a_list(server: Server, connect: Connect) -> None:
    """Of workers, not a tuple with a list in it."""
    group = {"id": "g", "name": "g", "workers": [{"id": "w", "email": "a@b.c"}]}
    server.script(before(answer([group])))
    (found,) = connect(server).list_project_groups("p")
    assert [worker.email for worker in found.workers] == ["a@b.c"]


def test_fault_38_the_initial_response_of_a_quality_task(server: Server, connect: Connect) -> None:
    """It is what the service sent, not always ``None``."""
    sent = {"id": "e", "expected_response": {"a": 1}, "initial_response": {"b": 2}}
    server.script(before(answer(sent)))
    task = connect(server).create_evaluation_task("imageannotation")
    assert (task.expected_response, task.initial_response) == ({"a": 1}, {"b": 2})


def test_fault_39_objects_can_be_copied_and_pickled(server: Server, connect: Connect) -> None:
    """And go on working."""
    task = connect(server).get_task("t")
    for other in (copy.copy(task), copy.deepcopy(task), pickle.loads(pickle.dumps(task))):
        assert type(other) is Task
        assert other == task
        assert other is not task
        other.refresh()
        other._client.api.close()
    with pytest.raises(AttributeError, match="nothing"):
        _ = getattr(task, "nothing")  # noqa: B009 - a type checker knows that it is not there


def test_fault_40_the_same_object_is_equal_to_itself(server: Server, connect: Connect) -> None:
    """Two answers about one task are one member of a set."""
    client = connect(server)
    first, second = client.get_task("t"), client.get_task("t")
    assert first == second
    assert len({first, second}) == 1
    assert first != client.get_project("p")
    server.script(before(answer({"task_id": "another"})))
    assert first != client.get_task("u")


def test_the_key_is_the_one_of_the_client(server: Server, connect: Connect) -> None:
    """Sent as Basic auth, with an empty password."""
    import base64

    client = connect(server)
    assert isinstance(client, ScaleClient)
    client.get_task("t")
    expected = base64.b64encode(f"{KEY}:".encode()).decode()
    assert server.requests[0].headers["authorization"] == f"Basic {expected}"
