"""Out and back in: what the table of geometries calls exact is equal within 0.01 px."""

from __future__ import annotations

import json
from math import dist, pi
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scaleapi.exceptions import ScaleArgumentError
from scaleapi.export.formats import read_annotations
from scaleapi.export.formats.shapes import Shape
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

NAME = "t1.png"
EXACT = {
    "coco": ("box", "rotated box", "polygon", "point"),
    "yolo": ("box",),
    "yolo-obb": ("box", "rotated box"),
    "yolo-seg": ("polygon",),
    "voc": ("box",),
    "cvat": ("box", "rotated box", "polygon", "line", "point", "ellipse"),
}


def shape(random: Random, geometry: str) -> dict[str, Any]:
    x, y = random.uniform(150, 450), random.uniform(150, 300)
    width, height, angle = random.uniform(1, 150), random.uniform(1, 150), random.uniform(-pi, pi)
    left, top = x - width / 2, y - height / 2
    several = [
        (random.uniform(0, 640), random.uniform(0, 480)) for _ in range(random.randint(3, 9))
    ]
    found: dict[str, dict[str, Any]] = {
        "box": {"type": "box", "left": left, "top": top, "width": width, "height": height},
        "rotated box": rotated(left, top, width, height, angle),
        "polygon": {"type": "polygon", "vertices": points(*several)},
        "line": {"type": "line", "vertices": points(*several)},
        "point": {"type": "point", "x": x, "y": y},
        "ellipse": tilted_ellipse(x, y, width / 2, height / 2, angle),
    }
    return found[geometry]


def vertices(annotation: dict[str, Any]) -> list[tuple[float, float]]:
    if annotation["type"] == "ellipse":  # the same points, in another order
        return sorted((one["x"], one["y"]) for one in annotation["vertices"])
    return [*Shape.of(annotation, None).points]


@pytest.mark.parametrize(
    ("format", "geometry"), [(name, one) for name, several in EXACT.items() for one in several]
)
def test_exact_geometries_come_back(tmp_path: Path, format: str, geometry: str) -> None:
    random = Random(geometry)
    originals = [{"label": f"l {n % 3}", **shape(random, geometry)} for n in range(100)]
    report = export(tmp_path / "out", format, task(*originals))
    assert not report.skipped
    found = read_annotations(tmp_path / "out", format, image_size={"t1": SIZE})
    assert not found.report.skipped
    (name,) = found
    assert Path(name).stem == "t1"
    back = found[name]["annotations"]
    assert len(back) == 100
    for before, after in zip(originals, back, strict=True):
        assert (after["type"], after["label"]) == (before["type"], before["label"])
        pairs = zip(vertices(before), vertices(after), strict=True)
        assert max(dist(a, b) for a, b in pairs) <= 0.01
        if geometry == "rotated box":
            assert after["rotation"] % (2 * pi) == pytest.approx(before["rotation"] % (2 * pi))
            for key in ("left", "top", "width", "height"):
                assert after[key] == pytest.approx(before[key], abs=0.01)


