"""Geometry of the plane: areas, distances, clipping, rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from ...drawing.paths import Point

__all__ = [
    "area_of",
    "clamped",
    "clipped",
    "distance_to_outline",
    "outside_by",
    "smallest_rectangle",
]


def area_of(polygon: Sequence[Point]) -> float:
    """Return the area inside a polygon that does not cross itself."""
    if not polygon:
        return 0.0
    x0, y0 = polygon[0]  # near the polygon, so that large coordinates do not cost digits
    total = 0.0
    for (ax, ay), (bx, by) in pairwise((*polygon, polygon[0])):
        total += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
    return abs(total) / 2


def distance_to_outline(point: Point, polygon: Sequence[Point]) -> float:
    """Return the distance of a point from the sides of a polygon."""
    return min(_distance(point, a, b) for a, b in pairwise((*polygon, polygon[0])))


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = point[0] - start[0], point[1] - start[1]
    square = dx * dx + dy * dy
    along = min(1.0, max(0.0, (px * dx + py * dy) / square)) if square else 0.0
    return hypot(px - along * dx, py - along * dy)


def clamped(points: Sequence[Point], width: float, height: float) -> tuple[Point, ...]:
    """Return points with those outside of an image moved to its edge."""
    return tuple((min(max(x, 0.0), width), min(max(y, 0.0), height)) for x, y in points)


def outside_by(points: Sequence[Point], width: float, height: float) -> float:
    """Return how far the farthest of points is outside of an image, 0 if none is."""
    return max(hypot(max(-x, 0.0, x - width), max(-y, 0.0, y - height)) for x, y in points)


def clipped(points: Sequence[Point], width: float, height: float) -> tuple[Point, ...]:
    """Return the part of a polygon inside an image, by the method of Sutherland and Hodgman."""
    kept = [*points]
    for axis, edge, sign in ((0, 0.0, 1), (0, width, -1), (1, 0.0, 1), (1, height, -1)):
        kept = _half(kept, axis, edge, sign)
    return clamped(kept, width, height) if len(kept) >= 3 else ()


def _half(points: list[Point], axis: int, edge: float, sign: int) -> list[Point]:
    """Return the part of a polygon on one side of an edge: beyond it, or before it for -1."""
    kept: list[Point] = []
    for previous, point in zip(points[-1:] + points[:-1], points, strict=True):
        is_inside = sign * (point[axis] - edge) >= 0
        if is_inside != (sign * (previous[axis] - edge) >= 0):
            part = (edge - previous[axis]) / (point[axis] - previous[axis])
            kept.append(
                (
                    previous[0] + part * (point[0] - previous[0]),
                    previous[1] + part * (point[1] - previous[1]),
                )
            )
        if is_inside:
            kept.append(point)
    return kept


def smallest_rectangle(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the corners of the smallest rectangle around points. One side is on their hull."""
    hull = _hull(points)
    if len(hull) == 1:
        return (hull[0],) * 4
    best: tuple[float, tuple[Point, ...]] | None = None
    for (ax, ay), (bx, by) in pairwise((*hull, hull[0])):
        length = hypot(bx - ax, by - ay)
        ux, uy = (bx - ax) / length, (by - ay) / length
        along = [x * ux + y * uy for x, y in hull]
        across = [y * ux - x * uy for x, y in hull]
        a, b, c, d = min(along), max(along), min(across), max(across)
        size = (b - a) * (d - c)
        if best is None or size < best[0]:
            corners = ((a, c), (b, c), (b, d), (a, d))
            best = size, tuple((p * ux - q * uy, p * uy + q * ux) for p, q in corners)
    return best[1] if best else ()


def _hull(points: Sequence[Point]) -> list[Point]:
    """Return the convex hull of points, by Andrew's monotone chain."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    halves: list[Point] = []
    for sequence in (ordered, ordered[::-1]):
        half: list[Point] = []
        for point in sequence:
            while len(half) >= 2 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        halves += half[:-1]
    return halves


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
