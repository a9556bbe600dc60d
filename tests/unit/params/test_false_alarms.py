"""What is right makes no warning: real payloads, random ones of every type, and the suite's own."""

from __future__ import annotations

import typing
from random import Random
from typing import Any

import pytest

from scaleapi import TaskType
from scaleapi.params import PartialImageAnnotationParams
from scaleapi.params.mistakes import suggestions
from scaleapi.params.table import every_type
from tests.compat.test_wire_forms import CALLS

URL = "https://example.com/a.jpg"
LABELS = ["Vehicle", {"choice": "Pedestrian", "subchoices": ["Adult", "Child"], "display": "P."}]
BOX = {"objects_to_annotate": LABELS, "min_width": 10, "min_height": "30", "can_rotate": True}
QUATERNION = {"w": 0.5, "x": 0.5, "y": 0.5, "z": 0.5}
INTRINSICS = {"fx": 1, "fy": 1, "cx": 0, "cy": 0, "skew": 0, "scalefactor": 1}
CONDITIONS = {
    "label_condition": {"label": ["Vehicle"]},
    "attribute_conditions": [{"moving": "yes"}, {"instruction": "x"}],
}
ATTRIBUTES = {
    "moving": {"type": "category", "description": "?", "choices": ["yes", "no"]},
    "heading": {"type": "angle", "description": "Heading in degrees"},
    "count": {"type": "number", "min": 0, "max": 9, "step": 1, "conditions": CONDITIONS},
    "plate": {"type": "text", "description": "Number plate", "conditions": CONDITIONS},
    "ground": {"type": "x_line", "description": "Where it stands"},
    "trailer": {"type": "linked", "description": "Its trailer"},
    "tag": {"description": "a name like a parameter's", "choices": ["a"], "allow_multiple": True},
}
COMMON = {
    "project": "parcels",
    "batch": "week_11",
    "instruction": "**Box** every parcel. <iframe src='https://docs.google.com/x'></iframe>",
    "callback_url": "https://example.com/scale",
    "metadata": {"project": "x", "tag": 1, "nested": {"callback": "x", "attachement": 1}},
    "priority": 30,
    "unique_id": "scan-17",
    "clear_unique_id_on_error": True,
    "tags": ["pilot"],
    "project_param_version": -1,
    "urgency": "day",
}

