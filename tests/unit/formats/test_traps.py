"""What users of other converters complain about most, each as a test."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from math import pi
from pathlib import Path
from typing import Any, ClassVar

import pytest

from scaleapi.exceptions import ScaleArgumentError
from scaleapi.export.formats import write_annotations
from scaleapi.export.formats.names import Names
from tests.unit.formats.samples import (
    SIZE,
    annotated,
    coco,
    cvat,
    export,
    points,
    rotated,
    task,
    voc,
    yolo,
)


def ultralytics(folder: Path, stem: str, classes: int) -> list[list[float]]:
    """Return the labels of an image, or raise as Ultralytics rejects the whole image.

    The rules are those of its check of label files: polygons where a line has more than 6
    numbers, no negative values, nothing beyond 1, no class beyond those of ``data.yaml``.
    """
    rows = [row.split() for row in (folder / "labels" / f"{stem}.txt").read_text().splitlines()]
    rows = [row for row in rows if row]
    found = []
    if any(len(row) > 6 for row in rows):
        for row in rows:
            values = [float(value) for value in row[1:]]
            assert len(values) % 2 == 0, "a point without y"
            xs, ys = values[::2], values[1::2]
            box = [(min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2]
            assert all(0 <= value <= 1 for value in values), "non-normalized"
            found.append([float(row[0]), *box, max(xs) - min(xs), max(ys) - min(ys)])
    else:
        found = [[float(value) for value in row] for row in rows]
        assert all(len(row) == 5 for row in found), "labels require 5 columns"
    assert all(0 <= value <= 1 for row in found for value in row[1:]), "non-normalized"
    assert all(row[0] < classes for row in found), "class beyond the names"
    return found


def test_1_rotation_is_in_pixels_not_in_percent(tmp_path: Path) -> None:
    """label-studio-sdk rotates in percent, which is wrong unless the image is a square."""
    box = {"label": "a", **rotated(100, 200, 100, 100, pi / 2)} | {"left": 100, "top": 200}
    upright = {"label": "a", **rotated(100, 225, 100, 50, pi / 2)}
    export(tmp_path / "out", "yolo", task(box, upright), image_size={"t1": (1000, 500)})
    square, turned = yolo(tmp_path / "out")
    assert square == pytest.approx([0, 0.15, 0.5, 0.1, 0.2])
    assert turned == pytest.approx([0, 0.15, 0.5, 0.05, 0.2])


def test_2_rotated_boxes_have_a_format_of_their_own(tmp_path: Path) -> None:
    export(tmp_path / "out", "yolo-obb", task(annotated("rotated box")))
    assert [len(row) for row in yolo(tmp_path / "out")] == [9]
    ultralytics(tmp_path / "out", "t1", 1)


@pytest.mark.parametrize("format", ["coco", "yolo", "yolo-obb", "yolo-seg", "voc", "cvat"])
def test_3_no_shape_is_dropped_without_a_word(tmp_path: Path, format: str) -> None:
    names = ("box", "rotated box", "polygon", "line", "point", "ellipse", "cuboid")
    report = export(tmp_path / "out", format, task(*map(annotated, names)))
    assert report.annotations == len(names)
    counted = set(report.written) | set(report.approximated) | set(report.skipped)
    assert counted == set(names)
    assert all(loss.reason for loss in report.losses + report.omissions)
    saved = (tmp_path / "out" / "report.json").read_text("utf-8")
    assert all(loss.reason in saved for loss in report.losses + report.omissions)


class Test4CategoryIds:
    PARAMS: ClassVar[dict[str, Any]] = {
        "attachment": "https://images.invalid/1.png",
        "geometries": {
            "box": {
                "objects_to_annotate": [
                    "zebra",
                    {"choice": "vehicle", "subchoices": ["car", {"choice": "bus"}]},
                ]
            },
            "polygon": {"objects_to_annotate": ["apple", "zebra"]},
        },
    }
    ORDER = ("zebra", "vehicle", "car", "bus", "apple")

    def test_are_in_the_order_of_the_parameters_not_of_what_is_seen(self, tmp_path: Path) -> None:
        boxes = [annotated("box", label=name) for name in ("apple", "bus", "zebra")]
        export(tmp_path / "coco", "coco", task(*boxes, params=self.PARAMS))
        data = coco(tmp_path / "coco")
        names = [one["name"] for one in data["categories"]]
        assert names == [*self.ORDER]
        assert [one["category_id"] for one in data["annotations"]] == [5, 4, 1]
        assert data["categories"][2]["supercategory"] == "vehicle"
        export(tmp_path / "yolo", "yolo", task(*boxes, params=self.PARAMS))
        assert [row[0] for row in yolo(tmp_path / "yolo")] == [4, 3, 0]
        lines = (tmp_path / "yolo" / "data.yaml").read_text().splitlines()
        assert lines[-5:] == [f'  {number}: "{name}"' for number, name in enumerate(self.ORDER)]

    def test_do_not_change_when_another_subset_is_exported(self, tmp_path: Path) -> None:
        for number, name in enumerate(("bus", "apple")):
            one = task(annotated("box", label=name), params=self.PARAMS)
            export(tmp_path / str(number), "coco", one)
        first, second = (coco(tmp_path / name)["categories"] for name in ("0", "1"))
        assert first == second

    def test_labels_that_are_not_asked_for_come_last(self, tmp_path: Path) -> None:
        one = task(annotated("box", label="aardvark"), params=self.PARAMS)
        export(tmp_path / "out", "coco", one)
        assert coco(tmp_path / "out")["categories"][-1]["name"] == "aardvark"

    def test_attributes_make_no_categories(self, tmp_path: Path) -> None:
        params = self.PARAMS | {
            "annotation_attributes": {"torn": {"choices": ["yes", "no"]}},
        }
        export(tmp_path / "out", "coco", task(annotated("box", label="car"), params=params))
        assert len(coco(tmp_path / "out")["categories"]) == 5

    def test_can_be_given(self, tmp_path: Path) -> None:
        boxes = task(annotated("box", label="b"), annotated("box", label="other"))
        report = export(tmp_path / "names", "coco", boxes, categories=["a", "b"])
        data = coco(tmp_path / "names")
        assert [(one["id"], one["name"]) for one in data["categories"]] == [(1, "a"), (2, "b")]
        assert report.skipped == {"box": 1}
        given = [{"id": 7, "name": "b"}, {"id": 3, "name": "a", "supercategory": "s"}]
        export(tmp_path / "ids", "coco", boxes, categories=given)
        data = coco(tmp_path / "ids")
        assert [(one["id"], one["name"]) for one in data["categories"]] == [(7, "b"), (3, "a")]
        assert data["annotations"][0]["category_id"] == 7

    @pytest.mark.parametrize(
        "categories",
        [
            "parcel",
            ["a", "a"],
            [{"id": 0, "name": "a"}],
            [{"name": "a"}],
            [7],
            7,
            [""],
            [{"id": 2, "name": "a"}, {"id": 2, "name": "b"}],
        ],
    )
    def test_that_are_bad_are_rejected(self, tmp_path: Path, categories: Any) -> None:
        with pytest.raises(ScaleArgumentError, match="categories"):
            export(tmp_path / "out", "coco", categories=categories)
        assert not (tmp_path / "out").exists()


def test_5_nothing_is_rounded(tmp_path: Path) -> None:
    """Rounding to a tenth of a pixel moves the precision (fiftyone)."""
    odd = 1 / 3 + 100
    box = annotated("box", left=odd, width=odd)
    export(tmp_path / "coco", "coco", task(box))
    assert coco(tmp_path / "coco")["annotations"][0]["bbox"][::2] == [odd, odd]
    export(tmp_path / "yolo", "yolo", task(box))
    assert yolo(tmp_path / "yolo")[0][3] == pytest.approx(odd / SIZE[0], rel=1e-15)
    export(tmp_path / "cvat", "cvat", task(box))
    found = cvat(tmp_path / "cvat").find("image/box")
    assert found is not None
    assert found.get("xtl") == repr(odd)


class Test6EqualFileNames:
    def names(self, folder: Path) -> list[str]:
        return [one["file_name"] for one in coco(folder)["images"]]

    def test_of_different_folders_are_kept_apart(self, tmp_path: Path) -> None:
        tasks = [
            task(
                annotated("box"),
                task_id=name,
                params={"attachment": f"https://x.invalid/{name}/1.jpg"},
            )
            for name in ("north", "south")
        ]
        export(tmp_path / "out", "coco", *tasks)
        assert self.names(tmp_path / "out") == ["north.jpg", "south.jpg"]

    @pytest.mark.parametrize(
        ("unique_ids", "expected"),
        [
            (("a/1", "a_1"), ["a_1.png", "a_1-t1.png"]),
            (("Scan", "scan"), ["Scan.png", "scan-t1.png"]),
            (("scan", "Scan"), ["scan.png", "Scan-t1.png"]),
            (("../../etc/passwd", "c:\\x"), ["_.._etc_passwd.png", "c_x.png"]),
            (("con", "x" * 500), ["_con.png", "x" * 180 + ".png"]),
            (("снимок 1", "a\nb\0c"), ["снимок 1.png", "a_b_c.png"]),
            (("...", "/"), ["t0.png", "_.png"]),
            (("COM¹", "lpt³.x"), ["_COM¹.png", "_lpt³.x.png"]),
        ],
    )
    def test_come_from_unique_ids_that_every_file_system_takes(
        self, tmp_path: Path, unique_ids: tuple[str, ...], expected: list[str]
    ) -> None:
        tasks = [
            task(annotated("box"), task_id=f"t{number}", unique_id=name)
            for number, name in enumerate(unique_ids)
        ]
        for number, name in enumerate(("coco", "yolo", "voc")):
            export(tmp_path / str(number), name, *tasks)
        assert self.names(tmp_path / "0") == expected
        stems = {Path(name).stem for name in expected}
        assert {file.stem for file in (tmp_path / "1" / "labels").iterdir()} == stems
        assert {file.stem for file in (tmp_path / "2" / "Annotations").iterdir()} == stems

    def test_a_task_that_is_listed_twice_is_written_once(self, tmp_path: Path) -> None:
        report = export(tmp_path / "out", "coco", task(annotated("box")), task(annotated("box")))
        assert report.skipped_tasks == {"listed twice": 1}
        assert len(coco(tmp_path / "out")["annotations"]) == 1


class Test8BeyondTheImage:
    """Ultralytics throws away the whole image for one value beyond 1."""

    @pytest.mark.parametrize("format", ["yolo", "yolo-obb", "yolo-seg"])
    def test_what_is_beyond_is_cut_and_counted(self, tmp_path: Path, format: str) -> None:
        shapes = [
            annotated("box", left=-10, top=-5.5),
            annotated("box", left=600, width=40.0000004),
            {"label": "parcel", **rotated(600, 440, 80, 60, 0.4)},
            {"label": "parcel", "type": "polygon", "vertices": points((-50, 9), (90, 9), (9, 700))},
            {
                "label": "parcel",
                "type": "ellipse",
                "vertices": points((0, -9), (30, 20), (0, 49), (-30, 20)),
            },
        ]
        report = export(tmp_path / "out", format, task(*shapes))
        assert len(ultralytics(tmp_path / "out", "t1", 1)) == len(shapes)
        cut = [loss for loss in report.losses if "cut at the edge" in loss.reason]
        assert sum(loss.count for loss in cut) >= 4
        assert max(loss.error or 0 for loss in cut) > 100

    @pytest.mark.parametrize("format", ["yolo", "yolo-obb", "yolo-seg"])
    def test_what_is_all_outside_is_skipped(self, tmp_path: Path, format: str) -> None:
        report = export(tmp_path / "out", format, task(annotated("box", left=700)))
        assert [loss.reason for loss in report.omissions] == ["outside of the image"]
        assert yolo(tmp_path / "out") == []

    def test_a_polygon_is_cut_where_it_crosses_the_edge(self, tmp_path: Path) -> None:
        triangle = {
            "label": "a",
            "type": "polygon",
            "vertices": points((-100, 0), (100, 0), (-100, 200)),
        }
        export(tmp_path / "out", "yolo-seg", task(triangle))
        (row,) = yolo(tmp_path / "out")
        found = {(x * SIZE[0], y * SIZE[1]) for x, y in zip(row[1::2], row[2::2], strict=True)}
        assert found == {(0, 0), (100, 0), (0, 100)}

    def test_coco_keeps_it(self, tmp_path: Path) -> None:
        assert export(tmp_path / "out", "coco", task(annotated("box", left=-10))).written
        assert coco(tmp_path / "out")["annotations"][0]["bbox"][0] == -10

    def test_numbers_are_never_in_a_form_that_readers_reject(self, tmp_path: Path) -> None:
        export(tmp_path / "out", "yolo", task(annotated("box", left=1e-9, width=2e-9)))
        text = (tmp_path / "out" / "labels" / "t1.txt").read_text()
        assert re.fullmatch(r"[0-9. \n]+", text)


def test_9_the_base_of_voc_is_the_callers_choice(tmp_path: Path) -> None:
    box = {"type": "box", "label": "a", "left": 10, "top": 20, "width": 30, "height": 40}
    for base, expected in ((0, ["10.0", "20.0", "40.0", "60.0"]), (1, ["11", "21", "40", "60"])):
        export(tmp_path / str(base), "voc", task(box), base=base)
        root = voc(tmp_path / str(base))
        found = [root.findtext(f"object/bndbox/{k}") for k in ("xmin", "ymin", "xmax", "ymax")]
        assert found == expected


def test_12_polygons_of_one_label_stay_separate(tmp_path: Path) -> None:
    export(tmp_path / "out", "coco", task(annotated("polygon"), annotated("polygon")))
    found = coco(tmp_path / "out")["annotations"]
    assert [len(one["segmentation"]) for one in found] == [1, 1]


def test_images_without_annotations_are_kept(tmp_path: Path) -> None:
    for name in ("coco", "yolo", "voc", "cvat"):
        assert export(tmp_path / name, name, task()).images == 1
    assert [one["file_name"] for one in coco(tmp_path / "coco")["images"]] == ["t1.png"]
    assert (tmp_path / "yolo" / "labels" / "t1.txt").read_text() == ""
    assert voc(tmp_path / "voc").findall("object") == []
    assert cvat(tmp_path / "cvat").find("image[@name='t1.png']") is not None


def test_tasks_without_a_response_are_not_empty_images(tmp_path: Path) -> None:
    pending = task(task_id="t2", status="pending")
    del pending.as_dict()["response"]
    report = export(tmp_path / "out", "coco", task(), pending)
    assert report.images == 1
    assert report.skipped_tasks == {"no response": 1}


@pytest.mark.parametrize("label", [None, ""])
def test_annotations_without_a_label_are_unlabeled(tmp_path: Path, label: str | None) -> None:
    export(tmp_path / "out", "coco", task(annotated("box", label=label)))
    assert [one["name"] for one in coco(tmp_path / "out")["categories"]] == ["unlabeled"]


def test_modifier_changes_and_leaves_out(tmp_path: Path) -> None:
    def modify(annotation: dict[str, Any], of: Any) -> dict[str, Any] | None:
        assert of.id == "t1"
        if annotation["type"] == "point":
            return None
        return {**annotation, "label": "thing", "split": "train"}

    original = annotated("box")
    report = export(
        tmp_path / "out", "coco", task(original, annotated("point")), annotation_modifier=modify
    )
    (found,) = coco(tmp_path / "out")["annotations"]
    assert found["split"] == "train"
    assert coco(tmp_path / "out")["categories"][0]["name"] == "thing"
    assert original["label"] == "parcel"
    assert report.skipped == {"point": 1}


def test_links_and_ids_are_kept(tmp_path: Path) -> None:
    links = [{"from": "a", "to": "b"}]
    one = task(unique_id="scan-1", response={"annotations": [], "links": links})
    export(tmp_path / "out", "coco", one)
    (image,) = coco(tmp_path / "out")["images"]
    assert image["links"] == links
    assert image["task_id"], image["unique_id"] == ("t1", "scan-1")


HOSTILE = "<&\">'\n\t\r\0\x1b\x7f\x85\u2028\ud800]]>%{}: #-😀"


@pytest.mark.parametrize("format", ["coco", "yolo", "yolo-obb", "yolo-seg", "voc", "cvat"])
def test_hostile_labels_break_no_file(tmp_path: Path, format: str) -> None:
    attributes = {HOSTILE: HOSTILE, "list": [1, "a"], "nan": float("nan"), "none": None}
    one = task(annotated("box", label=HOSTILE, uuid=HOSTILE, attributes=attributes))
    report = export(tmp_path / "out", format, one)
    assert report.written == {"box": 1}
    if format == "coco":
        assert coco(tmp_path / "out")["categories"][0]["name"] == HOSTILE
        assert coco(tmp_path / "out")["annotations"][0]["attributes"]["nan"] is None
    elif format == "voc":
        assert "<&\">'" in (voc(tmp_path / "out").findtext("object/name") or "")
    elif format == "cvat":
        found = cvat(tmp_path / "out").find("image/box")
        assert found is not None
        assert "<&\">'" in found.get("label", "")
        assert found.findtext("attribute[@name='list']") == '[1,"a"]'
    else:
        yaml = pytest.importorskip("yaml")
        text = (tmp_path / "out" / "data.yaml").read_text("utf-8")
        assert yaml.safe_load(text)["names"] == {0: HOSTILE}


@pytest.mark.parametrize(
    "broken",
    [
        None, 7, "box", [], {}, {"type": "box"},
        {"type": "box", "left": "1", "top": 1, "width": 1, "height": 1},
        {"type": "box", "left": float("nan"), "top": 1, "width": 1, "height": 1},
        {"type": "box", "left": 1, "top": 1, "width": -1, "height": 1},
        {"type": "polygon", "vertices": points((1, 1), (2, 2))},
        {"type": "polygon", "vertices": None}, {"type": "ellipse", "vertices": points((1, 1))},
        {"type": "cuboid", "vertices": points((1, 1))}, {"type": "splat"}, {"type": ["box"]},
        {"type": "point", "x": 1e400, "y": 1},
    ],
)  # fmt: skip
@pytest.mark.parametrize("format", ["coco", "cvat", "yolo-seg"])
def test_malformed_annotations_are_skipped_and_counted(
    tmp_path: Path, broken: Any, format: str
) -> None:
    report = export(tmp_path / "out", format, task(annotated("box"), broken))
    assert report.written == {"box": 1}
    assert sum(report.skipped.values()) == 1


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "box", "left": 5, "top": 5, "width": 0, "height": 0},
        rotated(5, 5, 0, 10, 0.3),
        rotated(5, 5, 0, 0, 0.3),
        {"type": "polygon", "vertices": points((5, 5), (5, 5), (5, 5))},
        {"type": "polygon", "vertices": points((5, 5), (9, 9), (13, 13))},
        {"type": "ellipse", "vertices": points((5, 5), (5, 5), (5, 5), (5, 5))},
        {"type": "ellipse", "vertices": points((5, 5), (7, 5), (9, 5), (7, 5))},
        {"type": "box", "left": -1e6, "top": -1e6, "width": 2e6, "height": 2e6},
    ],
)  # fmt: skip
@pytest.mark.parametrize("format", ["coco", "yolo", "yolo-obb", "yolo-seg", "voc", "cvat"])
def test_degenerate_shapes_are_accounted_for(
    tmp_path: Path, shape: dict[str, Any], format: str
) -> None:
    report = export(tmp_path / "out", format, task({"label": "a", **shape}))
    assert report.annotations == 1
    if format.startswith("yolo"):
        ultralytics(tmp_path / "out", "t1", 1)


class TestFolder:
    def test_that_has_files_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("mine")
        with pytest.raises(ScaleArgumentError, match="empty folder"):
            export(tmp_path, "coco", task())
        with pytest.raises(ScaleArgumentError, match="empty folder"):
            export(tmp_path / "notes.txt", "coco", task())
        assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]

    def test_that_is_empty_or_nested_is_used(self, tmp_path: Path) -> None:
        export(tmp_path / "a" / "b", "coco", task())
        (tmp_path / "c").mkdir()
        export(tmp_path / "c", "coco", task())
        assert (tmp_path / "c" / "report.json").is_file()

    @pytest.mark.parametrize("kind", ["relative", "dot", "link", "long"])
    def test_that_is_there_stays_the_same_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        """It may be a mount, a link, the working directory, or have permissions of its own."""
        place = tmp_path / ("a" * 250 if kind == "long" else "place")
        place.mkdir(mode=0o770)
        before = place.stat()
        monkeypatch.chdir(place if kind == "dot" else tmp_path)
        (tmp_path / "link").symlink_to(place)
        path = {"relative": "place", "dot": ".", "link": tmp_path / "link", "long": place}[kind]
        export(Path(path), "voc", task(annotated("box")))
        assert (place / "report.json").is_file()
        assert (place / "Annotations" / "t1.xml").is_file()
        assert (place.stat().st_ino, place.stat().st_mode) == (before.st_ino, before.st_mode)
        assert not any(file.name.startswith(".") for file in place.iterdir())
        assert {file.name for file in tmp_path.iterdir()} == {place.name, "link"}

    def test_that_is_filled_meanwhile_is_not_mixed(self, tmp_path: Path) -> None:
        def tasks() -> Any:
            yield task(annotated("box"))
            export(tmp_path / "out", "coco", task(annotated("point")))

        (tmp_path / "out").mkdir()
        with pytest.raises(ScaleArgumentError, match="empty folder"):
            write_annotations(tasks(), tmp_path / "out", image_size={"t1": SIZE})
        assert {one.name for one in (tmp_path / "out").iterdir()} == {
            "annotations.json",
            "report.json",
        }
        assert json.loads((tmp_path / "out" / "report.json").read_text())["written"] == {"point": 1}

    @pytest.mark.slow
    @pytest.mark.parametrize("is_there", [True, False])
    def test_that_a_killed_run_was_filling(self, tmp_path: Path, is_there: bool) -> None:
        """It is still empty, and what was left is removed; that of other exports is not."""
        program = (
            "import os, sys; from scaleapi.export.formats import write_annotations\n"
            "write_annotations((os.kill(os.getpid(), 9) for _ in '1'), sys.argv[1], 'yolo')"
        )
        names = [str(tmp_path / name) for name in ("out", "out2")]
        if is_there:
            (tmp_path / "out").mkdir()
        for name in names:
            killed = subprocess.run([sys.executable, "-c", program, name], check=False)
            assert killed.returncode != 0
        assert not (tmp_path / "out" / "report.json").exists()
        export(tmp_path / "out", "coco", task())
        names = [file.name for file in (tmp_path / "out").iterdir()]
        assert sorted(names) == ["annotations.json", "report.json"]
        assert len([*tmp_path.iterdir()]) == 2
        export(tmp_path / "out2", "coco", task())
        assert {file.name for file in tmp_path.iterdir()} == {"out", "out2"}

    @pytest.mark.parametrize("format", ["coco", "yolo", "voc", "cvat", "ner"])
    def test_appears_whole_or_not_at_all(self, tmp_path: Path, format: str) -> None:
        def tasks() -> Any:
            yield task(annotated("box"))
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write_annotations(tasks(), tmp_path / "out", format, image_size={"t1": SIZE})
        assert [*tmp_path.iterdir()] == []

    @pytest.mark.parametrize(
        ("argument", "options"),
        [
            ("format", {"format": "coc"}),
            ("format", {"format": None}),
            ("base", {"base": 1}),
            ("base", {"format": "voc", "base": 2}),
            ("images", {"images": "perhaps"}),
            ("annotation_modifier", {"annotation_modifier": "parcel"}),
            ("image_size", {"image_size": 640}),
            ("image_size", {"image_size": {"t1": (640,)}}),
            ("image_size", {"image_size": {"t1": (0, 5)}}),
            ("image_size", {"image_size": {"t1": "wide"}}),
            ("image_size", {"image_size": {"t1": (10**400, 5)}}),
            ("image_size", {"image_size": {"t1": (5, 2**32)}, "format": "yolo"}),
            ("image_size", {"image_size": {"t1": (float("nan"), 5)}}),
            ("path", {"path": 7}),
            ("path", {"path": ""}),
            ("path", {"path": "a\0b"}),
            ("path", {"path": "\ud800"}),
            ("path", {"path": "s3://bucket/out"}),
        ],
    )
    def test_bad_arguments_are_named(
        self, tmp_path: Path, argument: str, options: dict[str, Any]
    ) -> None:
        all_options: dict[str, Any] = {"path": tmp_path / "out", "format": "coco"} | options
        with pytest.raises(ScaleArgumentError, match=f"^{argument}"):
            write_annotations([task()], **all_options)
        assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("tasks", ["parcels", task(), [7], {"a": 1}, None, 7, [None]], ids=str)
def test_what_are_no_tasks_is_rejected(tmp_path: Path, tasks: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^tasks must be a list of tasks"):
        write_annotations(tasks, tmp_path / "out", image_size={"t1": SIZE})
    assert [*tmp_path.iterdir()] == []


def test_tasks_may_be_json(tmp_path: Path) -> None:
    found = [task(annotated("box")).as_dict()]
    assert write_annotations(found, tmp_path / "out", image_size={"t1": SIZE}).written


@pytest.mark.parametrize("format", ["coco", "ner"])
@pytest.mark.parametrize("returned", [True, "box", [annotated("box")]], ids=str)
def test_modifiers_that_return_something_else(tmp_path: Path, format: str, returned: Any) -> None:
    entity = {"start": 0, "end": 1, "label": "a", "text": "a"}
    one = task(entity, params={"text": "a"}) if format == "ner" else task(annotated("box"))
    with pytest.raises(ScaleArgumentError, match=r"^annotation_modifier must return"):
        export(tmp_path / "out", format, one, annotation_modifier=lambda *_: returned)
    assert [*tmp_path.iterdir()] == []


def test_images_that_all_have_no_size_are_not_looked_at_forever(tmp_path: Path) -> None:
    looked_at: list[int] = []

    def tasks() -> Any:
        for number in range(10_000):
            looked_at.append(number)
            yield task(task_id=f"t{number}")

    with pytest.raises(ScaleArgumentError, match="image_size must be given"):
        write_annotations(tasks(), tmp_path / "out")
    assert len(looked_at) < 200


@pytest.mark.parametrize("format", ["coco", "voc", "cvat"])
def test_attributes_nested_deeply(tmp_path: Path, format: str) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    one = annotated("box", attributes={"deep": deep, "torn": "no"})
    assert export(tmp_path / "out", format, task(one)).written == {"box": 1}
    while deep:  # or the interpreter would free it by recursion
        deep = deep.pop()


@pytest.mark.parametrize("unique_id", [HOSTILE, 7, ["a"], {"a": 1}, "\ud800", " ", "a" * 10_000])
def test_hostile_unique_ids(tmp_path: Path, unique_id: Any) -> None:
    for name in ("coco", "yolo", "voc", "cvat"):
        one = task(annotated("box"), unique_id=unique_id)
        assert export(tmp_path / name, name, one).written == {"box": 1}
        names = [file.name for file in (tmp_path / name).rglob("*")]
        assert all(len(name.encode()) < 255 for name in names)


@pytest.mark.parametrize("format", ["coco", "yolo", "voc", "cvat"])
def test_names_that_are_long_and_equal(tmp_path: Path, format: str) -> None:
    tasks = [
        task(annotated("box"), task_id=letter * 10_000, unique_id="é" * 10_000) for letter in "abc"
    ]
    assert export(tmp_path / format, format, *tasks).written == {"box": 3}
    names = [file.name for file in (tmp_path / format).rglob("*")]
    assert all(len(name.encode()) < 255 for name in names)


def test_tasks_without_ids_have_names_of_their_own() -> None:
    names = Names()
    found = [names.stem("", "") for _ in range(20_000)]  # of which each must not try all before
    assert len({*found}) == len(found)
    assert found[:2] == ["image", "image-2"]


def test_threads_write_exports_side_by_side(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as executor:
        reports = executor.map(
            lambda n: export(tmp_path / str(n), "coco", task(annotated("box"))), range(40)
        )
        assert all(report.written == {"box": 1} for report in reports)
    assert len([*tmp_path.iterdir()]) == 40
