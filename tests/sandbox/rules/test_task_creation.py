"""Creating tasks."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.rules.task_types import TASK_TYPES
from tests.sandbox.rules.caller import IMAGE_TASK, Caller

FIELDS = [{"type": "text", "field_id": "a", "title": "A"}]
OBJECTS = {"attachment": "https://a.example/a.png", "objects_to_annotate": ["car"]}
VIDEO = {"attachments": ["https://a.example/1.png"], "geometries": IMAGE_TASK["geometries"]}
DOCUMENT = {"attachment": "https://a.example/a.pdf", "features": [{"type": "block", "label": "a"}]}
COMPLETE: dict[str, dict[str, Any]] = {
    "imageannotation": dict(IMAGE_TASK),
    "annotation": OBJECTS,
    "polygonannotation": OBJECTS,
    "lineannotation": OBJECTS,
    "pointannotation": OBJECTS,
    "cuboidannotation": OBJECTS,
    "segmentannotation": {"attachment": "https://a.example/a.png", "labels": ["road"]},
    "videoannotation": VIDEO,
    "videoplaybackannotation": VIDEO,
    "videoboxannotation": VIDEO,
    "videocuboidannotation": VIDEO,
    "lidarannotation": {"attachments": ["https://a.example/a.json"], "labels": ["car"]},
    "lidarsegmentation": {"lidar_task": "65f0a1b2c3d4e5f60718293a", "labels": ["car"]},
    "namedentityrecognition": {"labels": [{"name": "who"}], "text": "Ada wrote it."},
    "textcollection": {"attachments": [{"type": "text", "content": "a"}], "fields": FIELDS},
    "documenttranscription": DOCUMENT,
    "documentmodel": DOCUMENT,
    "categorization": {
        "attachment": "https://a.example/a.png",
        "attachment_type": "image",
        "categories": ["a", "b"],
    },
    "comparison": {
        "attachments": ["https://a.example/a.png"],
        "attachment_type": "image",
        "choices": ["a", "b"],
    },
    "transcription": {
        "attachment": "https://a.example/a.png",
        "attachment_type": "image",
        "fields": {"total": "The sum"},
    },
    "datacollection": {"fields": {"name": "The name"}},
    "audiotranscription": {"attachment": "https://a.example/a.mp3"},
}
REQUIRED = [
    (name, field)
    for name, body in COMPLETE.items()
    for field in body
    if not (name == "audiotranscription" and field != "attachment")
]


@pytest.mark.parametrize("name", TASK_TYPES)
def test_every_type_can_be_created_and_is_completed(test: Caller, name: str) -> None:
    """Each task type takes its documented parameters and is done in test mode."""
    task = test.post(f"/task/{name}", COMPLETE.get(name, {}))
    assert task["type"] == name
    assert task["status"] == "completed"
    assert ("response" in task) == (name != "pointannotation")
    assert test.read(task["task_id"]) == task


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_missing_parameter_is_named(test: Caller, name: str, field: str) -> None:
    """Without one of its required parameters, or with an empty one, a task answers 400."""
    for wrong in ({}, {field: None}, {field: ""}):
        body = {key: value for key, value in COMPLETE[name].items() if key != field} | wrong
        error = test.error("POST", f"/task/{name}", 400, json=body)
        assert field in error
        assert "required" in error or "Please include an attachment" in error


def test_task_with_all_fields(test: Caller) -> None:
    """What is given comes back in its place, and what every task has is there."""
    test.project()
    test.batch()
    task = test.task(
        project="parcels",
        batch="week_1",
        instruction="Box them.",
        callback_url="https://hooks.example.net/scale",
        metadata={"scan": 1},
        priority=30,
        unique_id="scan-1",
        tags=["pilot"],
        force=True,
    )
    assert task["params"]["force"] is True
    assert task["params"]["attachment"] == IMAGE_TASK["attachment"]
    assert task["is_test"] is True
    assert {key: task[key] for key in ("project", "batch", "instruction", "callback_url")} == {
        "project": "parcels",
        "batch": "week_1",
        "instruction": "Box them.",
        "callback_url": "https://hooks.example.net/scale",
    }
    assert (task["metadata"], task["priority"]) == ({"scan": 1}, 30)
    assert (task["unique_id"], task["tags"]) == ("scan-1", ["pilot"])
    assert task["project_param_version"] == 0


def test_task_with_required_fields_only(caller: Caller) -> None:
    """Fields that every task has are there, those of a missing value are not."""
    task = caller.task(project=None, tags=None, unique_id=None)
    assert task["status"] == "pending"
    assert task["work_started"] is False
    assert task["is_test"] is False
    assert task["created_at"] == task["updated_at"]
    assert (task["metadata"], task["instruction"], task["urgency"]) == ({}, "", "standard")
    assert (task["processed_attachments"], task["priority"]) == ([], 0)
    absent = {"project", "batch", "tags", "unique_id", "callback_url", "response", "completed_at"}
    assert not absent & set(task)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("priority", 15),
        ("priority", "high"),
        ("metadata", []),
        ("metadata", {"a": "x" * 10_240}),
        ("tags", "a"),
        ("tags", [""]),
        ("tags", list("abcdef")),
        ("callback_url", "nowhere"),
        ("callback_url", 1),
        ("unique_id", ""),
        ("unique_id", 1),
        ("clear_unique_id_on_error", "yes"),
        ("instruction", 1),
        ("project", 1),
        ("attachment", "a.png"),
        ("attachment", "http://"),
        ("attachments", "a"),
        ("attachments", [1]),
        ("attachments", [{}]),
        ("padding", 1.5),
        ("splines", 1),
        ("text", 1),
        ("features", {}),
        ("category_ids", []),
        ("fields", ["a"]),
        ("repeatable_fields", [{"a": "b"}]),
        ("frame_rate", "fast"),
        ("geometries", {}),
        ("geometries", {"box": 1}),
        ("attachment", 1),
        ("attachment_type", "picture"),
        ("geometries", {"circle": {"objects_to_annotate": ["a"]}}),
        ("geometries", {"box": {}}),
        ("geometries", {"box": {"objects_to_annotate": [1]}}),
        ("geometries", {"box": {"objects_to_annotate": ["a"], "min_width": "wide"}}),
        ("geometries", {"box": {"objects_to_annotate": ["a"], "can_rotate": 1}}),
        ("geometries", ["box"]),
        ("annotation_attributes", {"a": {"type": "colour"}}),
        ("annotation_attributes", {"a": {"choices": []}}),
        ("annotation_attributes", {"a": 1}),
        ("padding", -1),
        ("padding", True),
    ],
)
def test_invalid_parameter_is_named(test: Caller, field: str, value: object) -> None:
    """A parameter of the wrong type or out of its bounds answers 400, and nothing is made."""
    error = test.error("POST", "/task/imageannotation", 400, json={**IMAGE_TASK, field: value})
    assert error.startswith(f'Parameter is invalid, reason: "{field}')
    assert test.get("/tasks")["total"] == 0


def test_accepts_numeric_strings(test: Caller) -> None:
    """Numbers may come as strings, and are answered as numbers."""
    box = {"objects_to_annotate": ["a"], "min_width": "30", "min_height": 12.0}
    task = test.task(geometries={"box": box}, priority="20", padding="5")
    assert task["params"]["geometries"]["box"]["min_width"] == 30
    assert task["params"]["geometries"]["box"]["min_height"] == 12
    assert (task["params"]["padding"], task["priority"]) == (5, 20)


def test_defaults_are_filled_in(test: Caller) -> None:
    """Parameters that were not given appear with the service's values."""
    params = test.task()["params"]
    assert params["attachment_type"] == "image"
    assert params["geometries"]["box"] == {
        "objects_to_annotate": ["parcel"],
        "min_height": 0,
        "min_width": 0,
        "can_rotate": False,
        "integer_pixels": False,
    }


