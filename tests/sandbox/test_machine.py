"""Whatever calls come in whatever order, the sandbox does what a plain model of it does.

``MACHINE_RUNS`` sets how many orders are tried.
"""

from __future__ import annotations

import base64
import copy
import http.client
import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from scaleapi.sandbox import Refusal, Sandbox
from tests.sandbox.database import state
from tests.sandbox.model import Batch, Model, Task, seen

pytestmark = pytest.mark.slow

RUNS = int(os.environ.get("MACHINE_RUNS", "40"))
DELAY = 90
STEP = 60
"""Two steps of the clock are well past the delay, and one is well before it."""

UNIQUE_IDS = st.sampled_from("uvw")
TAGS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), max_size=6)
WHICH = st.integers(0, 50)
TRANSITIONS = {"manual": None, "immediate": 0.0, f"after {DELAY}s": float(DELAY)}


class Connection:
    """Calls live mode over one connection that is kept alive."""

    def __init__(self, sandbox: Sandbox) -> None:
        address = urlsplit(sandbox.url)
        self._path = address.path
        self._http = http.client.HTTPConnection(address.netloc, timeout=10)
        key = base64.b64encode(f"{sandbox.live_key}:".encode()).decode()
        self._headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return the status and the decoded body of an answer."""
        content = None if body is None else json.dumps(body)
        self._http.request(method, self._path + path, content, self._headers)
        answer = self._http.getresponse()
        text = answer.read().decode()
        is_json = answer.headers["Content-Type"] == "application/json"
        return answer.status, json.loads(text) if is_json else text

    def get(self, path: str, **query: Any) -> Any:
        status, answer = self.call("GET", f"{path}?{urlencode(query, doseq=True)}")
        assert status == 200, answer
        return answer

    def close(self) -> None:
        self._http.close()


class Comparison(RuleBasedStateMachine):
    """Makes the same calls to the sandbox and to the model."""

    sandbox: Sandbox
    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self.sandbox.reset()
        self.model = Model()
        self.kept: tuple[bytes, Model] | None = None
        for name, rapid in (("plain", False), ("rapid", True)):
            body = {"name": name, "type": "datacollection", "rapid": rapid}
            self.check("POST", "/projects", 200, body)

    def check(self, method: str, path: str, status: int, body: object = None) -> Any:
        """Make a call that must have this status."""
        answered, answer = self.connection.call(method, path, body)
        assert answered == status, (method, path, body, answer)
        return answer

    def task(self, which: int) -> Task:
        return self.model.tasks[which % len(self.model.tasks)]

    def batch(self, which: int) -> str:
        return list(self.model.batches)[which % len(self.model.batches)]

    def any_task(self) -> bool:
        return bool(self.model.tasks)

    def any_batch(self) -> bool:
        return bool(self.model.batches)

    # Tasks

    @precondition(lambda self: len(self.model.tasks) < 20)  # all fit on one page, whatever follows
    @rule(count=st.integers(1, 5))
    def create_tasks(self, count: int) -> None:
        for _ in range(count):
            self.create_task(None, None, None, clears=False, seeded=None)

    @rule(
        unique_id=st.none() | UNIQUE_IDS,
        tags=st.none() | TAGS,
        which=st.none() | WHICH,
        clears=st.booleans(),
        seeded=st.sampled_from([None, None, None, "pending", "completed", "canceled", "error"]),
    )
    def create_task(
        self,
        unique_id: str | None,
        tags: list[str] | None,
        which: int | None,
        clears: bool,
        seeded: str | None,
    ) -> None:
        batch = self.batch(which) if which is not None and self.model.batches else None
        tags = None if tags is None else list(dict.fromkeys(tags))
        body: dict[str, Any] = {"fields": {"a": "b"}, "clear_unique_id_on_error": clears}
        body |= {"batch": batch} if batch else {"project": "plain"}
        body |= {} if unique_id is None else {"unique_id": unique_id}
        body |= {} if tags is None else {"tags": tags}
        status = self.model.check_create(batch, unique_id, tags)
        if seeded is not None and status != 400:
            self.seed_task(body, status, seeded)
        else:
            answer = self.check("POST", "/task/datacollection", status, body)
            if status == 200:
                self.model.create(Task(answer["task_id"], batch, unique_id, tags, clears))

    def seed_task(self, body: dict[str, Any], status: int, seeded: str) -> None:
        """Create a task by seed, in a state that nobody has brought it to."""
        entry = {"type": "datacollection", "status": seeded} | body
        self.expect(status, lambda: self.sandbox.seed({"live": {"tasks": [entry]}}))
        if status != 200:
            return
        (newest,) = self.connection.get("/tasks", limit=1)["docs"]
        unique_id = body.get("unique_id")
        clears = body["clear_unique_id_on_error"]
        task = Task(newest["task_id"], body.get("batch"), unique_id, body.get("tags"), clears)
        if seeded == "error" and clears:
            task.unique_id = None
        task.status, task.work_started = seeded, seeded == "completed"
        self.model.add(task)

    @precondition(any_task)
    @rule(which=WHICH, clear=st.booleans())
    def cancel(self, which: int, clear: bool) -> None:
        task = self.task(which)
        path = f"/task/{task.task_id}/cancel?clear_unique_id={clear}"
        self.check("POST", path, self.model.cancel(task, clear))

    @precondition(any_task)
    @rule(which=WHICH)
    def complete(self, which: int) -> None:
        task = self.task(which)
        self.expect(self.model.complete(task), lambda: self.sandbox.complete(task.task_id))

    @precondition(any_task)
    @rule(which=WHICH)
    def fail(self, which: int) -> None:
        task = self.task(which)
        self.expect(self.model.fail(task), lambda: self.sandbox.fail(task.task_id))

    @precondition(any_task)
    @rule(which=WHICH)
    def start_work(self, which: int) -> None:
        task = self.task(which)
        self.expect(self.model.start_work(task), lambda: self.sandbox.start_work(task.task_id))

    @precondition(any_task)
    @rule(which=WHICH)
    def recall(self, which: int) -> None:
        task = self.task(which)
        self.expect(self.model.recall(task), lambda: self.sandbox.recall(task.task_id))

    @precondition(any_task)
    @rule(which=WHICH)
    def fix(self, which: int) -> None:
        task = self.task(which)
        status = self.model.review(task, "fixed", None)
        self.expect(status, lambda: self.sandbox.fix(task.task_id, {"fields": {"a": "c"}}))

    def expect(self, status: int, act: Any) -> None:
        """Do something by hand, which must be refused with this status, or not at all."""
        refused = 200
        try:
            act()
        except Refusal as refusal:
            refused = refusal.status_code
        assert refused == status

    @precondition(any_task)
    @rule(which=WHICH, accepted=st.booleans(), comment=st.sampled_from([None, "Good.", "Bad."]))
    def audit(self, which: int, accepted: bool, comment: str | None) -> None:
        task = self.task(which)
        status = self.model.review(task, "accepted" if accepted else "rejected", comment)
        body = {"accepted": accepted, "comments": comment}
        self.check("POST", f"/task/{task.task_id}/audit", status, body)

    @precondition(any_task)
    @rule(which=WHICH, method=st.sampled_from(["POST", "PUT", "DELETE"]), tags=TAGS)
    def change_tags(self, which: int, method: str, tags: list[str]) -> None:
        task = self.task(which)
        status = self.model.change_tags(task, method, tags)
        self.check(method, f"/task/{task.task_id}/tags", status, tags)

    @precondition(any_task)
    @rule(which=WHICH, metadata=st.dictionaries(st.sampled_from("xy"), st.integers(0, 9)))
    def set_metadata(self, which: int, metadata: dict[str, int]) -> None:
        task = self.task(which)
        task.metadata = metadata
        self.check("POST", f"/task/{task.task_id}/setMetadata", 200, metadata)

    @precondition(any_task)
    @rule(which=WHICH, unique_id=UNIQUE_IDS)
    def set_unique_id(self, which: int, unique_id: str) -> None:
        task = self.task(which)
        status = self.model.set_unique_id(task, unique_id)
        self.check("POST", f"/task/{task.task_id}/unique_id", status, {"unique_id": unique_id})

    @precondition(any_task)
    @rule(which=WHICH)
    def clear_unique_id(self, which: int) -> None:
        task = self.task(which)
        task.unique_id = None
        self.check("DELETE", f"/task/{task.task_id}/unique_id", 200)

    # Batches

    @rule(number=st.integers(0, 3), rapid=st.booleans())
    def create_batch(self, number: int, rapid: bool) -> None:
        name, project = f"batch/{number}", "rapid" if rapid else "plain"
        status = self.model.create_batch(name, rapid=rapid)
        self.check("POST", "/batches", status, {"name": name, "project": project})

    @precondition(any_batch)
    @rule(which=WHICH)
    def finalize(self, which: int) -> None:
        name = self.batch(which)
        path = f"/batches/{name.replace('/', '%2F')}/finalize"
        answer = self.check("POST", path, self.model.finalize(name))
        assert answer.get("status") in (self.model.batches[name].status, None)

    # Time and state

    @rule()
    def advance_clock(self) -> None:
        self.sandbox.clock.advance(STEP)
        self.model.advance(STEP)

    @rule(transition=st.sampled_from(list(TRANSITIONS)))
    def change_transition(self, transition: str) -> None:
        self.sandbox.transition = transition
        self.model.delay = TRANSITIONS[transition]

    @rule()
    def take_snapshot(self) -> None:
        self.kept = self.sandbox.snapshot(), copy.deepcopy(self.model)

    @precondition(lambda self: self.kept is not None)
    @rule()
    def restore_snapshot(self) -> None:
        assert self.kept
        snapshot, model = self.kept
        self.sandbox.restore(snapshot)
        delay = self.model.delay  # a setting, not part of the state
        self.model = copy.deepcopy(model)
        self.model.delay = delay

    # Reading

    @rule(limit=st.integers(1, 4))
    def page_through(self, limit: int) -> None:
        found: list[str] = []
        token: dict[str, str] = {}
        while True:
            page = self.connection.get("/tasks", limit=limit, **token)
            assert page["total"] == len(self.model.tasks)
            found += [task["task_id"] for task in page["docs"]]
            assert page["has_more"] == (len(found) < page["total"]) == ("next_token" in page)
            if not page["has_more"]:
                break
            assert len(page["docs"]) == limit
            token = {"next_token": page["next_token"]}
        assert found == [task.task_id for task in reversed(self.model.tasks)]

    @rule(
        status=st.none() | st.sampled_from(["pending", "completed", "canceled", "error"]),
        tags=TAGS,
        unique_id=st.none() | UNIQUE_IDS,
        reviews=st.sets(st.sampled_from(["pending", "accepted", "rejected", "fixed"])),
        which=st.none() | WHICH,
    )
    def count(
        self,
        status: str | None,
        tags: list[str],
        unique_id: str | None,
        reviews: set[str],
        which: int | None,
    ) -> None:
        batch = self.batch(which) if which is not None and self.model.batches else None
        query: dict[str, Any] = {"limit": 1, "tags": tags}
        query |= {} if status is None else {"status": status}
        query |= {} if unique_id is None else {"unique_id": unique_id}
        query |= {} if batch is None else {"batch": batch}
        query |= {"customer_review_status": ",".join(reviews)} if reviews else {}
        wanted = [
            task
            for task in self.model.tasks
            if status in (None, task.status)
            and unique_id in (None, task.unique_id)
            and batch in (None, task.batch)
            and (not tags or set(tags) & set(task.tags or ()))
            and (not reviews or (task.review or "pending") in reviews)
        ]
        assert self.connection.get("/tasks", **query)["total"] == len(wanted)

    @precondition(any_task)
    @rule(which=WHICH)
    def read_one(self, which: int) -> None:
        task = self.task(which)
        assert seen(self.connection.get(f"/task/{task.task_id}")) == task.seen()

    @invariant()
    def tasks_are_equal(self) -> None:
        docs = self.connection.get("/tasks", limit=100)["docs"]
        assert [seen(task) for task in docs] == [task.seen() for task in reversed(self.model.tasks)]

    @invariant()
    def batches_are_equal(self) -> None:
        docs = self.connection.get("/batches", detailed=True)["docs"]
        found = {one["name"]: Batch(one["project"] == "rapid", one["status"]) for one in docs}
        assert found == self.model.batches
        assert [one["name"] for one in docs] == list(reversed(self.model.batches))
        for one in docs:
            assert one["progress"] == self.model.counts(one["name"])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(transition="manual") as sandbox:
        yield sandbox


def test_sandbox_behaves_like_the_model(sandbox: Sandbox) -> None:
    """No order of calls shows a difference."""
    run(Comparison, sandbox)


class Exporting(Comparison):
    """Exports the world that the calls have made, and seeds an empty sandbox with it."""

    copy: Sandbox

    def __init__(self) -> None:
        super().__init__()
        self.sandbox.clock.freeze()

    def teardown(self) -> None:
        exported = json.loads(json.dumps(self.sandbox.export()))
        self.copy.reset()
        self.copy.clock.freeze(self.sandbox.clock.now())
        self.copy.seed(exported)
        before, after = state(self.sandbox), state(self.copy)
        for table, rows in before.items():
            assert len(after[table]) == len(rows), table
            for row, expected in zip(after[table], rows, strict=True):
                assert row == expected
        assert self.copy.export() == exported


def test_any_world_is_exported_and_seeded(sandbox: Sandbox) -> None:
    """Export, start empty, seed: both databases hold the same, document by document."""
    with Sandbox(transition="manual") as copy:
        run(Exporting, sandbox, copy=copy)


def run(kind: type[Comparison], sandbox: Sandbox, **fields: Any) -> None:
    connection = Connection(sandbox)
    fields |= {"sandbox": sandbox, "connection": connection}
    machine = type("Running", (kind,), fields)
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=50,
                deadline=None,
                database=None,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )
    finally:
        connection.close()
