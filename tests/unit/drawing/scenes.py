"""Random images with labels, and an independent measure of what a label covers.

``python -m tests.unit.drawing.scenes`` prints the figures of 200 images.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from scaleapi.drawing.paths import Frame
from scaleapi.drawing.picture import Picture, Shape
from scaleapi.drawing.tags import Tag

__all__ = ["SIZE", "Count", "checked", "scene"]

SIZE = (1280, 720)

Mask = NDArray[np.bool_]


def scene(seed: int, count: int = 30) -> list[dict[str, Any]]:
    """Return annotations of all sizes, each with a label of its own."""
    chance = Random(seed)
    largest = chance.choice([60, 150, 300, 700])
    return [_annotation(chance, f"label {n:02}", largest) for n in range(count)]


def _annotation(chance: Random, label: str, largest: float) -> dict[str, Any]:
    x, y = chance.uniform(0, SIZE[0]), chance.uniform(0, SIZE[1])
    width, height = chance.uniform(8, largest), chance.uniform(8, largest)
    kind = chance.choice(["box", "polygon", "line", "point", "ellipse"])
    fields: dict[str, Any] = {"type": kind, "label": label}
    if kind == "box":
        return fields | {"left": x, "top": y, "width": width, "height": height}
    if kind == "point":
        return fields | {"x": x, "y": y}
    if kind == "ellipse":
        around = [(width, 0), (0, height), (-width, 0), (0, -height)]
        return fields | {"vertices": [{"x": x + dx / 2, "y": y + dy / 2} for dx, dy in around]}
    corners = [(chance.uniform(0, width), chance.uniform(0, height)) for _ in range(4)]
    return fields | {"vertices": [{"x": x + dx, "y": y + dy} for dx, dy in corners]}


@dataclass
class Count:
    """What was found in pictures."""

    labels: int = 0
    moved: int = 0
    on_another: int = 0
    left_out: int = 0
    avoidable: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(one + two for one, two in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> tuple[int, ...]:
        return self.labels, self.moved, self.on_another, self.left_out, self.avoidable


def checked(annotations: list[dict[str, Any]]) -> Count:
    """Measure the labels of a picture, on masks that Pillow draws."""
    picture = Picture(annotations, size=SIZE)
    shapes = [shape for shape in picture.shapes if _mask(picture, shape).any()]
    masks = {shape.label: _mask(picture, shape) for shape in shapes}
    tags = {tag.text: tag for tag in picture.tags}
    written = [tag.ground for tag in picture.tags]
    if picture.panel is not None:
        written.append(picture.panel.frame)
    count = Count(labels=len(shapes))
    for shape in shapes:
        tag = tags.get(shape.label)
        others = np.zeros((SIZE[1], SIZE[0]), bool)
        for label, mask in masks.items():
            if label != shape.label:
                others |= mask
        if tag is None:
            count.left_out += 1
        else:
            count.moved += tag.leader is not None
            if not _inside(others, tag.ground).any():
                continue
            count.on_another += 1
        for frame in written:
            if tag is None or frame != tag.ground:
                _inside(others, frame)[:] = True
        count.avoidable += _has_room(others, picture, tag or next(iter(tags.values())))
    return count


def _mask(picture: Picture, shape: Shape) -> Mask:
    """Return the pixels of a shape, without its halo."""
    image = Image.new("L", SIZE)
    pen = ImageDraw.Draw(image)
    stroke = max(1, round(picture.stroke))
    for path in shape.paths:
        if path.curved:
            pen.ellipse(shape.bounds, fill=1, outline=1, width=stroke)
        elif shape.is_dot:
            pen.ellipse(shape.bounds.grown(picture.dot / 2), fill=1)
        elif path.closed:
            pen.polygon(path.points, fill=1)
        else:
            pen.line(path.points, fill=1, width=stroke)
    return np.asarray(image, bool)


def _inside(pixels: Mask, frame: Frame) -> Mask:
    """Return the pixels that are in a frame by more than one, which is how Pillow rounds."""
    left, top = max(0, ceil(frame.left) + 1), max(0, ceil(frame.top) + 1)
    return pixels[top : int(frame.bottom) - 1, left : int(frame.right) - 1]


def _has_room(covered: Mask, picture: Picture, tag: Tag) -> bool:
    """Return whether a label and a margin of a quarter of its letters fit anywhere."""
    margin = 2 * (picture.font / 4 + 2 * picture.stroke)
    width, height = ceil(tag.ground.width + margin), ceil(tag.ground.height + margin)
    sums = np.pad(covered.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    within = sums[height:, width:] - sums[:-height, width:]
    within = within - sums[height:, :-width] + sums[:-height, :-width]
    return bool((within == 0).any())


def _counts(images: int) -> Iterator[Count]:
    for seed in range(images):
        yield checked(scene(seed))


if __name__ == "__main__":
    total = sum(_counts(int(sys.argv[1]) if len(sys.argv) > 1 else 200), Count())
    print(total)  # noqa: T201 - the figure
