"""Annotations of each geometry, at random places of the upper left corner of an image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, pi, sin
from random import Random
from typing import Any

__all__ = ["CORNER", "GEOMETRIES"]

CORNER = (240, 200)

Annotation = dict[str, Any]


def _place(chance: Random) -> tuple[float, float]:
    return chance.uniform(0, CORNER[0]), chance.uniform(0, CORNER[1])


def _vertices(chance: Random, count: int) -> list[Annotation]:
    places = [_place(chance) for _ in range(count)]
    return [{"x": x, "y": y} for x, y in places]


def _box(chance: Random) -> Annotation:
    (left, top), (right, bottom) = _place(chance), _place(chance)
    width, height = abs(right - left), abs(bottom - top)
    return {"left": min(left, right), "top": min(top, bottom), "width": width, "height": height}


def _around(chance: Random, spread: float) -> list[Annotation]:
    """Return the ends of both axes of a rotated shape."""
    x, y = chance.uniform(80, CORNER[0] - 80), chance.uniform(80, CORNER[1] - 80)
    angle, long, wide = chance.uniform(0, 2 * pi), chance.uniform(8, 75), chance.uniform(8, 75)
    ends = [(angle, long), (angle + spread, wide), (angle + pi, long), (angle + spread + pi, wide)]
    return [{"x": x + size * cos(turn), "y": y + size * sin(turn)} for turn, size in ends]


def _rotated_box(chance: Random) -> Annotation:
    box = {**_box(chance), "rotation": chance.uniform(-pi, pi)}
    if chance.random() < 0.5:  # given by its corners, as in the API
        first, second, third, fourth = _around(chance, chance.uniform(0.2, pi / 2))
        box["vertices"] = [first, second, third, fourth]
    return box


def _cuboid(chance: Random) -> Annotation:
    left, top = chance.uniform(60, 120), chance.uniform(5, 80)
    width, height = chance.uniform(10, 60), chance.uniform(10, 110)
    side = chance.choice([-chance.uniform(5, 55), width + chance.uniform(5, 55)])
    corners = {
        "face-topleft": (left, top),
        "face-topright": (left + width, top),
        "face-bottomright": (left + width, top + height),
        "face-bottomleft": (left, top + height),
        "side-topcorner": (left + side, top + height * chance.uniform(0, 0.3)),
        "side-bottomcorner": (left + side, top + height * chance.uniform(0.6, 1)),
    }
    vertices = [
        {"x": x, "y": y, "type": "vertex", "description": name} for name, (x, y) in corners.items()
    ]
    return {"vertices": vertices}


GEOMETRIES: Mapping[str, Callable[[Random], Annotation]] = {
    "box": lambda chance: {"type": "box", **_box(chance)},
    "rotated box": lambda chance: {"type": "box", **_rotated_box(chance)},
    "polygon": lambda chance: {"type": "polygon", "vertices": _vertices(chance, 5)},
    "line": lambda chance: {"type": "line", "vertices": _vertices(chance, 4)},
    "point": lambda chance: {"type": "point", **_vertices(chance, 1)[0]},
    "ellipse": lambda chance: {"type": "ellipse", "vertices": _around(chance, pi / 2)},
    "cuboid": lambda chance: {"type": "cuboid", **_cuboid(chance)},
}
