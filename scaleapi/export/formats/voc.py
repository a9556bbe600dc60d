"""Pascal VOC: an XML file per image (http://host.robots.ox.ac.uk/pascal/VOC)."""

from __future__ import annotations

from math import pi
from pathlib import Path
from typing import TYPE_CHECKING

from .categories import Categories
from .records import Label, LabeledImage, Mask
from .report import Report
from .shapes import rectangle_of
from .xml import attributes_of, element

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["VocWriter"]


class VocWriter:
    """Writes ``Annotations``, ``ImageSets``, ``labelmap.txt``, and images of segmentations.

    Args:
        folder: The folder to write to.
        categories: The categories, complete at the end.
        report: Counts what is written.
        base: The coordinate of the first pixel. 0: positions as they are, as CVAT and Datumaro
            read them. 1: whole pixels, both ends inclusive, as in the original data set.
    """

    images = "JPEGImages"

    def __init__(self, folder: Path, categories: Categories, report: Report, base: int = 0) -> None:
        self._folder, self._categories, self._report, self._base = folder, categories, report, base
        (folder / "Annotations").mkdir()
        sets = folder / "ImageSets" / "Main"
        sets.mkdir(parents=True)
        self._list = (sets / "default.txt").open("w", encoding="utf-8")
        self._segmented = 0

    def write(self, image: LabeledImage) -> None:
        """Write an image's file."""
        stem = Path(image.name).stem
        self._list.write(f"{stem}\n")
        objects = [text for label in image.labels if (text := self._object(label))]
        if image.masks:
            objects += self._masks(image, stem)
        size = [
            element("width", image.width),
            element("height", image.height),
            element("depth", 3),
        ]
        content = [
            element("folder", self.images),
            element("filename", image.name),
            element("source", [element("database", "Scale")]),
            element("size", size),
            element("segmented", int(bool(image.masks))),
            *objects,
        ]
        path = self._folder / "Annotations" / f"{stem}.xml"
        path.write_text(element("annotation", content) + "\n", "utf-8")

    def finish(self) -> None:
        """Write the names of the categories and their colors."""
        self.close()
        lines = ["# label:color_rgb:parts:actions\n", "background:0,0,0::\n"]
        for one in self._categories:
            color = ",".join(map(str, color_of(one.index + 1)))
            name = " ".join(one.name.replace(":", " ").split())
            lines.append(f"{name}:{color}::\n")
        text = "".join(lines).encode("utf-8", "replace")
        (self._folder / "labelmap.txt").write_bytes(text)
        if self._segmented:
            sets = self._folder / "ImageSets"
            (sets / "Segmentation").mkdir()
            names = (sets / "Main" / "default.txt").read_bytes()
            (sets / "Segmentation" / "default.txt").write_bytes(names)

    def close(self) -> None:
        """Close the list of images."""
        self._list.close()

    def _object(self, label: Label) -> str | None:
        shape = label.shape
        if not shape.has_inside:
            self._report.skip(shape.geometry, f"VOC has no {shape.geometry}s", label.where)
            return None
        fit, frame = shape.box(), shape.bounds()
        edges: list[float] = [frame.left, frame.top, frame.right, frame.bottom]
        reasons, error = [fit.reason] if fit.reason else [], fit.error
        if self._base:
            # Pixels from left + 1 to right, counted from 1, are those between left and right.
            whole = [round(edges[0]) + 1, round(edges[1]) + 1, round(edges[2]), round(edges[3])]
            whole[2:] = max(whole[0], whole[2]), max(whole[1], whole[3])
            back = (whole[0] - 1, whole[1] - 1, whole[2], whole[3])
            off = max(abs(a - b) for a, b in zip(edges, back, strict=True))
            if off:
                reasons.append("rounded to whole pixels")
                error = (error or 0.0) + off
            edges = [*whole]
        if label.is_interpolated:
            reasons.append("interpolated between keyframes")
        self._report.add(shape.geometry, ", ".join(reasons), error, label.where)
        parts = [_bounds(edges)]
        if shape.geometry == "rotated box":
            parts.append(_rotated(label))
        if label.attributes:
            pairs = attributes_of(label.attributes)
            parts.append(element("attributes", [_attribute(*pair) for pair in pairs]))
        return _named(label.category.name, parts)

    def _masks(self, image: LabeledImage, stem: str) -> list[str]:
        """Write the images of classes and of objects, and return the objects."""
        objects: list[str] = []
        classes: dict[int, int] = {}
        instances: dict[int, int] = {}
        for mask in image.masks:
            runs = image.pixels.rows.get(mask.segment.number) if image.pixels else None
            if not runs:
                self._report.skip("mask", "no pixel of the mask has its index", mask.where)
                continue
            if len(instances) == 255 or mask.category.index >= 255:
                self._report.skip("mask", "VOC has at most 255 objects and labels", mask.where)
                continue
            classes[mask.segment.number] = mask.category.index + 1
            instances[mask.segment.number] = len(instances) + 1
            self._report.add("mask")
            objects.append(self._mask(mask, image))
        for folder, numbers in (("SegmentationClass", classes), ("SegmentationObject", instances)):
            (self._folder / folder).mkdir(exist_ok=True)
            _picture(image, numbers).save(self._folder / folder / f"{stem}.png")
        self._segmented += 1
        return objects

    def _mask(self, mask: Mask, image: LabeledImage) -> str:
        runs = image.pixels.rows[mask.segment.number] if image.pixels else []
        lefts = [start % image.width for start, _ in runs]
        rights = [(start + length - 1) % image.width for start, length in runs]
        crosses = any(start % image.width + length > image.width for start, length in runs)
        left, right = (0, image.width - 1) if crosses else (min(lefts), max(rights))
        top = runs[0][0] // image.width
        bottom = (runs[-1][0] + runs[-1][1] - 1) // image.width
        edges: list[float] = [left + self._base, top + self._base, right + 1, bottom + 1]
        attributes = mask.segment.fields.get("attributes")
        parts = [_bounds(edges)]
        if isinstance(attributes, dict) and attributes:
            pairs = attributes_of(attributes)
            parts.append(element("attributes", [_attribute(*pair) for pair in pairs]))
        return _named(mask.category.name, parts)