@pytest.mark.parametrize(
    "fields",
    [
        "text",
        [],
        [1],
        [{"type": "text"}],
        [{"field_id": "a"}],
        [*FIELDS, *FIELDS],
        [{"type": "category", "field_id": "a"}],
        [{"type": "category", "field_id": "a", "choices": [{"label": "x"}]}],
        [{"type": "field_set", "field_id": "a", "fields": FIELDS}],
        [FIELDS[0] | {"max_responses_required": 101}],
        [FIELDS[0] | {"min_choices": -1}],
    ],
)
def test_rejects_invalid_text_collection_fields(test: Caller, fields: object) -> None:
    """The fields of text collection have a type, an id of their own and what their type needs."""
    body = COMPLETE["textcollection"] | {"fields": fields}
    assert '"fields' in test.error("POST", "/task/textcollection", 400, json=body)


def test_accepts_text_as_attachment(test: Caller) -> None:
    """An attachment of the type text need not be a URL, others must."""
    body = COMPLETE["categorization"] | {"attachment": "Ada wrote it."}
    assert "URL" in test.error("POST", "/task/categorization", 400, json=body)
    test.post("/task/categorization", body | {"attachment_type": "text"})


def test_too_many_segmentation_labels(test: Caller) -> None:
    """Segmentation takes at most 50 labels."""
    body = COMPLETE["segmentannotation"] | {"labels": [str(number) for number in range(51)]}
    assert "50" in test.error("POST", "/task/segmentannotation", 400, json=body)


def test_missing_type(test: Caller) -> None:
    """A path with a type that does not exist answers 404."""
    assert "mindreading" in test.error("POST", "/task/mindreading", 404, json={})


def test_categorize_is_an_alias(test: Caller) -> None:
    """The old path still makes categorization tasks."""
    assert test.post("/task/categorize", COMPLETE["categorization"])["type"] == "categorization"


def test_batch_implies_project(test: Caller) -> None:
    """With a batch the project need not be named, and must not be another one."""
    test.project()
    test.project("other")
    test.batch()
    assert test.task(batch="week_1")["project"] == "parcels"
    error = test.error(
        "POST",
        "/task/imageannotation",
        400,
        json=IMAGE_TASK | {"batch": "week_1", "project": "other"},
    )
    assert "belongs to" in error


