"""Rows below a picture: a color, a name, and a bar where it applies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .colors import HALO, TEXT
from .markup import Markup, element
from .text import LONGEST_NAME, shorten

__all__ = ["FONT", "HEIGHT", "WIDTH", "Row", "rows_svg"]

WIDTH = 760
"""The width of pictures with rows, in their own units."""

FONT, HEIGHT = 28, 40
"""The heights of letters and rows, which can be read at the width of a phone."""

_NAME = 290


class Row(NamedTuple):
    """A row.

    Attributes:
        text: Its name.
        color: Its color, if it has one.
        spans: Where its bar is, as shares of the width from 0 to 1.
    """

    text: str
    color: str | None = None
    spans: Sequence[tuple[float, float]] = ()


def rows_svg(rows: Sequence[Row], top: float) -> Iterable[Markup]:
    """Yield rows on a dark ground.

    Args:
        rows: The rows.
        top: Where the first begins.
    """
    if rows:
        yield element("rect", y=top, width=WIDTH, height=HEIGHT * len(rows), fill=HALO)
    for number, row in enumerate(rows):
        middle = top + HEIGHT * (number + 0.5)
        if row.color is not None:
            yield element("circle", cx=24, cy=middle, r=FONT / 2.5, fill=row.color)
        most = 14 if row.spans else LONGEST_NAME + 10
        yield element(
            "text",
            shorten(row.text, most),
            x=24 if row.color is None else 48,
            y=middle + FONT * 0.35,
            font_size=FONT,
            fill=TEXT,
        )
        across = WIDTH - _NAME - 16
        for start, end in row.spans:
            yield element(
                "rect",
                x=_NAME + across * start,
                y=middle - 8,
                width=max(4.0, across * (end - start)),
                height=16,
                fill=row.color or TEXT,
            )
