"""Values, texts and results that programs for the released client rely on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

import scaleapi.api
from scaleapi import (
    Api,
    Batch,
    BatchStatus,
    EvaluationTask,
    File,
    Project,
    ScaleClient,
    StudioBatch,
    StudioLabelerAssignment,
    StudioProjectGroup,
    Task,
    TaskReviewStatus,
    TaskStatus,
    TaskTemplate,
    TaskType,
    Teammate,
    TeammateRole,
    TrainingTask,
)
from scaleapi.exceptions import (
    ExceptionMap,
    ScaleDuplicateResource,
    ScaleException,
    ScaleInternalError,
    ScaleInvalidRequest,
    ScaleNotEnabled,
    ScaleResourceNotFound,
    ScaleServiceUnavailable,
    ScaleTimeoutError,
    ScaleTooManyRequests,
    ScaleUnauthorized,
)
from scaleapi.pagination import Batchlist, Paginator, Tasklist
from scaleapi.quality_tasks import QualityTask
from scaleapi.studio import StudioWorker
from tests.compat.canned import client_returning

#: Objects keep their attributes without one.
NO_CLIENT: Any = None

TASK = {
    "task_id": "t1",
    "type": "imageannotation",
    "status": "pending",
    "params": {"attachment": "a", "status": "of the params"},
    "metadata": {"k": 1},
    "document_pages": [1, 2],
}
BATCH = {
    "name": "b",
    "status": "staging",
    "project": "p",
    "created_at": "2020",
    "metadata": {"k": 1},
    "pending": 3,
}
PROJECT = {
    "name": "p",
    "type": "imageannotation",
    "param_history": [
        {"version": 0, "instruction": "old"},
        {"version": 1, "instruction": "new", "other": 1},
    ],
}
TEMPLATE = {
    "id": "x",
    "version": 2,
    "created_at": "2020",
    "updated_at": "2021",
    "template_variables": {"v": 1},
    "response_schema": {"r": 1},
    "auto_onboard_enabled": True,
}
FILE = {"id": "f", "attachment_url": "scaledata://f"}
TEAMMATE = {
    "email": "a@x",
    "role": "member",
    "company": "c",
    "firstName": "Ada",
    "lastName": "L",
    "isStudioLabeler": True,
    "expiry": "2030",
}
STUDIO_BATCH = {
    "id": "1",
    "name": "n",
    "projectId": "65f0",
    "projectName": "pn",
    "batchType": "Production",
    "studioPriority": 3,
    "total": 4,
    "completed": 2,
    "groups": ["g"],
}
WORKER = {"id": "w", "email": "w@x"}
GROUP = {"id": "1", "name": "g", "numWorkers": 1, "isSingleton": False, "workers": [WORKER]}
QUALITY = {"id": "q", "expected_response": {"a": 1}, "initial_response": {"b": 1}}

#: An object, its str(), and its attributes.
OBJECTS: list[tuple[Callable[[], Any], str, dict[str, object]]] = [
    (
        lambda: Task(TASK, NO_CLIENT),
        "Task(id=t1)",
        {
            "id": "t1",
            "task_id": "t1",
            "type": "imageannotation",
            "status": "pending",
            "params": TASK["params"],
            "metadata": {"k": 1},
            "document_pages": [1, 2],
        },
    ),
    (
        lambda: Batch(BATCH, NO_CLIENT),
        "Batch(name=b)",
        {
            "name": "b",
            "status": "staging",
            "project": "p",
            "created_at": "2020",
            "metadata": {"k": 1},
            # Only get_status() knows them.
            "tasks_pending": None,
            "tasks_completed": None,
            "tasks_error": None,
            "tasks_canceled": None,
        },
    ),
    (
        lambda: Project(PROJECT, NO_CLIENT),
        "Project(name=p)",
        {
            "name": "p",
            "type": "imageannotation",
            "params": {"version": 1, "instruction": "new", "other": 1},
            "version": 1,
            "instruction": "new",
        },
    ),
    (
        lambda: Project({**PROJECT, "param_history": []}, NO_CLIENT),
        "Project(name=p)",
        {"params": None, "version": None, "instruction": None},
    ),
    (
        lambda: TaskTemplate(TEMPLATE, NO_CLIENT),
        "TaskTemplate(id=x)",
        {
            "id": "x",
            "version": 2,
            "created_at": "2020",
            "updated_at": "2021",
            "template_variables": {"v": 1},
            "response_schema": {"r": 1},
            "auto_onboard_enabled": True,
        },
    ),
    (lambda: File(FILE, NO_CLIENT), "File(id=f)", {"id": "f", "attachment_url": "scaledata://f"}),
    (
        lambda: Teammate(TEAMMATE, NO_CLIENT),
        "Teammate(email=a@x)",
        {
            "email": "a@x",
            "role": "member",
            "company": "c",
            "first_name": "Ada",
            "last_name": "L",
            "is_studio_labeler": True,
            "expiry": "2030",
        },
    ),
    (
        lambda: Teammate({"email": "a@x", "role": "member"}, NO_CLIENT),
        "Teammate(email=a@x)",
        {
            "company": None,
            "first_name": None,
            "last_name": None,
            "is_studio_labeler": None,
            "expiry": None,
        },
    ),
    (
        lambda: StudioBatch(STUDIO_BATCH, NO_CLIENT),
        "StudioBatch(name=n)",
        {
            "id": "1",
            "name": "n",
            "project_id": "65f0",
            "project_name": "pn",
            "batch_type": "Production",
            "studio_priority": 3,
            "total": 4,
            "completed": 2,
            "groups": ["g"],
        },
    ),
    (
        lambda: StudioProjectGroup(GROUP, NO_CLIENT),
        "StudioProjectGroup(name=g)",
        {
            "id": "1",
            "name": "g",
            "numWorkers": 1,
            "num_workers": 1,
            "isSingleton": False,
            "is_singleton": False,
            "workers": [StudioWorker(WORKER, NO_CLIENT)],
        },
    ),
    (lambda: StudioWorker(WORKER, NO_CLIENT), "StudioWorker(id=w)", {"id": "w", "email": "w@x"}),
    (
        lambda: StudioLabelerAssignment(["p"], "a@x", NO_CLIENT),
        "StudioLabelerAssignment(email=a@x,assigned_projects=['p'])",
        {"assigned_projects": ["p"], "email": "a@x"},
    ),
    *[
        (
            lambda kind=kind: kind(QUALITY, NO_CLIENT),
            f"{kind.__name__}(id=q)",
            {"id": "q", "expected_response": {"a": 1}, "initial_response": {"b": 1}},
        )
        for kind in (QualityTask, EvaluationTask, TrainingTask)
    ],
]


@pytest.mark.parametrize(("make", "text", "attributes"), OBJECTS)
def test_object(make: Callable[[], Any], text: str, attributes: dict[str, object]) -> None:
    """Objects have the same attributes and text."""
    thing = make()
    assert str(thing) == text
    assert {name: getattr(thing, name) for name in attributes} == attributes


@pytest.mark.parametrize(
    ("kind", "json"),
    [
        (Task, TASK),
        (Batch, BATCH),
        (Project, PROJECT),
        (TaskTemplate, TEMPLATE),
        (File, FILE),
        (Teammate, TEAMMATE),
        (StudioBatch, STUDIO_BATCH),
        (StudioWorker, WORKER),
        (StudioProjectGroup, GROUP),
        (QualityTask, QUALITY),
    ],
)
def test_as_dict_is_the_json(kind: Any, json: dict[str, object]) -> None:
    assert kind(json=json, client=NO_CLIENT).as_dict() == json


def test_as_dict_of_an_assignment_is_the_list_of_projects() -> None:
    assignment = StudioLabelerAssignment(assigned_projects=["p"], email="a@x", client=NO_CLIENT)
    assert assignment.as_dict() == ["p"]


def test_workers_of_a_group_are_a_list() -> None:
    """In the released client, it is in a tuple."""
    workers = StudioProjectGroup(GROUP, NO_CLIENT).workers
    assert isinstance(workers, list)
    assert [worker.email for worker in workers] == ["w@x"]
    assert StudioProjectGroup({"id": "1", "name": "g"}, NO_CLIENT).workers == []


def test_an_unknown_attribute_raises_attribute_error() -> None:
    task: Any = Task(TASK, NO_CLIENT)
    with pytest.raises(AttributeError, match="nope"):
        _ = task.nope
    assert not hasattr(task, "nope")


def test_getters_of_a_template() -> None:
    template = TaskTemplate(TEMPLATE, NO_CLIENT)
    assert template.get_template_variables() == {"v": 1}
    assert template.get_response_schema() == {"r": 1}
    assert template.is_auto_onboardable() is True
    bare = TaskTemplate({"id": "x", "version": 1, "template_variables": {}}, None)
    assert bare.get_response_schema() is None
    assert bare.is_auto_onboardable() is False


@pytest.mark.parametrize("kind", [Paginator, Tasklist, Batchlist])
def test_page(kind: Any) -> None:
    page = kind([1, 2], 10, 5, 0, True, "next")
    assert page == [1, 2]
    assert str(page) == "[1, 2]"
    assert page.docs == [1, 2]
    assert (page.total, page.limit, page.offset, page.has_more) == (10, 5, 0, True)
    assert page.next_token == "next"
    assert kind([], total=0, limit=5, offset=0, has_more=False).next_token is None


@pytest.mark.parametrize(
    ("error", "text", "code", "message"),
    [
        (ScaleException("m"), "<Response> m", None, "m"),
        (ScaleException("m", 5), "<Response [5]> m", 5, "m"),
        (ScaleException("m", errcode=404), "<Response [404]> m", 404, "m"),
        (ScaleResourceNotFound("x"), "<Response [404]> x", 404, "x"),
        (ScaleResourceNotFound("x", 7), "<Response [7]> x", 7, "x"),
        (ScaleInvalidRequest("x", None), "<Response [400]> x", 400, "x"),
    ],
)
def test_exception(error: ScaleException, text: str, code: int | None, message: str) -> None:
    assert str(error) == text
    assert error.args == (text,)
    assert (error.code, error.message) == (code, message)
    assert repr(error) == f"{type(error).__name__}({text!r})"


def test_exception_map() -> None:
    """Each status has the same class or a subclass; there are more statuses now."""
    released = {
        400: ScaleInvalidRequest,
        401: ScaleUnauthorized,
        402: ScaleNotEnabled,
        404: ScaleResourceNotFound,
        409: ScaleDuplicateResource,
        429: ScaleTooManyRequests,
        500: ScaleInternalError,
        503: ScaleServiceUnavailable,
        504: ScaleTimeoutError,
    }
    assert all(issubclass(ExceptionMap[status], kind) for status, kind in released.items())
    assert scaleapi.api.ExceptionMap is ExceptionMap


def test_constants_of_the_api_module() -> None:
    assert [408, 429, *range(500, 531)] == scaleapi.api.HTTP_STATUS_FORCE_LIST
    assert scaleapi.api.HTTP_TOTAL_RETRIES == 3
    assert scaleapi.api.HTTP_RETRY_BACKOFF_FACTOR == 2
    assert frozenset({"GET", "POST", "DELETE"}) == scaleapi.api.HTTP_RETRY_ALLOWED_METHODS
    assert scaleapi.api.SCALE_API_BASE_URL_V1 == "https://api.scale.com/v1"


def test_quote_string() -> None:
    assert Api.quote_string("a bc/def") == "a%20bc%2Fdef"
    assert ScaleClient("key").api.quote_string("ü?#&=+.~-_") == "%C3%BC%3F%23%26%3D%2B.~-_"


def test_settings_stay_readable(tmp_path: Any) -> None:
    """The api has its settings as attributes, also if given by position."""
    proxies = {"https": "http://127.0.0.1:1"}
    api = ScaleClient("live_key", "program", "https://example.com/v1", False, proxies).api
    assert api.api_key == "live_key"
    assert api.base_api_url == "https://example.com/v1"
    assert api.verify is False
    assert api.proxies == proxies
    assert api.cert is None
    default = ScaleClient("live_key").api
    assert default.base_api_url == "https://api.scale.com/v1"
    assert (default.verify, default.proxies, default.cert) == (None, None, None)


@pytest.mark.parametrize("key", [None, ""])
def test_a_missing_key_raises_a_scale_exception(key: Any) -> None:
    with pytest.raises(ScaleException):
        ScaleClient(key)  # type: ignore[arg-type]  # None is what is tested


TASK_METHODS: list[tuple[str, tuple[object, ...]]] = [
    ("refresh", ()),
    ("cancel", ()),
    ("cancel", (True,)),
    ("audit", (True, "fine")),
    ("update_unique_id", ("u",)),
    ("clear_unique_id", ()),
    ("set_metadata", ({"a": 1},)),
    ("set_tags", (["a"],)),
    ("add_tags", (["a"],)),
    ("delete_tags", (["a"],)),
]


@pytest.mark.parametrize(("method", "arguments"), TASK_METHODS)
def test_methods_of_a_task_return_none(method: str, arguments: tuple[object, ...]) -> None:
    task = Task(dict(TASK), client_returning({**TASK, "status": "completed"}))
    assert getattr(task, method)(*arguments) is None
    # A deliberate difference: the released object went stale, but for refresh().
    assert task.status == ("pending" if method == "audit" else "completed")


def test_finalize_returns_a_batch_and_updates_this_one() -> None:
    batch = Batch(dict(BATCH), client_returning({**BATCH, "status": "in_progress"}))
    finalized = batch.finalize()
    assert isinstance(finalized, Batch)
    assert finalized.status == batch.status == batch.as_dict()["status"] == "in_progress"


def test_get_status_returns_the_dict_and_sets_the_counts() -> None:
    counts = {"status": "completed", "pending": 2, "completed": 1}
    batch = Batch(dict(BATCH), client_returning(counts))
    assert batch.get_status() == counts
    assert batch.status == "completed"
    assert (batch.tasks_pending, batch.tasks_completed) == (2, 1)
    assert (batch.tasks_error, batch.tasks_canceled) == (0, 0)


def test_get_template_returns_a_template() -> None:
    template = Project(PROJECT, client_returning(TEMPLATE)).get_template()
    assert isinstance(template, TaskTemplate)
    assert template.id == "x"


def test_update_teammate_role_returns_the_team() -> None:
    """The team is returned, and the teammate has the new role."""
    other = {"email": "b@x", "role": "admin"}
    teammate = Teammate(dict(TEAMMATE), client_returning([other, {**TEAMMATE, "role": "manager"}]))
    team = teammate.update_teammate_role(TeammateRole.Manager)
    assert isinstance(team, list)
    assert [one.email for one in team] == ["b@x", "a@x"]
    assert teammate.role == "manager"


def nothing_sent(request: requests.PreparedRequest) -> object:
    raise AssertionError(f"{request.method} {request.url} was sent")


@pytest.mark.parametrize("method", ["tasks", "batches"])
def test_illegal_filter(method: str) -> None:
    """The error names the method, and is a ValueError too."""
    with pytest.raises(
        ScaleInvalidRequest, match=rf"illegal parameter for ScaleClient.{method}\(\)"
    ) as caught:
        getattr(client_returning(nothing_sent), method)(projec="p")
    assert isinstance(caught.value, ValueError)
    assert caught.value.code == 400


@pytest.mark.parametrize("method", ["get_tasks", "get_tasks_count"])
def test_get_tasks_requires_a_project_or_batch(method: str) -> None:
    """A ValueError as before, but raised by the call."""
    with pytest.raises(ValueError, match="project_name or batch_name"):
        getattr(client_returning(nothing_sent), method)(status=TaskStatus.Completed)


#: Calls that do not return a single object.
RESULTS: list[tuple[Callable[[ScaleClient], Any], object, type, object]] = [
    (
        lambda c: c.tasks(project="p"),
        {"docs": [TASK], "total": 7, "limit": 100, "offset": 0, "has_more": False},
        Tasklist,
        [Task(TASK, NO_CLIENT)],
    ),
    (
        lambda c: c.batches(project="p"),
        {"docs": [BATCH], "totalDocs": 7, "limit": 100, "offset": 0, "has_more": False},
        Batchlist,
        [Batch(BATCH, NO_CLIENT)],
    ),
    (lambda c: c.get_tasks_count("p"), {"docs": [TASK], "total": 7}, int, 7),
    (lambda c: c.projects(), [PROJECT], list, [Project(PROJECT, NO_CLIENT)]),
    (lambda c: c.get_projects(), [PROJECT], list, [Project(PROJECT, NO_CLIENT)]),
    (lambda c: c.batch_status("b"), {"status": "x"}, dict, {"status": "x"}),
    (lambda c: c.audit_task("t1", True), "OK", type(None), None),
    (lambda c: c.list_teammates(), [TEAMMATE], list, [Teammate(TEAMMATE, NO_CLIENT)]),
    (
        lambda c: c.list_studio_assignments(),
        {"a@x": ["p"]},
        dict,
        {"a@x": StudioLabelerAssignment(["p"], "a@x", NO_CLIENT)},
    ),
    (lambda c: c.list_project_groups("p"), [GROUP], list, [StudioProjectGroup(GROUP, NO_CLIENT)]),
    (
        lambda c: c.list_studio_batches(),
        [STUDIO_BATCH],
        list,
        [StudioBatch(STUDIO_BATCH, NO_CLIENT)],
    ),
]


@pytest.mark.parametrize(("call", "response", "kind", "result"), RESULTS)
def test_result(
    call: Callable[[ScaleClient], Any], response: object, kind: type, result: object
) -> None:
    got = call(client_returning(response))
    assert type(got) is kind
    assert got == result


def test_generators_yield_all_objects() -> None:
    pages = {"docs": [TASK], "total": 1, "limit": 100, "offset": 0, "has_more": False}
    tasks = client_returning(pages).get_tasks(project_name="p", limit=10)
    assert next(tasks) == Task(TASK, NO_CLIENT)
    assert next(tasks, None) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ScaleInvalidRequest),
        (401, ScaleUnauthorized),
        (402, ScaleNotEnabled),
        (403, ScaleException),
        (404, ScaleResourceNotFound),
        (409, ScaleDuplicateResource),
        (418, ScaleException),
        (422, ScaleException),
        (429, ScaleTooManyRequests),
        (500, ScaleInternalError),
        (503, ScaleServiceUnavailable),
        (504, ScaleTimeoutError),
    ],
)
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"status_code": 0, "error": "some text"}, "some text"),
        ({"message": "other"}, '{"message": "other"}'),
        (b"plain", "plain"),
    ],
)
def test_error_of_a_status(
    status: int, kind: type[ScaleException], body: object, text: str
) -> None:
    """The class depends on the status; the text is the body's ``error`` or the whole body.

    A hint may follow: of a key that was sent elsewhere, or of a URL that lacks its version.
    """
    with pytest.raises(kind) as caught:
        client_returning(body, status).get_task("t1")
    hint = caught.value.message.removeprefix(text)
    assert bool(hint) == (status in (401, 404))
    assert str(caught.value) == f"<Response [{status}]> {text}{hint}"
    assert caught.value.code == status


def test_enum_members_print_as_their_values() -> None:
    """In scaleapi 2 they print as ``TaskType.Chat``."""
    assert str(TaskType.Chat) == f"{TaskType.Chat}" == "chat"
    assert repr(BatchStatus.Staging) == "<BatchStatus.Staging: 'staging'>"
    assert TaskReviewStatus("fixed") is TaskReviewStatus.Fixed
