"""After a lost response, a task is claimed only with proof that this call created it.

A task is claimed if what was sent is what was found, or if the refusal names the idempotency key
of this very call. Otherwise the caller gets the 409: better a duplicate that is reported than a
stranger's task taken for one's own.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import ScaleClient, Task, TaskType
from scaleapi.exceptions import ScaleArgumentError, ScaleDuplicateResource, ScaleException
from tests.wire.conftest import Connect, Serve
from tests.wire.server import (
    Exchange,
    Fault,
    Reply,
    Request,
    Server,
    Step,
    after,
    before,
    reset,
    respond,
    succeed,
)
from tests.wire.service import TaskStore

pytestmark = pytest.mark.usefixtures("no_waits")

TYPE = "imageannotation"

ATTACHMENT = "https://img.example.net/a17.jpg"

#: What most of these calls send.
SENT: dict[str, Any] = {
    "project": "parcel_boxes",
    "batch": "week_11",
    "instruction": "Box every parcel.",
    "attachment": ATTACHMENT,
    "metadata": {"scan": "A-17", "size": [3, 4], "more": {"x": 1}},
    "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
}

FRAMES = {"attachments": ["https://img.example.net/1.jpg", "https://img.example.net/2.jpg"]}

#: What stands beside ``params`` in a task; the rest is inside.
COMMON = [
    *["project", "batch", "instruction", "callback_url", "metadata", "priority", "unique_id"],
    *["tags", "project_param_version", "clear_unique_id_on_error"],
]

#: What the service adds by itself to every task.
DEFAULTS = {
    "status": "pending",
    "callback_url": "https://hooks.example.net/scale",
    "is_test": False,
    "urgency": "standard",
    "metadata": {},
    "processed_attachments": [],
    "project": "default",
    "priority": 0,
    "project_param_version": 2,
    "work_started": False,
}


class RealTasks(TaskStore):
    """Tasks in the format of the real service, with type parameters nested in ``params``.

    Attributes:
        project: What the project sets for every task; ``instruction`` is appended to the task's.
    """

    def __init__(self) -> None:
        super().__init__()
        self.project: dict[str, Any] = {}

    def add(self, task_type: str, age: float = 0.0, **values: Any) -> dict[str, Any]:
        """Create a task."""
        given = {key: value for key, value in values.items() if value is not None}
        common = {key: given.pop(key) for key in COMMON if key in given}
        inherited = dict(self.project)
        texts = [common.pop("instruction", None), inherited.pop("instruction", None)]
        instruction = "\n\n".join(text for text in texts if text)
        if instruction:
            common["instruction"] = instruction
        params = {"attachment_type": "image", **inherited, **given}
        return super().add(task_type, age, **{**DEFAULTS, **common}, params=params)


@pytest.fixture(params=["flat", "nested"])
def store(request: pytest.FixtureRequest) -> TaskStore:
    """The tasks of the service, with parameters at the top level or in ``params``."""
    return RealTasks() if request.param == "nested" else TaskStore()


@pytest.fixture(params=["u", None], ids=["unique_id", "no unique_id"])
def unique_id(request: pytest.FixtureRequest) -> str | None:
    """Whether the call has a ``unique_id``, which determines how a task is looked up."""
    return request.param  # type: ignore[no-any-return]


def without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def taken_meanwhile(
    store: TaskStore, task_type: str, values: dict[str, Any], refusal: str = "in use ({id})"
) -> list[Step]:
    """Simulate another process that creates a task between two attempts of a call.

    The first attempt gets a 500 and has made nothing; the second is refused.
    """

    def fail(exchange: Exchange, reply: Reply) -> None:
        store.add(task_type, **without_none(values))
        respond(status=500)(exchange, reply)

    def refuse(exchange: Exchange, reply: Reply) -> None:
        text = refusal.replace("{id}", store.tasks[0]["task_id"])
        error = {"status_code": 409, "error": text}
        exchange.send(Reply(error, 409, {"Date": None} if not store.date else {}).raw)

    return [before(fail), before(refuse)]


#: The parameters that were sent, and differences of the found task.
DIFFERENT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "attachment": ({}, {"attachment": "https://img.example.net/b.jpg"}),
    "attachment, its query": (
        {"attachment": f"{ATTACHMENT}?version=1"},
        {"attachment": f"{ATTACHMENT}?version=2"},
    ),
    "no attachment": ({}, {"attachment": None}),
    "attachments for attachment": ({}, {"attachment": None, "attachments": [ATTACHMENT]}),
    "attachments": ({"attachment": None, **FRAMES}, {"attachments": ["https://other/1.jpg"]}),
    "attachments, their order": (
        {"attachment": None, **FRAMES},
        {"attachments": FRAMES["attachments"][::-1]},
    ),
    "fewer attachments": (
        {"attachment": None, **FRAMES},
        {"attachments": FRAMES["attachments"][:1]},
    ),
    "more attachments": (
        {"attachment": None, **FRAMES},
        {"attachments": [*FRAMES["attachments"], "https://img.example.net/3.jpg"]},
    ),
    "no attachments": ({"attachment": None, **FRAMES}, {"attachments": None}),
    "attachments of objects": (
        {"attachment": None, "attachments": [{"type": "text", "content": "a"}]},
        {"attachments": [{"type": "text", "content": "b"}]},
    ),
    "metadata, a value": ({}, {"metadata": {**SENT["metadata"], "scan": "B-1"}}),
    "metadata, an inner value": ({}, {"metadata": {**SENT["metadata"], "more": {"x": 2}}}),
    "metadata, an order": ({}, {"metadata": {**SENT["metadata"], "size": [4, 3]}}),
    "metadata, text for a number": ({"metadata": {"n": 1}}, {"metadata": {"n": "1"}}),
    "metadata, true for a number": ({"metadata": {"n": 1}}, {"metadata": {"n": True}}),
    "metadata, zero for false": (
        {"metadata": {"l": [{"n": False}]}},
        {"metadata": {"l": [{"n": 0}]}},
    ),
    "metadata, one key more": ({}, {"metadata": {**SENT["metadata"], "job": 2}}),
    "metadata, one key less": ({}, {"metadata": {"scan": "A-17"}}),
    "no metadata": ({}, {"metadata": None}),
    "empty metadata": ({}, {"metadata": {}}),
    "instruction": ({}, {"instruction": "Draw polygons."}),
    "a shorter instruction": ({}, {"instruction": "Box"}),
    "no instruction": ({}, {"instruction": None}),
    "batch": ({}, {"batch": "week_12"}),
    "batch, its case": ({}, {"batch": "Week_11"}),
    "no batch": ({}, {"batch": None}),
    "project": ({}, {"project": "pallets"}),
    "only the metadata was sent": (
        {key: None for key in SENT if key != "metadata"},
        {"metadata": {"scan": "B-1"}},
    ),
    "everything": ({}, dict.fromkeys(SENT) | {"attachment": "https://other/a.jpg"}),
}


@pytest.mark.parametrize(("sent", "found"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_a_task_with_other_content_is_not_claimed(
    serve: Serve,
    connect: Connect,
    store: TaskStore,
    unique_id: str | None,
    sent: dict[str, Any],
    found: dict[str, Any],
) -> None:
    """A new task with the same type and ``unique_id`` is not sufficient proof."""
    mine = without_none({**SENT, **sent, "unique_id": unique_id})
    server = serve(store)
    server.script(*taken_meanwhile(store, TYPE, {**mine, **found, "unique_id": unique_id}))
    with pytest.raises(ScaleDuplicateResource) as caught:
        connect(server).create_task(TYPE, **mine)
    assert caught.value.status == 409
    assert caught.value.attempts == 2
    assert [request.json for request in posts(server)] == [mine, mine]


@pytest.mark.parametrize("other", ["categorization", "ImageAnnotation", "videoannotation"])
def test_a_task_of_another_type_is_not_claimed(
    serve: Serve, connect: Connect, store: TaskStore, unique_id: str | None, other: str
) -> None:
    """A different type is decisive, even if everything else is equal."""
    mine = {**SENT, "unique_id": unique_id}
    server = serve(store)
    server.script(*taken_meanwhile(store, other, mine))
    with pytest.raises(ScaleDuplicateResource):
        connect(server).create_task(TYPE, **mine)


def posts(server: Server) -> list[Any]:
    return [request for request in server.requests if request.method == "POST"]


LOST: dict[str, Fault] = {
    "reset": reset,
    "500": respond(status=500),
    "503 without Retry-After": respond(status=503),
    "504": respond(status=504),
}

#: The parameters that were sent, and how the project and the service extend them.
EQUAL: dict[str, dict[str, Any]] = {
    "all": {},
    "frames": {"attachment": None, **FRAMES},
    "a tuple of frames": {"attachment": None, "attachments": tuple(FRAMES["attachments"])},
    "objects": {"attachment": None, "attachments": [{"type": "text", "content": "a"}]},
    "the batch alone": {"project": None},
    "neither project nor batch": {"project": None, "batch": None},
    "no instruction": {"instruction": None},
    "no metadata": {"metadata": None},
    "empty metadata": {"metadata": {}},
    "keys that JSON makes text": {"metadata": {7: "a", None: "b", True: "c"}},
    "tuples in metadata": {"metadata": {"size": (3, 4)}},
    "what other alphabets write": {
        "metadata": {"\u540d": "\U0001f4e6"},
        "instruction": "Stra\u00dfe \u0301",
    },
    "numbers": {"metadata": {"a": 1, "b": -0.5, "c": 1e300, "d": 2**60}},
    "tags and priority": {"tags": ["b", "a"], "priority": 30},
    "nothing at all": dict.fromkeys(SENT),
}


@pytest.mark.parametrize("sent", EQUAL.values(), ids=EQUAL.keys())
@pytest.mark.parametrize("lost", ["reset", "500"])
def test_a_task_with_the_sent_content_is_claimed(
    serve: Serve,
    connect: Connect,
    store: TaskStore,
    unique_id: str | None,
    sent: dict[str, Any],
    lost: str,
) -> None:
    """If the response was lost, the one task is returned."""
    mine = {**without_none({**SENT, **sent}), "unique_id": unique_id}
    server = serve(store)
    server.script(after(LOST[lost]))
    task = connect(server).create_task(TYPE, **mine)
    assert [task.id] == [one["task_id"] for one in store.tasks]
    assert len(posts(server)) == 2


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST.keys())
def test_claims_after_any_kind_of_lost_response(
    serve: Serve, connect: Connect, unique_id: str | None, lost: Fault
) -> None:
    """A 503 without Retry-After is as uncertain as a 500."""
    store = RealTasks()
    server = serve(store)
    server.script(after(lost))
    task = connect(server).create_task(TYPE, **SENT, unique_id=unique_id)
    assert [task.id] == [one["task_id"] for one in store.tasks]


PROJECTS: dict[str, dict[str, Any]] = {
    "parameters": {"geometries": {"box": {"objects_to_annotate": ["parcel"], "min_width": 10}}},
    "further parameters": {"annotation_attributes": {}, "padding": 3},
    "an instruction": {"instruction": "Ask when in doubt."},
}


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
@pytest.mark.parametrize("lacks", [None, "instruction", "geometries", "metadata", "project"])
def test_additions_of_the_project_are_ignored(
    serve: Serve,
    connect: Connect,
    unique_id: str | None,
    project: dict[str, Any],
    lacks: str | None,
) -> None:
    """The project adds parameters, and appends its instruction."""
    store = RealTasks()
    store.project = project
    server = serve(store)
    server.script(after(reset))
    mine = {key: value for key, value in SENT.items() if key != lacks}
    task = connect(server).create_task(TYPE, **mine, unique_id=unique_id)
    assert [task.id] == [one["task_id"] for one in store.tasks]


def test_none_is_ignored_in_the_comparison(
    serve: Serve, connect: Connect, store: TaskStore, unique_id: str | None
) -> None:
    """A parameter of ``None`` is not compared."""
    server = serve(store)
    server.script(after(reset))
    mine = {**SENT, "batch": None, "metadata": None, "instruction": None, "attachments": None}
    task = connect(server).create_task(TYPE, **mine, unique_id=unique_id)
    assert [task.id] == [one["task_id"] for one in store.tasks]


def test_whole_numbers_are_equal_however_they_are_written(
    serve: Serve, connect: Connect, unique_id: str | None
) -> None:
    """2.0 and 2 are equal."""
    store = TaskStore()
    sent = {**SENT, "metadata": {"scale": 2.0}}

    def commit_and_round(exchange: Exchange, reply: Reply) -> None:
        store.tasks[0]["metadata"] = {"scale": 2}
        exchange.reset()

    server = serve(store)
    server.script(after(commit_and_round))
    task = connect(server).create_task(TYPE, **sent, unique_id=unique_id)
    assert task.metadata == {"scale": 2}


@pytest.mark.parametrize("task_type", [TaskType.ImageAnnotation, TYPE], ids=["enum", "text"])
def test_task_types_as_enum_or_string(
    serve: Serve, connect: Connect, store: TaskStore, unique_id: str | None, task_type: Any
) -> None:
    """Both the enum member and its value work."""
    server = serve(store)
    server.script(after(reset))
    task = connect(server).create_task(task_type, **SENT, unique_id=unique_id)
    assert isinstance(task, Task)
    assert [task.id] == [one["task_id"] for one in store.tasks]


@pytest.mark.parametrize("padding", ["", "x" * 600])
@pytest.mark.parametrize("change", ["attachment", "metadata", "instruction", "batch"])
def test_a_409_with_the_key_of_this_call_is_proof(
    serve: Serve,
    connect: Connect,
    store: TaskStore,
    unique_id: str | None,
    change: str,
    padding: str,
) -> None:
    """No other call has the key, so the content of the task does not matter."""

    def commit_and_change(exchange: Exchange, reply: Reply) -> None:
        key = exchange.request.headers["idempotency-key"]
        store.refusal = (
            f'{padding}The idempotency key ("{key}") is in use for a different request ({{id}}).'
        )
        place = store.tasks[0].get("params", {})
        (place if change in place else store.tasks[0])[change] = "changed by the service"
        exchange.reset()

    server = serve(store)
    server.script(after(commit_and_change))
    task = connect(server).create_task(TYPE, **SENT, unique_id=unique_id)
    assert [task.id] == [one["task_id"] for one in store.tasks]


@pytest.mark.parametrize("unique", ["", [], None])
def test_an_empty_unique_id_finds_no_task_of_another_call(
    serve: Serve, connect: Connect, unique: Any
) -> None:
    """A service ignores such a filter, and returns every task."""

    class Store(RealTasks):
        def __call__(self, request: Request) -> Reply:
            if request.path.endswith("/tasks"):
                return Reply({"docs": self.tasks[::-1], "total": len(self.tasks)})
            return super().__call__(request)

    store = Store()

    def lose(exchange: Exchange, reply: Reply) -> None:
        key = exchange.request.headers["idempotency-key"]
        store.refusal = f"The key {key} is in use ({{id}})."
        store.add(TYPE, attachment="https://img.example.net/other.jpg")
        exchange.reset()

    server = serve(store)
    server.script(after(lose))
    task = connect(server).create_task(TYPE, **SENT, unique_id=unique)
    assert task.id == store.tasks[0]["task_id"]


def test_a_409_that_repeats_the_request_is_not_proof_for_an_older_task(
    serve: Serve, connect: Connect, store: TaskStore, unique_id: str | None
) -> None:
    """The key is in the response only because the headers of the request are."""
    found = store.add(TYPE, age=3600, **SENT, unique_id=unique_id)
    server = serve(store)

    def refuse(exchange: Exchange, reply: Reply) -> None:
        error = f"The unique_id is in use ({found['task_id']}). {exchange.request.headers}"
        respond({"status_code": 409, "error": error}, 409)(exchange, reply)

    server.default = before(respond(found))
    server.script(before(refuse), before(succeed))
    with pytest.raises(ScaleDuplicateResource) as caught:
        connect(server).create_task(TYPE, **SENT, unique_id=unique_id)
    assert caught.value.may_have_been_applied


@pytest.mark.parametrize("kind", ["create_task", "create_evaluation_task", "create_training_task"])
def test_a_409_with_the_key_of_this_call_whose_task_is_not_found(
    serve: Serve, connect: Connect, kind: str
) -> None:
    """This call may have created a task, for example if a proxy sent the request twice."""

    def refuse(exchange: Exchange, reply: Reply) -> None:
        error = f"in use: {exchange.request.headers['idempotency-key']}"
        respond({"status_code": 409, "error": error}, 409)(exchange, reply)

    create = getattr(connect(serve(default=before(refuse))), kind)
    answer = {"expected_response": {}} if kind != "create_task" else {}
    with pytest.raises(ScaleDuplicateResource) as caught:
        create(TYPE, **SENT, **answer)
    assert caught.value.may_have_been_applied


@pytest.mark.parametrize("named", ["", " (65f0a1b2c3d4e5f60718293a)"], ids=["no id", "lost id"])
@pytest.mark.parametrize("bulk", [False, True])
def test_a_409_with_the_key_of_this_call_is_no_proof_for_the_task_with_its_unique_id(
    serve: Serve, connect: Connect, store: TaskStore, named: str, bulk: bool
) -> None:
    """The call failed after its key was taken, and another program used the unique_id then."""

    def refuse(exchange: Exchange, reply: Reply) -> None:
        error = f"in use: {exchange.request.headers['idempotency-key']}{named}"
        respond({"status_code": 409, "error": error}, 409)(exchange, reply)

    other: dict[str, Any] = {**SENT, "attachment": "https://o/b.jpg", "unique_id": "u"}
    store.add(TYPE, **other)
    server = serve(store)
    server.script(before(respond({}, 500)), before(refuse))
    client = connect(server)
    if bulk:
        (failed,) = client.create_tasks(TYPE, [{**SENT, "unique_id": "u"}]).failed
        assert isinstance(failed.error, ScaleDuplicateResource)
        return
    with pytest.raises(ScaleDuplicateResource) as caught:
        client.create_task(TYPE, **SENT, unique_id="u")
    assert caught.value.may_have_been_applied


ROWS: dict[str, Callable[[ScaleClient], Any]] = {
    "create_tasks": lambda client: client.create_tasks(TYPE, [SENT]),
    "create_evaluation_tasks": lambda client: client.create_evaluation_tasks(
        TYPE, [{**SENT, "expected_response": {}}]
    ),
    "create_training_tasks": lambda client: client.create_training_tasks(
        TYPE, [{**SENT, "expected_response": {}}]
    ),
    "chat": lambda client: client.v2.create_chat_tasks([{"project_id": "p"}]),
}


@pytest.mark.parametrize("text", ["The batch is being finalized (retry)", "blocked (Ray ID 8f1)"])
@pytest.mark.parametrize("call", ROWS)
def test_a_row_with_a_409_about_something_else_has_failed(
    serve: Serve, connect: Connect, call: str, text: str
) -> None:
    """It has neither the key of the row nor a unique_id in it, so it says nothing of a task."""

    def refuse(exchange: Exchange, reply: Reply) -> None:
        is_post = exchange.request.method == "POST"
        respond({"error": text} if is_post else {}, 409 if is_post else 404)(exchange, reply)

    result = ROWS[call](connect(serve(default=before(refuse))))
    (failed,) = result.failed
    assert text in str(failed.error)
    assert not result.existing


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("The idempotency key ({key}) is in use.", None),
        ("The idempotency key {key} is in use (409).", None),
        ("The idempotency key {key} is in use (abc).", "abc"),
        ("Conflict (409): the key ({key}) is in use (abc).", "abc"),
        ("It is in use by (abc), says the key ({key})", "abc"),
        ('"The key \u201c{key}\u201d\n is in use (abc).', "abc"),
        (
            "Task (65f0a1b2c3d4e5f607182930) has the key {key} (v1), as (65f0a1b2c3d4e5f607182931)",
            None,
        ),
    ],
)
@pytest.mark.parametrize("call", ROWS)
def test_the_id_in_a_409_with_the_key_of_a_row(
    serve: Serve, connect: Connect, call: str, text: str, id_: str | None
) -> None:
    """Only a word that is neither the key nor the status is an id."""

    def refuse(exchange: Exchange, reply: Reply) -> None:
        task = {"task_id": "abc", "type": TYPE, "params": SENT, "project": "p"}
        if exchange.request.method == "GET":
            known = id_ is not None and "abc" in exchange.request.target
            respond(task if known else {}, 200 if known else 404)(exchange, reply)
            return
        key = exchange.request.headers["idempotency-key"]
        respond({"error": text.format(key=key)}, 409)(exchange, reply)

    result = ROWS[call](connect(serve(default=before(refuse))))
    if id_ is None:
        (failed,) = result.failed
        assert isinstance(failed.error, ScaleDuplicateResource)
        assert failed.error.may_have_been_applied  # by this run, or by one before
    else:
        (task,) = result.tasks
        assert (getattr(task, "task_id", None) or task.id) == id_


@pytest.mark.parametrize("unique_id", ["u-1", 'é "1"', "scan (7)", "("])
@pytest.mark.parametrize(
    "expected", ["existing", "about another row", "another project", "another id"]
)
def test_a_chat_row_whose_unique_id_is_used(
    serve: Serve, connect: Connect, expected: str, unique_id: str
) -> None:
    """It counts as that task only if the 409 names the unique_id, and the project is the same."""
    named = f"{unique_id}2" if expected == "about another row" else unique_id
    project = {"id": "other" if expected == "another project" else "p", "name": "chats"}

    def refuse(exchange: Exchange, reply: Reply) -> None:
        task = {"task_id": "abc", "status": "pending", "project": project, "batch": None}
        if expected == "another id":
            task["unique_id"] = "another"
        error = {"error": f"The unique_id {named} is already used (abc)."}
        is_get = exchange.request.method == "GET"
        respond(task if is_get else error, 200 if is_get else 409)(exchange, reply)

    client = connect(serve(default=before(refuse)))
    result = client.v2.create_chat_tasks([{"project_id": "p", "unique_id": unique_id}])
    if expected == "existing":
        (task,) = result.tasks
        assert (task.task_id, task.project) == ("abc", "p")
    else:
        (failed,) = result.failed
        hint = "another project" in str(failed.error)
        assert hint == (expected == "another project")


@pytest.mark.parametrize("unique_id", [None, "1", "task"])
def test_a_row_with_a_409_about_a_lock_has_failed(
    serve: Serve, connect: Connect, unique_id: str | None
) -> None:
    """It names a task, but not because the row is that task, though the words occur in it."""

    def refuse(exchange: Exchange, reply: Reply) -> None:
        task = {"task_id": "abc", "type": TYPE, "params": SENT, "project": {"id": "p"}}
        error = {"error": "The project is locked for 1 minute: task (abc) is audited."}
        is_get = exchange.request.method == "GET"
        is_list = exchange.request.path.endswith("/tasks")
        body: dict[str, Any] = {"docs": [], "total": 0} if is_list else task
        respond(body if is_get else error, 200 if is_get else 409)(exchange, reply)

    client = connect(serve(default=before(refuse)))
    given = {} if unique_id is None else {"unique_id": unique_id}
    assert len(client.create_tasks(TYPE, [{**SENT, **given}]).failed) == 1
    assert len(client.v2.create_chat_tasks([{"project_id": "p", **given}]).failed) == 1


@pytest.mark.parametrize("depth", [300, 1000, 5000])
def test_content_that_is_nested_too_deeply_to_be_compared(
    serve: Serve, connect: Connect, store: TaskStore, unique_id: str | None, depth: int
) -> None:
    """It is the task of this call, or a 409 that says so."""
    metadata: Any = {}
    for _ in range(depth):
        metadata = {"a": metadata}
    server = serve(store)
    server.script(after(reset))
    try:
        task = connect(server).create_task(TYPE, metadata=metadata, unique_id=unique_id)
    except ScaleArgumentError:
        sure = not server.requests  # it could not even be encoded
    except ScaleException as error:
        sure = error.may_have_been_applied
    else:
        sure = task.id == store.tasks[0]["task_id"]
    assert sure


def test_a_409_with_the_key_of_another_call_is_not_proof(
    serve: Serve, connect: Connect, store: TaskStore, unique_id: str | None
) -> None:
    """The content must match then, and here it does not."""
    refusal = f'The idempotency key ("{uuid.uuid4()}") is in use for a different request ({{id}}).'
    server = serve(store)
    server.script(
        *taken_meanwhile(
            store, TYPE, {**SENT, "attachment": "https://o/b.jpg", "unique_id": unique_id}, refusal
        )
    )
    with pytest.raises(ScaleDuplicateResource):
        connect(server).create_task(TYPE, **SENT, unique_id=unique_id)


def test_the_matching_task_of_several_is_claimed(
    serve: Serve, connect: Connect, store: TaskStore
) -> None:
    """If there are two tasks with one ``unique_id``, the matching one is returned."""
    server = serve(store)

    def commit_between(exchange: Exchange, reply: Reply) -> None:
        store.tasks.insert(0, store.add(TYPE, attachment="https://o/b.jpg", unique_id="u"))
        store.tasks.pop()
        exchange.reset()

    server.script(after(commit_between))
    task = connect(server).create_task(TYPE, **SENT, unique_id="u")
    assert task.id == store.tasks[1]["task_id"]
