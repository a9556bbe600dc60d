"""How much of each pixel polygons cover.

Pillow rounds polygons to whole pixels and draws them a pixel too large, which thin lines do not
allow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from .paths import Point

__all__ = ["coverage"]

_LINES = 4
"""The number of scan lines per row of pixels. Along a scan line, coverage is exact."""

_Crossings = list[tuple[float, int]]


def coverage(polygons: Iterable[Sequence[Point]], width: int, height: int) -> bytes:
    """Return one byte per pixel, row by row, from 0 outside of all polygons to 255 inside of one.

    The inside is that of SVG's fill rule ``nonzero``.

    Args:
        polygons: The corners of each polygon.
        width: The width of the image in pixels.
        height: The height of the image in pixels.
    """
    crossings: list[_Crossings] = [[] for _ in range(height * _LINES)]
    for polygon in polygons:
        for start, end in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            _cross(crossings, start, end)
    rows = range(0, len(crossings), _LINES)
    return b"".join(_row(crossings[first : first + _LINES], width) for first in rows)


def _cross(crossings: list[_Crossings], start: Point, end: Point) -> None:
    """Record where an edge crosses scan lines, and whether it goes down (1) or up (-1)."""
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
    """Return a row of pixels. Between the ends of spans, all pixels are equal."""
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
    """Yield where each part of a scan line that is inside begins and ends."""
    turns = 0
    start = 0.0
    for x, direction in sorted(line):
        if turns == 0:
            start = x
        turns += direction
        if turns == 0:
            yield start, x
