"""The report and the output account for every annotation, whatever the list."""

from __future__ import annotations

import json
from math import pi
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scaleapi import Task
from scaleapi.export.formats import Report
from tests.unit.formats.samples import (
    coco,
    cuboid,
    cvat,
    export,
    points,
    rotated,
    task,
    tilted_ellipse,
    voc,
    yolo,
)

FORMATS = ("coco", "yolo", "yolo-obb", "yolo-seg", "voc", "cvat")
LABELS = ("a", "b", "ü", "", None, "x y")


def number(random: Random) -> Any:
    if random.random() < 0.02:
        return random.choice([None, "7", True, float("nan"), float("inf"), 1e7, [], {}])
    if random.random() < 0.3:
        return random.randint(-50, 700)
    return random.uniform(-50, 700)


def annotation(random: Random) -> Any:
    if random.random() < 0.02:
        return random.choice([None, 7, "box", [], {}, {"type": "splat"}, {"x": 1}])
    kind = random.choice(["box", "rotated", "polygon", "line", "point", "ellipse", "cuboid", "odd"])
    x, y = random.uniform(-100, 640), random.uniform(-100, 480)
    width, height = random.uniform(0, 300), random.uniform(0, 200)
    angle = random.uniform(-2 * pi, 2 * pi)
    several = [{"x": number(random), "y": number(random)} for _ in range(random.randint(0, 9))]
    shapes: dict[str, Any] = {
        "box": {"type": "box", **{k: number(random) for k in ("left", "top", "width", "height")}},
        "rotated": rotated(x, y, width, height, angle),
        "polygon": {"type": "polygon", "vertices": several},
        "line": {"type": "line", "vertices": several},
        "point": {"type": "point", "x": number(random), "y": number(random)},
        "ellipse": tilted_ellipse(x, y, width, height, angle),
        "cuboid": cuboid(random.choice(["left", "right"])),
        "odd": {"type": "ellipse", "vertices": points(*[(x * n, y / n) for n in range(1, 5)])},
    }
    return {"label": random.choice(LABELS), "attributes": {"n": [1, None]}, **shapes[kind]}


def tasks(count: int, seed: int) -> list[Task]:
    random = Random(seed)
    return [
        task(*(annotation(random) for _ in range(random.randint(0, 8))), task_id=f"t{n}")
        for n in range(count)
    ]


def in_output(folder: Path, format: str, names: list[str]) -> int:
    if format == "coco":
        return len(coco(folder)["annotations"])
    if format == "cvat":
        return len(cvat(folder).findall("image/*"))
    if format == "voc":
        return sum(len(voc(folder, name).findall("object")) for name in names)
    return sum(len(yolo(folder, name)) for name in names)


def check(folder: Path, format: str, listed: list[Task], options: dict[str, Any]) -> Report:
    report = export(folder, format, *listed, **options)
    total = sum(len(one.response["annotations"]) for one in listed)
    in_the_report = sum((report.written + report.approximated + report.skipped).values())
    assert in_the_report == report.annotations == total
    present = sum((report.written + report.approximated).values())
    assert in_output(folder, format, [one.id for one in listed]) == present
    assert report.images == report.tasks == len(listed)
    saved = json.loads((folder / "report.json").read_text("utf-8"))
    assert saved == report.as_dict() | {
        name: [{**loss, "examples": [*loss["examples"]]} for loss in saved[name]]
        for name in ("approximated", "skipped")
    }
    return report


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("options", [{}, {"categories": ["a", "x y"]}], ids=["all", "two"])
def test_every_annotation_is_accounted_for(
    tmp_path: Path, format: str, options: dict[str, Any]
) -> None:
    report = check(tmp_path / "out", format, tasks(50, seed=len(format)), options)
    assert report.written or report.approximated
    assert report.skipped


@pytest.mark.soak
@pytest.mark.parametrize("format", FORMATS)
def test_every_annotation_of_5000_lists_is_accounted_for(tmp_path: Path, format: str) -> None:
    """Ten an export, so that few errors can make up for each other."""
    listed = tasks(5000, seed=1)
    for start in range(0, 5000, 10):
        check(tmp_path / str(start), format, listed[start : start + 10], {})
