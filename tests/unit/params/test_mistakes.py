"""Names that are probably mistakes are found; names that the service may know are not."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi import TaskType
from scaleapi.params import mistakes
from scaleapi.params.mistakes import suggestions

BOX: dict[str, Any] = {"box": {"objects_to_annotate": ["parcel"]}}
IMAGE: dict[str, Any] = {"attachment": "https://example.com/a.jpg", "geometries": BOX}


def found(task_type: object, body: dict[str, Any], **options: Any) -> list[str]:
    return [str(one) for one in suggestions(task_type, body, **options)]


MISSPELT = {
    # what the issue of a misspelled parameter began with
    "uniqueid": "unique_id",
    "callback": "callback_url",
    "instructions": "instruction",
    "projct": "project",
    "batch_name": "batch",
    "project_name": "project",
    "tag": "tags",
    "meta_data": "metadata",
    "attachement": "attachment",
    # other spellings of the same words
    "uniqueId": "unique_id",
    "unique-id": "unique_id",
    "UNIQUE_ID": "unique_id",
    "callbackUrl": "callback_url",
    "callback_urls": "callback_url",
    "calback_url": "callback_url",
    "projectName": "project",
    "batches": "batch",
    "bacth": "batch",
    "meta": "metadata",
    "metdata": "metadata",
    "priorities": "priority",
    "prioirty": "priority",
    "tgas": "tags",
    "geometry": "geometries",
    "geometrys": "geometries",
    "geomtries": "geometries",
    "annotation_attribute": "annotation_attributes",
    "anotation_atributes": "annotation_attributes",
    "contextAttachments": "context_attachments",
    "padding_x": "paddingX",
    "paddingx": "paddingX",
    "attachmentType": "attachment_type",
    "attachment_url": "attachment",
    "clear_uniqueid_on_error": "clear_unique_id_on_error",
    "project_params_version": "project_param_version",
    "hypotesis": "hypothesis",
    # two errors, in two words or in a long one
    "anntation_atributes": "annotation_attributes",
    "can_add_bsae_anotations": "can_add_base_annotations",
    "callback_ulr": "callback_url",
    # other names in other forms
    "project_names": "project",
    "batchNames": "batch",
    "callbacks": "callback_url",
    "attachment_urls": "attachment",
}


@pytest.mark.parametrize(("name", "meant"), MISSPELT.items())
def test_misspelled_names(name: str, meant: str) -> None:
    body = {known: value for known, value in IMAGE.items() if known != meant}
    assert found(TaskType.ImageAnnotation, body | {name: "x"}) == [
        f"{name if name.isidentifier() else repr(name)} is not a parameter of imageannotation"
        f" tasks; did you mean {meant}?".replace(repr(name), f"[{name!r}]")
    ]


#: Names that nobody told us of, of which some differ from known ones by a letter or a word.
UNKNOWN = [
    *("force", "max_width", "max_height", "min_area", "test", "name", "title", "x", "label"),
    *("patch", "watch", "links_max", "reviewers", "review_level", "consensus", "dataset_id"),
    *("paddingZ", "can_edit_links", "can_delete_links", "priority_group", "tags_schema", ""),
    *("attachment_name", "project_type", "project_group", "batch_type", "batch_size", "a" * 1000),
    *("geometries_v2", "x_attachment", "tags_x", "frame_rate_2", "labelsV2", "new_instruction"),
    *("geometry_version", "annotation_types", "attachment_size", "instruction_url", "url"),
    # another word in place of one, which is no typing error
    *("can_edit_blank_annotations", "project_plan_version", "context_retachments"),
]


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_names_pass(name: str) -> None:
    assert found(TaskType.ImageAnnotation, IMAGE | {name: "x"}) == []


@pytest.mark.parametrize("task_type", [*TaskType, "categorize", "audiotranscription"])
@pytest.mark.parametrize("name", ["attachment", "attachments", "attachment_type", "urgency"])
def test_names_of_all_types_pass(task_type: str, name: str) -> None:
    """Also where the type does not use them, as long as it is not one that it requires."""
    assert found(task_type, {name: "x", "attachment": "x", "attachments": ["x"]}) == []


def test_singular_for_a_required_plural() -> None:
    """Only after the service has rejected it, since it may take either."""
    lidar = {"attachment": "x", "labels": ["a"]}
    image = {"attachments": ["x"], "attachment": None, "geometries": BOX}
    assert found("lidarannotation", lidar) == found("imageannotation", image) == []
    assert found("lidarannotation", lidar, is_rejected=True) == [
        "attachment is not a parameter of lidarannotation tasks; did you mean attachments?"
    ]
    assert found("imageannotation", image, is_rejected=True) == [
        "attachments is not a parameter of imageannotation tasks; did you mean attachment?"
    ]
    assert found("imageannotation", {**image, "attachment": "x"}, is_rejected=True) == []
    assert found("imageannotation", image, is_rejected=True, is_project=True) == []


def test_a_type_that_is_not_known() -> None:
    """Only names that all types have in common are compared with."""
    body = {"object_to_annotate": ["a"], "geometries": {"hexagon": 1}, "labels": ["a"]}
    assert found("quantumannotation", body) == []
    assert found("quantumannotation", {"projct": "p"}) == [
        "projct is not a parameter of quantumannotation tasks; did you mean project?"
    ]


NESTED: list[tuple[str, dict[str, Any], str]] = [
    (
        "imageannotation",
        {"geometries": {"objects_to_annotate": ["a"]}},
        (
            "geometries.objects_to_annotate belongs in one of the geometries,"
            " as geometries.box.objects_to_annotate"
        ),
    ),
    (
        "imageannotation",
        {"geometries": {**BOX, "annotation_attributes": {}}},
        (
            "geometries.annotation_attributes is not part of geometries;"
            " give annotation_attributes beside geometries"
        ),
    ),
    (
        "imageannotation",
        {"geometries": {"box": {"objects_to_annotate": ["a"], "callback_url": "x"}}},
        (
            "geometries.box.callback_url is not part of geometries;"
            " give callback_url beside geometries"
        ),
    ),
    (
        "imageannotation",
        {"geometries": {"boxes": {"objects_to_annotate": ["a"]}}},
        "geometries.boxes is not known in geometries; did you mean box?",
    ),
    (
        "videoannotation",
        {"geometries": {"box": {"object_to_annotate": ["a"]}}},
        (
            "geometries.box.object_to_annotate is not known in geometries.box;"
            " did you mean objects_to_annotate?"
        ),
    ),
    (
        "imageannotation",
        {"annotation_attributes": {"damaged": {"choises": ["a"]}}},
        (
            "annotation_attributes.damaged.choises is not known in annotation_attributes.damaged;"
            " did you mean choices?"
        ),
    ),
    (
        "imageannotation",
        {"annotation_attributes": {"is\nit": {"conditions": {"labelCondition": {}}}}},
        (
            "annotation_attributes['is\\nit'].conditions.labelCondition is not known in"
            " annotation_attributes['is\\nit'].conditions; did you mean label_condition?"
        ),
    ),
    (
        "textcollection",
        {"fields": [{"type": "text", "field_id": "a"}, {"type": "text", "fieldId": "b"}]},
        "fields[1].fieldId is not known in fields[1]; did you mean field_id?",
    ),
    (
        "textcollection",
        {"fields": [{"type": "field_set", "fields": [{"tite": "a"}]}]},
        "fields[0].fields[0].tite is not known in fields[0].fields[0]; did you mean title?",
    ),
    (
        "segmentannotation",
        {"labels": ["a", {"choice": "b", "instance_labels": True}]},
        "labels[1].instance_labels is not known in labels[1]; did you mean instance_label?",
    ),
    (
        "documenttranscription",
        {"features": [{"type": "block", "labels": "a"}]},
        "features[0].labels is not known in features[0]; did you mean label?",
    ),
    ("imageannotation", {"params": IMAGE}, "params is not a parameter; give those in it directly"),
    (
        "imageannotation",
        {"metadata": {"unique_id": "a"}},
        "metadata.unique_id is stored as metadata only; give it beside metadata",
    ),
    (
        "categorization",
        {"metadata": {"categories": ["a"]}},
        "metadata.categories is stored as metadata only; give it beside metadata",
    ),
]


@pytest.mark.parametrize(("task_type", "body", "text"), NESTED)
def test_nested_mistakes(task_type: str, body: dict[str, Any], text: str) -> None:
    assert found(task_type, body) == [text]


FINE: list[tuple[str, dict[str, Any]]] = [
    # one word differs by two letters, as other words do
    ("imageannotation", {"geometries": {"cuboid": {"camera_extrinsics": {}}}}),
    ("videoplaybackannotation", {"frame_range": [1, 2]}),
    # the service may have more geometries and more names in them
    ("imageannotation", {"geometries": {**BOX, "hexagon": {"objects_to_annotate": ["a"]}}}),
    ("imageannotation", {"geometries": {"box": {**BOX["box"], "max_width": 3, "examples": []}}}),
    ("imageannotation", {"geometries": {"polygon": {"can_rotate": True}}}),
    ("imageannotation", {"annotation_attributes": {"box": {"type": "text", "hint": "?"}}}),
    # names of attributes, metadata, fields and annotations are the customer's own
    ("imageannotation", {"annotation_attributes": {"projct": {"type": "text"}}}),
    ("imageannotation", IMAGE | {"metadata": {"project": 1, "batch": 2, "tag": 3, "callback": 4}}),
    ("imageannotation", IMAGE | {"metadata": {"priority": 1, "instruction": "x", "labels": []}}),
    ("imageannotation", IMAGE | {"unique_id": "a", "metadata": {"unique_id": "a"}}),
    ("imageannotation", IMAGE | {"metadata": {"attachment": "x", "geometry": "x"}}),
    ("categorization", {"project": "p", "metadata": {"categories": ["a"]}}),
    ("transcription", {"fields": {"projct": "?", "titel": "?"}, "repeatable_fields": {"a": "?"}}),
    ("comparison", {"attachments": ["x"], "fields": {"uniqueid": "?"}}),
    ("chat", {"template_variables": {"projct": "?", "instructions": "?"}}),
    ("imageannotation", {"hypothesis": {"annotations": [{"typ": "box", "lables": 1}]}}),
    ("imageannotation", {"params": {"anything": 1}}),
    ("imageannotation", {"params": "geometries"}),
    # not what they should be, which is for the service to say
    ("imageannotation", {"geometries": ["box"], "annotation_attributes": "x", "metadata": [1]}),
    ("imageannotation", {"geometries": None, "annotation_attributes": {"a": None}}),
    ("textcollection", {"fields": {"a": "?"}, "attachments": "x"}),
    ("imageannotation", {}),
]


@pytest.mark.parametrize(("task_type", "body"), FINE)
def test_what_is_no_mistake(task_type: str, body: dict[str, Any]) -> None:
    assert found(task_type, body) == []


def test_a_project_may_be_of_any_type() -> None:
    """``update_project`` does not know it."""
    box = {"box": {**BOX["box"], "min_width": 3, "examples": [], "labels": [], "text": ""}}
    body = {"geometries": box, "labels": ["a"], "fields": {"projct": "?"}, "patch": True}
    also = frozenset({"patch"})
    assert found(None, body, also=also, is_project=True) == []
    assert found(None, {"geometrys": BOX}, also=also, is_project=True) == [
        "geometrys is not a parameter of any task type; did you mean geometries?"
    ]


@pytest.mark.parametrize(
    "body", [{1: 2}, {None: {}}, {"metadata": {1: 2}}, {"geometries": {1: {}}}]
)
def test_keys_that_are_no_text(body: dict[Any, Any]) -> None:
    assert found("imageannotation", body) == []


@pytest.mark.parametrize("task_type", [None, 7, [], object()])
def test_types_that_are_no_text(task_type: object) -> None:
    assert found(task_type, IMAGE) == []


def test_a_body_that_contains_itself() -> None:
    fields: list[Any] = []
    field = {"type": "field_set", "field_id": "a", "fields": fields, "tite": "x"}
    fields.extend([field] * 100)
    assert 0 < len(found("textcollection", {"fields": fields})) <= 500


def test_long_and_hostile_names_are_shortened() -> None:
    name = "\x1b[31m" + "x" * 10_000
    (text,) = found("imageannotation", {"annotation_attributes": {name: {"choises": []}}})
    assert len(text) < 400
    assert text.isprintable()


def test_the_cost_does_not_grow_with_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted are the objects that are looked into and the names that are compared."""
    looked: list[object] = []
    objects_in = mistakes._objects_in
    monkeypatch.setattr(
        mistakes, "_objects_in", lambda *args: looked.append(args) or objects_in(*args)
    )
    body: dict[str, Any] = {
        "fields": [{"fields": [{"fields": [{"choices": [{}] * 99}] * 99}] * 99}]
    }
    assert found("textcollection", body | {"fields": body["fields"] * 99}) == []
    assert len(looked) <= 30
    compared: list[str] = []
    monkeypatch.setattr(mistakes, "_closest", lambda name, known: compared.append(name))
    assert found("textcollection", {f"name {i}": 1 for i in range(10_000)}) == []
    assert len(compared) == 100
