"""The layout of a picture, in pixels of the image, before it is rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from math import floor, sqrt

from ..exceptions import ScaleArgumentError
from .colors import color_of
from .geometry import FARTHEST, Malformed, paths_of
from .panel import Panel, Row, place
from .paths import Frame, Path, bounds_of
from .tags import Named, Placement, Tag
from .text import LONGEST_NAME, describe, label_of, shorten

__all__ = ["Picture", "Shape"]

_LETTERS_ACROSS = 30
_MOST_TAGS = 50
_MOST_ROWS = 8
_DESCRIPTIONS, _SHORTEST = 1_000_000, 100
"""About how many characters the descriptions of all shapes may have, and each of them."""

_EMPTY = Frame(0, 0, 400, 225)


class Shape:
    """The shape of an annotation.

    Args:
        annotation: The annotation.
        task_type: The task's type.

    Raises:
        Malformed: If the annotation cannot be drawn.
    """

    def __init__(self, annotation: object, task_type: str | None) -> None:
        self.paths: tuple[Path, ...] = paths_of(annotation, task_type)
        self.bounds: Frame = bounds_of(self.paths)
        fields = annotation if isinstance(annotation, dict) else {}
        self.label: str = label_of(fields)
        self.description: str = describe(self.label, fields)

    @property
    def is_dot(self) -> bool:
        """Whether it is a single point."""
        return len(self.paths[0].points) == 1

    @property
    def is_closed(self) -> bool:
        """Whether it has an inside."""
        return self.paths[0].closed


def _shortened(labels: Iterable[str]) -> Mapping[str, str]:
    return {label: shorten(label, LONGEST_NAME) for label in labels}


class Picture:
    """Shapes in a frame, large ones first, with a legend and notes.

    Args:
        response_or_annotations: A task's response, or a list of annotations. Those that cannot
            be drawn are counted.
        size: Width and height of the image, if they are known.
        view: The frame, if it is known. An image begins at the origin all the same.
        labels: Whether to write labels and a legend.
        task_type: The task's type, for annotations that do not say what they are.
        has_image: Whether there is an image underneath, which begins at the origin.
        label_order: The labels that get the first colors, in this order. Others follow in the
            order of their first annotation.
        notes: Further notes, each a line of the panel.
        letters_across: The width of the picture in heights of letters.
        spell: Return what is written for each label. By default, that is the label, shortened.

    Raises:
        ScaleArgumentError: If ``size`` is not two numbers from 1 to 1,000,000.
    """

    def __init__(
        self,
        response_or_annotations: object,
        *,
        size: tuple[float, float] | None = None,
        view: Frame | None = None,
        labels: bool = True,
        task_type: str | None = None,
        label_order: Iterable[str] = (),
        has_image: bool = False,
        notes: tuple[str, ...] = (),
        letters_across: float = _LETTERS_ACROSS,
        spell: Callable[[Iterable[str]], Mapping[str, str]] = _shortened,
    ) -> None:
        annotations = _annotations(response_or_annotations)
        self.labels = labels
        self._letters_across = letters_across
        self._spell = spell
        self.shapes: list[Shape] = []
        for annotation in annotations:
            try:
                self.shapes.append(Shape(annotation, task_type))
            except Malformed:
                continue
        order = dict.fromkeys([*label_order, *(shape.label for shape in self.shapes)])
        self.colors: Mapping[str, str] = {
            label: color_of(place) for place, label in enumerate(order)
        }
        # Small shapes are drawn over large ones, which would hide them.
        self.shapes.sort(key=lambda shape: -shape.bounds.area)
        found = _frame(self.shapes, has_image) if size is None else _sized(size)
        self.frame: Frame = found if view is None else view
        self.notes = [*notes]
        if left_out := len(annotations) - len(self.shapes):
            self.notes += [f"{left_out} of {len(annotations)} left out: malformed"]
        elif not annotations:
            self.notes += ["No annotations"]

    @property
    def stroke(self) -> float:
        """The width of lines. It grows with the picture, since large pictures are scaled down."""
        return sqrt(self.frame.area) / 250 * _LETTERS_ACROSS / self._letters_across

    @property
    def dot(self) -> float:
        """The diameter of points."""
        return 4 * self.stroke

    @property
    def font(self) -> float:
        """The height of letters, which can be read where the picture is as wide as a phone."""
        return min(self.frame.width / self._letters_across, self.frame.height / 8)

    @property
    def longest(self) -> int:
        """The most characters of the description of a shape."""
        return max(_SHORTEST, _DESCRIPTIONS // max(1, len(self.shapes)))

    @cached_property
    def counts(self) -> list[tuple[str, int]]:
        """The number of shapes of each label, the most frequent label first."""
        counted = Counter(shape.label for shape in self.shapes)
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What is written for each label."""
        return self._spell([label for label, _ in self.counts])

    @property
    def summary(self) -> str:
        """The picture in words."""
        if not self.shapes:
            return "No annotations"
        several = "annotation" if len(self.shapes) == 1 else "annotations"
        names = [f"{count} {shorten(name)}" for name, count in self.counts[:_MOST_ROWS]]
        names += _others(len(self.counts) - _MOST_ROWS)
        return f"{len(self.shapes)} {several}: {', '.join(names)}"

    def color(self, shape: Shape) -> str:
        """Return the color of a shape, which is that of its label."""
        return self.colors[shape.label]

    @property
    def panel(self) -> Panel | None:
        """The legend and the notes. The legend has labels that are not beside all their shapes."""
        return self._layout[0]

    @property
    def tags(self) -> list[Tag]:
        """The labels beside the shapes, none if there are so many that they hide the picture."""
        return self._layout[1]

    @cached_property
    def _layout(self) -> tuple[Panel | None, list[Tag]]:
        shapes = self._visible if self.labels else []
        panel = self._panel([])
        # Many labels would hide the picture; their legend says what there is.
        named = map(self._named, shapes if len(shapes) <= _MOST_TAGS else [])
        placement = Placement(named, self.font, self.frame)
        tags = placement.tags([] if panel is None else [panel.frame])
        if len(tags) < len(shapes):
            placed = Counter(tag.text for tag in tags)
            seen = Counter(shape.label for shape in shapes)
            missing = [label for label, _ in self.counts if placed[self.names[label]] < seen[label]]
            panel = self._panel(missing)
            tags = placement.tags([] if panel is None else [panel.frame])
        return panel, tags

    @property
    def _visible(self) -> list[Shape]:
        return [shape for shape in self.shapes if self.frame.meets(self._named(shape).bounds)]

    def _panel(self, labels: list[str]) -> Panel | None:
        # It hides at most half the height.
        most = max(1, min(_MOST_ROWS, floor(self.frame.height / self.font / 2.8)))
        counts = dict(self.counts)
        rows = [
            Row(f"{self.names[label]} ({counts[label]})", self.colors[label])
            for label in labels[:most]
        ]
        rows += [Row(text) for text in _others(len(labels) - most)]
        rows += [Row(note) for note in self.notes]
        if not rows:
            return None
        return place(rows, self.font, self.frame, [shape.bounds for shape in self.shapes])

    def _named(self, shape: Shape) -> Named:
        width = (self.dot if shape.is_dot else self.stroke) + self.stroke
        bounds = shape.bounds.grown(width / 2)
        return Named(self.names[shape.label], self.color(shape), shape.paths, bounds, width)