#: Written after the published reference of each type, and after what official programs send.
PAYLOADS: list[tuple[str, dict[str, Any]]] = [
    ("imageannotation", {"attachment": URL, "geometries": {"box": BOX}}),
    ("imageannotation", {**COMMON, "attachment": URL, "attachment_type": "image", "force": True}),
    ("imageannotation", {"attachment": URL, "geometries": {"polygon": BOX, "line": BOX}}),
    (
        "imageannotation",
        {
            "attachment": URL,
            "geometries": {
                "cuboid": {
                    "objects_to_annotate": LABELS,
                    "camera_intrinsics": INTRINSICS,
                    "camera_rotation_quaternion": QUATERNION,
                    "camera_height": 1.6,
                },
                "point": {"objects_to_annotate": ["nose"]},
                "ellipse": {"objects_to_annotate": ["wheel"]},
            },
            "annotation_attributes": ATTRIBUTES,
            "global_attributes": {"weather": {"choices": ["sun", "rain"]}},
        },
    ),
    ("imageannotation", {"attachment": URL, "padding": 10, "paddingX": 5, "paddingY": 5}),
    ("imageannotation", {"attachment": URL, "context_attachments": [{"attachment": URL}]}),
    (
        "imageannotation",
        {
            "attachment": URL,
            "geometries": {"box": BOX},
            "hypothesis": {"annotations": [{"type": "box", "label": "a", "left": 1}]},
            "base_annotations": {"annotations": [{"uuid": "a", "locked": True}]},
            "can_add_base_annotations": True,
            "can_edit_base_annotations": False,
            "can_edit_base_annotation_labels": False,
            "can_delete_base_annotations": False,
        },
    ),
    ("imageannotation", {"attachments": [URL], "attachment": URL, "links": {"a": {}}}),
    ("imageannotation", {"attachment": URL, "x": None, "review_stage": 1, "datasetId": "a"}),
    ("imageannotation", {"attachments": [URL], "attachment": None, "geometries": {"box": BOX}}),
    ("annotation", {"attachment": URL, "objects_to_annotate": ["a"], "with_labels": True}),
    ("annotation", {"attachment": URL, "min_width": "30", "min_height": "30", "layers": {}}),
    ("annotation", {"attachment": URL, "examples": [{"correct": True, "image": URL}]}),
    ("polygonannotation", {"attachment": URL, "objects_to_annotate": ["a"], "with_labels": True}),
    ("lineannotation", {"attachment": URL, "objects_to_annotate": ["a"], "splines": True}),
    ("pointannotation", {"attachment": URL, "objects_to_annotate": ["a"], "layers": []}),
    ("cuboidannotation", {"attachment": URL, "min_annotations": 1, "max_annotations": 3}),
    ("cuboidannotation", {"attachment": URL, "camera_intrinsics": INTRINSICS, "camera_height": 1}),
    ("segmentannotation", {"attachment": URL, "labels": LABELS, "allow_unlabeled": True}),
    ("segmentannotation", {"attachment": URL, "labels": ["a"], "instance_labels": ["a"]}),
    ("segmentannotation", {"labels": [{"choice": "car", "instance_label": True, "color": "red"}]}),
    ("videoannotation", {"attachments": [URL] * 2000, "geometries": {"box": BOX}}),
    ("videoannotation", {"attachments": [URL], "attachment_type": "image", "padding": 3}),
    ("videoannotation", {"attachment": URL, "events_to_annotate": ["jam"], "sampling_rate": 5}),
    ("videoplaybackannotation", {"attachment": URL, "frame_rate": 2, "start_time": 0}),
    ("videoplaybackannotation", {"video_frame_rate": 30, "annotation_frame_rate": 5}),
    ("videoboxannotation", {"attachments": [URL], "objects_to_annotate": ["a"]}),
    ("videocuboidannotation", {"attachments": [URL], "objects_to_annotate": ["a"]}),
    ("lidarannotation", {"attachments": [URL], "labels": LABELS, "meters_per_unit": 2.3}),
    ("lidarannotation", {"attachments": [URL], "labels": ["a"], "max_distance_meters": 30}),
    ("lidarannotation", {"attachments": [URL], "labels": ["a"], "pitch_and_roll_enabled": True}),
    ("lidarsegmentation", {"lidar_task": "65f0", "lidar_task_frames": [0], "labels": ["a"]}),
    ("lidarlinking", {"lidar_task": "65f0", "camera_annotations": True, "labels": ["a"]}),
    ("lidartopdown", {"attachments": [URL], "meters_per_pixel": 0.1, "geometries": {"line": {}}}),
    ("namedentityrecognition", {"text": "Ann", "labels": [{"name": "p", "description": "x"}]}),
    ("namedentityrecognition", {"text": "Ann", "labels": ["p"], "relationships": []}),
    (
        "textcollection",
        {
            "attachments": [{"type": "pdf", "content": URL, "forms": []}],
            "title": "Form",
            "description": "?",
            "responses_required": 3,
            "fields": [
                {
                    "type": "category",
                    "field_id": "category_field",
                    "title": "?",
                    "required": True,
                    "choices": [{"label": "a", "value": 1, "subchoices": [{"label": "b"}]}],
                    "min_choices": 0,
                    "max_choices": 1,
                },
                {"type": "text", "field_id": "t", "hint": "?", "max_responses_required": 5},
                {"type": "number", "field_id": "n", "use_slider": True, "prefix": "$"},
                {"type": "field_set", "field_id": "s", "fields": [{"type": "text"}] * 3},
                {"type": "ranking_order", "field_id": "r", "options": [1], "num_options": 2},
            ],
        },
    ),
    ("textcollection", {"attachments": [URL], "attachment_type": "image", "fields": []}),
    ("documenttranscription", {"attachment": URL, "features": [{"type": "block", "label": "b"}]}),
    ("documenttranscription", {"attachments": [URL], "features": [{"type": "group", "x": 1}]}),
    ("documentmodel", {"attachment": URL, "features": [], "model": "invoice"}),
    ("categorization", {"attachment": URL, "attachment_type": "website", "categories": LABELS}),
    ("categorization", {"categories": ["a"], "category_ids": {"1": "a"}, "allow_multiple": True}),
    ("comparison", {"attachments": [URL, URL], "attachment_type": "image", "choices": ["a"]}),
    ("comparison", {"attachments": [URL], "fields": {"uniqueid": "?"}, "attachment": URL}),
    ("transcription", {"attachment": URL, "fields": {"a": "?"}, "row_fields": {"b": "?"}}),
    ("transcription", {"repeatable_fields": {"name": "?"}, "attachment_type": "pdf"}),
    ("datacollection", {"attachment": "https://example.com", "fields": {"hiring_page": "?"}}),
    ("audiotranscription", {"attachment": URL, "verbatim": False, "phrases": ["a"]}),
    ("chat", {"template_variables": {"instructions": "x"}, "attachments": [{"type": "image"}]}),
    ("chat", {**COMMON, "user_prompt": "x", "turns": [], "system_prompt": "y"}),
    ("multistage", {"stages": [], "context": {}, "prior_responses": [], "before": {}}),
    ("federal2dvideoannotation", {"attachments": [URL], "geometries": {"box": BOX}}),
    ("sensorfusion", {"attachments": [URL], "labels": ["a"], "radar_points": [], "poses": []}),
]


