"""Canned responses of point clouds: one cuboid, where it always is."""

from __future__ import annotations

from typing import Any

from ..base.documents import JsonObject
from .context import Sheet


def lidar_annotation(params: JsonObject, sheet: Sheet) -> JsonObject:
    """Put a cuboid into every frame."""
    return {"annotations": sheet.keep_json(_cuboids(params, sheet))}


def lidar_segmentation(params: JsonObject, sheet: Sheet) -> JsonObject:
    """Put a cuboid into every frame, and label no point, for how many there are is unknown."""
    frames = _cuboids(params, sheet)
    return {
        "annotations": sheet.keep_json(frames),
        "point_segmentations": sheet.keep_json([[] for _ in frames]),
    }


def lidar_linking(params: JsonObject, sheet: Sheet) -> JsonObject:
    """See nothing with the one camera of every frame."""
    cameras = [{"camera_used": 0, "annotations": []}]
    return {
        "annotations": sheet.keep_json([{"camera_responses": cameras} for _ in _frames(params)])
    }


def _cuboids(params: JsonObject, sheet: Sheet) -> list[JsonObject]:
    cuboid = {
        "uuid": sheet.uuid(),
        "label": sheet.label(params["labels"]),
        "position": {"x": 1.0, "y": 5.0, "z": 1.0},
        "dimensions": {"x": 2.0, "y": 4.0, "z": 1.5},
        "yaw": 0.0,
        "stationary": True,
        "attributes": {},
    }
    return [{"cuboids": [cuboid]} for _ in _frames(params)]


def _frames(params: JsonObject) -> list[Any]:
    return params.get("attachments") or params.get("lidar_task_frames") or [None]
