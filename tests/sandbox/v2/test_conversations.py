"""What completed chat tasks say."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.v2 import contract
from tests.sandbox.v2.caller import ALL, V2Caller


def dicts(value: Any) -> list[dict[str, Any]]:
    """Return every object in a JSON value."""
    if isinstance(value, dict):
        return [value, *(found for entry in value.values() for found in dicts(entry))]
    return [found for entry in value for found in dicts(entry)] if isinstance(value, list) else []


def annotations_of(value: Any) -> list[dict[str, Any]]:
    """Return every annotation in a JSON value."""
    return [one for found in dicts(value) for one in found.get("annotations", ())]


@pytest.fixture
def task(test: V2Caller) -> Any:
    """A completed task, whole."""
    test.chat_project()
    made = test.chat(template_variables={"prompt": "Which river is longest?"})
    return test.whole(made["task_id"])


def test_get_every_annotation(test: V2Caller, live: V2Caller, task: Any) -> None:
    """By its id, as the conversation has it, in its own mode."""
    found = annotations_of(task["threads"])
    assert len({one["id"] for one in found}) == len(found)
    for one in found:
        assert test.get("/annotation", annotation_id=one["id"]) == one
    live.error("GET", "/annotation", 404, params={"annotation_id": found[0]["id"]})
    for unknown in (found[0]["id"] + "0", f"an_{'0' * 24}_1", "none"):
        test.error("GET", "/annotation", 404, params={"annotation_id": unknown})
    assert '"annotation_id"' in test.error("GET", "/annotation", 400)


def test_annotations_of_all_types(task: Any) -> None:
    """All twelve types are there, on each part of a conversation."""
    assert {one["type"] for one in annotations_of(task)} == set(contract.ANNOTATION_TYPES)
    (thread,) = task["threads"]
    first, second = thread["turns"]
    answer = second["messages"][-1]
    rubric, evaluation = second["rubrics"][0], answer["rubric_evaluations"][0]
    parts = [thread, first, second, answer, answer["content"]["chunks"][0]]
    parts += rubric["criteria_definitions"] + evaluation["criteria_evaluations"]
    assert all(part["annotations"] for part in parts)


def test_canned_conversation(task: Any) -> None:
    """It begins with the prompt, and has all roles and kinds of files."""
    turns = task["threads"][0]["turns"]
    messages = [message for turn in turns for message in turn["messages"]]
    roles = {message["role"] for message in messages}
    assert roles == {"system", "user", "assistant", "function"}
    question = next(one["content"] for one in messages if one["role"] == "user")
    assert question["text"] == "Which river is longest?"
    assert question["reference_texts"]
    basic, image, audio = question["attachments"]
    assert "content" in basic
    assert "file_size_in_bytes" in image
    assert {"duration", "transcript"} <= set(audio)
    answer = messages[-1]
    assert answer["model_parameters"]["model"] == answer["source_id"]
    assert answer["content"]["reasoning"]


def test_rubrics_are_consistent(task: Any) -> None:
    """Evaluations follow the rubric, and the ratings among the annotations say the same."""
    turn = task["threads"][0]["turns"][1]
    rubric = turn["rubrics"][0]
    weights = {one["id"]: one["weight"] for one in rubric["criteria_definitions"]}
    criteria = [one for one in turn["annotations"] if one["type"] == "rubric_criteria"]
    assert [one["value"]["weight"] for one in criteria] == list(weights.values())
    answers = [one for one in turn["messages"] if one["role"] == "assistant"]
    for answer in answers:
        (evaluation,) = answer["rubric_evaluations"]
        scores = {
            one["criterion_definition_id"]: one["score"]
            for one in evaluation["criteria_evaluations"]
        }
        assert list(scores) == list(weights)
        total = sum(score * weights[one] for one, score in scores.items())
        assert evaluation["total_score"] == total
        assert evaluation["percentage"] == 100 * total / rubric["max_total_score"]
        ratings = [one for one in answer["annotations"] if one["type"] == "rubric_rating"]
        assert [one["value"]["score"] for one in ratings] == list(scores.values())
        rated = [one["metadata"]["criteria"] for one in ratings]
        assert rated == [criteria[0]["id"], criteria[1]]


@pytest.mark.slow
def test_conversation_is_stable(test: V2Caller, task: Any) -> None:
    """Whenever it is read; another one says something else."""
    assert test.whole(task["task_id"]) == task
    others = [test.whole(test.chat()["task_id"]) for _ in range(5)]
    totals = {str([one.get("total_score") for one in dicts(other)]) for other in [task, *others]}
    assert len(totals) > 1


@pytest.mark.parametrize("opt", ALL)
def test_optional_parts(test: V2Caller, task: Any, opt: str) -> None:
    """Each brings its own part and no other."""
    has = {
        "annotation_details": lambda one: "possible_values" in one,
        "attachment_details": lambda one: "mime_type" in one,
        "model_parameters": lambda one: "model_parameters" in one,
        "submissions": lambda one: "submissions" in one,
    }
    shown = test.get("/task", task_id=task["task_id"], opts=[opt])
    listed = test.get("/tasks", project_name="dialogues", opts=opt)["tasks"][0]
    assert listed == shown
    for part, there in has.items():
        assert any(map(there, dicts(shown))) == (part == opt), part
        assert any(map(there, dicts(task)))


def test_given_conversation(manual: Sandbox, caller: V2Caller) -> None:
    """It is shown as it was given, and its annotations are found, after a correction too."""
    caller.chat_project()
    task_id = caller.chat()["task_id"]
    note = {"id": "n1", "key": "k", "type": "text", "value": "v"}
    threads = [{"id": "t", "turns": [], "annotations": [note]}]
    manual.complete(task_id, {"threads": threads})
    assert caller.whole(task_id)["threads"] == threads
    assert caller.get("/annotation", annotation_id="n1") == note
    corrected = note | {"id": "n2"}
    manual.fix(task_id, {"threads": [threads[0] | {"annotations": [corrected]}]})
    assert caller.get("/annotation", annotation_id="n2") == corrected
    caller.error("GET", "/annotation", 404, params={"annotation_id": "n1"})


def test_given_text(manual: Sandbox, caller: V2Caller) -> None:
    """A response in the form of v1 is what the first model says last."""
    caller.chat_project()
    task_id = caller.chat()["task_id"]
    manual.complete(task_id, {"responses": [{"type": "text", "output": "Forty-two."}]})
    answers = caller.whole(task_id)["threads"][0]["turns"][-1]["messages"][-2:]
    assert answers[0]["content"]["text"] == "Forty-two."


def test_sensitive_content(manual: Sandbox, caller: V2Caller) -> None:
    """A task that was reported is completed without a conversation."""
    caller.chat_project()
    task_id = caller.chat()["task_id"]
    reports = [{"type": "violence", "message": "No."}]
    manual.complete(task_id, {"sensitive_content_reports": reports})
    task = caller.whole(task_id)
    assert (task["status"], task["sensitive_content_reports"]) == ("completed", reports)
    assert "threads" not in task


def test_errors(manual: Sandbox, caller: V2Caller) -> None:
    """A task that has failed says why, with a type of error that may be chosen."""
    caller.chat_project()
    task_id = caller.chat()["task_id"]
    manual.fail(task_id, "LANGUAGE_MISMATCH")
    task = caller.get("/task", task_id=task_id)
    error = {"type": "LANGUAGE_MISMATCH", "message": "LANGUAGE_MISMATCH"}
    assert (task["status"], task["threads"], task["errors"]) == ("error", [], [error])
    other = caller.chat()["task_id"]
    manual.fail(other, "Too dull.")
    error = {"type": "PROMPT_INFEASIBLE", "message": "Too dull."}
    assert caller.get("/task", task_id=other)["errors"] == [error]


def test_recalled_task_has_no_conversation(sandbox: Sandbox, test: V2Caller, task: Any) -> None:
    """Until it is completed again."""
    sandbox.recall(task["task_id"])
    pending = test.whole(task["task_id"])
    assert (pending["threads"], "completed_at" in pending) == ([], False)
    test.error("GET", "/annotation", 404, params={"annotation_id": annotations_of(task)[0]["id"]})


def test_callbacks(sandbox: Sandbox, test: V2Caller) -> None:
    """They are those of v1."""
    test.chat_project()
    task_id = test.chat(callback_url="ops@example.com")["task_id"]
    (delivery,) = sandbox.deliveries
    assert (delivery.event, delivery.task_id) == ("completed", task_id)
