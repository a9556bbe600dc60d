"""Parameters one level too high or too deep."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi.params.mistakes import suggestions

LABELS = ["parcel"]
BOX: dict[str, Any] = {"box": {"objects_to_annotate": LABELS}}


def found(task_type: str | None, body: dict[str, Any], **options: Any) -> list[str]:
    return [str(one) for one in suggestions(task_type, body, **options)]


@pytest.mark.parametrize("task_type", ["imageannotation", "videoannotation"])
@pytest.mark.parametrize("name", ["box", "polygon", "line", "point", "cuboid", "ellipse"])
def test_a_geometry_beside_geometries(task_type: str, name: str) -> None:
    text = f"{name} belongs in geometries, as geometries.{name}"
    body = {"attachment": "x", name: BOX["box"]}
    assert found(task_type, body) == [text]
    assert found(task_type, {**body, "geometries": BOX}) == [text]
    assert found(task_type, body, is_project=True) == [text]


@pytest.mark.parametrize(
    "value", ["x", None, [1, 2], {}, {"left": 1, "top": 2}, {"x": 1}, 7], ids=repr
)
def test_what_is_no_geometry_passes(value: object) -> None:
    """The service may have parameters of these names."""
    assert found("imageannotation", {"line": value, "point": value, "geometries": BOX}) == []


def test_types_without_geometries_may_have_such_names() -> None:
    assert found("annotation", {"attachment": "x", **BOX}) == []
    assert found("quantumannotation", BOX) == []


@pytest.mark.parametrize("task_type", ["imageannotation", "videoplaybackannotation"])
def test_what_a_geometry_has_beside_geometries(task_type: str) -> None:
    """Labels are silently lost there. Limits may be parameters, until the service rejects them."""
    labels = "objects_to_annotate belongs in one of the geometries, as geometries.box."
    body = {"attachment": "x", "objects_to_annotate": LABELS, "min_vertices": 3}
    assert found(task_type, body) == [f"{labels}objects_to_annotate"]
    assert found(task_type, body, is_rejected=True) == [
        f"{labels}objects_to_annotate",
        "min_vertices belongs in one of the geometries, as geometries.polygon.min_vertices",
    ]


@pytest.mark.parametrize("task_type", ["videoboxannotation", "videocuboidannotation"])
def test_legacy_types_may_take_labels(task_type: str) -> None:
    """Nobody says that they take geometries."""
    body = {"attachments": ["x"], "objects_to_annotate": LABELS}
    assert found(task_type, body) == []


@pytest.mark.parametrize(
    ("task_type", "body", "text"),
    [
        (
            "imageannotation",
            {"geometries": {"geometries": BOX}},
            "geometries.geometries is in itself; give what is in it directly",
        ),
        (
            "imageannotation",
            {"geometries": {"box": BOX}},
            "geometries.box.box is in itself; give what is in it directly",
        ),
        (
            "imageannotation",
            {"annotation_attributes": {"choices": ["yes", "no"], "type": "category"}},
            (
                "annotation_attributes.choices belongs in one of annotation_attributes,"
                " as annotation_attributes.<name>.choices"
            ),
        ),
        (
            "imageannotation",
            {"annotation_attributes": {"damaged": {"description": "?"}, "min": 3}},
            (
                "annotation_attributes.min belongs in one of annotation_attributes,"
                " as annotation_attributes.<name>.min"
            ),
        ),
    ],
)
def test_a_level_too_many_or_too_few(task_type: str, body: dict[str, Any], text: str) -> None:
    assert found(task_type, body)[0] == text


@pytest.mark.parametrize(
    ("task_type", "body"),
    [
        # attributes may have these names, and fields of these types are texts
        ("imageannotation", {"annotation_attributes": {"type": {"type": "text"}, "min": {}}}),
        ("imageannotation", {"annotation_attributes": {"min": None}}),
        ("transcription", {"fields": {"type": "?", "choices": "?"}}),
        ("comparison", {"fields": {"title": "?", "fields": "?"}}),
        ("textcollection", {"fields": [{"type": "field_set", "fields": [{"fields": []}]}]}),
        ("segmentannotation", {"labels": [{"choice": "a", "subchoices": [{"subchoices": []}]}]}),
        ("documenttranscription", {"features": [{"type": "group", "features": []}]}),
        ("chat", {"template_variables": {"template_variables": {"prompt": "?"}}}),
        ("imageannotation", {"metadata": {"metadata": {"a": 1}}}),
    ],
)
def test_what_is_no_mistake(task_type: str, body: dict[str, Any]) -> None:
    assert found(task_type, body) == []
