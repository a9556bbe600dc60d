"""The calls of the v2 API: requests, responses and invalid arguments."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from scaleapi import ApiClient, Configuration, ScaleArgumentError, ScaleClient, V2Api, v2
from scaleapi.exceptions import ScaleBadResponse, ScaleException, ScaleResourceNotFound
from scaleapi.tasks import TaskStatus
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import Reply, Request, Server, before, connect_through, respond

#: Something of every shape.
ANYTHING: dict[str, Any] = {
    "task_id": "task_1",
    "id": "batch_1",
    "name": "week_11",
    "status": "paused",
    "batch": {"id": "batch_1"},
    "schema": {"json": "{}"},
    "total": 0,
    **{key: [] for key in ("tasks", "batches", "projects", "deliveries", "datasets", "docs")},
}

Make = Callable[[V2Api], object]

FIRST, LAST = datetime(2025, 1, 2, tzinfo=timezone.utc), "2025-02-01T00:00:00Z"
FIRST_SENT = "2025-01-02T00%3A00%3A00.000000%2B0000"
LAST_SENT = "2025-02-01T00%3A00%3A00Z"
BATCH = v2.CreateBatchRequest(name="b", project_id="p")

#: A call, its request line, its body and the class of its result.
CALLS: list[tuple[Make, str, Any, str]] = [
    (lambda api: api.get_task("t"), "GET /v2/task?task_id=t", None, "Task"),
    (
        lambda api: api.get_task("t", ["project", "batch"], [v2.Option.SUBMISSIONS]),
        "GET /v2/task?task_id=t&expand=project&expand=batch&opts=submissions",
        None,
        "Task",
    ),
    (
        lambda api: api.create_chat_task(
            project_name="p", template_variables={"on": date(2025, 1, 2)}
        ),
        "POST /v2/task/chat",
        {"project_name": "p", "template_variables": {"on": "2025-01-02"}},
        "Task",
    ),
    (
        lambda api: api.create_chat_task({"project_id": "p", "unheard": [1], "metadata": None}),
        "POST /v2/task/chat",
        {"project_id": "p", "unheard": [1]},
        "Task",
    ),
    (
        lambda api: api.set_task_metadata(task_id="t", metadata={"a": None}),
        "POST /v2/task/metadata",
        {"task_id": "t", "metadata": {"a": None}, "merge": False},
        "Task",
    ),
    (
        lambda api: api.get_tasks(
            "p",
            batch_name="b c",
            status=TaskStatus.Completed,
            completed_after=FIRST,
            completed_before=LAST,
            limit=100,
            next_token="n",
        ),
        (
            "GET /v2/tasks?project_id=p&batch_name=b+c&status=completed"
            f"&completed_after={FIRST_SENT}&completed_before={LAST_SENT}&limit=100&next_token=n"
        ),
        None,
        "GetTasksResponse",
    ),
    (
        lambda api: api.create_batch(BATCH),
        "POST /v2/batch",
        {"name": "b", "project_id": "p", "staging_batch": False},
        "Batch",
    ),
    (
        lambda api: api.create_batch(create_batch_request={"name": "b", "project": "p"}),
        "POST /v2/batch",
        {"name": "b", "project": "p", "staging_batch": False},
        "Batch",
    ),
    (
        lambda api: api.create_batch(name="b", project_name="p", staging_batch=True, callback="c"),
        "POST /v2/batch",
        {"name": "b", "project_name": "p", "staging_batch": True, "callback": "c"},
        "Batch",
    ),
    (
        lambda api: api.get_batch(batch_name="b", expand=["project"]),
        "GET /v2/batch?batch_name=b&expand=project",
        None,
        "Batch",
    ),
    (
        lambda api: api.get_batches(created_after=date(2025, 1, 2), expand=v2.ExpandableEnumBatch),
        "GET /v2/batches?created_after=2025-01-02&expand=project",
        None,
        "GetBatchesResponse",
    ),
    (
        lambda api: api.set_batch_metadata(batch_id="b", metadata={}, merge=True),
        "POST /v2/batch/metadata",
        {"batch_id": "b", "metadata": {}, "merge": True},
        "Batch",
    ),
    (lambda api: api.finalize_batch("b"), "POST /v2/batch/finalize", {"batch_id": "b"}, "Batch"),
    (
        lambda api: api.pause_batch(batch_name="b"),
        "POST /v2/batch/pause",
        {"batch_name": "b"},
        "BatchOperationResponse",
    ),
    (
        lambda api: api.resume_batch({"batch_id": "b"}),
        "POST /v2/batch/resume",
        {"batch_id": "b"},
        "BatchOperationResponse",
    ),
    (
        lambda api: api.cancel_batch(v2.BatchOperationRequest(batch_id="b")),
        "POST /v2/batch/cancel",
        {"batch_id": "b"},
        "BatchOperationResponse",
    ),
    (lambda api: api.get_project("p"), "GET /v2/project?project_id=p", None, "Project"),
    (lambda api: api.get_projects(), "GET /v2/projects", None, "GetProjectsResponse"),
    (
        lambda api: api.get_deliveries("p", delivered_after=LAST),
        f"GET /v2/deliveries?project_id=p&delivered_after={LAST_SENT}",
        None,
        "GetDeliveriesResponse",
    ),
    (
        lambda api: api.get_delivery(delivery_name="d", project_name="p"),
        "GET /v2/delivery?delivery_name=d&project_name=p",
        None,
        "GetDeliveredTasksResponse",
    ),
    (
        lambda api: api.get_delivery_tasks(project_id="p", status="completed"),
        "GET /v2/delivery/tasks?project_id=p&status=completed",
        None,
        "GetDeliveryTasksResponse",
    ),
    (
        lambda api: api.get_annotation("a"),
        "GET /v2/annotation?annotation_id=a",
        None,
        "Annotation",
    ),
    (lambda api: api.get_schema("s"), "GET /v2/schema?schema_id=s", None, "GetSchemaResponse"),
    (lambda api: api.get_datasets(), "GET /v2/datasets", None, "GetDatasetsResponse"),
    (
        lambda api: api.get_dataset_deliveries("d", expand="dataset"),
        "GET /v2/datasets/deliveries?dataset_id=d&expand=dataset",
        None,
        "GetDatasetDeliveriesResponse",
    ),
    (
        lambda api: api.get_dataset_delivery("d", limit=1),
        "GET /v2/datasets/delivery?delivery_id=d&limit=1",
        None,
        "GetDatasetDeliveryResponse",
    ),
    (
        lambda api: api.get_dataset_task("t"),
        "GET /v2/datasets/task?task_id=t",
        None,
        "DatasetTask",
    ),
    (
        lambda api: api.get_dataset_tasks(delivery_id="d"),
        "GET /v2/datasets/tasks?delivery_id=d",
        None,
        "GetDatasetTasksResponse",
    ),
]


@pytest.fixture
def server(serve: Serve) -> Server:
    """A server that responds to every call with JSON of its shape."""
    return serve(lambda request: Reply(ANYTHING))


@pytest.mark.parametrize(("make", "line", "body", "kind"), CALLS, ids=range(len(CALLS)))
def test_call(
    server: Server, connect: Connect, make: Make, line: str, body: Any, kind: str
) -> None:
    result = make(connect(server).v2)
    (request,) = server.requests
    assert f"{request.method} {request.target}" == line
    assert (request.json if request.body else None) == body
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["user-agent"].startswith("scaleapi/")
    assert type(result).__name__ == kind


def test_every_operation_is_called() -> None:
    used = {name for make, *_ in CALLS for name in make.__code__.co_names}
    suffix = "_with_http_info"
    operations = {name.removesuffix(suffix) for name in dir(V2Api) if name.endswith(suffix)}
    assert len(operations) == 25
    assert operations - used == {"get_dataset_task_response_url"}


def test_the_attachment_url_is_not_fetched(serve: Serve, connect: Connect) -> None:
    storage = serve()
    link = f"{storage.origin}/a%20b?signature=1&x=%2F"
    server = serve(lambda request: Reply(b"", 302, {"Location": link}))
    api = connect(server).v2
    assert api.get_dataset_task_response_url("t/1", "a b") == link
    assert server.requests[0].target == "/v2/datasets/task/t%2F1/response_url/a%20b"
    assert len(server.requests) == 1
    assert not storage.requests
    server.script(before(respond(b"", 302)), before(respond({}, 200)), before(respond(status=404)))
    for error in (ScaleBadResponse, ScaleBadResponse, ScaleResourceNotFound):
        with pytest.raises(error):
            api.get_dataset_task_response_url("t", "a")
    with pytest.raises(ScaleArgumentError, match="attachment_id must not be"):
        api.get_dataset_task_response_url("t", "..")


BAD: list[tuple[Callable[[V2Api], object], str]] = [
    (lambda api: api.get_task(""), "task_id must be given"),
    (
        lambda api: api.get_tasks("", "", "", ""),
        "project_id or project_name or batch_id or batch_n",
    ),
    (lambda api: api.get_batch(batch_name=""), "batch_id or batch_name must be given"),
    (lambda api: api.get_task(True), "task_id must be a string, not bool"),  # type: ignore[arg-type]
    (lambda api: api.get_task("t", [True]), "expand must be a string, not bool"),  # type: ignore[list-item]
    (lambda api: api.get_task(None), "task_id must be given"),  # type: ignore[arg-type]
    (lambda api: api.get_tasks(), "project_id or project_name or batch_id or batch_name must be"),
    (lambda api: api.iter_tasks(), "project_id or project_name or batch_id or batch_name must be"),
    (lambda api: api.iter_tasks("p", limit=101), "limit must be a whole number from 1 to 100"),
    (lambda api: api.get_batches(limit=-1), "limit must be a whole number from 1 to 100, not -1"),
    (lambda api: api.get_batches(limit=True), "limit must be a whole number from 1 to 100"),
    (lambda api: api.get_batches(created_after="soon"), "created_after must be ISO 8601 text"),
    (lambda api: api.get_projects(created_before={}), "created_before must be ISO"),  # type: ignore[arg-type]
    (lambda api: api.get_projects(created_before=1e300), "created_before must be ISO"),  # type: ignore[arg-type]
    (lambda api: api.get_batch(), "batch_id or batch_name must be given"),
    (lambda api: api.get_project(), "project_id or project_name must be given"),
    (lambda api: api.get_deliveries(), "project_id or project_name must be given"),
    (lambda api: api.get_delivery(), "delivery_id or delivery_name must be given"),
    (lambda api: api.get_delivery_tasks("d"), "project_id or project_name must be given"),
    (lambda api: api.get_dataset_delivery(), "delivery_id must be given"),
    (lambda api: api.get_dataset_tasks(), "dataset_id or delivery_id must be given"),
    (lambda api: api.create_batch(), "name must be given"),
    (lambda api: api.create_batch(name="b"), "project_id or project_name or project must be given"),
    (lambda api: api.create_batch(BATCH, name="b"), "create_batch_request must not be given tog"),
    (lambda api: api.create_batch([]), "create_batch_request must be a CreateBatchRequest or a"),  # type: ignore[arg-type]
    (lambda api: api.create_batch({"name": "b", "project_id": 5}), "project_id must be a string"),
    (lambda api: api.create_chat_task(batch_id="b"), "project_id or project_name must be given"),
    (lambda api: api.set_task_metadata(task_id="t"), "metadata must be given"),
    (lambda api: api.pause_batch(), "batch_id or batch_name must be given"),
    (lambda api: api.pause_batch("b", batch_name="c"), "batch_operation_request must not be given"),
    (lambda api: api.pause_batch(BATCH), "batch_operation_request must be a BatchOperation"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("make", "message"), BAD, ids=range(len(BAD)))
def test_bad_arguments_raise_before_anything_is_sent(
    server: Server, connect: Connect, make: Callable[[V2Api], object], message: str
) -> None:
    with pytest.raises(ScaleArgumentError) as caught:
        make(connect(server).v2)
    assert str(caught.value).startswith(message)
    assert not server.requests


def test_wrong_arguments_are_type_errors(server: Server, connect: Connect) -> None:
    api: Any = connect(server).v2
    for make in (api.get_task, lambda: api.get_task("t", task_id="t"), lambda: api.get_datasets(1)):
        with pytest.raises(TypeError):
            make()
    with pytest.raises(TypeError, match="nmae"):
        api.create_batch(nmae="b")
    assert not server.requests


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"not JSON", "expected a JSON object with 'tasks', got not JSON"),
        ([], "expected a JSON object with 'tasks'"),
        ({"tasks": None}, "expected a JSON object with 'tasks'"),
        ({"tasks": {}}, "expected a JSON array"),
        ({"tasks": ["task_1"]}, "expected a JSON object"),
        ({"tasks": [], "next_token": 5}, "expected a page whose 'next_token' is a string"),
    ],
)
def test_a_bad_response(server: Server, connect: Connect, body: Any, what: str) -> None:
    server.script(before(respond(body)))
    with pytest.raises(ScaleBadResponse, match=what):
        connect(server).v2.get_tasks("p")


def pages(*tokens: object) -> Callable[[Request], Reply]:
    """A service with pages: the page for each token, and the next token."""

    def service(request: Request) -> Reply:
        at = int(request.query.get("next_token", ["0"])[0])
        rows = [{"task_id": f"{at}"}, {"task_id": f"{at}+"}]
        page: dict[str, Any] = {"tasks": rows, "docs": rows, "batches": [{"id": "b"}], "total": 2}
        return Reply(page if tokens[at] == "absent" else {**page, "next_token": tokens[at]})

    return service


@pytest.mark.parametrize("end", ["absent", None, "", "0", "1"])
def test_a_generator_reads_all_pages(serve: Serve, connect: Connect, end: object) -> None:
    """To the last page; a repeated token ends the iteration."""
    server = serve(pages("1", "2", end))
    client = connect(server)
    ids = [task.task_id for task in client.v2.iter_tasks("p", limit=2, opts=["submissions"])]
    assert ids[:6] == ["0", "0+", "1", "1+", "2", "2+"]
    assert len(server.requests) <= 4
    assert server.requests[0].target == "/v2/tasks?project_id=p&limit=2&opts=submissions"
    assert server.requests[1].target == (
        "/v2/tasks?project_id=p&limit=2&next_token=1&opts=submissions"
    )
    if end != "0":
        assert ids == [task.task_id for task in client.v2_get_tasks("p", limit=2)]


def test_every_generator(serve: Serve, connect: Connect) -> None:
    server = serve(pages("1", "absent"))
    api = connect(server).v2
    assert [
        len(list(items))
        for items in (
            api.iter_tasks("p"),
            api.iter_batches(),
            api.iter_delivery("d"),
            api.iter_delivery_tasks(project_id="p"),
            api.iter_dataset_delivery("d"),
            api.iter_dataset_tasks("d"),
        )
    ] == [4, 2, 4, 4, 4, 4]
    assert len(server.requests) == 12
    assert [task.task_id for task in api.iter_tasks("p", next_token="1")] == ["1", "1+"]


def test_an_empty_token_is_ignored(serve: Serve, connect: Connect) -> None:
    """The last page may have it, and a loop over pages may start with it."""
    server = serve(pages("1", ""))
    api, token, ids = connect(server).v2, "", list[str]()
    while True:
        page = api.get_tasks("p", next_token=token)
        ids += [task.task_id for task in page.tasks]
        if not page.next_token:
            break
        token = page.next_token
    assert ids == ["0", "0+", "1", "1+"]
    assert [task.task_id for task in api.iter_tasks("p", next_token="")] == ids
    assert [request.query.get("next_token") for request in server.requests] == [None, ["1"]] * 2
    for call in (
        api.get_batches,
        lambda **more: api.get_delivery("d", **more),
        lambda **more: api.get_delivery_tasks(project_id="p", **more),
        lambda **more: api.get_dataset_delivery("d", **more),
        lambda **more: api.get_dataset_tasks("d", **more),
    ):
        call(next_token="")
        assert "next_token" not in server.requests[-1].query


NOTHING: Any = [None, "", [], ()]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_a_filter_of_nothing_is_not_given(serve: Serve, connect: Connect, nothing: Any) -> None:
    """As in v1, and as 2.18.4 takes an empty name beside another one."""
    server = serve(pages("1"))
    api = connect(server).v2
    names = ("project_name", "batch_id", "batch_name", "status", "completed_after", "limit")
    for name in (*names, "next_token", "expand", "opts"):
        given: dict[str, Any] = {name: nothing}
        api.get_tasks("p", **given)
        assert server.requests[-1].query == {"project_id": ["p"]}
    api.get_batches(project_id=nothing, status=nothing, created_before=nothing)
    assert server.requests[-1].query == {}


def test_a_generator_sends_nothing_before_the_first_iteration(
    server: Server, connect: Connect
) -> None:
    tasks = connect(server).v2.iter_tasks("p")
    assert not server.requests
    assert list(tasks) == []


def test_other_forms_of_a_call(server: Server, connect: Connect) -> None:
    api = connect(server).v2
    info = api.get_task_with_http_info("t", expand=["batch"])
    assert (info.status_code, info.data, info.headers["content-type"]) == (
        200,
        api.get_task("t"),
        "application/json",
    )
    assert b"task_1" in info.raw_data
    assert api.create_batch_without_preload_content(BATCH).json()["id"] == "batch_1"
    assert server.requests[0].target == "/v2/task?task_id=t&expand=batch"
    for name in ("get_tusk", "get_tusk_with_http_info", "api_with_http_info", "_with_http_info"):
        assert not hasattr(api, name)


def test_terms_of_a_generator(serve: Serve, connect: Connect) -> None:
    """They apply to each page; an invalid one is reported immediately."""
    server = serve(pages("1", ""))
    api: Any = connect(server).v2
    list(api.iter_tasks("p", _headers={"X-Trace": "1"}, _request_timeout=(1, 2)))
    assert [request.headers.get("x-trace") for request in server.requests] == ["1", "1"]
    with pytest.raises(ScaleArgumentError, match="_headers must be a dict"):
        api.iter_tasks("p", _headers=5)
    with pytest.raises(TypeError, match="_haeders"):
        api.iter_tasks("p", _haeders={})
    with pytest.raises(TypeError, match="project_naem"):
        api.iter_tasks(project_naem="p")
    assert len(server.requests) == 2


def test_terms_of_one_call(server: Server, connect: Connect) -> None:
    api: Any = connect(server).v2
    api.get_task("t", _request_timeout=(1, 2), _headers={"X-Trace": "1"})
    api.get_task_with_http_info("t", _headers={"X-Trace": "2"})
    api.get_task("t")
    assert [request.headers.get("x-trace") for request in server.requests] == ["1", "2", None]
    with pytest.raises(ScaleArgumentError, match="timeout must be seconds"):
        api.get_task("t", _request_timeout=0)


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ("X-Trace: 1", "_headers must be a dict of strings that are printable ASCII, not str"),
        ({"X-Trace": 1}, "_headers must be a dict of strings"),
        ({"X-Trace": "1\r\nX-More: 2"}, "_headers must be a dict of strings"),
        ({"X-Trace": "\u4e2d"}, "_headers must be a dict of strings"),
        ({5: "1"}, "_headers must be a dict of strings"),
    ],
)
def test_bad_headers(server: Server, connect: Connect, headers: Any, message: str) -> None:
    api: Any = connect(server).v2
    with pytest.raises(ScaleArgumentError) as caught:
        api.get_task("t", _headers=headers)
    assert str(caught.value).startswith(message)
    assert not server.requests


def test_errors_are_those_of_v1(server: Server, connect: Connect) -> None:
    server.script(before(respond({"status_code": 404, "error": "No such task."}, 404)))
    with pytest.raises(ScaleResourceNotFound) as caught:
        connect(server).v2.get_task("t")
    assert str(caught.value).startswith("<Response [404]> No such task. The host is http://127.")
    assert (caught.value.path, caught.value.status) == ("/v2/task", 404)


@pytest.mark.parametrize(
    ("base", "path"),
    [("/v1", "/v2/task"), ("/v2", "/v2/task"), ("/proxy", "/proxy/v2/task"), ("", "/v2/task")],
)
def test_the_v2_url_follows_the_client_url(
    server: Server, connect: Connect, base: str, path: str
) -> None:
    connect(f"{server.origin}{base}").v2.get_task("t")
    assert server.requests[0].path == path


def test_v1_and_v2_share_connections_and_settings(server: Server, connect: Connect) -> None:
    client = connect(server, source="program")
    assert client.v2 is client.v2
    client.v2.get_task("t")
    client.get_task("t")
    client.with_options(timeout=3).v2.get_task("t")
    assert server.connections == 1
    assert [request.headers["user-agent"].split()[-1] for request in server.requests] == [
        "program"
    ] * 3
    assert client.with_options(timeout=3).v2.api.options.read_timeout == 3
    assert client.v2.api.options.read_timeout == client.api.options.read_timeout
    assert server.requests[1].headers["authorization"].startswith("Basic ")


def test_a_client_is_pickled_with_and_without_v2(server: Server, connect: Connect) -> None:
    client = connect(server)
    client.v2.get_task("t")
    copied: ScaleClient = pickle.loads(pickle.dumps(client))
    alone: V2Api = pickle.loads(pickle.dumps(client.v2))
    with copied:
        assert copied.v2.get_task("t").task_id == "task_1"
    assert alone.get_task("t").task_id == "task_1"
    alone.api.close()


def test_the_old_way_without_a_client(server: Server) -> None:
    configuration = Configuration(host=server.origin, access_token=KEY)
    configuration.verify_ssl = False
    with ApiClient(configuration) as api_client:
        api = V2Api(api_client)
        api.get_task("t")
        configuration.access_token = "live_another_key"
        api.get_task("t")
        assert api_client.configuration.host == server.origin
    keys = [request.headers["authorization"] for request in server.requests]
    assert keys == [f"Bearer {KEY}", "Bearer live_another_key"]
    assert KEY not in repr(vars(configuration))
    assert "another" not in repr(vars(configuration))


def test_the_old_way_to_another_host(server: Server, serve: Serve, connect: Connect) -> None:
    """As in programs for versions in which v2 ignored ``api_instance_url``."""
    other, client = serve(lambda request: Reply(ANYTHING)), connect(server)
    client.v2.api_client.configuration.host = other.origin
    client.v2.get_task("t")
    client.get_task("t")
    assert [request.path for request in other.requests] == ["/v2/task"]
    assert [request.path for request in server.requests] == ["/v1/task/t"]


def test_settings_of_a_configuration(serve: Serve, authority: Authority) -> None:
    """Server and client certificates, a proxy and the number of retries."""
    server = serve(lambda request: Reply(ANYTHING), tls=authority.mutual)
    proxy = serve(default=before(connect_through))
    configuration = Configuration(server.origin, username=KEY, ssl_ca_cert=authority.bundle)
    configuration.retries = 7
    configuration.cert_file = authority.client_pem
    configuration.proxy = proxy.origin
    with ApiClient(configuration) as api_client:
        assert V2Api(api_client).get_task("t").task_id == "task_1"
        assert api_client.api.options.max_retries == 7
    assert server.peer_certificates[0]["subject"]
    assert [request.method for request in proxy.requests] == ["CONNECT"]


def test_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Configuration().host == "https://api.scale.com"
    monkeypatch.setenv("SCALE_API_KEY", KEY)
    monkeypatch.setenv("SCALE_API_INSTANCE_URL", "http://127.0.0.1:9/v1")
    assert V2Api().api.base_api_url == "http://127.0.0.1:9/v2"


def test_an_echoed_key_is_hidden(server: Server, connect: Connect) -> None:
    server.script(before(respond({"error": f"bad key {KEY}", "status_code": 401}, 401)))
    with pytest.raises(ScaleException) as caught:
        connect(server).v2.get_task("t")
    assert KEY not in f"{caught.value} {caught.value.body}"
    assert "<hidden>" in str(caught.value)


def variables(error: BaseException) -> str:
    """The local variables of all frames except those of the test."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(str(frame.locals) for frame in told.stack if frame.filename != __file__)


