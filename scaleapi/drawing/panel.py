"""The legend and the notes, placed once for all renderers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

from .paths import Frame, Point

__all__ = ["Panel", "Row", "place", "width_of"]


class Row(NamedTuple):
    """A line of a panel: a text, and the color that it is for."""

    text: str
    color: str | None = None


class Panel(NamedTuple):
    """Rows on a dark background.

    Attributes:
        rows: The lines of text.
        font: The height of letters.
        frame: The background.
    """

    rows: Sequence[Row]
    font: float
    frame: Frame

    def swatch(self, number: int) -> Point:
        """Return the middle of the color of a row."""
        return self.frame.left + self.font, self.frame.top + (1 + 1.4 * number) * self.font

    def text(self, number: int) -> Point:
        """Return the left end of the baseline of a row."""
        indent = 0.6 if self.rows[number].color is None else 1.8
        x, y = self.frame.left + indent * self.font, self.swatch(number)[1]
        return x, y + 0.35 * self.font


def place(rows: Sequence[Row], font: float, picture: Frame, shapes: Iterable[Frame]) -> Panel:
    """Place rows in the corner of a picture where they hide the fewest shapes.

    Args:
        rows: The lines of text.
        font: The height of letters.
        picture: The frame of the picture.
        shapes: The frames of the shapes.
    """
    width = 2.4 * font + max(width_of(row.text, font) for row in rows)
    height = (0.6 + 1.4 * len(rows)) * font
    margin = font / 2
    left, right = picture.left + margin, picture.right - margin
    top, bottom = picture.top + margin, picture.bottom - margin
    corners = [
        Frame(left, bottom - height, left + width, bottom),
        Frame(right - width, bottom - height, right, bottom),
        Frame(right - width, top, right, top + height),
        Frame(left, top, left + width, top + height),
    ]
    occupied = list(shapes)
    fewest = min(corners, key=lambda corner: sum(map(corner.meets, occupied)))
    return Panel(rows, font, fewest)


def width_of(text: str, font: float) -> float:
    """Estimate the width of a text, for any font without serifs."""
    return font * sum(map(_width, text))


def _width(letter: str) -> float:
    if east_asian_width(letter) in "FW":
        return 1.0
    if letter in "mwMW@%":
        return 0.9
    if letter in " ijlI.,:;'|!()[]ft":
        return 0.35
    return 0.72 if letter.isupper() else 0.57
