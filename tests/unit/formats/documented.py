"""The picture of docs/formats.rst: an export as pycocotools and matplotlib show it.

``python -m tests.unit.formats.documented`` makes it.
"""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl
from PIL import Image
from pycocotools.coco import COCO

from scaleapi import Task
from scaleapi.export.formats import write_annotations
from tests.unit.drawing.documented import PARCELS, PICTURES, ROOT, annotation, vertices

IMAGE = ROOT / "examples" / "data" / "belt_north.jpg"

ANNOTATIONS = [
    *PARCELS,
    annotation("ellipse", "logo", **vertices((416, 228), (436, 240), (420, 256), (400, 244))),
    annotation("point", "corner", x=30, y=222),
]


def save(path: Path) -> None:
    """Export the annotations of a photo, and save the picture that the two tools make of it."""
    mpl.use("agg")
    from matplotlib import pyplot as plt

    link = f"data:image/jpeg;base64,{b64encode(IMAGE.read_bytes()).decode()}"
    task = Task(
        {
            "task_id": "belt_north",
            "type": "imageannotation",
            "params": {"attachment": link},
            "response": {"annotations": ANNOTATIONS},
        },
        None,  # type: ignore[arg-type]  # nothing is fetched
    )
    with TemporaryDirectory() as folder:
        out = Path(folder, "out")
        write_annotations([task], out, images=True)
        data = COCO(os.fspath(out / "annotations.json"))
        (image,) = data.loadImgs(data.getImgIds())
        figure = plt.figure(figsize=(6.4, 4.27), dpi=100)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        with Image.open(out / "images" / image["file_name"]) as photo:
            axes.imshow(photo)
        data.showAnns(data.loadAnns(data.getAnnIds(imgIds=image["id"])), draw_bbox=True)
        figure.savefig(path)
    plt.close(figure)


if __name__ == "__main__":
    save(PICTURES / "exported_coco.png")