@pytest.mark.parametrize(
    "body",
    [
        {"tasks": [KEY]},
        {"tasks": {KEY: KEY}},
        {"tasks": [], "next_token": [KEY]},
    ],
)
def test_local_variables_do_not_show_an_echoed_key(
    server: Server, connect: Connect, body: Any
) -> None:
    server.script(before(respond(body)))
    with pytest.raises(ScaleBadResponse) as caught:
        connect(server).v2.get_tasks("p")
    assert KEY not in variables(caught.value)


def test_local_variables_of_a_configuration_do_not_show_the_key() -> None:
    for name in ("access_token", "username"):
        with pytest.raises(ScaleArgumentError, match="api_instance_url") as caught:
            Configuration("nonsense", **{name: KEY})  # type: ignore[arg-type]
        assert "nonsense" in variables(caught.value)
        assert KEY not in variables(caught.value)
        with pytest.raises(ScaleArgumentError, match=f"{name} must be a string, not bytes"):
            Configuration(**{name: KEY.encode()})  # type: ignore[arg-type]


def test_a_repr_never_fails(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even for partly constructed objects, as shown by error reporters."""
    monkeypatch.delenv("SCALE_API_KEY", raising=False)
    with pytest.raises(ScaleArgumentError, match="api_key must be given") as caught:
        V2Api()
    assert "'self': 'V2Api(None)'" in variables(caught.value)
    api = connect(server).v2
    assert repr(api) == f"V2Api('{server.origin}/v2')"
    api.api_client.configuration.host = "nonsense"
    assert repr(api) == f"V2Api('{server.origin}/v2')"


def test_v2api_rejects_a_scale_client(server: Server, connect: Connect) -> None:
    client: Any = connect(server)
    with pytest.raises(ScaleArgumentError, match="api_client must be an ApiClient, not ScaleCl"):
        V2Api(client)


def test_time_zones(server: Server, connect: Connect) -> None:
    api = connect(server).v2
    api.get_projects(
        datetime(2025, 1, 2),  # noqa: DTZ001 - is UTC
        datetime(2025, 1, 2, tzinfo=timezone(timedelta(hours=5))),
    )
    assert server.requests[0].query == {
        "created_after": ["2025-01-02T00:00:00.000000+0000"],
        "created_before": ["2025-01-02T00:00:00.000000+0500"],
    }
