"""Exports as pycocotools and globox read them."""

from __future__ import annotations

import contextlib
import io
import json
import os
from base64 import b64encode
from io import BytesIO
from math import pi
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from globox import AnnotationSet
from PIL import Image, ImageDraw
from pycocotools import mask as mask_utils
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from scaleapi import Task
from scaleapi.drawing import draw
from tests.unit.formats.samples import (
    SIZE,
    annotated,
    coco,
    cuboid,
    export,
    points,
    rotated,
    task,
    tilted_ellipse,
)

# Its decoder was built before numpy asked for this.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def opened(folder: Path) -> Any:  # its types do not know what it takes and returns
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(os.fspath(folder / "annotations.json"))


def precision(ground: Any, results: list[dict[str, Any]], kind: Any) -> float:
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(ground, ground.loadRes(results), kind)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return float(evaluation.stats[0])


CROSSING = {
    "bow tie": [(100, 100), (400, 300), (400, 100), (100, 300)],
    "bow tie through a vertex": [
        (100, 100), (250, 200), (400, 100), (400, 300), (250, 200), (100, 300)
    ],
    "star": [(320, 40), (430, 380), (140, 170), (500, 170), (210, 380)],
    "small loop": [(100, 100), (400, 100), (400, 300), (380, 90), (100, 300)],
    "twice around": [(100, 100), (400, 100), (400, 300), (100, 300)] * 2,
    "there and back": [(100, 100), (400, 100), (100, 100), (100, 300)],
}  # fmt: skip


@pytest.mark.parametrize("name", CROSSING)
def test_the_area_of_a_polygon_that_crosses_itself_is_that_of_its_mask(
    tmp_path: Path, name: str
) -> None:
    one = {"type": "polygon", "label": "a", "vertices": points(*CROSSING[name])}
    export(tmp_path / "out", "coco", task(one))
    data = opened(tmp_path / "out")
    (annotation,) = data.loadAnns(data.getAnnIds())
    mask = int(data.annToMask(annotation).sum())
    assert annotation["area"] == pytest.approx(mask, rel=0.02, abs=700 if not mask else 0)


SHAPES = {
    "rotated box": rotated(100, 100, 200, 90, 0.5),
    "polygon": {"type": "polygon", "vertices": points((10, 12), (460.5, 14), (150, 344.25))},
    "ellipse": tilted_ellipse(300, 200, 150, 60, 0.3),
    "cuboid": cuboid(),
}


@pytest.mark.parametrize("geometry", SHAPES)
def test_areas_and_masks_agree(tmp_path: Path, geometry: str) -> None:
    annotation = {"label": "parcel", **SHAPES[geometry]}
    export(tmp_path / "out", "coco", task(annotation))
    data = opened(tmp_path / "out")
    (found,) = data.loadAnns(data.getAnnIds())
    mask = data.annToMask(found).astype(bool)
    assert found["area"] == pytest.approx(mask.sum(), rel=0.01)
    expected = painted(found["segmentation"][0]) if geometry != "ellipse" else ellipse_mask()
    union = (mask | expected).sum()
    assert (mask & expected).sum() / union >= 0.99


def painted(ring: list[float]) -> Any:
    """Return the pixels inside a polygon, sampled 8 x 8 times each by Pillow."""
    big = Image.new("1", (SIZE[0] * 8, SIZE[1] * 8))
    ImageDraw.Draw(big).polygon([value * 8 for value in ring], fill=1)
    parts = np.asarray(big).reshape(SIZE[1], 8, SIZE[0], 8).mean(axis=(1, 3))
    return parts >= 0.5


def ellipse_mask() -> Any:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]] + 0.5
    along = (x - 300) * np.cos(0.3) + (y - 200) * np.sin(0.3)
    across = (y - 200) * np.cos(0.3) - (x - 300) * np.sin(0.3)
    return (along / 150) ** 2 + (across / 60) ** 2 <= 1


def random_tasks(count: int, geometries: tuple[str, ...]) -> list[Task]:
    random = Random(7)
    tasks = []
    for number in range(count):
        annotations = []
        for _ in range(random.randint(0, 6)):
            shape = shape_of(random, random.choice(geometries))
            annotations.append({"label": random.choice(["a", "b", "c"]), **shape})
        tasks.append(task(*annotations, task_id=f"t{number}"))
    return tasks


def shape_of(random: Random, geometry: str) -> dict[str, Any]:
    x, y = random.uniform(0, 400), random.uniform(0, 300)
    width, height = random.uniform(20, 200), random.uniform(20, 150)
    if geometry == "box":
        return {"type": "box", "left": x, "top": y, "width": width, "height": height}
    if geometry == "ellipse":
        angle = random.uniform(-pi, pi)
        return tilted_ellipse(x + 120, y + 90, width / 2, height / 2, angle)
    if geometry == "rotated box":
        return rotated(x, y, width, height, random.uniform(-pi, pi))
    corners = [(x, y), (x + width, y), (x + width, y + height / 2), (x, y + height)]
    return {"type": "polygon", "vertices": points(*corners)}


