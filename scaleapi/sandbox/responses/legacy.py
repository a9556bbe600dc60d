"""Canned responses of the oldest task types.

They are the same for every image, but are moved into smaller ones.
"""

from __future__ import annotations

from ..base.documents import JsonObject
from .context import ResponseContext

_TRIANGLE = ((10, 10), (110, 110), (10, 110))
_CUBOID = {
    "face-topleft": (100, 70),
    "face-bottomleft": (100, 296),
    "face-topright": (320, 70),
    "face-bottomright": (320, 296),
    "side-topcorner": (441, 82),
    "side-bottomcorner": (441, 198),
}
_BOX = 100


def box(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Draw a box in the corner."""
    width, height = context.size_or_unlimited(params["attachment"])
    return _one(
        params,
        context,
        {
            "left": 0,
            "top": 0,
            "width": min(width, max(_BOX, params["min_width"])),
            "height": min(height, max(_BOX, params["min_height"])),
        },
    )


def triangle(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Draw a polygon or a line of three vertices."""
    vertices = [_inside(point, params, context) for point in _TRIANGLE]
    return _one(params, context, {"vertices": vertices})


def cuboid(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Draw a cuboid, as vertices only."""
    vertices = [
        _inside(point, params, context) | {"type": "vertex", "description": name}
        for name, point in _CUBOID.items()
    ]
    return _one(params, context, {"vertices": vertices})


def _one(params: JsonObject, context: ResponseContext, shape: JsonObject) -> JsonObject:
    label = context.label(params["objects_to_annotate"])
    return {"annotations": [{"uuid": context.uuid(), "label": label, **shape}]}


def _inside(point: tuple[int, int], params: JsonObject, context: ResponseContext) -> JsonObject:
    width, height = context.size_or_unlimited(params["attachment"])
    return {"x": min(point[0], width), "y": min(point[1], height)}
