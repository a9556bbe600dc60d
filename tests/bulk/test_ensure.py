"""Projects and batches that are created if they are not there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from scaleapi import ScaleArgumentError, ScaleClient, ScaleResourceNotFound
from scaleapi.exceptions import ScaleInternalError
from scaleapi.sandbox import Sandbox


def test_what_is_not_there_is_created(client: ScaleClient) -> None:
    project = client.ensure_project("new", "categorization", {"instruction": "Look."})
    assert (project.type, project.instruction) == ("categorization", "Look.")
    batch = client.ensure_batch("new", "week/11", metadata={"a": 1})
    assert (batch.project, batch.metadata) == ("new", {"a": 1})


def test_what_is_there_is_returned_as_it_is(client: ScaleClient, sandbox: Sandbox) -> None:
    client.ensure_batch("plain", "week_11")
    begun = len(sandbox.requests)
    assert client.ensure_project("plain", "imageannotation", {"instruction": "no"}).version == 0
    assert client.ensure_batch("plain", "week_11", metadata={"a": 1}).metadata == {}
    assert {one.method for one in sandbox.requests[begun:]} == {"GET"}


def test_what_is_there_and_is_another(client: ScaleClient) -> None:
    client.ensure_batch("plain", "week_11")
    with pytest.raises(ScaleArgumentError, match=r"^task_type must be 'imageannotation'"):
        client.ensure_project("plain", "categorization")
    with pytest.raises(ScaleArgumentError, match=r"^project must be 'plain'"):
        client.ensure_batch("parcels", "week_11")
    with pytest.raises(ScaleResourceNotFound):
        client.ensure_batch("nowhere", "week_12")


@pytest.mark.parametrize("rule", ["500 after-commit first 1", "reset after-commit first 1"])
def test_a_lost_response(client: ScaleClient, sandbox: Sandbox, rule: str) -> None:
    for path in ("projects", "batches"):
        sandbox.faults.add(f"POST /v1/{path} {rule}")
    client.ensure_project("new", "categorization")
    assert client.ensure_batch("new", "week_11").project == "new"
    sandbox.faults.clear()


def test_an_outage_is_an_error(client: ScaleClient, sandbox: Sandbox) -> None:
    sandbox.faults.add("POST /v1/projects 500")
    with pytest.raises(ScaleInternalError):
        client.ensure_project("new", "categorization")
    sandbox.faults.clear()


def test_many_at_once(client: ScaleClient, sandbox: Sandbox) -> None:
    def ensure(_: int) -> tuple[str, str]:
        with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as own:
            project = own.ensure_project("new", "categorization")
            return project.name, own.ensure_batch("new", "week_11").name

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ensure, range(16))) == {("new", "week_11")}