@pytest.mark.parametrize(
    ("kind", "geometries"),
    [
        ("bbox", ("box", "rotated box", "polygon", "ellipse")),
        ("segm", ("rotated box", "polygon", "ellipse")),
    ],
)
def test_export_evaluated_against_itself_has_a_precision_of_one(
    tmp_path: Path, kind: str, geometries: tuple[str, ...]
) -> None:
    export(tmp_path / "out", "coco", *random_tasks(30, geometries))
    data = opened(tmp_path / "out")
    results = []
    for one in data.dataset["annotations"]:
        result: dict[str, Any] = {key: one[key] for key in ("image_id", "category_id", "bbox")} | {
            "score": 0.9
        }
        if kind == "segm":
            del result["bbox"]
            result["segmentation"] = mask_utils.encode(np.asfortranarray(data.annToMask(one)))
        results.append(result)
    assert precision(data, results, kind) == pytest.approx(1.0)


def test_ids_begin_at_one_since_pycocotools_takes_zero_for_no_match(tmp_path: Path) -> None:
    export(tmp_path / "out", "coco", *random_tasks(5, ("box",)))
    data = coco(tmp_path / "out")
    for key in ("images", "annotations", "categories"):
        assert [one["id"] for one in data[key]] == [*range(1, len(data[key]) + 1)]


def test_our_own_picture_has_the_same_pixels(tmp_path: Path) -> None:
    """The drawing, which was compared with a browser, and the mask of pycocotools."""
    annotation = {"label": "parcel", **SHAPES["polygon"]}
    export(tmp_path / "out", "coco", task(annotation))
    data = opened(tmp_path / "out")
    mask = data.annToMask(data.loadAnns([1])[0]).astype(bool)
    picture = np.asarray(draw(Image.new("RGB", SIZE), [annotation], labels=False)).sum(axis=2) > 0
    outline = mask ^ (mask & np.roll(mask, 1, 0) & np.roll(mask, 1, 1))
    assert (picture & outline).sum() / outline.sum() > 0.95


def test_globox_reads_the_same_boxes_from_each_format(tmp_path: Path) -> None:
    tasks = random_tasks(12, ("box",))
    for name in ("coco", "yolo", "voc", "cvat"):
        export(tmp_path / name, name, *tasks)
    for number in range(12):  # its reader wants the images
        Image.new("RGB", SIZE).save(tmp_path / "yolo" / "images" / f"t{number}.png")
    order = [one["name"] for one in coco(tmp_path / "coco")["categories"]]
    names = dict(enumerate(order))
    sets = {
        "coco": AnnotationSet.from_coco(tmp_path / "coco" / "annotations.json"),
        "yolo": AnnotationSet.from_yolo_v5(
            tmp_path / "yolo" / "labels",
            image_folder=tmp_path / "yolo" / "images",
            image_extension=".png",
        ).map_labels({str(number): name for number, name in names.items()}),
        "voc": AnnotationSet.from_pascal_voc(tmp_path / "voc" / "Annotations"),
        "cvat": AnnotationSet.from_cvat(tmp_path / "cvat" / "annotations.xml"),
    }
    expected = {
        one.id: sorted(
            (round(a["left"], 6), round(a["top"], 6), round(a["left"] + a["width"], 6), a["label"])
            for a in one.response["annotations"]
        )
        for one in tasks
    }
    for found in sets.values():
        boxes = {
            Path(one.image_id).stem: sorted(
                (round(box.xmin, 6), round(box.ymin, 6), round(box.xmax, 6), box.label)
                for box in one.boxes
            )
            for one in found
        }
        assert boxes == expected


def test_masks_are_those_of_the_index_image(tmp_path: Path) -> None:
    random = Random(3)
    index = np.zeros((97, 143), np.uint8)
    for number in range(1, 30):
        y, x = random.randrange(80), random.randrange(120)
        index[y : y + random.randint(1, 60), x : x + random.randint(1, 60)] = number
    index[:, 40:43] = 30  # columns on end
    segmented = segmentation(index, {"a": [{"index": n} for n in range(1, 31)]})
    export(tmp_path / "out", "coco", segmented, image_size=None)
    data = opened(tmp_path / "out")
    numbers = [n for n in range(1, 31) if (index == n).any()]
    found = data.loadAnns(data.getAnnIds())
    assert len(found) == len(numbers)
    for one, number in zip(found, numbers, strict=True):
        expected = index == number
        rle: Any = mask_utils.encode(np.asfortranarray(expected.astype(np.uint8)))
        assert one["segmentation"]["counts"] == rle["counts"].decode()
        assert (data.annToMask(one) == expected).all()
        assert one["area"] == expected.sum()
        assert one["bbox"] == mask_utils.toBbox(rle).tolist()
        assert one["iscrowd"] == 0


