"""What goes wrong: errors by class, modes, and lost responses."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from scaleapi import (
    ScaleClient,
    ScaleException,
    ScaleInvalidRequest,
    ScaleResourceNotFound,
    ScaleUnauthorized,
)
from scaleapi.api_client.v2.exceptions import ApiException, NotFoundException
from scaleapi.sandbox import Sandbox
from scaleapi.v2 import V2Api
from tests.sandbox.v2_client import test_batches, test_deliveries, test_tasks
from tests.sandbox.v2_client.conftest import connected
from tests.schema.description import ENDPOINTS

NONE = "0" * 24
UNKNOWN: dict[str, Callable[[V2Api], object]] = {
    "get_task": lambda v2: v2.get_task(NONE),
    "create_chat_task": lambda v2: v2.create_chat_task(project_id=NONE),
    "set_task_metadata": lambda v2: v2.set_task_metadata(task_id=NONE, metadata={}),
    "get_tasks": lambda v2: v2.get_tasks(project_name="none"),
    "iter_tasks": lambda v2: list(v2.iter_tasks(batch_name="none")),
    "get_batch": lambda v2: v2.get_batch(NONE),
    "create_batch": lambda v2: v2.create_batch(name="b", project_name="none"),
    "cancel_batch": lambda v2: v2.cancel_batch(NONE),
    "finalize_batch": lambda v2: v2.finalize_batch(NONE),
    "set_batch_metadata": lambda v2: v2.set_batch_metadata(batch_id=NONE, metadata={}),
    "pause_batch": lambda v2: v2.pause_batch(NONE),
    "resume_batch": lambda v2: v2.resume_batch(NONE),
    "get_batches": lambda v2: v2.get_batches(project_id=NONE),
    "get_project": lambda v2: v2.get_project(NONE),
    "get_deliveries": lambda v2: v2.get_deliveries(NONE),
    "get_delivery": lambda v2: v2.get_delivery(NONE),
    "get_delivery_tasks": lambda v2: v2.get_delivery_tasks(project_id=NONE),
    "get_annotation": lambda v2: v2.get_annotation(NONE),
    "get_schema": lambda v2: v2.get_schema(NONE),
    "get_dataset_deliveries": lambda v2: v2.get_dataset_deliveries(NONE),
    "get_dataset_delivery": lambda v2: v2.get_dataset_delivery(NONE),
    "get_dataset_task": lambda v2: v2.get_dataset_task(NONE),
    "get_dataset_task_response_url": lambda v2: v2.get_dataset_task_response_url(NONE, "a_1"),
    "get_dataset_tasks": lambda v2: v2.get_dataset_tasks(NONE),
}


def test_every_operation_has_its_test() -> None:
    """Here each of the 25 is called with success, and but for two lists with an unknown name."""
    tested = {
        name.removeprefix("test_")
        for module in (test_tasks, test_batches, test_deliveries)
        for name, _ in inspect.getmembers(module, inspect.isfunction)
    }
    assert set(ENDPOINTS) - tested == set()
    assert set(ENDPOINTS) - set(UNKNOWN) == {"get_projects", "get_datasets"}


@pytest.mark.parametrize("call", UNKNOWN.values(), ids=UNKNOWN)
def test_missing_resources_raise_not_found(v2: V2Api, call: Callable[[V2Api], object]) -> None:
    """A 404 is ScaleResourceNotFound, and what scaleapi 2 called it."""
    with pytest.raises(ScaleResourceNotFound) as raised:
        call(v2)
    assert raised.value.status == 404
    assert isinstance(raised.value, NotFoundException)
    assert isinstance(raised.value, ApiException)


def test_modes_are_separate(v2: V2Api, live: V2Api) -> None:
    """What one key has made, the other does not see."""
    task = v2.get_tasks(project_name="dialogues").tasks[0]
    with pytest.raises(ScaleResourceNotFound):
        live.get_task(task.task_id)
    assert live.get_projects().projects == []
    assert live.get_batches().batches == []


def test_rejects_invalid_key(sandbox: Sandbox) -> None:
    with connected(sandbox, "live_unknown_key") as v2, pytest.raises(ScaleUnauthorized) as raised:
        v2.get_projects()
    assert "live_unknown_key" not in str(raised.value)


def test_rejected_values_raise(v2: V2Api) -> None:
    """Values that this version cannot know are sent, and the service says what it thinks."""
    with pytest.raises(ScaleInvalidRequest, match="expand"):
        v2.get_tasks(project_name="dialogues", expand=["brand_new"])
    with pytest.raises(ScaleInvalidRequest, match="status"):
        v2.get_batches(status="brand_new")
    with pytest.raises(ScaleInvalidRequest, match="next_token"):
        v2.get_tasks(project_name="dialogues", next_token="none")


@pytest.mark.parametrize("fault", ["reset after-commit", "truncate after-commit", "500"])
def test_create_is_not_retried_after_a_lost_response(
    sandbox: Sandbox, v2: V2Api, fault: str
) -> None:
    """v2 promises no idempotency, so a create that may have worked is not sent again."""
    sandbox.faults.add(f"POST /v2/task/chat {fault} first 1")
    with pytest.raises(ScaleException) as raised:
        v2.create_chat_task(project_name="empty")
    assert raised.value.may_have_been_applied
    assert raised.value.attempts == 1
    made = v2.get_tasks(project_name="empty").tasks
    assert len(made) == (0 if fault == "500" else 1)


@pytest.mark.parametrize("fault", ["reset", "503 Retry-After=0", "429 Retry-After=0"])
def test_create_is_retried_only_if_unprocessed(sandbox: Sandbox, v2: V2Api, fault: str) -> None:
    """At most one task, whatever happens; after 429 and 503 it is sent again."""
    rule = sandbox.faults.add(f"POST /v2/task/chat {fault} first 1")
    if fault == "reset":
        with pytest.raises(ScaleException):
            v2.create_chat_task(project_name="empty")
    else:
        v2.create_chat_task(project_name="empty")
    assert rule.fired == 1
    made = v2.get_tasks(project_name="empty").tasks
    assert len(made) == (0 if fault == "reset" else 1)


@pytest.mark.parametrize("operation", ["pause", "resume", "cancel", "finalize"])
def test_change_is_retried_after_a_lost_response(
    sandbox: Sandbox, v2: V2Api, operation: str
) -> None:
    """The batch is changed, and nobody is told that it could not be."""
    batch = v2.create_batch(name="b", project_name="empty", staging_batch=operation == "finalize")
    if operation == "resume":
        v2.pause_batch(batch.id)
    rule = sandbox.faults.add(f"POST /v2/batch/{operation} reset after-commit first 1")
    getattr(v2, f"{operation}_batch")(batch.id)
    assert rule.fired == 1
    wanted = {"pause": "paused", "cancel": "cancelled"}.get(operation, "in_progress")
    assert v2.get_batch(batch.id).status == wanted


def test_pagination_survives_faults(sandbox: Sandbox, v2: V2Api) -> None:
    """A generator gets every task once while every second answer is lost."""
    rule = sandbox.faults.add("GET /v2/tasks reset every 2nd")
    found = [task.task_id for task in v2.iter_tasks(project_name="dialogues", limit=2)]
    assert rule.fired > 0
    assert len(set(found)) == len(found) == 7


def test_v2_shares_the_limits_of_the_client(sandbox: Sandbox) -> None:
    """v2 is under the limits of the client that it belongs to, and on its connections."""
    with ScaleClient(sandbox.test_key, api_instance_url=sandbox.url, max_retries=0) as client:
        sandbox.faults.add("GET /v2/projects 503")
        for v2, attempts in (client.v2, 1), (client.with_options(max_retries=1).v2, 2):
            with pytest.raises(ScaleException) as raised:
                v2.get_projects()
            assert raised.value.attempts == attempts
