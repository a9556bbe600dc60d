"""The shape of an annotation, and the simpler shapes that stand for it in a format."""

from __future__ import annotations

from collections.abc import Sequence
from math import acos, atan2, ceil, cos, degrees, dist, hypot, pi, sin, sqrt
from typing import Any, NamedTuple, cast

from ...drawing.geometry import Ellipse, Malformed, ellipse_of, kind_of, paths_of
from ...drawing.paths import Frame, Path, Point
from .planes import distance_to_outline, smallest_rectangle

__all__ = [
    "EXACT",
    "Fit",
    "Malformed",
    "Rectangle",
    "Shape",
    "corners_of",
    "is_rectangle",
    "rectangle_of",
]

#: The largest distance of the polygon that stands for an ellipse from it, in pixels.
TOLERANCE = 0.25

#: Fewer sides would take more than one percent of the area of an ellipse away.
_FEWEST_SIDES = 32

#: Below this many pixels, a difference is one of floating point.
EXACT = 1e-6

#: A rotated box whose corners differ by less from a rectangle is one.
_RECTANGULAR = 0.01


class Fit(NamedTuple):
    """Points that stand for a shape.

    Attributes:
        points: The points.
        reason: What was lost, empty if nothing.
        error: The largest distance from the shape, in pixels.
    """

    points: tuple[Point, ...]
    reason: str = ""
    error: float | None = None


class Rectangle(NamedTuple):
    """A rectangle before and its rotation around its center, clockwise in radians."""

    left: float
    top: float
    width: float
    height: float
    rotation: float


class Shape(NamedTuple):
    """The shape of an annotation.

    Attributes:
        geometry: ``"box"``, ``"rotated box"``, ``"polygon"``, ``"line"``, ``"point"``,
            ``"ellipse"`` or ``"cuboid"``.
        points: Its corners or vertices. Of an ellipse, none. Of a cuboid, the four corners of
            the face, then the two of the side.
        ellipse: The ellipse, if it is one.
        side_is_right: Whether the side of a cuboid joins the right edge of the face.
        misfit: The distance of an ellipse from its four extremal points.
    """

    geometry: str
    points: tuple[Point, ...] = ()
    ellipse: Ellipse | None = None
    side_is_right: bool = True
    misfit: float = 0.0

    @classmethod
    def of(cls, annotation: dict[str, Any], task_type: str | None) -> Shape:
        """Return the shape of an annotation.

        Args:
            annotation: The annotation.
            task_type: The task's type, which tells lines from polygons.

        Raises:
            Malformed: If a field of its geometry is missing or wrong.
        """
        fields = cast("dict[object, object]", annotation)
        paths = paths_of(fields, task_type)
        kind = str(kind_of(fields, task_type))
        points = paths[0].points
        if kind == "box":
            return cls("box" if _is_upright(points) else "rotated box", points)
        if kind == "ellipse":
            return cls._of_ellipse(fields)
        if kind == "cuboid":
            return cls._of_cuboid(paths)
        return cls(kind, points)

    @classmethod
    def _of_ellipse(cls, fields: dict[object, object]) -> Shape:
        ellipse = ellipse_of(fields)
        vertex = fields["vertices"][0]  # type: ignore[index]  # ellipse_of() has seen four points
        misfit = dist(ellipse.at(1, 0), (vertex["x"], vertex["y"]))
        return cls("ellipse", (), ellipse, misfit=misfit)

    @classmethod
    def _of_cuboid(cls, paths: tuple[Path, ...]) -> Shape:
        face, side = paths[0].points, paths[1].points
        right = side[0] == face[1] and side[3] == face[2]
        corners = (side[1], side[2]) if right else (side[0], side[3])
        return cls("cuboid", (*face, *corners), side_is_right=right)

    @property
    def has_inside(self) -> bool:
        """Whether it is neither a line nor a point."""
        return self.geometry not in ("line", "point")

    def bounds(self) -> Frame:
        """Return the smallest upright rectangle around it."""
        if self.ellipse is not None:
            (x, y), (ux, uy), (vx, vy) = self.ellipse
            across, down = hypot(ux, vx), hypot(uy, vy)
            return Frame(x - across, y - down, x + across, y + down)
        across_all = [x for x, _ in self.points]
        down_all = [y for _, y in self.points]
        return Frame(min(across_all), min(down_all), max(across_all), max(down_all))

    def outline(self) -> Fit:
        """Return the polygon around it."""
        if self.ellipse is not None:
            return self._outline_of_ellipse(self.ellipse)
        if self.geometry == "cuboid":
            top_left, top_right, bottom_right, bottom_left, side_top, side_bottom = self.points
            face = top_left, top_right, bottom_right, bottom_left
            points = (
                (top_left, top_right, side_top, side_bottom, bottom_right, bottom_left)
                if self.side_is_right
                else (*face, side_bottom, side_top)
            )
            return Fit(points, "as its outline, without the edge between face and side", 0.0)
        return Fit(self.points)

    def _outline_of_ellipse(self, ellipse: Ellipse) -> Fit:
        radius = max(_axes(ellipse)[:2])
        step = acos(1 - TOLERANCE / radius) if radius > TOLERANCE else pi
        sides = max(_FEWEST_SIDES, ceil(pi / step))
        points = tuple(
            ellipse.at(cos(2 * pi * number / sides), sin(2 * pi * number / sides))
            for number in range(sides)
        )
        error = radius * (1 - cos(pi / sides)) + self.misfit
        return Fit(points, "as a polygon", error)

    def box(self) -> Fit:
        """Return the corners of the smallest upright rectangle around it."""
        frame = self.bounds()
        corners = (
            (frame.left, frame.top),
            (frame.right, frame.top),
            (frame.right, frame.bottom),
            (frame.left, frame.bottom),
        )
        return self._standing_in(corners, "as an upright box")

    def rotated(self) -> Fit:
        """Return the corners of the smallest rectangle around it."""
        if self.geometry in ("box", "rotated box"):
            return Fit(self.points)
        if self.ellipse is None:
            return self._standing_in(smallest_rectangle(self.points), "as a rotated box")
        (x, y), _, _ = self.ellipse
        long, short, angle = _axes(self.ellipse)
        rectangle = Rectangle(x - long, y - short, 2 * long, 2 * short, angle)
        return self._standing_in(corners_of(rectangle), "as a rotated box")

    def _standing_in(self, corners: tuple[Point, ...], reason: str) -> Fit:
        """Return corners with their largest distance from the outline."""
        outline = self.outline()
        error = max(distance_to_outline(corner, outline.points) for corner in corners)
        if self.geometry == "cuboid" or error > EXACT:
            return Fit(corners, reason, error)
        return Fit(corners)

    def axes(self) -> tuple[float, float, float]:
        """Return both radii of an ellipse, and the angle of the first: clockwise in degrees."""
        if self.ellipse is None:
            raise Malformed
        first, second, angle = _axes(self.ellipse)
        return first, second, degrees(angle)


