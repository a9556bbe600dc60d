"""Canned responses of image and video annotation tasks."""

from __future__ import annotations

from random import Random

from ..base.documents import JsonObject
from ..rules.geometry_parameters import labels
from .context import ResponseContext
from .shapes import SHAPES, Canvas

_COMMON = ("uuid", "type", "label", "attributes")


def image_annotation(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Draw every geometry once."""
    canvas = context.canvas(params.get("attachment"))
    return {
        "annotations": _draw(params, canvas, context),
        "links": [],
        "global_attributes": {},
        "is_customer_fix": False,
    }


def video_annotation(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Draw the same shapes in every frame."""
    attachments = params.get("attachments") or [params.get("attachment")]
    annotations = _draw(params, context.canvas(attachments[0]), context)
    return {"annotations": context.store_json([{"annotations": annotations} for _ in attachments])}


def _draw(params: JsonObject, canvas: Canvas, context: ResponseContext) -> list[JsonObject]:
    """Draw one annotation of each requested geometry."""
    annotations: list[JsonObject] = []
    for kind, geometry in params["geometries"].items():
        annotation: JsonObject = {
            "uuid": context.uuid(),
            "type": kind,
            "label": context.label(geometry["objects_to_annotate"]),
            "attributes": {},
        }
        annotations.append(annotation | SHAPES[kind](canvas, geometry))
    # An attribute may link to another annotation, so all of them must exist first.
    for annotation in annotations:
        annotation["attributes"] = _attributes(params, annotation, annotations, context.random)
    return annotations


def _attributes(
    params: JsonObject, of: JsonObject, annotations: list[JsonObject], random: Random
) -> JsonObject:
    wanted: JsonObject = params.get("annotation_attributes") or {}
    others = [annotation["uuid"] for annotation in annotations if annotation is not of]
    return {name: _attribute(spec, others, random) for name, spec in wanted.items()}


def _attribute(spec: JsonObject, others: list[str], random: Random) -> object:
    kind = spec.get("type", "category")
    if kind == "category":
        choice = random.choice(labels(spec["choices"]))
        return [choice] if spec.get("allow_multiple") else choice
    if kind in ("number", "angle"):
        low = spec.get("min")
        return 0 if low is None else low
    if kind == "linked":
        return random.choice(others) if others else None
    return "test response"


def video_playback(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Draw every geometry at the start and end of the first second of a video."""
    attachments = params.get("attachments") or [params.get("attachment")]
    canvas = context.canvas(attachments[0])
    rate = params["frame_rate"]
    keys = (0, max(1, round(rate)))
    tracks: JsonObject = {}
    drawings = [_draw(params, canvas, context) for _ in keys]
    for shapes in zip(*drawings, strict=True):
        frames = [
            {"key": key, "timestamp": key / rate if rate else key, **_moving(shape)}
            for key, shape in zip(keys, shapes, strict=True)
        ]
        first = shapes[0]
        tracks[first["uuid"]] = {
            "label": first["label"],
            "geometry": first["type"],
            "frames": frames,
        }
    events = [
        {"label": label, "start": keys[0], "end": keys[1]}
        for label in labels(params.get("events_to_annotate") or [])
    ]
    return {"annotations": context.store_json(tracks), "events": context.store_json(events)}


def _moving(shape: JsonObject) -> JsonObject:
    """Return the fields that differ between key frames."""
    geometry = {name: value for name, value in shape.items() if name not in _COMMON}
    return {"attributes": shape["attributes"]} | geometry
