"""Segmentations: the mask over the image, and the color of each label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .markup import document, element
from .rows import HEIGHT, WIDTH, Row, rows_svg

__all__ = ["segments_svg"]

_MOST_ROWS = 12
_COLOR = re.compile("#[0-9a-fA-F]{6}")


def segments_svg(
    mask: str | None,
    label_mapping: object,
    *,
    image: str | None = None,
    size: tuple[float, float] | None = None,
) -> str:
    """Draw a mask over its image, with a row for each label.

    Args:
        mask: A link to the mask, one color per label.
        label_mapping: The ``labelMapping`` of the response.
        image: A link to the image.
        size: Its size in pixels, if known.
    """
    width, height = size or (4.0, 3.0)
    tall = WIDTH * min(1.5, height / width)
    rows = [*_rows(label_mapping)]
    layers = [
        element("image", href=link, width=WIDTH, height=tall, opacity=opacity)
        for link, opacity in ((image, 1), (mask, 0.55))
        if link is not None
    ]
    ground = element("rect", width=WIDTH, height=tall, fill="#4a5560")
    title = f"{len(rows)} segments"
    total = tall + HEIGHT * len(rows)
    return document(WIDTH, total, title, ground, *layers, *rows_svg(rows, tall))


def _rows(label_mapping: object) -> Iterator[Row]:
    if not isinstance(label_mapping, dict):
        return
    found = [
        (str(label), number, entry)
        for label, entries in label_mapping.items()
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1)
        if isinstance(entry, dict)
    ]
    for label, number, entry in found[:_MOST_ROWS]:
        color = entry.get("color")
        name = f"{label} {number}" if isinstance(label_mapping.get(label), list) else label
        pixels = entry.get("numPixels")
        counted = f": {pixels:,} pixels" if isinstance(pixels, int) and pixels < 10**12 else ""
        known = isinstance(color, str) and _COLOR.fullmatch(color)
        yield Row(f"{name}{counted}", color if isinstance(color, str) and known else None)
    if len(found) > _MOST_ROWS:
        yield Row(f"and {len(found) - _MOST_ROWS} more segments")
