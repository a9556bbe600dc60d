"""Canned responses of segmentation tasks: each label is a horizontal stripe."""

from __future__ import annotations

from collections.abc import Iterator
from colorsys import hsv_to_rgb
from typing import Any, NamedTuple

from ..base.documents import JsonObject, is_object
from ..media.images import Size, Stripe, png
from ..rules.geometry_parameters import labels
from .context import UNKNOWN_SIZE, ResponseContext

_INSTANCES = 2
"""Number of instances of a label with separate instances."""

_MAX_PIXELS = 25_000_000
"""Largest image that is drawn in full; drawing blocks other requests."""


class _Segment(NamedTuple):
    """A stripe; number 0 is the unlabeled rest."""

    label: str
    instanced: bool
    number: int
    color: tuple[int, int, int]
    rows: int


def segmentation(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Divide the image among the labels, with an unlabeled rest if allowed."""
    size = context.size(params["attachment"])
    if size.width * size.height > _MAX_PIXELS:
        size = UNKNOWN_SIZE
    segments = _segments(params, size)
    drawer = _Drawer(size, segments, context)
    mapping: dict[str, Any] = {}
    labeled: dict[str, Any] = {}
    for one in segments:
        if not one.number:
            continue
        entry = {
            "index": one.number,
            "color": "#" + bytes(one.color).hex(),
            "numPixels": one.rows * size.width,
        }
        mask = drawer.mask(one.number)
        if one.instanced:
            mapping.setdefault(one.label, []).append(entry)
            labeled.setdefault(one.label, []).append(mask)
        else:
            mapping[one.label], labeled[one.label] = entry, mask
    return {
        "labelMapping": mapping,
        "annotations": {
            "combined": drawer.combined(),
            "labeled": labeled,
            "unlabeled": drawer.mask(0),
        },
    }


def _segments(params: JsonObject, size: Size) -> list[_Segment]:
    names = list(_names(params["labels"]))
    count = len(names) + bool(params["allow_unlabeled"])
    rows = [
        size.height * (place + 1) // count - size.height * place // count for place in range(count)
    ]
    segments = [
        _Segment(label, instanced, place + 1, _color(place, len(names)), rows[place])
        for place, (label, instanced) in enumerate(names)
    ]
    rest = _Segment("", False, 0, (0, 0, 0), rows[-1] if count > len(names) else 0)
    return [*segments, rest]


def _names(entries: list[Any]) -> Iterator[tuple[str, bool]]:
    for entry in entries:
        instanced = is_object(entry) and bool(entry.get("instance_label"))
        for label in labels([entry]):
            yield from [(label, instanced)] * (_INSTANCES if instanced else 1)


def _color(place: int, count: int) -> tuple[int, int, int]:
    red, green, blue = (round(255 * part) for part in hsv_to_rgb(place / count, 1, 1))
    return red, green, blue


class _Drawer:
    """Draws the stripes in every required format."""

    def __init__(self, size: Size, segments: list[_Segment], context: ResponseContext) -> None:
        self._width = size.width
        self._segments = segments
        self._context = context

    def mask(self, number: int) -> str:
        """Return a link to the mask of one segment, white on black."""
        return self._store(
            [(one.rows, b"\xff" if one.number == number else b"\0") for one in self._segments]
        )

    def combined(self) -> JsonObject:
        """Return links to images of all segments: by color and by index."""
        stripes = self._segments
        return {
            "image": self._store(
                [(one.rows, bytes((*one.color, 255 if one.number else 0))) for one in stripes]
            ),
            "indexedImage": self._store([(one.rows, bytes([one.number])) for one in stripes]),
            "extendedIndexedImage": self._store(
                [(one.rows, one.number.to_bytes(3, "little")) for one in stripes]
            ),
        }

    def _store(self, stripes: list[Stripe]) -> str:
        return self._context.store_file(
            self._context.uuid(), "image/png", png(self._width, stripes)
        )
