"""Projects, as v2 shows them."""

from __future__ import annotations

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.v2.caller import V2Caller


def test_get_project_by_id_and_name(test: V2Caller) -> None:
    """The same project is found both ways, and is the one that v1 has made."""
    project = test.chat_project()
    assert project["name"] == "dialogues"
    assert project["created_at"] == test.v1.get("/projects/dialogues")["created_at"]
    assert test.get("/project", project_id=project["id"]) == project
    assert test.get("/project", project_id=project["id"], project_name="dialogues") == project


@pytest.mark.parametrize("path", ["/project", "/batches", "/deliveries"])
def test_rejects_id_and_name_of_different_projects(test: V2Caller, path: str) -> None:
    """A request that names two projects is refused."""
    project = test.chat_project()
    test.chat_project("other")
    query = {"project_id": project["id"], "project_name": "other"}
    assert "the same project" in test.error("GET", path, 400, params=query)


@pytest.mark.parametrize(
    "type_name", ["chat", "chatexperimental", "chatlite", "multichat", "multistage"]
)
def test_supports_generative_types(test: V2Caller, type_name: str) -> None:
    """Projects of conversations are there, with their batches and tasks."""
    test.chat_project(type=type_name)
    batch = test.new_batch()
    task = test.chat(batch_id=batch["id"])
    assert len(test.get("/projects")["projects"]) == 1
    assert test.get("/task", task_id=task["task_id"])["status"] == "completed"
    assert test.v1.get(f"/task/{task['task_id']}")["type"] == type_name


def test_hides_other_types(test: V2Caller) -> None:
    """What is labeled otherwise is a 404 for v2, and in none of its lists."""
    test.v1.project()
    batch = test.v1.batch()
    task = test.v1.task(batch="week_1")
    loose = test.v1.post("/task/chat", {})
    assert test.get("/batches") == {"batches": []}
    test.error("GET", "/batch", 404, params={"batch_id": batch["id"]})
    test.error("GET", "/task", 404, params={"task_id": task["task_id"]})
    test.error("GET", "/task", 404, params={"task_id": loose["task_id"]})
    test.error("GET", "/tasks", 404, params={"batch_name": "week_1"})
    test.error("POST", "/batch", 404, json={"name": "b", "project": "parcels"})


def test_projects_of_other_types_are_listed(test: V2Caller) -> None:
    """Every project has an id and a name in v2; what is in it is not shown."""
    test.v1.project()
    (listed,) = test.get("/projects")["projects"]
    assert listed["name"] == "parcels"
    assert test.get("/project", project_id=listed["id"]) == listed
    test.error("GET", "/tasks", 404, params={"project_name": "parcels"})


def test_list_projects_by_time(test: V2Caller, sandbox: Sandbox) -> None:
    """All projects are answered, oldest first, or those of a time in any usual form."""
    first = test.chat_project("first")
    sandbox.clock.advance(86400)
    second = test.chat_project("second")
    assert test.get("/projects") == {"projects": [first, second]}
    time = second["created_at"]
    for form in (time, time[:10], time.replace("Z", "000+0000"), time.removesuffix("Z")):
        assert test.get("/projects", created_after=form) == {"projects": [second]}, form
    assert test.get("/projects", created_before=first["created_at"]) == {"projects": [first]}
    assert "created_after" in test.error("GET", "/projects", 400, params={"created_after": "now"})


def test_missing_project(test: V2Caller, live: V2Caller) -> None:
    """An unknown one answers 404, one of the other mode too, and none at all 400."""
    project = live.chat_project()
    test.error("GET", "/project", 404, params={"project_id": project["id"]})
    test.error("GET", "/project", 404, params={"project_name": "dialogues"})
    assert test.get("/projects") == {"projects": []}
    assert "project_id or project_name" in test.error("GET", "/project", 400)
