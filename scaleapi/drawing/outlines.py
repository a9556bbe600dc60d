"""Polygons for curves and for the outlines of strokes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import atan2, ceil, cos, hypot, pi, remainder, sin, sqrt

from .paths import Path, Point

__all__ = ["Polygon", "flattened", "stroked"]

Polygon = list[Point]

_TOLERANCE = 0.05
"""The largest distance between a side of a polygon and the arc it replaces, in pixels."""


def flattened(path: Path) -> Polygon:
    """Return the corners of a path, with curves replaced by short lines."""
    if not path.curved:
        return [*path.points]
    corners = [path.points[0]]
    for first in range(0, len(path.points) - 1, 3):
        corners += _cubic(*path.points[first : first + 4])
    return corners


def _cubic(start: Point, first: Point, second: Point, end: Point) -> Iterator[Point]:
    count = _sides(hypot(end[0] - start[0], end[1] - start[1])) // 4 + 1
    for number in range(1, count + 1):
        t = number / count
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        yield (
            a * start[0] + b * first[0] + c * second[0] + d * end[0],
            a * start[1] + b * first[1] + c * second[1] + d * end[1],
        )


def _sides(radius: float) -> int:
    """Return the number of sides that replace a circle."""
    return max(12, ceil(pi / sqrt(2 * _TOLERANCE / max(radius, _TOLERANCE))))


def stroked(path: Path, width: float) -> Iterator[Polygon]:
    """Yield the polygons of a stroke with round ends and joins: bars, and fans between them.

    They overlap, and all have the same direction.

    Args:
        path: The path.
        width: The width of the stroke in pixels.
    """
    radius = width / 2
    corners = flattened(path)
    if path.closed:
        corners.append(corners[0])
    sides = [(start, end) for start, end in pairwise(corners) if start != end]
    if not (sides and path.closed):
        yield _fan(corners[0], radius, 0, 2 * pi)
        yield _fan(corners[-1], radius, 0, 2 * pi)
    angles = [atan2(end[1] - start[1], end[0] - start[0]) for start, end in sides]
    for (start, end), angle in zip(sides, angles, strict=True):
        x, y = radius * sin(angle), -radius * cos(angle)
        yield [
            (start[0] + x, start[1] + y),
            (end[0] + x, end[1] + y),
            (end[0] - x, end[1] - y),
            (start[0] - x, start[1] - y),
        ]
    joined = zip(sides, angles, angles[1:] + angles[:1], strict=True)
    for (_, corner), before, after in [*joined][: None if path.closed else -1]:
        turn = remainder(after - before, 2 * pi)
        # The gap is on the outer side of the turn. Seen from the corner, it begins at the normal
        # of the earlier side in a right turn, and ends there in a left turn.
        first = before - pi / 2 if turn > 0 else before + pi / 2 + turn
        yield _fan(corner, radius, first, abs(turn))


def _fan(middle: Point, radius: float, first: float, width: float) -> Polygon:
    """Return the part of a disc between two angles."""
    count = ceil(_sides(radius) * width / (2 * pi))
    angles = [first + width * number / max(count, 1) for number in range(count + 1)]
    x, y = middle
    return [middle, *((x + radius * cos(angle), y + radius * sin(angle)) for angle in angles)]
