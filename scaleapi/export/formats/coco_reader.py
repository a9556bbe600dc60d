"""Reading COCO: data sets, and results of models."""

from __future__ import annotations

import json
from math import isclose, isfinite, radians
from pathlib import Path
from typing import Any

from ..._http.response import JSONObject
from ...drawing.paths import Point
from ...exceptions import ScaleArgumentError
from .coco import FILE
from .prelabels import Prelabels, box, box_of, polygon, rotated_box
from .shapes import Rectangle

__all__ = ["read_coco"]


class _Unreadable(Exception):
    """An annotation cannot be one of Scale's; the text says why."""


def read_coco(path: Path, dataset: Path | None) -> Prelabels:
    """Return the annotations of a COCO file.

    Args:
        path: The file, or the folder with ``annotations.json``.
        dataset: The data set with images and categories, for a list of results.

    Raises:
        OSError: A file cannot be read.
        ScaleArgumentError: A file is not COCO.
    """
    found = _json("path", path)
    about = found if dataset is None else _json("dataset", dataset)
    if not isinstance(about, dict):
        problem = "is a list of results: give the data set that they are about as dataset"
        raise ScaleArgumentError("path" if dataset is None else "dataset", problem)
    annotations = found if isinstance(found, list) else found.get("annotations")
    images, labels = _named(about, "images", "file_name"), _named(about, "categories", "name")
    if not isinstance(annotations, list):
        raise ScaleArgumentError("path", "has no list of annotations")
    prelabels = Prelabels("coco")
    for name in images.values():
        prelabels.expect(name)
    for record in annotations:
        fields = record if isinstance(record, dict) else {}
        where = f"annotation {fields.get('id')}"
        image, label = images.get(fields.get("image_id")), labels.get(fields.get("category_id"))
        if image is None or label is None:
            missing = "image" if image is None else "category"
            prelabels.report.skip("unknown", f"there is no {missing} with its id", where)
            continue
        try:
            _add(prelabels, image, label, fields)
        except _Unreadable as error:
            prelabels.report.skip("unknown", str(error), where)
    return prelabels


def _json(argument: str, path: Path) -> Any:
    file = path / FILE if path.is_dir() else path
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ScaleArgumentError(argument, f"must be JSON: {error}") from None


def _named(dataset: JSONObject, key: str, name: str) -> dict[object, str]:
    """Return the names of what a data set lists, by id."""
    found = dataset.get(key)
    records = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    named: dict[object, str] = {
        one.get("id"): one[name]
        for one in records
        if isinstance(one.get(name), str) and isinstance(one.get("id"), (int, str))
    }
    if not named:
        raise ScaleArgumentError("path", f"must have {key}, each with id and {name}")
    return named


def _add(prelabels: Prelabels, image: str, label: str, record: JSONObject) -> None:
    given = record.get("attributes")
    attributes = dict(given) if isinstance(given, dict) else {}
    degrees, own = record.get("rotation"), attributes.get("rotation")
    if degrees is None and isinstance(own, (int, float)) and not isinstance(own, bool):
        degrees = attributes.pop("rotation")  # as CVAT writes it
    elif degrees is not None and own == degrees:
        del attributes["rotation"]
    rotation = radians(_finite([degrees])[0]) if degrees else 0.0
    extra = {"uuid": record["uuid"]} if isinstance(record.get("uuid"), str) else {}
    if isinstance(cuboid := attributes.get("cuboid"), list):
        del attributes["cuboid"]
        geometry = {"type": "cuboid", "vertices": cuboid, **extra}
        prelabels.add(image, geometry, label, attributes)
        return
    segmentation = record.get("segmentation")
    if isinstance(segmentation, dict):
        raise _Unreadable("a mask has no place among the shapes of an image")
    keypoints = record.get("keypoints")
    rings = segmentation if isinstance(segmentation, list) else []
    if isinstance(keypoints, list) and len(keypoints) == 3:
        x, y, _ = _finite(keypoints)
        prelabels.add(image, {"type": "point", "x": x, "y": y, **extra}, label, attributes)
    elif rings:
        for ring in rings:
            points = _points(ring)
            reason: str = ""
            error: float | None = None
            geometry = polygon(points)
            if rotation and len(points) == 4:
                geometry, reason, error = box_of(points)
            prelabels.add(image, {**geometry, **extra}, label, attributes, reason, error)
    else:
        left, top, width, height = _bbox(record.get("bbox"))
        geometry = box(left, top, width, height)
        if not isclose(rotation, 0, abs_tol=1e-9):
            geometry = rotated_box(Rectangle(left, top, width, height, rotation))
        prelabels.add(image, {**geometry, **extra}, label, attributes)


def _bbox(bbox: object) -> list[float]:
    values = _finite(bbox)
    if len(values) != 4 or min(values[2:]) < 0:
        raise _Unreadable("its bbox is not left, top, width and height")
    return values


def _points(ring: object) -> list[Point]:
    values = _finite(ring)
    if len(values) < 6 or len(values) % 2:
        raise _Unreadable("a part of its segmentation is not a polygon")
    return [*zip(values[::2], values[1::2], strict=True)]


def _finite(values: object) -> list[float]:
    found: list[Any] = values if isinstance(values, list) else [None]
    for one in found:
        if isinstance(one, bool) or not isinstance(one, (int, float)) or not isfinite(one):
            raise _Unreadable("a field of its geometry is missing or not a number")
    return found
