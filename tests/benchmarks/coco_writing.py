"""COCO from 10,000 tasks with 20 boxes each, beside the converters that are installed.

All begin with the tasks' JSON in memory, as Python objects, and end with a file. Each runs in a
process of its own, in turn. globox comes with the extra ``dev``; supervision and datumaro are
measured too if they can be imported.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SIZE = (1920, 1080)


def tasks(count: int) -> list[dict[str, Any]]:
    """Return the JSON of tasks, as a page of the list has it."""
    return [
        {
            "task_id": f"65f0a1b2c3d4e5f6{number:08x}",
            "type": "imageannotation",
            "status": "completed",
            "params": {
                "attachment": f"https://img.example.net/{number}.jpg",
                "geometries": {"box": {"objects_to_annotate": ["parcel", "label"]}},
            },
            "response": {
                "annotations": [
                    {
                        "uuid": f"{number:016x}{place:016x}",
                        "type": "box",
                        "label": ("parcel", "label")[place % 2],
                        "attributes": {"size": "small", "damaged": "no"},
                        "left": 7.5 * place,
                        "top": 274.25,
                        "width": 84.5,
                        "height": 118,
                    }
                    for place in range(20)
                ]
            },
        }
        for number in range(count)
    ]


def ours(listed: list[dict[str, Any]], folder: Path) -> None:
    from scaleapi import Task
    from scaleapi.export.formats import write_annotations

    objects = [Task(one, None) for one in listed]  # type: ignore[arg-type]  # nothing is fetched
    report = write_annotations(objects, folder / "ours", image_size=lambda task: SIZE)
    assert report.written["box"] == 20 * len(listed)


def globox(listed: list[dict[str, Any]], folder: Path) -> None:
    from globox import Annotation, AnnotationSet, BoundingBox

    found = AnnotationSet(
        Annotation(
            image_id=f"{one['task_id']}.jpg",
            image_size=SIZE,
            boxes=[
                BoundingBox(
                    label=box["label"],
                    xmin=box["left"],
                    ymin=box["top"],
                    xmax=box["left"] + box["width"],
                    ymax=box["top"] + box["height"],
                )
                for box in one["response"]["annotations"]
            ],
        )
        for one in listed
    )
    found.save_coco(folder / "globox.json", auto_ids=True)


def supervision(listed: list[dict[str, Any]], folder: Path) -> None:
    import numpy as np
    import supervision as sv  # type: ignore[import-not-found]  # not of the extra dev

    labels = {"parcel": 0, "label": 1}
    annotations = {
        f"{one['task_id']}.jpg": sv.Detections(
            xyxy=np.array(
                [
                    (b["left"], b["top"], b["left"] + b["width"], b["top"] + b["height"])
                    for b in one["response"]["annotations"]
                ]
            ),
            class_id=np.array([labels[b["label"]] for b in one["response"]["annotations"]]),
        )
        for one in listed
    }
    blank = np.broadcast_to(np.uint8(0), (SIZE[1], SIZE[0], 3))
    images = dict.fromkeys(annotations, blank)
    data = sv.DetectionDataset(classes=[*labels], images=images, annotations=annotations)
    data.as_coco(annotations_path=str(folder / "supervision.json"))


def datumaro(listed: list[dict[str, Any]], folder: Path) -> None:
    import datumaro as dm  # type: ignore[import-not-found]  # not of the extra dev

    labels = {"parcel": 0, "label": 1}
    items = [  # it goes through them more than once
        dm.DatasetItem(
            id=one["task_id"],
            media=dm.Image.from_file(path=f"{one['task_id']}.jpg", size=SIZE[::-1]),
            annotations=[
                dm.Bbox(
                    b["left"], b["top"], b["width"], b["height"],
                    label=labels[b["label"]], attributes=b["attributes"],
                )
                for b in one["response"]["annotations"]
            ],
        )
        for one in listed
    ]  # fmt: skip
    data = dm.Dataset.from_iterable(items, categories=[*labels], media_type=dm.Image)
    data.export(str(folder / "datumaro"), "coco_instances")


CONTENDERS: dict[str, Callable[[list[dict[str, Any]], Path], None]] = {
    "ours": ours,
    "globox": globox,
    "supervision": supervision,
    "datumaro": datumaro,
}


def run(name: str, count: int) -> None:
    """Do the work once; print seconds of CPU and of the clock, MB over the tasks, MB written."""
    listed = tasks(count)
    with tempfile.TemporaryDirectory() as folder:
        # Import and first use are not what is measured.
        with tempfile.TemporaryDirectory() as first, contextlib.redirect_stdout(io.StringIO()):
            CONTENDERS[name](listed[:1], Path(first))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start, cpu = time.perf_counter(), time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            CONTENDERS[name](listed, Path(folder))
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.json"))
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(cpu, seconds, memory, size / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="see only that it runs")
    parser.add_argument("--work", choices=CONTENDERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    count, rounds = (100, 1) if options.short else (10_000, 5)
    if options.work:
        run(options.work, count)
        return
    names = [name for name in CONTENDERS if name == "ours" or importlib.util.find_spec(name)]
    results: dict[str, list[list[float]]] = {name: [] for name in names}
    short = ["--short"] if options.short else []
    for _ in range(rounds):
        for name in names:
            command = [sys.executable, __file__, "--work", name, *short]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            results[name].append([float(word) for word in done.stdout.split()])
    print(f"COCO from {count:,} tasks with 20 boxes each; median of {rounds}")
    for name, turns in results.items():
        medians = [statistics.median(column) for column in zip(*turns, strict=True)]
        cpu, seconds, memory, size = medians
        print(
            f"  {name:12} {cpu:7.2f} s of CPU ({count * 20 / cpu:8,.0f} boxes/s)  {seconds:7.2f} s"
            f"  {memory:6.0f} MB over the tasks  {size:6.1f} MB written"
        )


if __name__ == "__main__":
    main()
