"""Every call sends the same request as the released client.

The forms were recorded from the released package at a local server. Marked as deliberate are the
differences: enum members are sent as their values wherever they occur, ``{}`` and ``[]`` are sent
as they are, metadata of an upload is JSON text, task ids are quoted, and a GET has no Content-Type.
"""

from __future__ import annotations

import base64
import email
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scaleapi import (
    Batch,
    BatchStatus,
    Project,
    ScaleClient,
    Task,
    TaskReviewStatus,
    TaskStatus,
    TaskType,
    Teammate,
    TeammateRole,
    __version__,
)
from tests.wire.server import Request, Server, before, respond

TASK = {"task_id": "t1", "type": "imageannotation", "status": "pending"}
TASKS = {"docs": [TASK], "total": 7, "limit": 100, "offset": 0, "has_more": False}
BATCH = {"name": "b", "status": "staging", "project": "p"}
BATCHES = {"docs": [BATCH], "totalDocs": 7, "limit": 100, "offset": 0, "has_more": False}
PROJECT = {"name": "p", "type": "imageannotation", "param_history": [{"version": 0}]}
TEMPLATE = {"id": "x", "version": 1, "template_variables": {}}
FILE = {"id": "f", "attachment_url": "u"}
TEAM = [{"email": "a@x", "role": "member"}]
GROUP = {"id": "1", "name": "g", "numWorkers": 1, "isSingleton": False, "workers": []}
STUDIO_BATCH = {"id": "1", "name": "n", "groups": ["g"]}
ASSIGNMENTS = {"a@x": ["p"]}
QUALITY = {"id": "q", "expected_response": {}}
COUNTS = {"status": "in_progress", "pending": 1}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[ScaleClient]:
    server.requests.clear()
    with ScaleClient("live_key", "program", server.url, max_retries=0) as client:
        yield client


#: Ids that are numbers, for which the released client took them too.
NUMBERS: Any = [7, 8]

#: No body, as opposed to the JSON null.
NOTHING = b""

