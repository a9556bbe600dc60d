"""Paths of annotations: geometries, how they are recognized, and malformed ones."""

from __future__ import annotations

from collections import defaultdict
from math import cos, hypot, nan, pi, sin
from typing import Any

import pytest

from scaleapi.drawing.geometry import Malformed, paths_of
from scaleapi.drawing.outlines import flattened
from scaleapi.drawing.paths import Path

Annotation = dict[str, Any]

BOX: Annotation = {"type": "box", "left": 10, "top": 20.5, "width": 30, "height": 40}
CORNERS = ((10, 20.5), (40, 20.5), (40, 60.5), (10, 60.5))
POINT: Annotation = {"type": "point", "x": 33, "y": -71}


def vertices(*points: tuple[float, float]) -> list[Annotation]:
    return [{"x": x, "y": y} for x, y in points]


TRIANGLE = ((10, 12), (60, 14), (58, 44))


def cuboid(**corners: tuple[float, float]) -> Annotation:
    """Return a legacy cuboid, which has neither a type nor edges."""
    places = {
        "face-topleft": (100, 70),
        "face-bottomleft": (100, 296),
        "face-topright": (320, 70),
        "face-bottomright": (320, 296),
        "side-topcorner": (441, 82),
        "side-bottomcorner": (441, 198),
    } | {name.replace("_", "-"): place for name, place in corners.items()}
    return {
        "vertices": [
            {"x": x, "y": y, "type": "vertex", "description": name}
            for name, (x, y) in places.items()
        ]
    }


def without(annotation: Annotation, key: str) -> Annotation:
    return {name: value for name, value in annotation.items() if name != key}


def test_box() -> None:
    assert paths_of(BOX, None) == (Path(CORNERS, closed=True),)


def test_rotated_box_is_drawn_by_its_vertices() -> None:
    points = ((0, 0), (4, 3), (1, 7), (-3, 4))
    rotated = BOX | {"rotation": 0.64, "vertices": vertices(*points)}
    assert paths_of(rotated, None) == (Path(points, closed=True),)


def test_rotation_without_vertices_turns_the_box_clockwise() -> None:
    box = {"type": "box", "left": 0, "top": 0, "width": 40, "height": 20, "rotation": pi / 2}
    (path,) = paths_of(box, None)
    assert path.closed
    # A quarter clockwise, where y points down: what was upper left is upper right.
    assert [*path.points] == [
        pytest.approx(corner) for corner in [(30, -10), (30, 30), (10, 30), (10, -10)]
    ]


def test_polygon_and_line() -> None:
    fields = {"vertices": vertices(*TRIANGLE)}
    assert paths_of(fields | {"type": "polygon"}, None) == (Path(TRIANGLE, closed=True),)
    assert paths_of(fields | {"type": "line"}, None) == (Path(TRIANGLE),)


def test_point() -> None:
    assert paths_of(POINT, None) == (Path(((33, -71),)),)


@pytest.mark.parametrize("angle", [0, 0.3, pi / 2, 2.5])
def test_ellipse(angle: float) -> None:
    """Each point of the curve satisfies the equation of the ellipse within 0.03 %."""
    long, wide = 50, 20
    ends = [(angle, long), (angle + pi / 2, wide), (angle + pi, long), (angle - pi / 2, wide)]
    points = [(100 + size * cos(turn), 80 + size * sin(turn)) for turn, size in ends]
    (path,) = paths_of({"type": "ellipse", "vertices": vertices(*points)}, None)
    assert (path.closed, path.curved) == (True, True)
    curve = flattened(path)
    for x, y in curve:
        along = (x - 100) * cos(angle) + (y - 80) * sin(angle)
        across = (y - 80) * cos(angle) - (x - 100) * sin(angle)
        assert hypot(along / long, across / wide) == pytest.approx(1, abs=0.0003)
    for extreme in points:
        assert min(hypot(x - extreme[0], y - extreme[1]) for x, y in curve) < 1e-9


def test_cuboid_with_the_side_on_the_right() -> None:
    assert paths_of(cuboid(), None) == (
        Path(((100, 70), (320, 70), (320, 296), (100, 296)), closed=True),
        Path(((320, 70), (441, 82), (441, 198), (320, 296)), closed=True),
    )