@pytest.mark.parametrize("format", ["coco", "cvat"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_corners_of_cuboids_that_are_seen_come_back(
    tmp_path: Path, format: str, side: str
) -> None:
    original = {"label": "a", **cuboid(side)}
    export(tmp_path / "out", format, task(original))
    (back,) = read_annotations(tmp_path / "out", format)[NAME]["annotations"]
    assert vertices(back) == vertices(original)


@pytest.mark.parametrize("format", ["coco", "voc", "cvat"])
def test_attributes_come_back(tmp_path: Path, format: str) -> None:
    original = annotated("box", attributes={"torn": "no", "rotation": "clockwise"})
    export(tmp_path / "out", format, task(original))
    (back,) = read_annotations(tmp_path / "out", format)[NAME]["annotations"]
    assert back["attributes"] == {"torn": "no", "rotation": "clockwise"}
    assert "rotation" not in back


def test_rotation_that_is_also_an_attribute(tmp_path: Path) -> None:
    original = annotated("rotated box", attributes={"rotation": "clockwise"})
    export(tmp_path / "out", "coco", task(original))
    (back,) = read_annotations(tmp_path / "out")[NAME]["annotations"]
    assert back["attributes"] == {"rotation": "clockwise"}
    assert back["rotation"] == pytest.approx(0.5)
    assert back["uuid"] == original["uuid"]


def test_what_is_read_exports_as_the_same_file(tmp_path: Path) -> None:
    originals = [
        annotated(name, attributes={}) for name in ("box", "rotated box", "polygon", "point")
    ]
    export(tmp_path / "first", "coco", task(*originals))
    back = read_annotations(tmp_path / "first")[NAME]
    export(tmp_path / "second", "coco", task(response=back))
    first, second = coco(tmp_path / "first"), coco(tmp_path / "second")
    for before, after in zip(first["annotations"], second["annotations"], strict=True):
        assert before.keys() == after.keys()
        assert after["bbox"] == pytest.approx(before["bbox"])


class TestPredictions:
    """COCO results: a list without images and categories."""

    def dataset(self, folder: Path) -> Path:
        export(
            folder / "dataset", "coco", task(task_id="a"), task(task_id="b"), categories=["x", "y"]
        )
        return folder / "dataset"

    def test_become_prelabels(self, tmp_path: Path) -> None:
        results = [
            {"image_id": 2, "category_id": 2, "bbox": [1.5, 2, 30, 40], "score": 0.9},
            {"image_id": 2, "category_id": 1,
             "segmentation": [[1, 1, 9, 1, 9, 9], [20, 20, 30, 20, 25, 30]]},
            {"image_id": 9, "category_id": 1, "bbox": [1, 2, 3, 4]},
            {"image_id": 1, "category_id": 9, "bbox": [1, 2, 3, 4]},
            {"image_id": 1, "category_id": 1, "bbox": [1, 2, -3, 4]},
            {"image_id": 1, "category_id": 1, "bbox": None},
            {"image_id": 1, "category_id": 1, "segmentation": {"size": [1, 1], "counts": "01"}},
            "nonsense",
        ]  # fmt: skip
        (tmp_path / "results.json").write_text(json.dumps(results))
        found = read_annotations(tmp_path / "results.json", dataset=self.dataset(tmp_path))
        assert found["a.png"] == {"annotations": []}
        box, first, second = found["b.png"]["annotations"]
        assert box == {
            "type": "box", "left": 1.5, "top": 2, "width": 30, "height": 40,
            "label": "y", "attributes": {},
        }  # fmt: skip
        assert [first["type"], second["type"]] == ["polygon"] * 2
        assert sum(found.report.skipped.values()) == 6

    def test_need_their_dataset(self, tmp_path: Path) -> None:
        (tmp_path / "results.json").write_text("[]")
        with pytest.raises(ScaleArgumentError, match="dataset"):
            read_annotations(tmp_path / "results.json")

    def test_of_yolo_need_labels_and_their_names(self, tmp_path: Path) -> None:
        with pytest.raises(ScaleArgumentError, match=r"^path must be a folder with"):
            read_annotations(tmp_path, "yolo")
        (tmp_path / "labels").mkdir()
        with pytest.raises(ScaleArgumentError, match=r"^categories must be given.*data\.yaml"):
            read_annotations(tmp_path, "yolo")

    def test_of_yolo_have_a_confidence_and_any_style_of_names(self, tmp_path: Path) -> None:
        (tmp_path / "labels").mkdir()
        (tmp_path / "labels" / "a.txt").write_text(
            "1 0.5 0.5 0.25 0.5 0.93\n\n9 1 1 1 1\n0 1 1\nx\n"
        )
        styles = (
            "names: ['x', \"y # z\"]\n",
            "train: t\nnames:\n- x\n- 'y # z'  # last\nnc: 2\n",
            'names:\n  0: x\n  1: "y # z"\n\nnc: 2\n',
        )
        for style in styles:
            (tmp_path / "data.yaml").write_text(style)
            found = read_annotations(tmp_path, "yolo", image_size={"a.jpg": (80, 40)})
            (box,) = found["a.jpg"]["annotations"]
            assert box["label"] == "y # z"
            assert [box[key] for key in ("left", "top", "width", "height")] == [30, 10, 20, 20]
            assert found.report.skipped == {"unknown": 3}


def test_boxes_that_cvat_rotates_in_coco(tmp_path: Path) -> None:
    """CVAT writes the box before its rotation, and the angle as an attribute."""
    dataset = {
        "images": [{"id": 1, "file_name": "a.png"}],
        "categories": [{"id": 1, "name": "x"}],
        "annotations": [
            {"image_id": 1, "category_id": 1, "bbox": [100, 100, 80, 40], "segmentation": [],
             "attributes": {"occluded": False, "rotation": 90.0}},
            {"image_id": 1, "category_id": 1, "bbox": [100, 100, 80, 40], "segmentation": [],
             "attributes": {"rotation": 0.0}},
        ],
    }  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(dataset))
    turned, upright = read_annotations(tmp_path / "a.json")["a.png"]["annotations"]
    assert turned["rotation"] == pytest.approx(pi / 2)
    assert turned["attributes"] == {"occluded": False}
    assert upright["attributes"] == {}
    assert "rotation" not in upright


@pytest.mark.parametrize("format", ["coco", "cvat", "voc", "yolo"])
def test_other_files_are_rejected_by_name(tmp_path: Path, format: str) -> None:
    (tmp_path / "file").write_text("{")
    with pytest.raises((ScaleArgumentError, OSError)) as caught:
        read_annotations(tmp_path / "file", format)
    assert isinstance(caught.value, (ScaleArgumentError, NotADirectoryError))


@pytest.mark.parametrize(
    ("argument", "options"),
    [
        ("format", {"format": "splat"}),
        ("base", {"format": "coco", "base": 1}),
        ("path", {"path": 7}),
    ],
)
def test_bad_arguments_are_named(argument: str, options: dict[str, Any]) -> None:
    all_options: dict[str, Any] = {"path": "x", "format": "coco"} | options
    with pytest.raises(ScaleArgumentError, match=f"^{argument}"):
        read_annotations(**all_options)