CALLS: list[tuple[Callable[[ScaleClient], Any], object, str, object]] = [
    # tasks
    (
        lambda c: c.create_task(
            TaskType.ImageAnnotation, project="p", attachment="a", metadata={"k": 1}, x=None
        ),
        TASK,
        "POST /v1/task/imageannotation",
        {"project": "p", "attachment": "a", "metadata": {"k": 1}, "x": None},
    ),
    (lambda c: c.get_task("t1"), TASK, "GET /v1/task/t1", NOTHING),
    (lambda c: c.tasks(), TASKS, "GET /v1/tasks", NOTHING),
    (
        lambda c: c.tasks(
            project="p",
            limit=5,
            status="pending",
            start_time="2020",
            unique_id=["a", "b"],
            tags=["x"],
            next_token="z",
            include_attachment_url=True,
            limited_response=True,
            completed_after="1",
        ),
        TASKS,
        (
            "GET /v1/tasks?project=p&limit=5&status=pending&start_time=2020&unique_id=a&unique_id=b"
            "&tags=x&next_token=z&include_attachment_url=True&limited_response=True&completed_after=1"
        ),
        NOTHING,
    ),
    # Deliberate: the released client sent "TaskStatus.Pending", which matches nothing.
    (
        lambda c: c.tasks(
            status=TaskStatus.Pending,
            type=TaskType.Chat,
            customer_review_status=TaskReviewStatus.Accepted,
        ),
        TASKS,
        "GET /v1/tasks?status=pending&type=chat&customer_review_status=accepted",
        NOTHING,
    ),
    (
        lambda c: list(
            c.get_tasks(
                project_name="p",
                status=TaskStatus.Completed,
                review_status=[TaskReviewStatus.Accepted, TaskReviewStatus.Fixed],
                unique_id=["a", "b"],
                tags="x",
                limit=10,
                created_after="2020",
                updated_before="q",
                task_type=TaskType.Chat,
            )
        ),
        TASKS,
        (
            "GET /v1/tasks?start_time=2020&project=p&tags=x&updated_before=q&unique_id=a"
            "&unique_id=b&include_attachment_url=True&status=completed&type=chat"
            "&customer_review_status=accepted%2Cfixed&limit=10"
        ),
        NOTHING,
    ),
    (
        lambda c: list(
            c.get_tasks(
                batch_name="b 1",
                review_status=TaskReviewStatus.Accepted,
                include_attachment_url=False,
                limited_response=False,
            )
        ),
        TASKS,
        ("GET /v1/tasks?batch=b+1&include_attachment_url=False&customer_review_status=accepted"),
        NOTHING,
    ),
    (
        lambda c: list(c.get_tasks("p", review_status=[], unique_id=NUMBERS, tags=[], status=None)),
        TASKS,
        "GET /v1/tasks?project=p&unique_id=7&unique_id=8&include_attachment_url=True",
        NOTHING,
    ),
    (
        lambda c: c.get_tasks_count(project_name="p"),
        TASKS,
        "GET /v1/tasks?project=p&include_attachment_url=True&limit=1",
        NOTHING,
    ),
    (lambda c: c.cancel_task("t1"), TASK, "POST /v1/task/t1/cancel", NOTHING),
    (
        lambda c: c.cancel_task("t1", True),
        TASK,
        "POST /v1/task/t1/cancel?clear_unique_id=true",
        NOTHING,
    ),
    (
        lambda c: c.audit_task("t1", True),
        "OK",
        "POST /v1/task/t1/audit",
        {"accepted": True, "comments": None},
    ),
    (
        lambda c: c.audit_task("t1", False, "bad"),
        "OK",
        "POST /v1/task/t1/audit",
        {"accepted": False, "comments": "bad"},
    ),
    (
        lambda c: c.update_task_unique_id("t1", "u"),
        TASK,
        "POST /v1/task/t1/unique_id",
        {"unique_id": "u"},
    ),
    (lambda c: c.clear_task_unique_id("t1"), TASK, "DELETE /v1/task/t1/unique_id", NOTHING),
    (lambda c: c.set_task_metadata("t1", {"a": 1}), TASK, "POST /v1/task/t1/setMetadata", {"a": 1}),
    (lambda c: c.set_task_tags("t1", ["a"]), TASK, "POST /v1/task/t1/tags", ["a"]),
    (lambda c: c.add_task_tags("t1", ["a"]), TASK, "PUT /v1/task/t1/tags", ["a"]),
    (lambda c: c.delete_task_tags("t1", ["a"]), TASK, "DELETE /v1/task/t1/tags", ["a"]),
    # Deliberate: the released client sent nothing, so nothing could be cleared.
    (lambda c: c.set_task_metadata("t1", {}), TASK, "POST /v1/task/t1/setMetadata", {}),
    (lambda c: c.set_task_tags("t1", []), TASK, "POST /v1/task/t1/tags", []),
    # Deliberate: the released client requested /projects?x=1 instead.
    (
        lambda c: c.get_task("../projects?x=1"),
        TASK,
        "GET /v1/task/..%2Fprojects%3Fx%3D1",
        NOTHING,
    ),
    # methods of tasks
    (lambda c: Task(TASK, c).refresh(), TASK, "GET /v1/task/t1", NOTHING),
    (lambda c: Task(TASK, c).cancel(), TASK, "POST /v1/task/t1/cancel", NOTHING),
    (
        lambda c: Task(TASK, c).cancel(True),
        TASK,
        "POST /v1/task/t1/cancel?clear_unique_id=true",
        NOTHING,
    ),
    (
        lambda c: Task(TASK, c).audit(True, "c"),
        "OK",
        "POST /v1/task/t1/audit",
        {"accepted": True, "comments": "c"},
    ),
    (
        lambda c: Task(TASK, c).update_unique_id("u"),
        TASK,
        "POST /v1/task/t1/unique_id",
        {"unique_id": "u"},
    ),
    (lambda c: Task(TASK, c).clear_unique_id(), TASK, "DELETE /v1/task/t1/unique_id", NOTHING),
    (
        lambda c: Task(TASK, c).set_metadata({"a": 1}),
        TASK,
        "POST /v1/task/t1/setMetadata",
        {"a": 1},
    ),
    (lambda c: Task(TASK, c).set_tags(["a"]), TASK, "POST /v1/task/t1/tags", ["a"]),
    (lambda c: Task(TASK, c).add_tags(["a"]), TASK, "PUT /v1/task/t1/tags", ["a"]),
    (lambda c: Task(TASK, c).delete_tags(["a"]), TASK, "DELETE /v1/task/t1/tags", ["a"]),
    # batches
    (
        lambda c: c.create_batch("p", "b"),
        BATCH,
        "POST /v1/batches",
        {
            "project": "p",
            "name": "b",
            "calibration_batch": False,
            "self_label_batch": False,
            "callback": "",
            "metadata": {},
        },
    ),
    (
        lambda c: c.create_batch("p", "b", "x", True, True, {"a": 1}),
        BATCH,
        "POST /v1/batches",
        {
            "project": "p",
            "name": "b",
            "calibration_batch": True,
            "self_label_batch": True,
            "callback": "x",
            "metadata": {"a": 1},
        },
    ),
    (
        lambda c: c.finalize_batch("a b/c"),
        BATCH,
        "POST /v1/batches/a%20b%2Fc/finalize",
        NOTHING,
    ),
    (lambda c: c.batch_status("b"), COUNTS, "GET /v1/batches/b/status", NOTHING),
    (lambda c: c.get_batch("b"), BATCH, "GET /v1/batches/b", NOTHING),
    (
        lambda c: c.batches(
            project="p",
            exclude_archived=False,
            start_time="1",
            end_time="2",
            offset=3,
            status="staging",
        ),
        BATCHES,
        (
            "GET /v1/batches?project=p&exclude_archived=False&start_time=1&end_time=2&offset=3"
            "&status=staging"
        ),
        NOTHING,
    ),
    # Deliberate: as for tasks.
    (
        lambda c: c.batches(project="p", limit=5, status=BatchStatus.Staging),
        BATCHES,
        "GET /v1/batches?project=p&limit=5&status=staging",
        NOTHING,
    ),
    (
        lambda c: list(c.get_batches("p", BatchStatus.Staging, "2020", "2021", True)),
        BATCHES,
        (
            "GET /v1/batches?start_time=2020&end_time=2021&project=p&offset=0&exclude_archived=True"
            "&status=staging"
        ),
        NOTHING,
    ),
    (
        lambda c: list(c.get_batches()),
        BATCHES,
        "GET /v1/batches?offset=0&exclude_archived=False",
        NOTHING,
    ),
    (
        lambda c: c.set_batch_metadata("b", {"a": 1}),
        BATCH,
        "POST /v1/batches/b/setMetadata",
        {"a": 1},
    ),
    (lambda c: c.set_batch_metadata("b", {}), BATCH, "POST /v1/batches/b/setMetadata", {}),
    (lambda c: Batch(BATCH, c).finalize(), BATCH, "POST /v1/batches/b/finalize", NOTHING),
    (lambda c: Batch(BATCH, c).get_status(), COUNTS, "GET /v1/batches/b/status", NOTHING),
    # projects
    (
        lambda c: c.create_project("p", TaskType.Chat),
        PROJECT,
        "POST /v1/projects",
        {
            "type": "chat",
            "name": "p",
            "params": None,
            "rapid": False,
            "studio": False,
            "datasetId": None,
        },
    ),
    (
        lambda c: c.create_project("p", TaskType.Chat, {"a": 1}, True, True, "ds"),
        PROJECT,
        "POST /v1/projects",
        {
            "type": "chat",
            "name": "p",
            "params": {"a": 1},
            "rapid": True,
            "studio": True,
            "datasetId": "ds",
        },
    ),
    (lambda c: c.get_project("p/q"), PROJECT, "GET /v1/projects/p%2Fq", NOTHING),
    (lambda c: c.projects(), [PROJECT], "GET /v1/projects", NOTHING),
    (lambda c: c.get_projects(), [PROJECT], "GET /v1/projects", NOTHING),
    (
        lambda c: c.get_project_template("p"),
        TEMPLATE,
        "GET /v1/projects/p/taskTemplates",
        NOTHING,
    ),
    (
        lambda c: Project(PROJECT, c).get_template(),
        TEMPLATE,
        "GET /v1/projects/p/taskTemplates",
        NOTHING,
    ),
    (
        lambda c: c.update_project("p", instruction="i", patch=True),
        PROJECT,
        "POST /v1/projects/p/setParams",
        {"instruction": "i", "patch": True},
    ),
    (lambda c: c.update_project("p", a=1), PROJECT, "POST /v1/projects/p/setParams", {"a": 1}),
    (lambda c: c.update_project("p"), PROJECT, "POST /v1/projects/p/setParams", {}),
    # files; the upload has a test of its own
    (
        lambda c: c.import_file("http://x", project_name="p", metadata={"k": 1}),
        FILE,
        "POST /v1/files/import",
        {"file_url": "http://x", "project_name": "p", "metadata": {"k": 1}},
    ),
    # teams
    (lambda c: c.list_teammates(), TEAM, "GET /v1/teams", NOTHING),
    (
        lambda c: c.invite_teammates(["a@x"], TeammateRole.Member),
        TEAM,
        "POST /v1/teams/invite",
        {"emails": ["a@x"], "team_role": "member"},
    ),
    (
        lambda c: c.update_teammates_role(["a@x"], TeammateRole.Member),
        TEAM,
        "POST /v1/teams/set_role",
        {"emails": ["a@x"], "team_role": "member"},
    ),
    (
        lambda c: Teammate(TEAM[0], c).update_teammate_role(TeammateRole.Manager),
        TEAM,
        "POST /v1/teams/set_role",
        {"emails": ["a@x"], "team_role": "manager"},
    ),
    # studio
    (lambda c: c.list_studio_assignments(), ASSIGNMENTS, "GET /v1/studio/assignments", NOTHING),
    (
        lambda c: c.add_studio_assignments(["a@x"], ["p"]),
        ASSIGNMENTS,
        "POST /v1/studio/assignments/add",
        {"emails": ["a@x"], "projects": ["p"]},
    ),
    (
        lambda c: c.remove_studio_assignments(["a@x"], ["p"]),
        ASSIGNMENTS,
        "POST /v1/studio/assignments/remove",
        {"emails": ["a@x"], "projects": ["p"]},
    ),
    (lambda c: c.list_project_groups("p"), [GROUP], "GET /v1/studio/projects/p/groups", NOTHING),
    (
        lambda c: c.create_project_group("p", ["a@x"], "g"),
        GROUP,
        "POST /v1/studio/projects/p/groups",
        {"emails": ["a@x"], "name": "g"},
    ),
    (
        lambda c: c.update_project_group("p", "g/h", ["a@x"], ["b@x"]),
        GROUP,
        "PUT /v1/studio/projects/p/groups/g%2Fh",
        {"add_emails": ["a@x"], "remove_emails": ["b@x"]},
    ),
    (lambda c: c.list_studio_batches(), [STUDIO_BATCH], "GET /v1/studio/batches", NOTHING),
    (
        lambda c: c.assign_studio_batches("b", ["g"]),
        STUDIO_BATCH,
        "PUT /v1/studio/batches/b",
        {"groups": ["g"]},
    ),
    (
        lambda c: c.set_studio_batches_priorities(["b1", "b2"]),
        [STUDIO_BATCH],
        "POST /v1/studio/batches/set_priorities",
        {"batches": [{"name": "b1"}, {"name": "b2"}]},
    ),
    (
        lambda c: c.reset_studio_batches_priorities(),
        [STUDIO_BATCH],
        "POST /v1/studio/batches/reset_priorities",
        NOTHING,
    ),
    # quality tasks
    (
        lambda c: c.create_evaluation_task(
            TaskType.ImageAnnotation, expected_response={}, project="p"
        ),
        QUALITY,
        "POST /v1/evaluation_tasks/imageannotation",
        {"expected_response": {}, "project": "p"},
    ),
    (
        lambda c: c.create_training_task(TaskType.ImageAnnotation, expected_response={}),
        QUALITY,
        "POST /v1/training_tasks/imageannotation",
        {"expected_response": {}},
    ),
    (
        lambda c: c.create_evaluation_task(TaskType.ImageAnnotation),
        QUALITY,
        "POST /v1/evaluation_tasks/imageannotation",
        {},
    ),
    # the calls that all others go through
    (
        lambda c: c.api.get_request("x/y", {"a": [1, 2], "b": None}),
        {},
        "GET /v1/x/y?a=1&a=2",
        NOTHING,
    ),
    (lambda c: c.api.post_request("x", {"a": 1}), {}, "POST /v1/x", {"a": 1}),
    (lambda c: c.api.put_request("x", {"a": 1}, {"q": "ü"}), {}, "PUT /v1/x?q=%C3%BC", {"a": 1}),
    (lambda c: c.api.delete_request("x", {"q": 1}, ["a"]), {}, "DELETE /v1/x?q=1", ["a"]),
]