def test_cuboid_with_the_side_on_the_left() -> None:
    left = cuboid(side_topcorner=(40, 82), side_bottomcorner=(40, 198))
    assert paths_of(left | {"type": "cuboid"}, None) == (
        Path(((100, 70), (320, 70), (320, 296), (100, 296)), closed=True),
        Path(((40, 82), (100, 70), (100, 296), (40, 198)), closed=True),
    )


@pytest.mark.parametrize(
    ("annotation", "task_type", "drawn"),
    [
        (without(BOX, "type") | {"geometry": "box"}, None, Path(CORNERS, closed=True)),
        (without(BOX, "type"), None, Path(CORNERS, closed=True)),
        (without(BOX, "type"), "lineannotation", Path(CORNERS, closed=True)),
        ({"vertices": vertices(*TRIANGLE)}, None, Path(TRIANGLE, closed=True)),
        ({"vertices": vertices(*TRIANGLE)}, "polygonannotation", Path(TRIANGLE, closed=True)),
        ({"vertices": vertices(*TRIANGLE)}, "lineannotation", Path(TRIANGLE)),
        ({"x": 1, "y": 2}, "pointannotation", Path(((1, 2),))),
    ],
)
def test_the_geometry_is_inferred_from_the_fields(
    annotation: Annotation, task_type: str | None, drawn: Path
) -> None:
    """Older responses use ``geometry``; the oldest have neither."""
    assert paths_of(annotation, task_type) == (drawn,)


NO_NUMBERS: list[object] = [
    *(None, "41", "", True, [41], {"x": 41}, nan, float("inf"), -float("inf")),
    *(1e308, -1e308, 1000001, 10**400, 1j, b"41"),
]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize(
    "annotation", [BOX, POINT, without(BOX, "type")], ids=["box", "point", "legacy box"]
)
def test_rejects_non_numbers(annotation: Annotation, value: object) -> None:
    for field in {*annotation} - {"type"}:
        with pytest.raises(Malformed):
            paths_of(annotation | {field: value}, None)
        with pytest.raises(Malformed):
            paths_of(without(annotation, field), None)


@pytest.mark.parametrize(
    "annotation",
    [
        *(None, 5, "box", [BOX], (), {}, {"type": "box"}),
        BOX | {"width": -1},
        BOX | {"rotation": "0.5"},
        BOX | {"type": "Box"},
        BOX | {"type": ["box"]},
        BOX | {"type": "cuboid3d"},
        BOX | {"vertices": []},
        BOX | {"vertices": vertices(*CORNERS, (1, 1))},
        {"type": "polygon", "vertices": vertices(*TRIANGLE[:2])},
        {"type": "polygon", "vertices": {"0": {"x": 1, "y": 1}}},
        {"type": "polygon", "vertices": [[1, 1], [2, 2], [3, 1]]},
        {"type": "polygon", "vertices": [*vertices(*TRIANGLE), {"x": 1}]},
        {"type": "line", "vertices": vertices((1, 1))},
        {"type": "ellipse", "vertices": vertices(*TRIANGLE)},
        {"type": "ellipse", "vertices": vertices(*CORNERS, (1, 1))},
        {"vertices": cuboid()["vertices"][:5]},
        {"vertices": [*cuboid()["vertices"][:5], {"x": 1, "y": 1, "description": ["side"]}]},
        {"vertices": [*cuboid()["vertices"], None]},
        {"type": "cuboid", "vertices": vertices(*CORNERS, *TRIANGLE)},
    ],
    ids=repr,
)
def test_malformed_geometries(annotation: object) -> None:
    with pytest.raises(Malformed):
        paths_of(annotation, None)


def test_a_subclass_of_dict_is_read_like_a_dict() -> None:
    """Reading missing keys must not add them."""
    box = defaultdict[str, object](lambda: 5, BOX)
    assert paths_of(box, None) == (Path(CORNERS, closed=True),)
    assert box == BOX


def test_the_farthest_coordinates_are_drawn() -> None:
    far = {"type": "point", "x": 1e6, "y": -(10**6)}
    assert paths_of(far, None) == (Path(((1e6, -1e6),)),)
