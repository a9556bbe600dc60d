"""The way back: annotations for new tasks, from the files of a format."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..._arguments import shown, text_of, whole_number
from ..._http.response import JSONObject
from ...drawing.paths import Point
from ...exceptions import ScaleArgumentError
from .report import Report
from .shapes import Rectangle, corners_of, rectangle_of

__all__ = ["Prelabels", "box", "polygon", "read_annotations", "rotated_box"]

#: Corners that differ by less from a rectangle are those of one, in pixels.
_RECTANGULAR = 0.01


class Prelabels(dict[str, JSONObject]):
    """What a task starts with, by the file name of its image.

    Each value is what ``create_task`` takes as ``hypothesis`` or ``base_annotations``.

    Attributes:
        report: What was read, approximated and skipped.
    """

    def __init__(self, format: str) -> None:
        super().__init__()
        self.report = Report(format)

    def expect(self, name: str) -> None:
        """Add an image, which may have no annotations."""
        self.setdefault(name, {"annotations": []})
        self.report.images = len(self)

    def add(
        self,
        name: str,
        annotation: JSONObject,
        label: str,
        attributes: JSONObject | None = None,
        reason: str = "",
        error: float | None = None,
    ) -> None:
        """Add an annotation to an image.

        Args:
            name: The file name of the image.
            annotation: Its geometry.
            label: Its label.
            attributes: Its attributes.
            reason: What was lost, empty if nothing.
            error: By how many pixels.
        """
        self.expect(name)
        geometry = annotation["type"]
        if annotation.get("rotation"):
            geometry = "rotated box"
        self.report.add(geometry, reason, error, name)
        found = {**annotation, "label": label, "attributes": attributes or {}}
        self[name]["annotations"].append(found)


def read_annotations(
    path: str | os.PathLike[str],
    format: str = "coco",
    *,
    dataset: str | os.PathLike[str] | None = None,
    categories: Iterable[str] | None = None,
    image_size: Mapping[str, object] | None = None,
    base: int = 0,
) -> Prelabels:
    """Read annotations to start new tasks with, such as the predictions of a model.

    Args:
        path: The folder of an export, or a COCO or CVAT file.
        format: ``"coco"``, ``"yolo"``, ``"yolo-obb"``, ``"yolo-seg"``, ``"voc"`` or ``"cvat"``.
        dataset: For COCO results (a list of predictions): the data set that they are about.
        categories: For YOLO, the labels in the order of their numbers; by default those of
            ``data.yaml``.
        image_size: For YOLO, width and height by the name of the image's file, with or without
            its suffix; by default those of the files in ``images``.
        base: For VOC, the coordinate of the first pixel: 0, or 1 for whole pixels with inclusive
            ends.

    Returns:
        What each task starts with, by the file name of its image.

    Raises:
        OSError: A file cannot be read.
        ScaleArgumentError: An argument is bad, or a file is not of this format.

    Example:
        >>> found = read_annotations("predictions.json", dataset="parcels_coco")
        >>> client.create_task(
        ...     "imageannotation",
        ...     attachment="https://example.com/a17.jpg",
        ...     hypothesis=found["a17.jpg"],
        ...     geometries={"box": {"objects_to_annotate": ["parcel"]}},
        ... )
    """
    from .coco_reader import read_coco  # noqa: PLC0415 - each needs this module
    from .cvat_reader import read_cvat  # noqa: PLC0415
    from .voc_reader import read_voc  # noqa: PLC0415
    from .yolo_reader import read_yolo  # noqa: PLC0415

    name = text_of("format", format)
    try:
        place = Path(path)
    except TypeError:
        raise ScaleArgumentError("path", f"must be a path, not {shown(path)}") from None
    first = whole_number(base)
    if first not in (0, 1):
        raise ScaleArgumentError("base", f"must be 0 or 1, not {shown(base)}")
    if first and name != "voc":
        raise ScaleArgumentError("base", f"must be 0 for {name}: only voc can begin at 1")
    if name == "coco":
        return read_coco(place, None if dataset is None else Path(dataset))
    if name == "voc":
        return read_voc(place, first)
    if name == "cvat":
        return read_cvat(place)
    if name not in ("yolo", "yolo-obb", "yolo-seg"):
        raise ScaleArgumentError(
            "format", f"must be coco, yolo, yolo-obb, yolo-seg, voc or cvat, not {name!r}"
        )
    return read_yolo(place, name, categories, image_size or {})


def box(left: float, top: float, width: float, height: float) -> JSONObject:
    """Return the geometry of an upright box."""
    return {"type": "box", "left": left, "top": top, "width": width, "height": height}


def rotated_box(rectangle: Rectangle) -> JSONObject:
    """Return the geometry of a rotated box, an upright one if it is not rotated."""
    left, top, width, height, rotation = rectangle
    if not rotation:
        return box(left, top, width, height)
    found = box(left, top, width, height)
    return {**found, "rotation": rotation, "vertices": vertices_of(corners_of(rectangle))}


def box_of(corners: Iterable[Point]) -> tuple[JSONObject, str, float | None]:
    """Return the geometry of the box with four corners, and what is lost."""
    points = [*corners]
    rectangle, error = rectangle_of(points)
    if error > _RECTANGULAR:
        return rotated_box(rectangle), "its corners are not those of a rectangle", error
    return rotated_box(rectangle), "", None


def polygon(points: Iterable[Point], type: str = "polygon") -> JSONObject:
    """Return the geometry of a polygon, or of a line."""
    return {"type": type, "vertices": vertices_of(points)}


def vertices_of(points: Iterable[Point]) -> list[dict[str, Any]]:
    """Return points as the service writes them."""
    return [{"x": x, "y": y} for x, y in points]
