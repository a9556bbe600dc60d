"""Which parts of a picture are covered, on a grid, to find room for labels.

A row of the grid is one integer with a bit per cell, so that a whole row is tested at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from math import ceil, floor

from .outlines import flattened
from .paths import Frame, Path, Point

__all__ = ["Grid", "Rows"]

Rows = list[int]
"""The covered cells of each row, the leftmost cell in the lowest bit."""

_MOST = 2_000
"""The most rows or columns. Labels in a picture of extreme proportions are placed less tightly."""


class Grid:
    """A picture in square cells.

    Args:
        frame: The frame of the picture.
        cell: The wanted side of a cell, in pixels.
    """

    def __init__(self, frame: Frame, cell: float) -> None:
        self.frame = frame
        self.cell: float = max(cell, max(frame.width, frame.height) / _MOST)

    @cached_property
    def columns(self) -> int:
        """The number of cells in a row, the last one partly outside of the picture."""
        return max(1, ceil(self.frame.width / self.cell))

    @cached_property
    def rows(self) -> int:
        """The number of rows, the last one partly outside of the picture."""
        return max(1, ceil(self.frame.height / self.cell))

    def empty(self) -> Rows:
        """Return rows without a covered cell."""
        return [0] * self.rows

    def box(self, frame: Frame) -> Rows:
        """Return the cells that a frame touches."""
        left, top = self._cells((frame.left, frame.top))
        right, bottom = self._cells((frame.right, frame.bottom))
        bits = self._bits(left, right)
        first, last = max(0, floor(top)), min(self.rows - 1, floor(bottom))
        return [bits if first <= row <= last else 0 for row in range(self.rows)]

    def shape(self, paths: Iterable[Path], width: float, *, filled: bool) -> Rows:
        """Return the cells that the strokes of paths touch, and those inside of closed ones.

        Args:
            paths: The paths.
            width: The width of strokes in pixels.
            filled: Whether to include the inside.
        """
        rows = self.empty()
        for path in paths:
            corners = [self._cells(point) for point in flattened(path)]
            sides = [*pairwise([*corners, *corners[: 1 if path.closed else 0]])]
            for start, end in sides or [(corners[0], corners[0])]:
                self._stroke(rows, start, end, width / 2 / self.cell)
            if filled and path.closed:
                self._fill(rows, sides)
        return rows

    def work(self, paths: Iterable[Path]) -> float:
        """Return in how many rows the sides of paths are, each counted on its own."""
        heights = 0.0
        for path in paths:
            rows = [self._cells(point)[1] for point in path.points]
            within = [min(max(row, 0), self.rows) for row in rows]
            heights += len(rows) + sum(abs(end - start) for start, end in pairwise(within))
        return heights

    def is_free(self, rows: Rows, frame: Frame) -> bool:
        """Return whether a frame lies in the picture and touches no covered cell."""
        picture = self.frame
        return (
            picture.left <= frame.left
            and frame.right <= picture.right
            and picture.top <= frame.top
            and frame.bottom <= picture.bottom
            and not any(map(int.__and__, rows, self.box(frame)))
        )

    def nearest(self, rows: Rows, width: float, height: float, bounds: Frame) -> Frame | None:
        """Return the free place of a size that is nearest to a shape, if there is one.

        Args:
            rows: The covered cells.
            width: The width of the place in pixels.
            height: The height of the place in pixels.
            bounds: The bounds of the shape.
        """
        across, down = ceil(width / self.cell), ceil(height / self.cell)
        left, top = self._cells((bounds.left, bounds.top))
        right, bottom = self._cells((bounds.right, bounds.bottom))
        best: tuple[float, float, int, int] | None = None
        last_row = floor((self.frame.height - height) / self.cell)
        last_column = floor((self.frame.width - width) / self.cell)
        for row in range(last_row + 1):
            covered = 0
            for one in rows[row : row + down]:
                covered |= one
            gap_y = max(0, row - bottom, top - row - down)
            for column in self._nearest_columns(covered, across, floor(left), last_column):
                gap_x = max(0, column - right, left - column - across)
                found = (gap_x**2 + gap_y**2, abs(column - left), row, column)
                best = found if best is None else min(best, found)
        if best is None:
            return None
        x = self.frame.left + best[3] * self.cell
        y = self.frame.top + best[2] * self.cell
        return Frame(x, y, x + width, y + height)

    @staticmethod
    def _nearest_columns(covered: int, across: int, wanted: int, last: int) -> Iterator[int]:
        """Yield the nearest free columns to the left and to the right of a wanted one."""
        if last < 0:
            return
        spread, reach = covered, 1
        while reach < across:  # a place is free if all of its cells are
            step = min(reach, across - reach)
            spread |= spread >> step
            reach += step
        free = ~spread & ((1 << (last + 1)) - 1)
        wanted = min(max(wanted, 0), last)
        if before := free & ((1 << (wanted + 1)) - 1):
            yield before.bit_length() - 1
        if after := free >> wanted:
            yield wanted + (after & -after).bit_length() - 1

    def _cells(self, point: Point) -> Point:
        return (
            (point[0] - self.frame.left) / self.cell,
            (point[1] - self.frame.top) / self.cell,
        )

    def _bits(self, left: float, right: float) -> int:
        """Return the bits of the cells from one place to another."""
        first, last = max(0, floor(left)), min(self.columns - 1, floor(right))
        return ((1 << (last - first + 1)) - 1) << first if first <= last else 0

    def _stroke(self, rows: Rows, start: Point, end: Point, radius: float) -> None:
        (x, y), (to_x, to_y) = sorted((start, end), key=lambda point: point[1])
        slope = (to_x - x) / (to_y - y) if to_y > y else 0.0
        first, last = max(0, floor(y - radius)), min(self.rows - 1, floor(to_y + radius))
        for row in range(first, last + 1):
            if slope:
                upper = x + slope * (min(max(row - radius, y), to_y) - y)
                lower = x + slope * (min(max(row + 1 + radius, y), to_y) - y)
            else:
                upper, lower = x, to_x
            rows[row] |= self._bits(min(upper, lower) - radius, max(upper, lower) + radius)

    def _fill(self, rows: Rows, sides: Sequence[tuple[Point, Point]]) -> None:
        """Cover the cells whose middle is inside; a stroke covers all others at the edge."""
        crossings: list[list[tuple[float, int]]] = [[] for _ in rows]
        for start, end in sides:
            (x, y), (to_x, to_y) = sorted((start, end), key=lambda point: point[1])
            direction = 1 if start[1] <= end[1] else -1
            for row in range(max(0, ceil(y - 0.5)), min(self.rows, ceil(to_y - 0.5))):
                at = x + (to_x - x) * (row + 0.5 - y) / (to_y - y)
                crossings[row].append((at, direction))
        for row, found in enumerate(crossings):
            turns = 0
            for (at, direction), (until, _) in pairwise(sorted(found)):
                turns += direction
                if turns:
                    rows[row] |= self._bits(ceil(at - 0.5), floor(until - 0.5))
