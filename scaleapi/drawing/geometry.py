"""The paths of an annotation, read from its fields, in pixels of the image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from math import cos, hypot, sin
from typing import NamedTuple

from .paths import Path, Point

__all__ = ["FARTHEST", "Ellipse", "Malformed", "ellipse_of", "kind_of", "paths_of"]

Annotation = dict[object, object]

FARTHEST = 1e6
"""The largest coordinate. Beyond it, browsers cannot tell a pixel from the next."""

_ARC = 0.5522847498307936
"""The distance of control points from the ends of a cubic that is a quarter of a unit circle."""


class Malformed(ValueError):
    """An annotation lacks a field of its geometry, or has a wrong one."""


class Ellipse(NamedTuple):
    """An ellipse by two conjugate half diameters, which need not be at right angles.

    Attributes:
        center: Its center.
        first: From the center to a point of it.
        second: From the center to the point a quarter of the way around.
    """

    center: Point
    first: Point
    second: Point

    def at(self, along: float, across: float) -> Point:
        """Return the point at these multiples of the half diameters."""
        (x, y), (ux, uy), (vx, vy) = self
        return x + along * ux + across * vx, y + along * uy + across * vy


def paths_of(annotation: object, task_type: str | None) -> tuple[Path, ...]:
    """Return the paths of an annotation.

    Args:
        annotation: The annotation.
        task_type: The task's type, which tells lines from polygons.

    Raises:
        Malformed: If a field of its geometry is missing or wrong.
    """
    if not isinstance(annotation, dict):
        raise Malformed
    kind = kind_of(annotation, task_type)
    if not isinstance(kind, str) or kind not in _READERS:
        raise Malformed
    return _READERS[kind](annotation)


def kind_of(annotation: Annotation, task_type: str | None) -> object:
    """Return the geometry, guessed from the fields if the annotation does not name it.

    Args:
        annotation: The annotation.
        task_type: The task's type, which tells lines from polygons.

    Returns:
        What the annotation names, known or not; ``"point"`` if there is nothing to guess by.

    Raises:
        Malformed: If ``vertices`` is not a list.
    """
    kind = annotation.get("type") or annotation.get("geometry")
    if kind:
        return kind
    if "left" in annotation and "width" in annotation:
        return "box"
    if "vertices" in annotation:
        if any(isinstance(one, dict) and "description" in one for one in _vertices(annotation)):
            return "cuboid"
        return "line" if task_type == "lineannotation" else "polygon"
    return "point"


def _number(fields: Annotation, name: str) -> float:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Malformed
    if not -FARTHEST <= value <= FARTHEST:  # nor is NaN
        raise Malformed
    return float(value)


def _point(fields: object) -> Point:
    if not isinstance(fields, dict):
        raise Malformed
    return _number(fields, "x"), _number(fields, "y")


def _vertices(annotation: Annotation) -> list[object] | tuple[object, ...]:
    vertices = annotation.get("vertices")
    if not isinstance(vertices, (list, tuple)):
        raise Malformed
    return vertices


def _points(annotation: Annotation, least: int, most: int | None = None) -> tuple[Point, ...]:
    vertices = _vertices(annotation)
    if len(vertices) < least or (most is not None and len(vertices) > most):
        raise Malformed
    return tuple(_point(vertex) for vertex in vertices)


def _box(annotation: Annotation) -> tuple[Path, ...]:
    # The other fields of a rotated box are those from before the rotation.
    if annotation.get("vertices") is not None:
        return (Path(_points(annotation, 4, 4), closed=True),)
    left, top = _number(annotation, "left"), _number(annotation, "top")
    width, height = _number(annotation, "width"), _number(annotation, "height")
    if width < 0 or height < 0:
        raise Malformed
    right, bottom = left + width, top + height
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    if annotation.get("rotation") is not None:
        centre = (left + right) / 2, (top + bottom) / 2
        corners = _turned(corners, centre, _number(annotation, "rotation"))
    return (Path(corners, closed=True),)


def _turned(
    corners: tuple[Point, Point, Point, Point], centre: Point, angle: float
) -> tuple[Point, Point, Point, Point]:
    """Rotate a box clockwise, since y points down, by an angle in radians."""

    def turn(corner: Point) -> Point:
        x, y = corner[0] - centre[0], corner[1] - centre[1]
        return (
            centre[0] + x * cos(angle) - y * sin(angle),
            centre[1] + x * sin(angle) + y * cos(angle),
        )

    first, second, third, fourth = corners
    return turn(first), turn(second), turn(third), turn(fourth)


def _polygon(annotation: Annotation) -> tuple[Path, ...]:
    return (Path(_points(annotation, 3), closed=True),)


def _line(annotation: Annotation) -> tuple[Path, ...]:
    return (Path(_points(annotation, 2)),)


def _dot(annotation: Annotation) -> tuple[Path, ...]:
    return (Path((_point(annotation),)),)


def ellipse_of(annotation: Annotation) -> Ellipse:
    """Return the ellipse through four extremal points.

    Args:
        annotation: An annotation whose geometry is ``ellipse``.

    Raises:
        Malformed: If it does not have four vertices.
    """
    extremes = _points(annotation, 4, 4)
    half = [
        ((start[0] - end[0]) / 2, (start[1] - end[1]) / 2)
        for start, end in zip(extremes[:2], extremes[2:], strict=True)
    ]
    center = sum(x for x, _ in extremes) / 4, sum(y for _, y in extremes) / 4
    return Ellipse(center, *half)


def _ellipse(annotation: Annotation) -> tuple[Path, ...]:
    at = ellipse_of(annotation).at
    quarters = (((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1)), ((0, -1), (1, 0)))
    cubics = (
        (at(a + c * _ARC, b + d * _ARC), at(c + a * _ARC, d + b * _ARC), at(c, d))
        for (a, b), (c, d) in quarters
    )
    return (Path((at(1, 0), *chain.from_iterable(cubics)), closed=True, curved=True),)


def _cuboid(annotation: Annotation) -> tuple[Path, ...]:
    """Return the face and the side of a cuboid. The side joins the nearer edge of the face."""
    corners: dict[object, Point] = {}
    for vertex in _vertices(annotation):
        point = _point(vertex)
        if isinstance(vertex, dict) and isinstance(vertex.get("description"), str):
            corners[vertex["description"]] = point
    try:
        face = tuple(corners[f"face-{name}"] for name in _FACE)
        side_top, side_bottom = corners["side-topcorner"], corners["side-bottomcorner"]
    except KeyError:
        raise Malformed from None
    top_left, top_right, bottom_right, bottom_left = face

    def distance(top: Point, bottom: Point) -> float:
        """Return twice the distance of an edge's middle from that of the side corners."""
        return hypot(
            side_top[0] + side_bottom[0] - top[0] - bottom[0],
            side_top[1] + side_bottom[1] - top[1] - bottom[1],
        )

    # Both have the same direction, so that their overlap is inside too.
    if distance(top_right, bottom_right) <= distance(top_left, bottom_left):
        side = top_right, side_top, side_bottom, bottom_right
    else:
        side = side_top, top_left, bottom_left, side_bottom
    return Path(face, closed=True), Path(side, closed=True)


_FACE = ("topleft", "topright", "bottomright", "bottomleft")

_READERS: Mapping[str, Callable[[Annotation], tuple[Path, ...]]] = {
    "box": _box,
    "polygon": _polygon,
    "line": _line,
    "point": _dot,
    "ellipse": _ellipse,
    "cuboid": _cuboid,
}
