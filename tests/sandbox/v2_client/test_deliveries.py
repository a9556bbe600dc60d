"""Deliveries, schemas and datasets, by the client."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
import requests

from scaleapi import ScaleResourceNotFound
from scaleapi.sandbox import Sandbox
from scaleapi.v2 import Batch, Dataset, DatasetDelivery, Delivery, Project, V2Api

JANUARY = datetime(2026, 1, 2, tzinfo=timezone.utc)


def test_get_deliveries(v2: V2Api) -> None:
    """Of a project, by time, with the project as id or object."""
    (delivery,) = v2.get_deliveries(project_name="dialogues").deliveries
    assert (delivery.name, delivery.task_count) == ("first", 5)
    assert delivery.delivered_at == JANUARY
    (expanded,) = v2.get_deliveries(str(delivery.project), expand=["project"]).deliveries
    assert isinstance(expanded.project, Project)
    assert expanded.project.name == "dialogues"
    assert not v2.get_deliveries(project_name="dialogues", delivered_after="2026-01-03").deliveries


def test_get_delivery(v2: V2Api) -> None:
    """Its tasks, page by page, with what they belong to."""
    page = v2.get_delivery(
        delivery_name="first",
        project_name="dialogues",
        limit=4,
        expand=["project", "batch", "delivery"],
        opts=["annotation_details"],
    )
    assert isinstance(page.delivery, Delivery)
    assert isinstance(page.tasks[0].project, Project)
    assert isinstance(page.tasks[0].batch, Batch)
    assert page.tasks[0].threads[0].annotations[0].type
    rest = v2.get_delivery(page.delivery.id, next_token=page.next_token)
    assert (len(page.tasks), len(rest.tasks), rest.delivery) == (4, 1, page.delivery.id)


def test_iter_delivery(v2: V2Api) -> None:
    """All pages."""
    tasks = v2.iter_delivery(delivery_name="first", project_name="dialogues", limit=2)
    assert len({task.task_id for task in tasks}) == 5


def test_get_delivery_tasks(v2: V2Api) -> None:
    """Raw responses, and nulls where nothing was delivered."""
    page = v2.get_delivery_tasks(project_name="dialogues")
    assert page.total == len(page.docs) == 7
    delivered = [doc for doc in page.docs if doc.delivery_id]
    assert len(delivered) == 5
    assert delivered[0].response
    assert delivered[0].response["threads"]
    assert delivered[0].delivered_at == "2026-01-02T00:00:00.000Z"
    (pending, _) = v2.get_delivery_tasks(project_name="dialogues", status="pending").docs
    assert (pending.delivery_id, pending.response, pending.delivered_at) == (None, None, None)


def test_iter_delivery_tasks(v2: V2Api) -> None:
    """All pages."""
    found = [doc.task_id for doc in v2.iter_delivery_tasks(project_name="dialogues", limit=3)]
    assert len(set(found)) == len(found) == 7


def test_get_schema(v2: V2Api) -> None:
    """It is JSON in JSON, under its own name and that of scaleapi 2."""
    docs = v2.get_delivery_tasks(project_name="dialogues", status="completed").docs
    schema_id = docs[0].response_schema_id
    assert schema_id
    answer = v2.get_schema(schema_id)
    assert answer.schema == answer.var_schema
    assert answer.schema.id == schema_id
    assert answer.schema.json == answer.schema.var_json
    assert json.loads(answer.schema.json or "")["type"] == "object"
    assert answer.schema.created_at
    with pytest.raises(ScaleResourceNotFound):
        v2.get_schema("0" * 24)


def test_get_datasets(v2: V2Api, live: V2Api) -> None:
    """Those of a mode."""
    assert [one.name for one in v2.get_datasets().datasets] == ["voices"]
    assert live.get_datasets().datasets == []


def test_get_dataset_deliveries(v2: V2Api) -> None:
    """Of a dataset or all, with the dataset as id or object."""
    (delivery,) = v2.get_dataset_deliveries().deliveries
    assert (delivery.name, delivery.metadata.task_count) == ("january", 5)
    assert delivery.delivered_at == datetime(2026, 1, 31, tzinfo=timezone.utc)
    (expanded,) = v2.get_dataset_deliveries(str(delivery.dataset), expand=["dataset"]).deliveries
    assert isinstance(expanded.dataset, Dataset)
    assert expanded.dataset.name == "voices"
    assert not v2.get_dataset_deliveries(delivered_before="2026-01-01").deliveries


def test_get_dataset_delivery(v2: V2Api) -> None:
    """Its tasks, page by page."""
    (delivery,) = v2.get_dataset_deliveries().deliveries
    page = v2.get_dataset_delivery(delivery.id, limit=4, expand=["dataset", "delivery"])
    rest = v2.get_dataset_delivery(delivery.id, next_token=page.next_token)
    assert page.delivery == delivery
    assert rest.delivery == delivery.id
    assert [len(page.tasks), len(rest.tasks)] == [4, 1]
    task = page.tasks[0]
    assert isinstance(task.dataset, Dataset)
    assert isinstance(task.delivery, DatasetDelivery)
    assert task.response == {"said": "No."}


def test_iter_dataset_delivery(v2: V2Api) -> None:
    """All pages."""
    (delivery,) = v2.get_dataset_deliveries().deliveries
    found = [task.task_id for task in v2.iter_dataset_delivery(delivery.id, limit=2)]
    assert len(set(found)) == 5


def test_get_dataset_task(v2: V2Api) -> None:
    """One, with what it belongs to."""
    (dataset,) = v2.get_datasets().datasets
    listed = v2.get_dataset_tasks(dataset.id).tasks[0]
    assert v2.get_dataset_task(listed.task_id) == listed
    assert v2.get_dataset_task(listed.task_id, expand=["dataset"]).dataset == dataset


def test_get_dataset_tasks(v2: V2Api) -> None:
    """Of a dataset or a delivery, by time."""
    (delivery,) = v2.get_dataset_deliveries().deliveries
    assert len(v2.get_dataset_tasks(delivery_id=delivery.id).tasks) == 5
    later = v2.get_dataset_tasks(delivery_id=delivery.id, delivered_after="2026-02-01")
    assert later.tasks == []


def test_iter_dataset_tasks(v2: V2Api) -> None:
    """All pages."""
    (dataset,) = v2.get_datasets().datasets
    found = [task.response["said"] for task in v2.iter_dataset_tasks(dataset.id, limit=2)]
    assert sorted(found) == ["No."] * 4 + ["Yes."]


def test_get_dataset_task_response_url(sandbox: Sandbox, v2: V2Api) -> None:
    """The link alone: nobody follows it but the caller, who needs no key."""
    (dataset,) = v2.get_datasets().datasets
    found = v2.iter_dataset_tasks(dataset.id)
    task_id = next(task.task_id for task in found if task.response["said"] == "Yes.")
    before = len(sandbox.requests)
    url = v2.get_dataset_task_response_url(task_id, "a_1")
    assert len(sandbox.requests) == before + 1
    assert requests.get(url, timeout=5).content == b"sound"
    with pytest.raises(ScaleResourceNotFound):
        v2.get_dataset_task_response_url(task_id, "a_2")