def split_query(line: str) -> tuple[str, list[str]]:
    """The path, and the query as a multiset of pairs."""
    path, _, query = line.partition("?")
    return path, sorted(query.split("&"))


@pytest.mark.parametrize(
    ("call", "content", "line", "body"),
    CALLS,
    ids=[f"{index} {row[2]}" for index, row in enumerate(CALLS)],
)
def test_call(
    client: ScaleClient,
    server: Server,
    call: Callable[[ScaleClient], Any],
    content: object,
    line: str,
    body: object,
) -> None:
    """Each call sends one request, with the same path, query, body and headers."""
    server.default = before(respond(content))
    call(client)
    (request,) = server.requests
    assert split_query(f"{request.method} {request.target}") == split_query(line)
    if body == NOTHING and isinstance(body, bytes):
        assert request.body == NOTHING
    else:
        assert request.body == json.dumps(body).encode()
    # Deliberate: the released client sent a Content-Type with GET.
    type_sent = None if line.startswith("GET") else "application/json"
    assert request.headers.get("content-type") == type_sent
    assert request.headers["authorization"] == f"Basic {base64.b64encode(b'live_key:').decode()}"
    user_agent = request.headers["user-agent"].split(" ")
    assert user_agent[0] == f"scaleapi/{__version__}"
    assert user_agent[1].startswith("Python/3.")
    assert user_agent[2].startswith("OS/")
    assert user_agent[-1] == "program"


