"""Parameters of annotation tasks: labels, geometries and attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.documents import JsonObject, is_array, is_object
from ..base.validation import integer, invalid, number

_LABELLED: Mapping[str, Any] = {"objects_to_annotate": []}
_VERTICES: Mapping[str, Any] = {"objects_to_annotate": [], "min_vertices": 1, "max_vertices": None}

GEOMETRIES: Mapping[str, Mapping[str, Any]] = {
    "box": {
        "objects_to_annotate": [],
        "min_height": 0,
        "min_width": 0,
        "can_rotate": False,
        "integer_pixels": False,
    },
    "polygon": _VERTICES,
    "line": _VERTICES,
    "point": _LABELLED,
    "cuboid": {"objects_to_annotate": [], "min_height": 0, "min_width": 0},
    "ellipse": _LABELLED,
}
"""Geometries with their default parameters."""

ATTRIBUTE_TYPES = ("category", "number", "angle", "text", "x_line", "y_line", "linked")
_INTEGERS = ("min_height", "min_width", "min_vertices", "max_vertices")
_FLAGS = ("can_rotate", "integer_pixels")


def check_geometries(value: object, name: str) -> JsonObject:
    """Return the geometries of a task with defaults filled in."""
    if not is_object(value) or not value:
        raise invalid(name, f"must be an object of: {', '.join(GEOMETRIES)}")
    unknown = set(value) - set(GEOMETRIES)
    if unknown:
        raise invalid(name, f"has no {min(unknown)!r}; it may have: {', '.join(GEOMETRIES)}")
    return {kind: _geometry(kind, value[kind], f"{name}.{kind}") for kind in value}


def _geometry(kind: str, value: object, name: str) -> JsonObject:
    if not is_object(value):
        raise invalid(name, "must be an object")
    geometry = {**GEOMETRIES[kind], **value}
    check_choices(geometry["objects_to_annotate"], f"{name}.objects_to_annotate")
    for field in _INTEGERS:
        if geometry.get(field) is not None:
            geometry[field] = integer(geometry[field], f"{name}.{field}", low=0)
    for field in _FLAGS:
        if field in geometry and not isinstance(geometry[field], bool):
            raise invalid(f"{name}.{field}", "must be true or false")
    if "camera_height" in geometry:
        geometry["camera_height"] = number(geometry["camera_height"], f"{name}.camera_height")
    return geometry


def check_choices(value: object, name: str) -> list[Any]:
    """Return labels: strings, or objects with a ``choice`` and optional ``subchoices``."""
    if not is_array(value) or not value:
        raise invalid(name, "must be an array with at least one label")
    for entry in value:
        label = entry
        if is_object(entry):
            label = next((entry[key] for key in ("choice", "label", "name") if key in entry), None)
            if entry.get("subchoices"):
                check_choices(entry["subchoices"], f"{name}.subchoices")
        if not isinstance(label, str) or not label:
            raise invalid(name, 'must hold strings, or objects with a "choice"')
    return value


def labels(choices: list[Any]) -> list[str]:
    """Return the leaf labels of ``choices``."""
    found: list[str] = []
    for entry in choices:
        if isinstance(entry, str):
            found.append(entry)
        elif entry.get("subchoices"):
            found.extend(labels(entry["subchoices"]))
        else:
            found.append(next(entry[key] for key in ("choice", "label", "name") if key in entry))
    return found


def check_attributes(value: object, name: str) -> JsonObject:
    """Return the requested annotation attributes."""
    if not is_object(value):
        raise invalid(name, "must be an object")
    for key, attribute in value.items():
        where = f"{name}.{key}"
        if not is_object(attribute):
            raise invalid(where, "must be an object")
        kind = attribute.get("type", "category")
        if kind not in ATTRIBUTE_TYPES:
            raise invalid(f"{where}.type", f"must be one of: {', '.join(ATTRIBUTE_TYPES)}")
        if kind == "category":
            check_choices(attribute.get("choices"), f"{where}.choices")
        for bound in ("min", "max", "step"):
            if kind == "number" and attribute.get(bound) is not None:
                attribute[bound] = number(attribute[bound], f"{where}.{bound}")
    return value
