"""Paths and frames, in pixels of the image: x to the right, y down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Frame", "Path", "Point", "bounds_of"]

Point = tuple[float, float]


class Path(NamedTuple):
    """A line or curve.

    Attributes:
        points: The corners; a path of one point is a dot. A curve has its start and then three
            points per cubic Bezier: two control points and the end.
        closed: Whether it returns to its start, and so has an inside.
        curved: Whether it is a curve.
    """

    points: tuple[Point, ...]
    closed: bool = False
    curved: bool = False


class Frame(NamedTuple):
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """The distance from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The distance from top to bottom."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height

    def grown(self, margin: float) -> Frame:
        """Return a frame with a margin around it."""
        left, top, right, bottom = self
        return Frame(left - margin, top - margin, right + margin, bottom + margin)

    def meets(self, other: Frame) -> bool:
        """Return whether two frames have a point in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


def bounds_of(paths: Iterable[Path]) -> Frame:
    """Return the smallest frame around the points of paths, control points included."""
    points = [point for path in paths for point in path.points]
    across, down = [x for x, _ in points], [y for _, y in points]
    return Frame(min(across), min(down), max(across), max(down))