def test_the_table_covers_every_call() -> None:
    """Calls that the table lacks are found here, except for new ones."""
    new = {"close", "with_options", "download_response", "list_files", "prioritize_batch"}
    new |= {"send_task_callback", "show", "wait", "ensure_project", "ensure_batch"}
    new |= {
        "export_annotations",
        "export_tasks",
        "create_tasks",
        "iter_create_tasks",
        "create_evaluation_tasks",
        "create_training_tasks",
        "iter_arrow",
        "to_arrow",
    }
    new |= {"wait_for_tasks", "as_completed"}
    elsewhere = {"upload_file", "v2", "v2_get_tasks"}
    used = {name for call, *_ in CALLS for name in call.__code__.co_names}
    used |= {
        name
        for call, *_ in CALLS
        for constant in call.__code__.co_consts
        if hasattr(constant, "co_names")
        for name in constant.co_names
    }
    public = {name for name in dir(ScaleClient) if not name.startswith("_")}
    assert public - new - elsewhere <= used
    for kind in (Task, Batch, Project, Teammate):
        methods = {name for name, value in vars(kind).items() if callable(value)}
        assert {name for name in methods if not name.startswith("_")} - new <= used


def parts_of(request: Request) -> list[tuple[dict[str, str | None], bytes]]:
    """The parts of a form: headers and content."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = email.message_from_bytes(head + request.body)
    found = []
    for part in form.walk():
        if not part.is_multipart():
            named = {
                "name": part.get_param("name", header="Content-Disposition"),
                "filename": part.get_filename(),
                "type": part["Content-Type"],
            }
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            found.append((named, payload))
    return found


def test_upload(client: ScaleClient, server: Server) -> None:
    """A form with the fields in order, then the file, with the same names."""
    server.default = before(respond(FILE))
    client.upload_file(
        io.BytesIO(b"\x89PNG"),
        project_name="p",
        display_name="d",
        metadata='{"k": 1}',
        reference_id="r",
    )
    (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/v1/files/upload")
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    *fields, (named, payload) = parts_of(request)
    assert [(field["name"], field["filename"], text) for field, text in fields] == [
        ("project_name", None, b"p"),
        ("display_name", None, b"d"),
        ("metadata", None, b'{"k": 1}'),
        ("reference_id", None, b"r"),
    ]
    assert (named["name"], named["filename"], payload) == ("file", "file", b"\x89PNG")


#: A file argument, and what 2.18.4 sends for it.
SOURCES: list[tuple[str, Callable[[], Any], bytes]] = [
    ("StringIO", lambda: io.StringIO("a,\u00e4\r\n"), "a,\u00e4\r\n".encode()),
    ("bytes", lambda: b"data", b"data"),
    ("bytearray", lambda: bytearray(b"data"), b"data"),
    ("memoryview", lambda: memoryview(b"data"), b"data"),
    ("pair", lambda: ("a.png", io.BytesIO(b"data")), b"data"),
    ("triple", lambda: ("a.png", b"data", "image/gif"), b"data"),
    ("empty", lambda: io.BytesIO(b""), b""),
]


@pytest.mark.parametrize(
    ("make", "data"), [row[1:] for row in SOURCES], ids=[row[0] for row in SOURCES]
)
def test_file_uploads(
    client: ScaleClient, server: Server, make: Callable[[], Any], data: bytes
) -> None:
    server.default = before(respond(FILE))
    client.upload_file(make())
    ((named, payload),) = parts_of(server.requests[0])
    is_named = isinstance(make(), tuple)
    assert (named["name"], named["filename"]) == ("file", "a.png" if is_named else "file")
    assert payload == data


@pytest.mark.parametrize(
    "names", [["P", "Q"], ("P", "Q"), iter(["P", "Q"])], ids=["list", "tuple", "iterator"]
)
def test_a_list_is_a_repeated_field(client: ScaleClient, server: Server, names: Any) -> None:
    server.default = before(respond(FILE))
    client.upload_file(io.BytesIO(b""), project_names=names, display_name=None)
    *fields, _ = parts_of(server.requests[0])
    assert [(field["name"], text) for field, text in fields] == [
        ("project_names", b"P"),
        ("project_names", b"Q"),
    ]


def test_upload_sends_metadata_as_json_text(client: ScaleClient, server: Server) -> None:
    """A deliberate difference: the released client sent only the keys of a dict."""
    server.default = before(respond(FILE))
    client.upload_file(io.BytesIO(b""), metadata={"k": 1, "l": None})
    fields = {named["name"]: payload for named, payload in parts_of(server.requests[0])}
    assert fields == {"metadata": b'{"k": 1, "l": null}', "file": b""}
