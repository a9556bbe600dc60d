"""Geometry of the plane: areas, distances, clipping, rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from ...drawing.paths import Point

#: A side with its higher end first, and its place in the polygon.
_Side = tuple[Point, Point, int]

__all__ = [
    "area_of",
    "clamped",
    "clipped",
    "distance_to_outline",
    "outside_by",
    "smallest_rectangle",
]


def area_of(polygon: Sequence[Point]) -> float:
    """Return the area inside a polygon; inside of two of its loops is outside, as in masks."""
    if not polygon:
        return 0.0
    sides = _sides(polygon)
    if (crossings := _crossings(sides)) is not None:
        return _area_between(sides, crossings)
    x0, y0 = polygon[0]  # near the polygon, so that large coordinates do not cost digits
    total = 0.0
    for (ax, ay), (bx, by) in pairwise((*polygon, polygon[0])):
        total += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
    return abs(total) / 2


def _sides(polygon: Sequence[Point]) -> list[_Side]:
    """Return the sides of a polygon that have a length, with their places, the highest first."""
    ends = pairwise((*polygon, polygon[0]))
    sides = [(a, b) if a[1] <= b[1] else (b, a) for a, b in ends if a != b]
    return sorted(((*side, place) for place, side in enumerate(sides)), key=lambda one: one[0][1])


def _crossings(sides: list[_Side]) -> list[float] | None:
    """Return how far down sides cross each other, ``None`` if none crosses or touches another."""
    if len(sides) < 4:
        return None
    found: list[float] = []
    touch = False
    beside: list[_Side] = []
    for side in sides:
        start, end, place = side
        left, right = min(start[0], end[0]), max(start[0], end[0])
        beside = [one for one in beside if one[1][1] >= start[1]]
        for first, last, other in beside:
            if (first[0] < left and last[0] < left) or (first[0] > right and last[0] > right):
                continue
            if abs(place - other) in (1, len(sides) - 1):
                continue
            a, b = _turn(start, end, first), _turn(start, end, last)
            c, d = _turn(first, last, start), _turn(first, last, end)
            if (a > 0 and b > 0) or (a < 0 and b < 0) or (c > 0 and d > 0) or (c < 0 and d < 0):
                continue
            touch = True
            if c != d:
                found.append(start[1] + c / (c - d) * (end[1] - start[1]))
        beside.append(side)
    return found if touch else None


def _area_between(sides: list[_Side], crossings: list[float]) -> float:
    """Return the area between every second side, from left to right, and the next."""
    levels = sorted({y for start, end, _ in sides for y in (start[1], end[1])} | {*crossings})
    total, following = 0.0, 0
    beside: list[_Side] = []
    for top, bottom in pairwise(levels):
        while following < len(sides) and sides[following][0][1] <= top:
            beside.append(sides[following])
            following += 1
        beside = [one for one in beside if one[1][1] >= bottom]
        middle = (top + bottom) / 2
        at = sorted(
            x + (middle - y) / (end_y - y) * (end_x - x) for (x, y), (end_x, end_y), _ in beside
        )
        total += (bottom - top) * (sum(at[1::2]) - sum(at[::2]))
    return total


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