def _is_upright(corners: Sequence[Point]) -> bool:
    """Return whether four corners are those of a box, the top left first and clockwise."""
    (a, b), (c, d), (e, f), (g, h) = corners
    return a == g and c == e and b == d and f == h and a <= c and b <= f


def _axes(ellipse: Ellipse) -> tuple[float, float, float]:
    """Return the half axes of an ellipse, and the direction of the first in radians.

    They are the singular values of the half diameters. If those are at right angles, they are
    the half axes, in the same order.
    """
    _, (ux, uy), (vx, vy) = ellipse
    first, second = hypot(ux, uy), hypot(vx, vy)
    if abs(ux * vx + uy * vy) <= 1e-12 * first * second:
        return first, second, atan2(uy, ux) if first else atan2(-vx, vy)
    across, down, mixed = ux * ux + vx * vx, uy * uy + vy * vy, ux * uy + vx * vy
    angle = atan2(2 * mixed, across - down) / 2
    mean, spread = (across + down) / 2, hypot((across - down) / 2, mixed)
    long = sqrt(mean + spread)
    # Not the root of the difference, which loses half of the digits of a thin ellipse.
    return long, abs(ux * vy - uy * vx) / long, angle


def rectangle_of(corners: Sequence[Point]) -> tuple[Rectangle, float]:
    """Return the rectangle with four corners, and the largest distance of one from it.

    Args:
        corners: The corners, the one at the top left first and clockwise, before the rotation.
    """
    first, second, third, fourth = corners
    x, y = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
    width = (dist(first, second) + dist(fourth, third)) / 2
    height = (dist(second, third) + dist(first, fourth)) / 2
    along = second[0] - first[0] + third[0] - fourth[0], second[1] - first[1] + third[1] - fourth[1]
    down = fourth[0] - first[0] + third[0] - second[0], fourth[1] - first[1] + third[1] - second[1]
    rotation = atan2(along[1], along[0]) if width else atan2(-down[0], down[1])
    rectangle = Rectangle(x - width / 2, y - height / 2, width, height, rotation)
    error = max(map(dist, corners_of(rectangle), corners))
    return rectangle, error


def corners_of(rectangle: Rectangle) -> tuple[Point, ...]:
    """Return the corners of a rectangle, in the order of :func:`rectangle_of`."""
    left, top, width, height, rotation = rectangle
    x, y, c, s = left + width / 2, top + height / 2, cos(rotation), sin(rotation)
    offsets = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return tuple(
        (
            x + a * width / 2 * c - b * height / 2 * s,
            y + a * width / 2 * s + b * height / 2 * c,
        )
        for a, b in offsets
    )


def is_rectangle(corners: Sequence[Point]) -> bool:
    """Return whether four corners are those of a rectangle."""
    return len(corners) == 4 and rectangle_of(corners)[1] <= _RECTANGULAR