def _named(name: str, parts: list[str]) -> str:
    flags = [element(flag, 0) for flag in ("truncated", "difficult", "occluded")]
    return element(
        "object", [element("name", name), element("pose", "Unspecified"), *flags, *parts]
    )


def _bounds(edges: list[float]) -> str:
    names = ("xmin", "ymin", "xmax", "ymax")
    return element(
        "bndbox", [element(name, value) for name, value in zip(names, edges, strict=True)]
    )


def _attribute(name: str, value: str) -> str:
    return element("attribute", [element("name", name), element("value", value)])


def _rotated(label: Label) -> str:
    """Return the rectangle in the form of roLabelImg: an angle from 0 to pi, clockwise."""
    left, top, width, height, rotation = rectangle_of(label.shape.points)[0]
    values = {
        "cx": left + width / 2,
        "cy": top + height / 2,
        "w": width,
        "h": height,
        "angle": rotation % pi,
    }
    return element("robndbox", [element(name, value) for name, value in values.items()])


def _picture(image: LabeledImage, numbers: dict[int, int]) -> Image:
    """Return an image with a color per number, in the palette of VOC."""
    from PIL import Image as Pillow  # noqa: PLC0415 - Pillow is optional; the masks needed it too

    pixels = bytearray(image.width * image.height)
    for segment, number in numbers.items():
        for start, length in image.pixels.rows[segment] if image.pixels else ():
            pixels[start : start + length] = bytes([number]) * length
    picture = Pillow.frombytes("P", (image.width, image.height), bytes(pixels))
    picture.putpalette([value for number in range(256) for value in color_of(number)])
    return picture


def color_of(number: int) -> tuple[int, int, int]:
    """Return the color of a class in VOC: the bits of its number, dealt out to three channels."""
    red = green = blue = 0
    for place in range(8):
        red |= (number & 1) << (7 - place)
        green |= (number >> 1 & 1) << (7 - place)
        blue |= (number >> 2 & 1) << (7 - place)
        number >>= 3
    return red, green, blue
