"""Canned responses of lidar tasks: one cuboid, always at the same position."""

from __future__ import annotations

from typing import Any

from ..base.documents import JsonObject
from .context import ResponseContext


def lidar_annotation(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Put a cuboid into every frame."""
    return {"annotations": context.store_json(_cuboids(params, context))}


def lidar_segmentation(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Put a cuboid into every frame and label no points, since their number is unknown."""
    frames = _cuboids(params, context)
    return {
        "annotations": context.store_json(frames),
        "point_segmentations": context.store_json([[] for _ in frames]),
    }


def lidar_linking(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Return no annotations for the one camera of every frame."""
    cameras = [{"camera_used": 0, "annotations": []}]
    return {
        "annotations": context.store_json([{"camera_responses": cameras} for _ in _frames(params)])
    }


def _cuboids(params: JsonObject, context: ResponseContext) -> list[JsonObject]:
    cuboid = {
        "uuid": context.uuid(),
        "label": context.label(params["labels"]),
        "position": {"x": 1.0, "y": 5.0, "z": 1.0},
        "dimensions": {"x": 2.0, "y": 4.0, "z": 1.5},
        "yaw": 0.0,
        "stationary": True,
        "attributes": {},
    }
    return [{"cuboids": [cuboid]} for _ in _frames(params)]


def _frames(params: JsonObject) -> list[Any]:
    return params.get("attachments") or params.get("lidar_task_frames") or [None]