def test_there_are_enough() -> None:
    assert len(PAYLOADS) >= 40
    assert len({task_type for task_type, _ in PAYLOADS}) >= 25


@pytest.mark.parametrize(("task_type", "payload"), PAYLOADS)
def test_real_payloads(task_type: str, payload: dict[str, Any]) -> None:
    assert suggestions(task_type, payload) == []
    assert suggestions(task_type, payload, is_project=True) == []
    assert suggestions(task_type, {**COMMON, **payload}) == []
    assert suggestions(None, payload, is_project=True) == []


@pytest.mark.parametrize("task_type", [*TaskType, "audiotranscription"])
def test_forty_random_payloads_of_every_type(task_type: str) -> None:
    """Any documented names with values of their types, and a few names that are not documented."""
    random = Random(task_type)
    hints = typing.get_type_hints(every_type()[task_type])
    for _ in range(40):
        names = random.sample(sorted(hints), random.randint(1, len(hints)))
        payload = {name: value_of(hints[name], random, 3) for name in names}
        payload |= {random.choice(UNDOCUMENTED): 1 for _ in range(2)}
        assert suggestions(task_type, payload) == []


UNDOCUMENTED = ["force", "reviewers", "num_reviews", "worker_pool", "dataset_id", "max_width", "x"]


def value_of(hint: Any, random: Random, depth: int) -> Any:
    """Return a random value of a type; keys of free objects are names of any kind."""
    parts = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if typing.is_typeddict(hint):
        inner = typing.get_type_hints(hint)
        chosen = [name for name in inner if depth > 0 and random.random() < 0.7]
        return {name: value_of(inner[name], random, depth - 1) for name in chosen}
    if origin is dict:
        keys = random.sample(["moving", "projct", "label", "box", "is it"], 2)
        return {key: value_of(parts[1], random, depth - 1) for key in keys}
    if origin is typing.Literal:
        return random.choice(parts)
    if origin is not None and hasattr(origin, "copy"):  # a list
        return [value_of(parts[0], random, depth - 1) for _ in range(random.randint(0, 3))]
    if parts:
        return value_of(random.choice(parts), random, depth)
    return {str: "text", int: 3, float: 0.5, bool: True}.get(hint)


class _Recorder:
    """Stands for a client and keeps what its calls are given."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: self.calls.append((name, args, kwargs))


def test_bodies_of_the_compatibility_tests() -> None:
    """They run with warnings as errors too; here it is seen that they are there."""
    names = {"create_task", "create_evaluation_task", "create_training_task", "update_project"}
    seen = 0
    for call, *_ in CALLS:
        if not names & set(call.__code__.co_names):
            continue
        recorder: Any = _Recorder()
        call(recorder)
        for name, args, kwargs in recorder.calls:
            if name in names:
                kind = None if name == "update_project" else args[0]
                also = frozenset({"expected_response", "initial_response", "patch"})
                assert suggestions(kind, kwargs, also) == []
                seen += 1
    assert seen >= 4


def test_partial_parameters_of_a_project() -> None:
    partial = PartialImageAnnotationParams(geometries={"box": {"objects_to_annotate": ["a"]}})
    assert suggestions("imageannotation", partial, is_project=True) == []