def test_rejects_missing_project_or_batch(test: Caller) -> None:
    """A project or batch that does not exist answers 400."""
    for place in ({"project": "none"}, {"batch": "none"}):
        error = test.error("POST", "/task/imageannotation", 400, json={**IMAGE_TASK, **place})
        assert '"none" not found' in error


def test_rejects_task_of_another_type(test: Caller) -> None:
    """A task of another type than its project's answers 400."""
    test.project(type="categorization")
    body = IMAGE_TASK | {"project": "parcels"}
    assert "categorization" in test.error("POST", "/task/imageannotation", 400, json=body)


def test_rapid_project_requires_a_staged_batch(caller: Caller) -> None:
    """Rapid tasks go into batches, and only until these are finalized."""
    caller.project(rapid=True)
    caller.batch()
    path = "/task/imageannotation"
    error = caller.error("POST", path, 400, json=IMAGE_TASK | {"project": "parcels"})
    assert '"batch" is required' in error
    caller.task(batch="week_1")
    caller.post("/batches/week_1/finalize")
    error = caller.error("POST", path, 400, json=IMAGE_TASK | {"batch": "week_1"})
    assert "finalized" in error


def test_precedence_of_parameters(test: Caller) -> None:
    """A parameter of the task wins over the project's, and that over the type's."""
    geometries = {"point": {"objects_to_annotate": ["corner"]}}
    params = {"geometries": geometries, "attachment_type": "website", "priority": 20}
    test.project(params=params | {"instruction": "Of the project."})
    body = {"project": "parcels", "attachment": "https://a.example/a.png"}
    task = test.post("/task/imageannotation", body | {"instruction": "Of the task."})
    assert task["params"]["geometries"] == geometries
    assert task["params"]["attachment_type"] == "website"
    assert task["priority"] == 20
    assert task["instruction"] == "Of the task.\nOf the project."
    assert not {"version", "created_at", "instruction"} & set(task["params"])
    task = test.task(project="parcels")
    assert task["params"]["geometries"]["box"]["objects_to_annotate"] == ["parcel"]
    assert task["instruction"] == "Of the project."


@pytest.mark.parametrize("name", ["project_param_version", "project_version"])
def test_older_version_of_parameters(test: Caller, name: str) -> None:
    """A task may inherit an older version, or with -1 nothing; others do not exist."""
    test.project(params={"padding": 1})
    test.post("/projects/parcels/setParams", {"padding": 2})
    assert test.task(project="parcels")["params"]["padding"] == 2
    old = test.task(project="parcels", **{name: 0})
    assert (old["params"]["padding"], old["project_param_version"]) == (1, 0)
    bare = test.task(project="parcels", **{name: -1})
    assert ("padding" in bare["params"], bare["project_param_version"]) == (False, -1)
    body = IMAGE_TASK | {"project": "parcels", name: 2}
    assert name in test.error("POST", "/task/imageannotation", 400, json=body)


def test_unique_id_conflict_names_the_task(test: Caller) -> None:
    """A unique_id is taken once, over all types, and the refusal carries the task's id."""
    task = test.task(unique_id='a"b')
    for name in ("imageannotation", "categorization"):
        error = test.error("POST", f"/task/{name}", 409, json=COMPLETE[name] | {"unique_id": 'a"b'})
        assert error == (
            f'The unique_id ("a"b") is already used for a different task ({task["task_id"]}).'
        )
    assert test.get("/tasks")["total"] == 1


def test_idempotency_key_expires_after_a_day(sandbox: Sandbox, test: Caller) -> None:
    """A second create with the same key answers 409 with the task's id, for 24 hours."""
    headers = {"Idempotency-Key": "11111111-2222-4333-8444-555555555555"}

    def create(status: int) -> Any:
        return test.post("/task/imageannotation", IMAGE_TASK, status, headers=headers)

    task = create(200)
    sandbox.clock.advance(24 * 3600 - 60)
    error = create(409)["error"]
    assert "in use for a different request" in error
    assert error.endswith(f"({task['task_id']}).")
    sandbox.clock.advance(120)
    assert create(200)["task_id"] != task["task_id"]


def test_rejected_create_does_not_use_its_key(test: Caller) -> None:
    """Only a create that made a task is remembered."""
    headers = {"Idempotency-Key": "k"}
    test.post("/task/imageannotation", {}, 400, headers=headers)
    test.post("/task/imageannotation", IMAGE_TASK, headers=headers)


def test_defaults_do_not_change_the_project(test: Caller) -> None:
    """Filling in a task's defaults leaves the project's parameters as they were given."""
    test.project(params={"geometries": {"box": {"objects_to_annotate": ["a"], "min_width": "3"}}})
    test.post("/task/imageannotation", {"attachment": "https://a.example/a", "project": "parcels"})
    history = test.get("/projects/parcels")["param_history"]
    assert history[0]["geometries"]["box"] == {"objects_to_annotate": ["a"], "min_width": "3"}
