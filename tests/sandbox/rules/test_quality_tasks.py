"""Evaluation and training tasks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.rules.caller import IMAGE_TASK, Caller

RESPONSE = {"annotations": [{"type": "box", "label": "parcel", "left": 1, "top": 2}]}
BODY = IMAGE_TASK | {"project": "parcels", "expected_response": RESPONSE}
KINDS = pytest.mark.parametrize("kind", ["evaluation", "training"])


@pytest.fixture
def rapid(caller: Caller) -> Caller:
    """A caller with a Rapid project."""
    caller.project(rapid=True, params={"instruction": "Box parcels."})
    return caller


@KINDS
def test_create_quality_task(rapid: Caller, kind: str) -> None:
    """It has an id and the expected response, needs no batch, and is in no list of tasks."""
    task = rapid.post(f"/{kind}_tasks/imageannotation", BODY | {"metadata": {"a": 1}})
    assert len(task["id"]) == 24
    assert task["expected_response"] == RESPONSE
    assert (task["type"], task["project"]) == ("imageannotation", "parcels")
    assert (task["instruction"], task["metadata"]) == ("Box parcels.", {"a": 1})
    assert task["params"]["geometries"]["box"]["min_width"] == 0
    assert "expected_response" not in task["params"]
    assert "initial_response" not in task
    assert rapid.get("/tasks")["total"] == 0


def test_evaluation_task_with_initial_response(rapid: Caller) -> None:
    """Only an evaluation has one; an object it must be."""
    body = BODY | {"initial_response": {"annotations": []}}
    task = rapid.post("/evaluation_tasks/imageannotation", body)
    assert task["initial_response"] == {"annotations": []}
    assert "initial_response" not in rapid.post("/training_tasks/imageannotation", body)
    body["initial_response"] = "none"
    rapid.error("POST", "/evaluation_tasks/imageannotation", 400, json=body)


@KINDS
@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"expected_response": None}, "expected_response"),
        ({"expected_response": []}, "expected_response"),
        ({"project": None}, "project"),
        ({"project": "none"}, "none"),
        ({"project": "plain"}, "plain"),
        ({"attachment": None}, "attachment"),
        ({"geometries": None}, "geometries"),
    ],
)
def test_rejects_invalid_quality_task(
    rapid: Caller, kind: str, wrong: dict[str, Any], word: str
) -> None:
    """It needs what a task needs, the expected response, and a Rapid project."""
    rapid.project("plain")
    assert word in rapid.error("POST", f"/{kind}_tasks/imageannotation", 400, json=BODY | wrong)


@KINDS
def test_types_of_quality_tasks(rapid: Caller, kind: str) -> None:
    """Some types only can be evaluated and trained; others answer 400, unknown ones 404."""
    rapid.project("entities", type="namedentityrecognition", rapid=True)
    body = {"project": "entities", "labels": ["who"], "text": "Ada", "expected_response": {}}
    assert rapid.post(f"/{kind}_tasks/namedentityrecognition", body)["expected_response"] == {}
    rapid.project("pictures", type="categorization", rapid=True)
    rapid.error("POST", f"/{kind}_tasks/categorization", 400, json=body | {"project": "pictures"})
    rapid.error("POST", f"/{kind}_tasks/none", 404, json=body)


@KINDS
def test_duplicate_quality_task_conflicts(rapid: Caller, kind: str) -> None:
    """An Idempotency-Key that made one is refused, with its id."""
    path, headers = f"/{kind}_tasks/imageannotation", {"Idempotency-Key": "k"}
    task = rapid.post(path, BODY, headers=headers)
    assert task["id"] in rapid.error("POST", path, 409, json=BODY, headers=headers)


def test_attempts_of_labelers(caller: Caller) -> None:
    """Nobody has tried anything; one of two filters is needed."""
    for wanted in ({"quality_task_ids": ["a", "b"]}, {"labeler_emails": "a@x.net", "limit": 5}):
        answer = caller.get("/quality/labelers", **wanted)
        assert (answer["docs"], answer["has_more"]) == ([], False)
    caller.error("GET", "/quality/labelers", 400)
