"""Batches and projects, by the client."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from scaleapi import ScaleClient, ScaleException, ScaleResourceNotFound
from scaleapi.sandbox import Sandbox
from scaleapi.v2 import (
    Batch,
    BatchOperationRequest,
    BatchStatus,
    CreateBatchRequest,
    Project,
    SetBatchMetadataRequest,
    V2Api,
)


def staged(v2: V2Api, name: str = "week_2") -> Batch:
    return v2.create_batch(name=name, project_name="dialogues", staging_batch=True)


def test_create_batch(v2: V2Api) -> None:
    """From keywords, from a request and from a dict."""
    batch = v2.create_batch(name="week_2", project_name="dialogues", metadata={"lang": "en"})
    assert batch.metadata == {"lang": "en"}
    assert batch.created_at.tzinfo
    assert batch.status is BatchStatus.IN_PROGRESS
    request = CreateBatchRequest(name="week_3", project_id=str(batch.project), staging_batch=True)
    assert v2.create_batch(request).status is BatchStatus.STAGING
    assert v2.create_batch(request.to_dict() | {"name": "week_4"}).name == "week_4"


def test_get_batch(v2: V2Api) -> None:
    """By id or name, with its project as id or object."""
    batch = v2.get_batch(batch_name="week_1")
    assert isinstance(batch.project, str)
    expanded = v2.get_batch(batch.id, expand=["project"])
    assert isinstance(expanded.project, Project)
    assert (expanded.project.id, expanded.project.name) == (batch.project, "dialogues")


def test_get_batches(v2: V2Api) -> None:
    """Newest first, by project and state."""
    staged(v2)
    page = v2.get_batches(project_name="dialogues", limit=1)
    assert [one.name for one in page.batches] == ["week_2"]
    rest = v2.get_batches(project_name="dialogues", next_token=page.next_token)
    assert [one.name for one in rest.batches] == ["week_1"]
    (found,) = v2.get_batches(status=BatchStatus.STAGING).batches
    assert found == page.batches[0]
    assert v2.get_batches(created_before="2026-01-01").batches == []


def test_iter_batches(v2: V2Api) -> None:
    """All pages."""
    for number in range(5):
        v2.create_batch(name=f"extra_{number}", project_name="empty")
    found = [batch.name for batch in v2.iter_batches(project_name="empty", limit=2)]
    assert found == [f"extra_{number}" for number in reversed(range(5))]


def test_set_batch_metadata(v2: V2Api) -> None:
    """Replaced or merged."""
    request = SetBatchMetadataRequest(batch_name="week_1", metadata={"a": 1})
    assert v2.set_batch_metadata(request).metadata == {"a": 1}
    merged = v2.set_batch_metadata(batch_name="week_1", metadata={"b": 2}, merge=True)
    assert merged.metadata == {"a": 1, "b": 2}


def test_finalize_batch(v2: V2Api) -> None:
    """From staging to in progress; a bare id will do."""
    batch = staged(v2)
    assert v2.finalize_batch(batch.id).status is BatchStatus.IN_PROGRESS


def test_pause_batch(v2: V2Api) -> None:
    """The answer is an envelope, with words for people."""
    answer = v2.pause_batch(batch_name="week_1")
    assert answer.batch
    assert answer.batch.status is BatchStatus.PAUSED
    assert answer.message


def test_resume_batch(by_hand: V2Api) -> None:
    """Only what is paused."""
    request = BatchOperationRequest(batch_name="week_1")
    with pytest.raises(ScaleException):
        by_hand.resume_batch(request)
    by_hand.pause_batch(request)
    answer = by_hand.resume_batch(request)
    assert answer.batch
    assert answer.batch.status is BatchStatus.IN_PROGRESS


def test_cancel_batch(v2: V2Api) -> None:
    """For good, and what nobody has begun with it."""
    answer = v2.cancel_batch({"batch_name": "week_1"})
    assert answer.batch
    assert answer.batch.status is BatchStatus.CANCELLED
    for change in (v2.pause_batch, v2.resume_batch, v2.finalize_batch):
        with pytest.raises(ScaleException):
            change(batch_name="week_1")


def test_get_project(v2: V2Api) -> None:
    """By name or id."""
    project = v2.get_project(project_name="dialogues")
    assert project.created_at <= datetime.now(timezone.utc)
    assert v2.get_project(project.id) == project


def test_get_projects(v2: V2Api) -> None:
    """Those of a kind that v2 shows, by time."""
    assert {one.name for one in v2.get_projects().projects} == {"dialogues", "empty"}
    assert v2.get_projects(created_before="2026-01-01").projects == []


def test_batches_are_shared_with_v1(sandbox: Sandbox, v2: V2Api) -> None:
    """A batch of v2 is one of v1, and what is in a project of another type is not found."""
    batch = staged(v2)
    with ScaleClient(sandbox.test_key, api_instance_url=sandbox.url) as client:
        assert client.get_batch("week_2").name == batch.name
        client.create_project("parcels", "imageannotation")
        assert client.v2.get_batch(batch.id) == batch
        with pytest.raises(ScaleResourceNotFound):
            client.v2.create_batch(name="none", project_name="parcels")
