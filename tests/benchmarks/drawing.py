"""10,000 annotations in one picture: the time it takes (goal 1 s) and its size (goal 5 MB).

Each has three attributes. ``all`` are as many of every geometry, polygons with 20 vertices.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any

from scaleapi.drawing import annotations_svg

SIZE = (4000, 3000)
ATTRIBUTES = {"size": "small", "damaged": "no", "material": "cardboard"}
CUBOID = (
    *("face-topleft", "face-bottomleft", "face-topright", "face-bottomright"),
    *("side-topcorner", "side-bottomcorner"),
)

Fields = dict[str, Any]


def point(chance: Random) -> Fields:
    return {"x": chance.uniform(0, SIZE[0]), "y": chance.uniform(0, SIZE[1])}


def vertices(chance: Random, count: int) -> Fields:
    centre = point(chance)
    near = [
        {"x": centre["x"] + chance.uniform(-50, 50), "y": centre["y"] + chance.uniform(-50, 50)}
        for _ in range(count)
    ]
    return {"vertices": near}


def box(chance: Random) -> Fields:
    corner = point(chance)
    sides = {"width": chance.uniform(5, 100), "height": chance.uniform(5, 100)}
    return {"left": corner["x"], "top": corner["y"], **sides}


def cuboid(chance: Random) -> Fields:
    corners = vertices(chance, 6)["vertices"]
    return {
        "vertices": [
            {**corner, "description": name} for corner, name in zip(corners, CUBOID, strict=True)
        ]
    }


GEOMETRIES: dict[str, Callable[[Random], Fields]] = {
    "box": box,
    "polygon": lambda chance: vertices(chance, 20),
    "line": lambda chance: vertices(chance, 10),
    "point": point,
    "ellipse": lambda chance: vertices(chance, 4),
    "cuboid": cuboid,
}


def response(kinds: list[str], count: int) -> Fields:
    """Return a task's response, as decoded from JSON."""
    chance = Random(7)
    annotations = [
        {
            "type": (kind := kinds[number % len(kinds)]),
            "label": f"label {number % 20}",
            "attributes": ATTRIBUTES,
            **GEOMETRIES[kind](chance),
        }
        for number in range(count)
    ]
    decoded: Fields = json.loads(json.dumps({"annotations": annotations}))
    return decoded


def seconds(clock: Callable[[], float], task_response: Fields) -> float:
    """Return how long a picture takes."""
    started = clock()
    annotations_svg(task_response, size=SIZE)
    return clock() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="a second, to see that it runs")
    short = parser.parse_args().short
    count = 100 if short else 10_000
    for name, kinds in {"all": [*GEOMETRIES], **{kind: [kind] for kind in GEOMETRIES}}.items():
        task_response = response(kinds, count)
        megabytes = len(annotations_svg(task_response, size=SIZE).encode()) / 1e6
        wall, cpu = (
            statistics.median(seconds(clock, task_response) for _ in range(1 if short else 5))
            for clock in (time.perf_counter, time.process_time)
        )
        print(f"{name:8} {wall:.2f} s ({cpu:.2f} s of CPU), {megabytes:.2f} MB")


if __name__ == "__main__":
    main()
