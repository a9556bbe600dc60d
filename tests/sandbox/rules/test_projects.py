"""Projects."""

from __future__ import annotations

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller


def test_create_project(caller: Caller) -> None:
    """The parameters given become version 0; unset ones may come as null."""
    project = caller.project(params={"instruction": "Box them."}, datasetId=None)
    assert (project["name"], project["type"]) == ("parcels", "imageannotation")
    assert project["archived"] is False
    assert project["param_history"] == [
        {"instruction": "Box them.", "version": 0, "created_at": project["created_at"]}
    ]
    assert caller.get("/projects/parcels") == project
    assert caller.project("bare", params=None)["param_history"][0]["version"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "a"},
        {"type": "imageannotation"},
        {"name": "", "type": "imageannotation"},
        {"name": 1, "type": "imageannotation"},
        {"name": "a", "type": "mindreading"},
        {"name": "a", "type": "imageannotation", "params": []},
        {"name": "a", "type": "imageannotation", "rapid": "yes"},
        {"name": "a", "type": "imageannotation", "rapid": True, "studio": True},
        {"name": "a", "type": "imageannotation", "pipeline": "standard_task"},
        {"name": "a", "type": "imageannotation", "studio": True, "pipeline": "other"},
        {
            "name": "a",
            "type": "imageannotation",
            "studio": True,
            "pipeline": "standard_task",
            "consensus_attempts": 3,
        },
        {"name": "a", "type": "imageannotation", "datasetId": 1},
    ],
)
def test_rejects_invalid_project(caller: Caller, body: object) -> None:
    """A project has a name and a type, and belongs to one product."""
    caller.error("POST", "/projects", 400, json=body)
    assert caller.get("/projects") == []


def test_duplicate_name_conflicts(caller: Caller) -> None:
    """Project names are unique."""
    caller.project()
    body = {"name": "parcels", "type": "categorization"}
    assert "parcels" in caller.error("POST", "/projects", 409, json=body)


def test_studio_pipeline(caller: Caller) -> None:
    """Studio projects may name a pipeline, and how often consensus asks."""
    project = caller.project(studio=True, pipeline="consensus_task", consensus_attempts=3)
    assert (project["pipelineName"], project["numConsensus"]) == ("consensus_task", 3)
    project = caller.project("plain", studio=True, pipeline="standard_task")
    assert project["pipelineName"] == "standard_task"


def test_projects_are_listed(caller: Caller) -> None:
    """The list is a bare array, of archived projects or of others if asked."""
    assert caller.get("/projects") == []
    made = [caller.project(name) for name in ("b", "a")]
    assert caller.get("/projects") == made
    assert caller.get("/projects", archived=False) == made
    assert caller.get("/projects", archived=True) == []
    caller.error("GET", "/projects?archived=maybe", 400)


def test_missing_project(caller: Caller) -> None:
    """Every call on a project that does not exist answers 404."""
    caller.error("GET", "/projects/none", 404)
    caller.error("POST", "/projects/none/setParams", 404, json={})
    caller.error("POST", "/projects/none/setOntology", 404, json={"ontology": ["a"]})
    caller.error("GET", "/projects/none/taskTemplates", 404)


def test_set_params_appends_a_version(manual: Sandbox, caller: Caller) -> None:
    """Parameters are replaced as a whole, or patched key by key; older versions stay."""
    created = caller.project(params={"a": {"x": 1}, "b": 2})["created_at"]
    manual.clock.advance(1)
    history = caller.post("/projects/parcels/setParams", {"c": 3, "d": 5})["param_history"]
    assert [entry["version"] for entry in history] == [0, 1]
    assert set(history[1]) == {"c", "d", "version", "created_at"}
    assert history[1]["created_at"] > created
    body = {"a": {"y": 1}, "c": 4, "patch": True}
    history = caller.post("/projects/parcels/setParams", body)["param_history"]
    assert {key: history[2][key] for key in ("a", "c", "d", "version")} == {
        "a": {"y": 1},
        "c": 4,
        "d": 5,
        "version": 2,
    }
    assert history[0]["a"] == {"x": 1}
    assert not any("patch" in entry for entry in history)
    caller.error("POST", "/projects/parcels/setParams", 400)
    caller.error("POST", "/projects/parcels/setParams", 400, json={"patch": 1})


def test_set_ontology_keeps_versions(caller: Caller) -> None:
    """An ontology is a tree of choices that are unique in all of it."""
    caller.project()
    tree = ["car", {"choice": "truck", "subchoices": ["van", "lorry"]}]
    caller.post("/projects/parcels/setOntology", {"ontology": tree, "name": "vehicles"})
    project = caller.post("/projects/parcels/setOntology", {"ontology": ["car"]})
    assert [entry["version"] for entry in project["ontologies"]] == [0, 1]
    assert project["ontologies"][0]["ontology"] == tree
    assert project["ontologies"][0]["name"] == "vehicles"
    for wrong in (None, [], [1], ["car", {"choice": "a", "subchoices": ["car"]}]):
        body = {"ontology": wrong}
        assert "ontology" in caller.error("POST", "/projects/parcels/setOntology", 400, json=body)


@pytest.mark.parametrize("type_name", ["textcollection", "chat"])
def test_task_template(caller: Caller, type_name: str) -> None:
    """Text collection and chat projects have one template, of their latest parameters."""
    caller.project(type=type_name, params={"title": "A"})
    caller.post("/projects/parcels/setParams", {"title": "B"})
    template = caller.get("/projects/parcels/taskTemplates")
    assert set(template) == {
        "id",
        "version",
        "created_at",
        "updated_at",
        "template_variables",
        "response_schema",
        "auto_onboard_enabled",
    }
    assert (template["version"], template["template_variables"]) == (1, {"title": "B"})
    assert len(template["id"]) == 24


def test_projects_without_a_template(caller: Caller) -> None:
    """Other types have no templates (400); without parameters there is none yet (404)."""
    caller.project()
    caller.error("GET", "/projects/parcels/taskTemplates", 400)
    caller.project("texts", type="textcollection")
    caller.error("GET", "/projects/texts/taskTemplates", 404)
