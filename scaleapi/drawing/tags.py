"""Labels beside shapes, placed so that none hides another one or the legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from .panel import width_of
from .paths import Frame, Point

__all__ = ["Tag", "place_tags"]


class Tag(NamedTuple):
    """A label beside a shape.

    Attributes:
        text: The label.
        place: The left end of its baseline.
    """

    text: str
    place: Point


def place_tags(
    shapes: Iterable[tuple[str, Frame]], font: float, picture: Frame, taken: list[Frame]
) -> Iterator[Tag]:
    """Yield the labels that fit: above a shape, or else below it, or else in it.

    Args:
        shapes: The label and the bounds of each shape, the most important first.
        font: The height of letters.
        picture: The frame of the picture. Shapes outside of it get no label.
        taken: Where something else is written.
    """
    occupied = [*taken]
    for text, bounds in shapes:
        if not picture.meets(bounds):
            continue
        width = width_of(text, font)
        rightmost = picture.right - width
        columns = [
            max(picture.left, min(x, rightmost)) for x in (bounds.left, bounds.right - width)
        ]
        inside = max(bounds.top, picture.top) + 1.2 * font
        rows = [bounds.top - font / 2, bounds.bottom + 1.2 * font, inside]
        for y, x in product(rows, columns):
            ground = Frame(x, y - 0.8 * font, x + width, y + 0.2 * font)
            fits = picture.top <= ground.top and ground.bottom <= picture.bottom
            if fits and not any(map(ground.meets, occupied)):
                occupied.append(ground)
                yield Tag(text, (x, y))
                break
