"""The layout of a picture, in pixels of the image, before it is rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from math import sqrt

from ..exceptions import ScaleArgumentError
from .colors import color_of
from .geometry import FARTHEST, Malformed, paths_of
from .panel import Panel, Row, place
from .paths import Frame, Path, bounds_of
from .tags import Tag, place_tags
from .text import LONGEST_NAME, describe, label_of, shorten

__all__ = ["Picture", "Shape"]

_MOST_TAGS = 50
_MOST_ROWS = 8
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
    def color(self) -> str:
        """The color of the label."""
        return color_of(self.label)

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
        labels: Whether to write labels and a legend.
        task_type: The task's type, for annotations that do not say what they are.
        has_image: Whether there is an image underneath, which begins at the origin.
        notes: Further notes, each a line of the panel.
        spell: Return what is written for each label. By default, that is the label, shortened.

    Raises:
        ScaleArgumentError: If ``size`` is not two numbers from 1 to 1,000,000.
    """

    def __init__(
        self,
        response_or_annotations: object,
        *,
        size: tuple[float, float] | None = None,
        labels: bool = True,
        task_type: str | None = None,
        has_image: bool = False,
        notes: tuple[str, ...] = (),
        spell: Callable[[Iterable[str]], Mapping[str, str]] = _shortened,
    ) -> None:
        annotations = _annotations(response_or_annotations)
        self.labels = labels
        self._spell = spell
        self.shapes: list[Shape] = []
        for annotation in annotations:
            try:
                self.shapes.append(Shape(annotation, task_type))
            except Malformed:
                continue
        # Small shapes are drawn over large ones, which would hide them.
        self.shapes.sort(key=lambda shape: -shape.bounds.area)
        self.frame = _frame(self.shapes, has_image) if size is None else _sized(size)
        self.notes = [*notes]
        if left_out := len(annotations) - len(self.shapes):
            self.notes += [f"{left_out} of {len(annotations)} left out: malformed"]
        elif not annotations:
            self.notes += ["No annotations"]

    @property
    def stroke(self) -> float:
        """The width of lines. It grows with the picture, since large pictures are scaled down."""
        return sqrt(self.frame.area) / 250

    @property
    def dot(self) -> float:
        """The diameter of points."""
        return 4 * self.stroke

    @property
    def font(self) -> float:
        """The height of letters."""
        return min(6 * self.stroke, self.frame.width / 24, self.frame.height / 14)

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
        return f"{len(self.shapes)} {several}: {', '.join(names + self._others())}"

    @cached_property
    def panel(self) -> Panel | None:
        """The legend and the notes."""
        rows: list[Row] = []
        if self.labels:
            for label, count in self.counts[:_MOST_ROWS]:
                rows.append(Row(f"{self.names[label]} ({count})", color_of(label)))
            rows += [Row(text) for text in self._others()]
        rows += [Row(note) for note in self.notes]
        if not rows:
            return None
        return place(rows, self.font, self.frame, [shape.bounds for shape in self.shapes])

    @property
    def tags(self) -> list[Tag]:
        """The labels beside the shapes, none if there are so many that they hide the picture."""
        if not self.labels or len(self.shapes) > _MOST_TAGS:
            return []
        named = [(self.names[shape.label], shape.bounds) for shape in self.shapes]
        taken = [] if self.panel is None else [self.panel.frame]
        return [*place_tags(named, self.font, self.frame, taken)]

    def _others(self) -> list[str]:
        others = len(self.counts) - _MOST_ROWS
        return [f"and {others} more labels"] if others > 0 else []


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
