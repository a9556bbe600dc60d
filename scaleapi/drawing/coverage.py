"""How much of each pixel polygons cover.

Pillow draws polygons to whole pixels, and a pixel too large. Thin lines need better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from .paths import Point

__all__ = ["coverage"]

_LINES = 4
"""How many lines across each row of pixels are looked at. Along a line, coverage is exact."""

_Crossings = list[tuple[float, int]]


def coverage(polygons: Iterable[Sequence[Point]], width: int, height: int) -> bytes:
    """Return one byte per pixel, row by row: 0 is outside, 255 is inside of a polygon.

    Inside is where polygons turn around a point (SVG's ``nonzero``).
    """
    crossings: list[_Crossings] = [[] for _ in range(height * _LINES)]
    for polygon in polygons:
        for start, end in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            _cross(crossings, start, end)
    rows = range(0, len(crossings), _LINES)
    return b"".join(_row(crossings[first : first + _LINES], width) for first in rows)


def _cross(crossings: list[_Crossings], start: Point, end: Point) -> None:
    """Note where an edge crosses lines, and whether it goes down (1) or up (-1)."""
    direction = 1
    if start[1] > end[1]:
        start, end, direction = end, start, -1
    first = max(0, ceil(start[1] * _LINES - 0.5))
    last = min(len(crossings), ceil(end[1] * _LINES - 0.5))
    if first >= last:
        return
    slope = (end[0] - start[0]) / (end[1] - start[1])
    x = start[0] + slope * ((first + 0.5) / _LINES - start[1])
    step = slope / _LINES
    for line in range(first, last):
        crossings[line].append((x, direction))
        x += step


def _row(lines: list[_Crossings], width: int) -> bytes:
    """Return a row of pixels; between the ends of spans, pixels are alike."""
    changes: defaultdict[int, float] = defaultdict(float)
    for line in lines:
        for start, end in _spans(line):
            for x, sign in ((start, 1), (end, -1)):
                inside = min(max(x, 0.0), float(width))
                pixel = int(inside)
                changes[pixel] += sign * (pixel + 1 - inside)
                changes[pixel + 1] += sign * (inside - pixel)
    row = bytearray()
    level = 0.0
    for pixel in sorted(changes):
        row += bytes([round(level * 255 / _LINES)]) * (pixel - len(row))
        level += changes[pixel]
    return bytes(row[:width]).ljust(width, b"\0")


def _spans(line: _Crossings) -> Iterator[tuple[float, float]]:
    """Yield from where to where a line is inside."""
    turns = 0
    start = 0.0
    for x, direction in sorted(line):
        if turns == 0:
            start = x
        turns += direction
        if turns == 0:
            yield start, x
