"""Labels beside shapes, placed so that none hides another one, another shape or the legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise, product
from typing import NamedTuple

from .occupancy import Grid, Rows
from .outlines import flattened
from .panel import width_of
from .paths import Frame, Path, Point

__all__ = ["Named", "Placement", "Tag"]

_HEIGHT, _BASELINE, _START, _END = 1.3, 1.0, 0.55, 0.3
"""The parts of a tag, in heights of letters."""

_LARGE = 3
"""How many times as high as its label a shape is, if the label may be in it."""

_MOST_WORK = 200_000
"""The most cells in which sides of outlines are looked up, about half a second."""


class Named(NamedTuple):
    """A shape that needs a label.

    Attributes:
        text: The label.
        color: Its color.
        paths: The paths of the shape.
        bounds: The bounds of the shape, with its strokes.
        width: The width of its strokes.
    """

    text: str
    color: str
    paths: tuple[Path, ...]
    bounds: Frame
    width: float


class Tag(NamedTuple):
    """A label beside a shape.

    Attributes:
        text: The label.
        color: The color of its shape.
        ground: Its background.
        font: The height of letters.
        leader: The line to its shape, if it is not beside it.
    """

    text: str
    color: str
    ground: Frame
    font: float
    leader: Path | None

    @property
    def place(self) -> Point:
        """The left end of the baseline."""
        return self.ground.left + _START * self.font, self.ground.top + _BASELINE * self.font

    @property
    def bar(self) -> Frame:
        """The part of the background that has the color of the shape."""
        left, top, _, bottom = self.ground
        return Frame(left, top, left + 0.25 * self.font, bottom)


class Placement:
    """Shapes in a picture, and where their labels are.

    A label is beside its shape, or in it if the shape is large. Where another shape is in the
    way, the label moves to the nearest place that is free, and a line leads to its shape. If no
    place in the picture is free of other shapes, it may be in one, but not on its outline.

    Args:
        shapes: The shapes. Those outside of the picture get no label.
        font: The height of letters.
        picture: The frame of the picture.
    """

    def __init__(self, shapes: Iterable[Named], font: float, picture: Frame) -> None:
        self._shapes = [shape for shape in shapes if picture.meets(shape.bounds)]
        self._font = font
        self._grid = Grid(picture, font / 4)
        if sum(self._grid.work(shape.paths) for shape in self._shapes) > _MOST_WORK:
            self._shapes = []
        self._written: Rows = self._grid.empty()

    @cached_property
    def _covered(self) -> list[list[Rows]]:
        """What each shape covers: first with its inside, then its outline only."""
        return [
            [self._grid.shape(one.paths, one.width, filled=filled) for one in self._shapes]
            for filled in (True, False)
        ]

    def tags(self, taken: Iterable[Frame]) -> list[Tag]:
        """Return the labels that fit, in the order of the shapes.

        There are none if the outlines are so long that finding room would take seconds.

        Args:
            taken: Where something else is written.
        """
        self._written = self._grid.empty()
        for frame in taken:
            self._write(frame)
        placed: dict[int, Tag] = {}
        for shapes in self._covered:
            everything = _merged(shapes, self._grid.empty())
            others = _others(shapes)
            for find, obstacles in (
                (self._beside, others),
                (self._moved, [everything] * len(shapes)),
                (self._moved, others),  # on its own shape
            ):
                for number, shape in enumerate(self._shapes):
                    if number in placed:
                        continue
                    if tag := find(shape, _union(self._written, obstacles[number])):
                        placed[number] = tag
                        self._write(tag.ground)
        return [placed[number] for number in sorted(placed)]

    def _write(self, frame: Frame) -> None:
        self._written = _union(self._written, self._grid.box(frame))

    def _size(self, shape: Named) -> tuple[float, float]:
        width = width_of(shape.text, self._font) + (_START + _END) * self._font
        return width, _HEIGHT * self._font

    def _beside(self, shape: Named, covered: Rows) -> Tag | None:
        for ground in self._places(shape):
            if self._grid.is_free(covered, ground):
                return Tag(shape.text, shape.color, ground, self._font, None)
        return None

    def _places(self, shape: Named) -> Iterator[Frame]:
        """Yield the places above, below, right and left of a shape, and in a large one."""
        picture, bounds = self._grid.frame, shape.bounds
        width, height = self._size(shape)
        columns = [
            max(picture.left, min(x, picture.right - width))
            for x in (bounds.left, bounds.right - width)
        ]
        rows = [
            max(picture.top, min(y, picture.bottom - height))
            for y in (bounds.top, bounds.bottom - height)
        ]
        corners = [
            *product(columns, (bounds.top - height, bounds.bottom)),
            *product((bounds.right, bounds.left - width), rows),
        ]
        if bounds.width > width and bounds.height > _LARGE * height:
            inside = max(bounds.top, picture.top) + shape.width
            corners += product(columns, [inside])
        for x, y in corners:
            yield Frame(x, y, x + width, y + height)

    def _moved(self, shape: Named, covered: Rows) -> Tag | None:
        ground = self._grid.nearest(covered, *self._size(shape), shape.bounds)
        if ground is None:
            return None
        return Tag(shape.text, shape.color, ground, self._font, _leader(ground, shape))


def _others(shapes: Sequence[Rows]) -> list[Rows]:
    """Return for each shape the cells that any other one covers."""
    once = twice = [0] * len(shapes[0]) if shapes else []
    for rows in shapes:
        twice = _union(twice, [*map(int.__and__, once, rows)])
        once = _union(once, rows)
    return [
        [two | (one & ~own) for one, two, own in zip(once, twice, rows, strict=True)]
        for rows in shapes
    ]


def _merged(shapes: Iterable[Rows], empty: Rows) -> Rows:
    for rows in shapes:
        empty = _union(empty, rows)
    return empty


def _union(one: Rows, other: Rows) -> Rows:
    return [*map(int.__or__, one, other)]


def _leader(ground: Frame, shape: Named) -> Path:
    """Return the line from a label to the nearest point of its shape."""
    middle = (ground.left + ground.right) / 2, (ground.top + ground.bottom) / 2
    x, y = min(_nearest_points(shape.paths, middle), key=lambda point: _squared(point, middle))
    start = min(max(x, ground.left), ground.right), min(max(y, ground.top), ground.bottom)
    return Path((start, (x, y)))


def _nearest_points(paths: Iterable[Path], to: Point) -> Iterator[Point]:
    """Yield the point of each side that is nearest to another point."""
    for path in paths:
        corners = flattened(path)
        yield corners[0]
        for (x, y), (to_x, to_y) in pairwise([*corners, *corners[: 1 if path.closed else 0]]):
            across, down = to_x - x, to_y - y
            length = across**2 + down**2
            along = ((to[0] - x) * across + (to[1] - y) * down) / length if length else 0.0
            along = min(max(along, 0.0), 1.0)
            yield x + along * across, y + along * down


def _squared(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
