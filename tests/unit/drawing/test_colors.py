"""The colors of labels: their order, and whether people can tell them apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scaleapi.drawing import annotations_svg, labels_of
from scaleapi.drawing.colors import PALETTE, color_of
from tests.unit.drawing.color_distance import VISIONS, Lab, ciede2000, smallest_distance
from tests.unit.drawing.reader import read, shapes, title


def colors(svg: str) -> dict[str, str]:
    """Return the color of each label."""
    return {title(shape): shape.attrib["stroke"] for shape in shapes(read(svg))}


def boxes(*labels: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "left": 0, "top": 9 * n, "width": 5 + n, "height": 5}
        for n, label in enumerate(labels)
    ]


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [  # of the test data that Sharma, Wu and Dalal published
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_ciede2000(one: Any, other: Any, distance: float) -> None:
    assert ciede2000(Lab(*one), Lab(*other)) == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("vision", VISIONS)
def test_twenty_colors_can_be_told_apart(
    vision: str, record_property: Callable[[str, object], None]
) -> None:
    """CIEDE2000 of 2.3 is just noticeable side by side."""
    distance = smallest_distance(vision)
    record_property("smallest CIEDE2000", distance)
    print(f"smallest CIEDE2000, {vision}: {distance:.2f}")  # noqa: T201 - the figure
    assert len({*PALETTE}) == 20
    assert distance >= 10


def test_twenty_labels_have_twenty_colors() -> None:
    names = [f"label {number}" for number in range(20)]
    found = colors(annotations_svg(boxes(*names)))
    assert [found[name] for name in names] == [*PALETTE]


def test_colors_follow_the_first_annotations() -> None:
    """Not the order in which shapes are drawn, which is that of their size."""
    found = colors(annotations_svg(boxes("c", "a", "c", "b")))
    assert found == {"c": color_of(0), "a": color_of(1), "b": color_of(2)}


def test_colors_follow_the_order_of_the_task() -> None:
    """A label keeps its color in the pictures of a project, whatever was found."""
    order = ["a", "b", "c"]
    for labels in (["c"], ["c", "x", "a"], ["b", "c", "x"]):
        found = colors(annotations_svg(boxes(*labels), label_order=order))
        assert found == {
            label: color_of(order.index(label) if label in order else 3) for label in labels
        }


@pytest.mark.parametrize(
    ("params", "labels"),
    [
        (
            {
                "geometries": {
                    "box": {"objects_to_annotate": ["car", {"choice": "bus"}]},
                    "line": {"objects_to_annotate": ["lane", "car"]},
                }
            },
            ["car", "bus", "lane"],
        ),
        (
            {
                "objects_to_annotate": [
                    {"choice": "vehicle", "subchoices": ["car", {"choice": "bus"}]},
                    "person",
                ]
            },
            ["car", "bus", "person"],
        ),
        ({"labels": [{"name": "PERSON"}, {"label": "PLACE"}]}, ["PERSON", "PLACE"]),
        ({"features": [{"type": "block", "label": "total"}, {"type": "row"}]}, ["total", "row"]),
        *((nothing, []) for nothing in (None, [], {"labels": 5}, {"geometries": [1]})),
    ],
)
def test_the_labels_of_a_task(params: object, labels: list[str]) -> None:
    assert labels_of(params) == labels


def test_labels_that_are_nested_without_end() -> None:
    deep: list[Any] = ["a"]
    for _ in range(5_000):
        deep = [{"choice": "b", "subchoices": deep}]
    labels_of({"labels": [*deep, "c"]})