def segmentation(index: Any, mapping: dict[str, Any], large: bool = False) -> Task:
    """Return a task of a segmentation, with its mask inside."""
    if large:
        pixels = np.stack([index & 255, index >> 8 & 255, index >> 16 & 255], axis=2)
        image = Image.fromarray(pixels.astype(np.uint8))
    else:
        image = Image.fromarray(index.astype(np.uint8))
    file = BytesIO()
    image.save(file, "PNG")
    link = f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"
    combined = {"extendedIndexedImage" if large else "indexedImage": link}
    response = {"labelMapping": mapping, "annotations": {"combined": combined}}
    return task(type="segmentannotation", response=response)


def test_a_mask_of_several_parts_with_holes_is_one_annotation_and_no_crowd(tmp_path: Path) -> None:
    index = np.zeros((60, 80), np.uint8)
    index[5:25, 5:25], index[10:15, 10:15], index[40:50, 60:75] = 1, 0, 1
    report = export(
        tmp_path / "out", "coco", segmentation(index, {"a": {"index": 1}}), image_size=None
    )
    assert report.written == {"mask": 1}
    data = opened(tmp_path / "out")
    (one,) = data.loadAnns(data.getAnnIds())
    assert one["iscrowd"] == 0
    assert (data.annToMask(one) == (index == 1)).all()


def test_more_than_255_indices_come_from_the_image_of_24_bits(tmp_path: Path) -> None:
    index = np.arange(40 * 20).reshape(20, 40)
    segmented = segmentation(index, {"a": [{"index": n} for n in range(1, 800)]}, large=True)
    report = export(tmp_path / "out", "coco", segmented, image_size=None)
    assert report.written == {"mask": 799}
    found = coco(tmp_path / "out")["annotations"]
    assert [one["bbox"] for one in found[298:300]] == [[19, 7, 1, 1], [20, 7, 1, 1]]


def test_voc_images_of_classes_and_objects(tmp_path: Path) -> None:
    index = np.zeros((30, 40), np.uint8)
    index[2:10, 3:12], index[12:20, 3:12], index[:, 30:] = 5, 9, 2
    mapping = {"parcel": [{"index": 5}, {"index": 9}], "belt": {"index": 2}}
    export(tmp_path / "out", "voc", segmentation(index, mapping), image_size=None)
    classes = np.asarray(Image.open(tmp_path / "out" / "SegmentationClass" / "t1.png"))
    objects = np.asarray(Image.open(tmp_path / "out" / "SegmentationObject" / "t1.png"))
    assert (classes == np.select([index == 5, index == 9, index == 2], [1, 1, 2])).all()
    assert (objects == np.select([index == 5, index == 9, index == 2], [1, 2, 3])).all()
    palette = Image.open(tmp_path / "out" / "SegmentationClass" / "t1.png").getpalette()
    assert palette is not None
    assert palette[3:9] == [128, 0, 0, 0, 128, 0]
    listed = (tmp_path / "out" / "ImageSets" / "Segmentation" / "default.txt").read_text()
    assert listed == "t1\n"


def test_yolo_says_that_it_has_no_masks(tmp_path: Path) -> None:
    index = np.ones((30, 40), np.uint8)
    mask = segmentation(index, {"belt": {"index": 1}})
    for name in ("yolo", "yolo-obb", "yolo-seg"):
        report = export(tmp_path / name, name, mask, image_size=None)
        assert report.skipped == {"mask": 1}


def test_cvat_masks_are_runs_along_rows_of_their_frame(tmp_path: Path) -> None:
    from tests.unit.formats.samples import cvat

    random = Random(5)
    index = np.zeros((50, 70), np.uint8)
    for number in range(1, 9):
        y, x = random.randrange(40), random.randrange(60)
        index[y : y + random.randint(1, 20), x : x + random.randint(1, 30)] = number
    mapping = {"a": [{"index": n} for n in range(1, 9)]}
    export(tmp_path / "out", "cvat", segmentation(index, mapping), image_size=None)
    found = cvat(tmp_path / "out").findall("image/mask")
    numbers = [n for n in range(1, 9) if (index == n).any()]
    assert len(found) == len(numbers)
    for one, number in zip(found, numbers, strict=True):
        left, top, width, height = (int(one.get(k, "")) for k in ("left", "top", "width", "height"))
        pixels: list[int] = []
        for place, count in enumerate(map(int, (one.get("rle") or "").split(","))):
            pixels += [place % 2] * count
        expected = index == number
        inner = np.array(pixels).reshape(height, width)
        assert (inner == expected[top : top + height, left : left + width]).all()
        assert inner.sum() == expected.sum()


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({"a": {"index": 7}}, "no pixel of the mask has its index"),
        ({"a": {}}, "an entry of labelMapping has no index"),
        ([], "labelMapping is not an object"),
    ],
)
def test_masks_that_are_not_there_are_counted(tmp_path: Path, mapping: Any, reason: str) -> None:
    one = segmentation(np.ones((3, 4), np.uint8), mapping)
    report = export(tmp_path / "out", "coco", one, image_size=None)
    assert reason in json.dumps(report.as_dict())
    assert not report.written


def test_a_label_in_two_geometries_is_one_category(tmp_path: Path) -> None:
    export(tmp_path / "out", "coco", task(annotated("box"), annotated("polygon")))
    assert len(coco(tmp_path / "out")["categories"]) == 1
