"""Tasks with annotations of every geometry, and what an export of them has in it."""

from __future__ import annotations

import json
from math import cos, sin
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from scaleapi import Task
from scaleapi.export.formats import Report, write_annotations

SIZE = (640, 480)

Annotation = dict[str, Any]


def points(*pairs: tuple[float, float]) -> list[dict[str, float]]:
    return [{"x": x, "y": y} for x, y in pairs]


def rotated(left: float, top: float, width: float, height: float, angle: float) -> Annotation:
    x, y = left + width / 2, top + height / 2
    corners = [
        (
            x + a * width / 2 * cos(angle) - b * height / 2 * sin(angle),
            y + a * width / 2 * sin(angle) + b * height / 2 * cos(angle),
        )
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    box = {"type": "box", "left": left, "top": top, "width": width, "height": height}
    return {**box, "rotation": angle, "vertices": points(*corners)}


def tilted_ellipse(x: float, y: float, a: float, b: float, angle: float) -> Annotation:
    u, v = (a * cos(angle), a * sin(angle)), (-b * sin(angle), b * cos(angle))
    ends = [(x + u[0], y + u[1]), (x + v[0], y + v[1]), (x - u[0], y - u[1]), (x - v[0], y - v[1])]
    return {"type": "ellipse", "vertices": points(*ends)}


def cuboid(side: str = "right") -> Annotation:
    corners = {
        "face-topleft": (100, 100),
        "face-topright": (200, 110),
        "face-bottomright": (200, 210),
        "face-bottomleft": (100, 200),
        "side-topcorner": (260, 90) if side == "right" else (40, 90),
        "side-bottomcorner": (260, 180) if side == "right" else (40, 180),
    }
    vertices = [
        {"x": x, "y": y, "type": "vertex", "description": name} for name, (x, y) in corners.items()
    ]
    return {"type": "cuboid", "vertices": vertices}


GEOMETRIES: dict[str, Annotation] = {
    "box": {"type": "box", "left": 41, "top": 80.5, "width": 120, "height": 66.25},
    "rotated box": rotated(100, 100, 80, 40, 0.5),
    "polygon": {"type": "polygon", "vertices": points((10, 12), (160.5, 14), (150, 144.25))},
    "line": {"type": "line", "vertices": points((0, 5), (90.5, 7))},
    "point": {"type": "point", "x": 33, "y": 71.5},
    "ellipse": tilted_ellipse(300, 200, 100, 50, 0.3),
    "cuboid": cuboid(),
}


def annotated(geometry: str, **fields: Any) -> Annotation:
    """Return an annotation of a geometry."""
    return {"uuid": f"uuid of {geometry}", "label": "parcel", **GEOMETRIES[geometry], **fields}


def task(
    *annotations: Any, task_id: str = "t1", type: str = "imageannotation", **fields: Any
) -> Task:
    """Return a completed task with a response."""
    json_object = {
        "task_id": task_id,
        "type": type,
        "status": "completed",
        "params": {"attachment": f"https://images.invalid/{task_id}.png"},
        "response": {"annotations": [*annotations]},
        **fields,
    }
    return Task(json_object, None)  # type: ignore[arg-type]  # as a file of tasks is read


def export(path: Path, format: str, *tasks: Task, **options: Any) -> Report:
    """Write tasks whose images all have one size."""
    options.setdefault("image_size", lambda task: SIZE)
    return write_annotations(tasks, path, format, **options)


def coco(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "annotations.json").read_text("ascii"))
    return found


def yolo(folder: Path, stem: str = "t1") -> list[list[float]]:
    lines = (folder / "labels" / f"{stem}.txt").read_text("ascii").splitlines()
    return [[float(token) for token in line.split()] for line in lines]


def voc(folder: Path, stem: str = "t1") -> ET.Element:
    return ET.parse(folder / "Annotations" / f"{stem}.xml").getroot()


def cvat(folder: Path) -> ET.Element:
    return ET.parse(folder / "annotations.xml").getroot()
