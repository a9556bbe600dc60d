"""Canned geometries within an image of a given size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, sin
from random import Random

from ..base.documents import JsonObject
from ..media.images import Size

Point = tuple[float, float]

_ROTATION = 0.1
_MAX_VERTICES = 1000
_FACE = ("face-topleft", "face-bottomleft", "face-topright", "face-bottomright")
_CUBOID_EDGES = {
    "face-top": ("face-topleft", "face-topright"),
    "face-right": ("face-topright", "face-bottomright"),
    "face-bottom": ("face-bottomleft", "face-bottomright"),
    "face-left": ("face-topleft", "face-bottomleft"),
    "side-bottom": ("face-bottomright", "side-bottomcorner"),
    "side-top": ("face-topright", "side-topcorner"),
}


class Canvas:
    """The area of an image, with random positions for shapes.

    Args:
        size: The size of the image.
        random: The source of random numbers.
    """

    def __init__(self, size: Size, random: Random) -> None:
        self.size = size
        self._random = random

    def area(self, min_width: float = 0, min_height: float = 0) -> tuple[float, ...]:
        """Return left, top, width and height of an area inside the image.

        It is at least as large as requested, up to the size of the image.
        """
        width = self._extent(self.size.width, min_width)
        height = self._extent(self.size.height, min_height)
        left = self._random.randint(0, self.size.width - width)
        top = self._random.randint(0, self.size.height - height)
        return left, top, width, height

    def point(self, across: float, down: float, area: tuple[float, ...]) -> JsonObject:
        """Return the point at these fractions (0 to 1) of an area."""
        left, top, width, height = area
        return {"x": left + across * width, "y": top + down * height}

    def _extent(self, whole: int, least: float) -> int:
        part = self._random.randint(max(1, whole // 4), max(1, whole // 2))
        return min(whole, max(part, round(least)))


def _box(canvas: Canvas, geometry: JsonObject) -> JsonObject:
    area = canvas.area(geometry.get("min_width", 0), geometry.get("min_height", 0))
    left, top, width, height = area
    box: JsonObject = {"left": left, "top": top, "width": width, "height": height}
    if not geometry.get("can_rotate"):
        return box
    corners = [(-width, -height), (width, -height), (width, height), (-width, height)]
    center = (left + width / 2, top + height / 2)
    return box | {
        "rotation": _ROTATION,
        "vertices": [_rotated(center, (x / 2, y / 2), _ROTATION) for x, y in corners],
    }


def _rotated(center: Point, offset: Point, angle: float) -> JsonObject:
    """Return the point at ``offset`` from ``center``, rotated clockwise in image coordinates."""
    x, y = offset
    return {
        "x": center[0] + x * cos(angle) - y * sin(angle),
        "y": center[1] + x * sin(angle) + y * cos(angle),
    }


def _polygon(canvas: Canvas, geometry: JsonObject) -> JsonObject:
    return {"vertices": _zigzag(canvas, geometry, ((0, 0), (1, 0), (1, 1), (0, 1)), 3)}


def _line(canvas: Canvas, geometry: JsonObject) -> JsonObject:
    return {"vertices": _zigzag(canvas, geometry, ((0, 0), (1, 0.3), (0.5, 1), (0, 0.5)), 2)}


def _zigzag(
    canvas: Canvas, geometry: JsonObject, corners: tuple[Point, ...], least: int
) -> list[JsonObject]:
    """Return the smallest allowed number of vertices, at the corners of an area in turn."""
    area = canvas.area()
    count = min(max(least, geometry.get("min_vertices") or 0), _MAX_VERTICES)
    if geometry.get("max_vertices"):
        count = min(count, geometry["max_vertices"])
    return [canvas.point(*corners[index % len(corners)], area) for index in range(count)]


def _point(canvas: Canvas, _geometry: JsonObject) -> JsonObject:
    return canvas.point(0.5, 0.5, canvas.area())


def _ellipse(canvas: Canvas, _geometry: JsonObject) -> JsonObject:
    area = canvas.area()
    extremes = ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))
    return {"vertices": [canvas.point(x, y, area) for x, y in extremes]}


def _cuboid(canvas: Canvas, geometry: JsonObject) -> JsonObject:
    area = canvas.area(geometry.get("min_width", 0), geometry.get("min_height", 0))
    parts = ((0.0, 0.0), (0.0, 1.0), (0.7, 0.0), (0.7, 1.0), (1.0, 0.1), (1.0, 0.8))
    names = (*_FACE, "side-topcorner", "side-bottomcorner")
    corners = {name: canvas.point(*part, area) for name, part in zip(names, parts, strict=True)}
    vertices = [point | {"type": "vertex", "description": name} for name, point in corners.items()]
    return {
        "vertices": vertices,
        "edges": [
            _edge(name, corners[start], corners[end])
            for name, (start, end) in _CUBOID_EDGES.items()
        ],
    }


def _edge(name: str, start: JsonObject, end: JsonObject) -> JsonObject:
    ends = {"x1": start["x"], "y1": start["y"], "x2": end["x"], "y2": end["y"]}
    return ends | {"type": "edge", "description": name}


SHAPES: Mapping[str, Callable[[Canvas, JsonObject], JsonObject]] = {
    "box": _box,
    "polygon": _polygon,
    "line": _line,
    "point": _point,
    "ellipse": _ellipse,
    "cuboid": _cuboid,
}
"""Functions that draw each geometry."""
