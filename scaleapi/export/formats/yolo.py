"""YOLO as Ultralytics reads it: a text file per image, with positions from 0 to 1.

https://docs.ultralytics.com/datasets/detect
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from .categories import Categories
from .planes import area_of, clamped, clipped, outside_by
from .records import Label, LabeledImage
from .report import Report
from .shapes import EXACT, Fit, Shape

__all__ = ["ObbWriter", "SegmentWriter", "YoloWriter"]

#: Characters that YAML does not take as they are, beyond those that JSON escapes too.
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class YoloWriter:
    """Writes a file in ``labels`` per image, and ``data.yaml``: upright boxes.

    Args:
        folder: The folder to write to.
        categories: The categories, complete at the end.
        report: Counts what is written.
    """

    images = "images"

    def __init__(self, folder: Path, categories: Categories, report: Report) -> None:
        self._folder, self._categories, self._report = folder, categories, report
        (folder / "labels").mkdir()
        # Without the folder, trainers stop before the user has put the images there.
        (folder / self.images).mkdir(exist_ok=True)

    def write(self, image: LabeledImage) -> None:
        """Write the labels of an image. No label is an empty file."""
        lines = [line for label in image.labels if (line := self._line(label, image))]
        for mask in image.masks:
            self._report.skip("mask", "YOLO has no masks", mask.where)
        path = self._folder / "labels" / f"{Path(image.name).stem}.txt"
        path.write_text("".join(f"{line}\n" for line in lines), "ascii")

    def finish(self) -> None:
        """Write ``data.yaml``."""
        names = [f"  {one.index}: {_yaml(one.name)}\n" for one in self._categories]
        text = "train: images\nval: images\nnames:" + ("\n" if names else " {}\n")
        (self._folder / "data.yaml").write_text(text + "".join(names), "utf-8")

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _line(self, label: Label, image: LabeledImage) -> str | None:
        shape, size = label.shape, (image.width, image.height)
        if not shape.has_inside:
            self._report.skip(shape.geometry, f"YOLO has no {shape.geometry}s", label.where)
            return None
        fit = self.fit(shape)
        points = self.clip(fit.points, *size)
        was_outside = outside_by(fit.points, *size)
        if was_outside and not area_of(points):
            self._report.skip(shape.geometry, "outside of the image", label.where)
            return None
        reasons = [fit.reason] if fit.reason else []
        error = fit.error
        if was_outside > EXACT:
            reasons.append("cut at the edge of the image")
            error = max(error or 0.0, was_outside)
        if label.is_interpolated:
            reasons.append("interpolated between keyframes")
        self._report.add(shape.geometry, ", ".join(reasons), error, label.where)
        values = self.values(points, *size)
        return " ".join([str(label.category.index), *map(_number, values)])

    fit: Callable[[Shape], Fit] = staticmethod(Shape.box)
    """What stands for a shape."""

    clip = staticmethod(clamped)
    """The part inside the image. Readers throw away an image with a position outside of it."""

    @staticmethod
    def values(points: tuple[tuple[float, float], ...], width: int, height: int) -> list[float]:
        """Return the numbers of a line: here center, width and height of a box."""
        (left, top), _, (right, bottom), _ = points
        return [
            (left + right) / 2 / width,
            (top + bottom) / 2 / height,
            (right - left) / width,
            (bottom - top) / height,
        ]


class _Corners(YoloWriter):
    @staticmethod
    def values(points: tuple[tuple[float, float], ...], width: int, height: int) -> list[float]:
        """Return the numbers of a line: x and y of each point."""
        return [value for x, y in points for value in (x / width, y / height)]


class ObbWriter(_Corners):
    """Writes rotated boxes by their four corners."""

    fit = staticmethod(Shape.rotated)


class SegmentWriter(_Corners):
    """Writes polygons."""

    fit = staticmethod(Shape.outline)
    clip = staticmethod(clipped)


def _number(value: float) -> str:
    """Return a number from 0 to 1 with all its digits, and never in a form like 1e-05."""
    text = repr(float(value))
    return text if "e" not in text else f"{value:.24f}".rstrip("0").rstrip(".")


def _yaml(name: str) -> str:
    text = json.dumps(name, ensure_ascii=False)
    return _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