def _others(count: int) -> list[str]:
    return [f"and {count} more labels"] if count > 0 else []


def _annotations(response_or_annotations: object) -> list[object] | tuple[object, ...]:
    found = response_or_annotations
    if isinstance(found, dict):
        found = found.get("annotations")
    return found if isinstance(found, (list, tuple)) else []


def _sized(size: object) -> Frame:
    if not isinstance(size, (list, tuple)) or len(size) != 2 or not all(map(_is_extent, size)):
        raise ScaleArgumentError(
            "size", f"must be (width, height), each from 1 to 1,000,000, not {size!r}"
        )
    return Frame(0, 0, float(size[0]), float(size[1]))


def _is_extent(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return 1 <= value <= FARTHEST


def _frame(shapes: list[Shape], has_image: bool) -> Frame:
    """Return a frame around shapes, with a margin. With an image, it includes the origin."""
    if not shapes:
        return _EMPTY
    left = min(shape.bounds.left for shape in shapes)
    top = min(shape.bounds.top for shape in shapes)
    right = max(shape.bounds.right for shape in shapes)
    bottom = max(shape.bounds.bottom for shape in shapes)
    extent = max(right - left, bottom - top)
    margin = extent / 20 if extent > 0.001 else 10  # a single point has no extent
    if has_image:
        left, top = min(0, left), min(0, top)
        return Frame(left, top, max(right, 0) + margin, max(bottom, 0) + margin)
    return Frame(left - margin, top - margin, right + margin, bottom + margin)
