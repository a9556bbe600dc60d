"""What each geometry becomes in each format, and what the report says about it."""

from __future__ import annotations

from math import acos, ceil, cos, degrees, dist, pi, sin
from pathlib import Path
from typing import Any

import pytest

from scaleapi.export.formats import read_annotations
from scaleapi.export.formats.shapes import Shape
from tests.unit.formats.samples import (
    GEOMETRIES,
    SIZE,
    annotated,
    coco,
    cuboid,
    cvat,
    export,
    points,
    task,
    tilted_ellipse,
    voc,
    yolo,
)

WRITTEN, APPROXIMATED, SKIPPED = "written", "approximated", "skipped"

#: What becomes of each geometry in each format.
TABLE = {
    "box": ("written",) * 6,
    "rotated box": (WRITTEN, APPROXIMATED, WRITTEN, WRITTEN, APPROXIMATED, WRITTEN),
    "polygon": (WRITTEN, APPROXIMATED, APPROXIMATED, WRITTEN, APPROXIMATED, WRITTEN),
    "line": (SKIPPED, SKIPPED, SKIPPED, SKIPPED, SKIPPED, WRITTEN),
    "point": (WRITTEN, SKIPPED, SKIPPED, SKIPPED, SKIPPED, WRITTEN),
    "ellipse": (APPROXIMATED, APPROXIMATED, APPROXIMATED, APPROXIMATED, APPROXIMATED, WRITTEN),
    "cuboid": (APPROXIMATED,) * 6,
}
FORMATS = ("coco", "yolo", "yolo-obb", "yolo-seg", "voc", "cvat")


@pytest.mark.parametrize("geometry", TABLE)
@pytest.mark.parametrize("format", FORMATS)
def test_report_says_what_became_of_it(tmp_path: Path, geometry: str, format: str) -> None:
    report = export(tmp_path / "out", format, task(annotated(geometry)))
    expected = TABLE[geometry][FORMATS.index(format)]
    counts = {WRITTEN: report.written, APPROXIMATED: report.approximated, SKIPPED: report.skipped}
    assert {name: dict(count) for name, count in counts.items() if count} == {
        expected: {geometry: 1}
    }
    if expected == APPROXIMATED:
        (loss,) = report.losses
        assert loss.error is not None
        assert loss.examples == (f"t1 uuid of {geometry}",)


def corners(geometry: str) -> list[tuple[float, float]]:
    return [(one["x"], one["y"]) for one in GEOMETRIES[geometry]["vertices"]]


def flat(pairs: Any) -> list[float]:
    return [value for pair in pairs for value in pair]


def bounds(pairs: list[tuple[float, float]]) -> list[float]:
    across, down = [x for x, _ in pairs], [y for _, y in pairs]
    return [min(across), min(down), max(across), max(down)]


#: The frame of the ellipse of the samples, by its half axes.
ELLIPSE = (
    (100 * cos(0.3)) ** 2 + (50 * sin(0.3)) ** 2,
    (100 * sin(0.3)) ** 2 + (50 * cos(0.3)) ** 2,
)
FRAMES = {
    "box": [41, 80.5, 161, 146.75],
    "rotated box": bounds(corners("rotated box")),
    "polygon": [10, 12, 160.5, 144.25],
    "ellipse": [
        300 - ELLIPSE[0] ** 0.5,
        200 - ELLIPSE[1] ** 0.5,
        300 + ELLIPSE[0] ** 0.5,
        200 + ELLIPSE[1] ** 0.5,
    ],
    "cuboid": [100, 90, 260, 210],
}


class TestCoco:
    def record(self, path: Path, geometry: str) -> dict[str, Any]:
        export(path / "out", "coco", task(annotated(geometry)))
        (found,) = coco(path / "out")["annotations"]
        assert found["iscrowd"] == 0
        assert found["uuid"] == f"uuid of {geometry}"
        return dict(found)

    def test_box(self, tmp_path: Path) -> None:
        found = self.record(tmp_path, "box")
        assert found["bbox"] == [41, 80.5, 120, 66.25]
        assert found["area"] == 120 * 66.25
        assert found["segmentation"] == []

    def test_rotated_box(self, tmp_path: Path) -> None:
        found = self.record(tmp_path, "rotated box")
        assert found["segmentation"] == [flat(corners("rotated box"))]
        left, top, right, bottom = FRAMES["rotated box"]
        assert found["bbox"] == pytest.approx([left, top, right - left, bottom - top])
        assert found["area"] == pytest.approx(80 * 40)
        assert found["attributes"]["rotation"] == pytest.approx(degrees(0.5))

    def test_polygon(self, tmp_path: Path) -> None:
        found = self.record(tmp_path, "polygon")
        assert found["segmentation"] == [[10, 12, 160.5, 14, 150, 144.25]]
        assert found["bbox"] == [10, 12, 150.5, 132.25]

    def test_point(self, tmp_path: Path) -> None:
        found = self.record(tmp_path, "point")
        assert found["keypoints"] == [33, 71.5, 2]
        assert found["num_keypoints"] == 1
        assert found["bbox"] == [33, 71.5, 0, 0]
        (category,) = coco(tmp_path / "out")["categories"]
        assert category["keypoints"] == ["point"]
        assert category["skeleton"] == []

    def test_categories_without_points_have_no_keypoints(self, tmp_path: Path) -> None:
        self.record(tmp_path, "box")
        assert "keypoints" not in coco(tmp_path / "out")["categories"][0]

    def test_ellipse(self, tmp_path: Path) -> None:
        found = self.record(tmp_path, "ellipse")
        (ring,) = found["segmentation"]
        assert len(ring) / 2 == ceil(pi / acos(1 - 0.25 / 100))
        for x, y in zip(ring[::2], ring[1::2], strict=True):
            along = (x - 300) * cos(0.3) + (y - 200) * sin(0.3)
            across = (y - 200) * cos(0.3) - (x - 300) * sin(0.3)
            assert (along / 100) ** 2 + (across / 50) ** 2 == pytest.approx(1)
        assert found["area"] == pytest.approx(pi * 100 * 50, rel=0.01)

    def test_cuboid(self, tmp_path: Path) -> None:
        found = self.record(tmp_path, "cuboid")
        outline = [(100, 100), (200, 110), (260, 90), (260, 180), (200, 210), (100, 200)]
        assert found["segmentation"] == [flat(outline)]
        assert found["attributes"]["cuboid"] == GEOMETRIES["cuboid"]["vertices"]

    def test_cuboid_with_its_side_at_the_left(self, tmp_path: Path) -> None:
        export(tmp_path / "out", "coco", task({"label": "parcel", **cuboid("left")}))
        (found,) = coco(tmp_path / "out")["annotations"]
        outline = [(100, 100), (200, 110), (200, 210), (100, 200), (40, 180), (40, 90)]
        assert found["segmentation"] == [flat(outline)]


@pytest.mark.parametrize("geometry", FRAMES)
def test_yolo(tmp_path: Path, geometry: str) -> None:
    export(tmp_path / "out", "yolo", task(annotated(geometry)))
    (found,) = yolo(tmp_path / "out")
    left, top, right, bottom = FRAMES[geometry]
    width, height = SIZE
    assert found == pytest.approx(
        [
            0,
            (left + right) / 2 / width,
            (top + bottom) / 2 / height,
            (right - left) / width,
            (bottom - top) / height,
        ],
        rel=1e-12,
    )


def test_yolo_obb_of_boxes_is_exact(tmp_path: Path) -> None:
    tasks = task(annotated("box"), annotated("rotated box"))
    export(tmp_path / "out", "yolo-obb", tasks)
    box, turned = ([*zip(row[1::2], row[2::2], strict=True)] for row in yolo(tmp_path / "out"))
    scaled = [(x * SIZE[0], y * SIZE[1]) for x, y in turned]
    assert flat(scaled) == pytest.approx(flat(corners("rotated box")), rel=1e-12)
    assert flat((x * SIZE[0], y * SIZE[1]) for x, y in box) == pytest.approx(
        [41, 80.5, 161, 80.5, 161, 146.75, 41, 146.75]
    )


def test_yolo_obb_of_an_ellipse_is_along_its_axes(tmp_path: Path) -> None:
    export(tmp_path / "out", "yolo-obb", task(annotated("ellipse")))
    (row,) = yolo(tmp_path / "out")
    found = [(x * SIZE[0], y * SIZE[1]) for x, y in zip(row[1::2], row[2::2], strict=True)]
    assert dist(found[0], found[1]) == pytest.approx(200)
    assert dist(found[1], found[2]) == pytest.approx(100)


def test_yolo_obb_of_a_polygon_is_the_smallest_rectangle(tmp_path: Path) -> None:
    turned = {
        "type": "polygon",
        "label": "parcel",
        "vertices": GEOMETRIES["rotated box"]["vertices"],
    }
    report = export(tmp_path / "out", "yolo-obb", task(turned))
    assert report.written == {"polygon": 1}
    (row,) = yolo(tmp_path / "out")
    found = [(x * SIZE[0], y * SIZE[1]) for x, y in zip(row[1::2], row[2::2], strict=True)]
    assert sorted(found) == [pytest.approx(one) for one in sorted(corners("rotated box"))]


@pytest.mark.parametrize("geometry", ["box", "rotated box", "polygon", "ellipse", "cuboid"])
def test_yolo_seg_is_the_outline(tmp_path: Path, geometry: str) -> None:
    export(tmp_path / "out", "yolo-seg", task(annotated(geometry)))
    (row,) = yolo(tmp_path / "out")
    outline = Shape.of(annotated(geometry), None).outline().points
    found = [(x * SIZE[0], y * SIZE[1]) for x, y in zip(row[1::2], row[2::2], strict=True)]
    assert flat(found) == pytest.approx(flat(outline))


@pytest.mark.parametrize("geometry", FRAMES)
def test_voc(tmp_path: Path, geometry: str) -> None:
    export(tmp_path / "out", "voc", task(annotated(geometry, attributes={"torn": "no"})))
    root = voc(tmp_path / "out")
    names = ("xmin", "ymin", "xmax", "ymax")
    found = [float(root.findtext(f"object/bndbox/{name}", "nan")) for name in names]
    assert found == pytest.approx(FRAMES[geometry], rel=1e-12)
    assert root.findtext("object/name") == "parcel"
    assert root.findtext("object/attributes/attribute/value") == "no"
    assert root.findtext("size/width") == "640"


def test_voc_by_the_book_has_whole_pixels_with_inclusive_ends(tmp_path: Path) -> None:
    report = export(tmp_path / "out", "voc", task(annotated("box")), base=1)
    root = voc(tmp_path / "out")
    found = [root.findtext(f"object/bndbox/{name}") for name in ("xmin", "ymin", "xmax", "ymax")]
    assert found == ["42", "81", "161", "147"]
    (loss,) = report.losses
    assert loss.error == pytest.approx(0.5)


def test_voc_by_the_book_is_exact_for_whole_pixels(tmp_path: Path) -> None:
    box = {"type": "box", "label": "parcel", "left": 10, "top": 20, "width": 30, "height": 40}
    assert export(tmp_path / "out", "voc", task(box), base=1).written == {"box": 1}


def test_voc_has_rotated_boxes_as_rolabelimg_does(tmp_path: Path) -> None:
    export(tmp_path / "out", "voc", task(annotated("rotated box")))
    found = voc(tmp_path / "out").find("object/robndbox")
    assert found is not None
    values = [float(found.findtext(name, "nan")) for name in ("cx", "cy", "w", "h", "angle")]
    assert values == pytest.approx([140, 120, 80, 40, 0.5])


class TestCvat:
    def shape(self, path: Path, geometry: str) -> Any:
        export(path / "out", "cvat", task(annotated(geometry, attributes={"torn": "no"})))
        root = cvat(path / "out")
        (found,) = root.findall("image/*")
        assert found.get("label") == "parcel"
        assert found.findtext("attribute[@name='torn']") == "no"
        assert root.findtext("meta/task/labels/label/attributes/attribute/name") == "torn"
        return found

    def numbers(self, shape: Any, *names: str) -> list[float]:
        return [float(shape.get(name)) for name in names]

    def test_box(self, tmp_path: Path) -> None:
        found = self.shape(tmp_path, "box")
        assert self.numbers(found, "xtl", "ytl", "xbr", "ybr") == FRAMES["box"]
        assert "rotation" not in found.attrib

    def test_rotated_box(self, tmp_path: Path) -> None:
        found = self.shape(tmp_path, "rotated box")
        assert found.tag == "box"
        values = self.numbers(found, "xtl", "ytl", "xbr", "ybr", "rotation")
        assert values == pytest.approx([100, 100, 180, 140, degrees(0.5)])

    @pytest.mark.parametrize(("geometry", "tag"), [("polygon", "polygon"), ("line", "polyline")])
    def test_vertices(self, tmp_path: Path, geometry: str, tag: str) -> None:
        found = self.shape(tmp_path, geometry)
        assert found.tag == tag
        pairs = [tuple(map(float, pair.split(","))) for pair in found.get("points").split(";")]
        assert pairs == corners(geometry)

    def test_point(self, tmp_path: Path) -> None:
        found = self.shape(tmp_path, "point")
        assert found.tag == "points"
        assert found.get("points") == "33.0,71.5"

    def test_ellipse(self, tmp_path: Path) -> None:
        found = self.shape(tmp_path, "ellipse")
        values = self.numbers(found, "cx", "cy", "rx", "ry", "rotation")
        assert values == pytest.approx([300, 200, 100, 50, degrees(0.3)])

    def test_ellipse_by_half_diameters_that_are_not_at_right_angles(self, tmp_path: Path) -> None:
        # Two conjugate half diameters of the ellipse with half axes of 100 and 50, tilted by 0.3.
        u = (100 * cos(0.7), 50 * sin(0.7))
        v = (-100 * sin(0.7), 50 * cos(0.7))
        turned = [(x * cos(0.3) - y * sin(0.3), x * sin(0.3) + y * cos(0.3)) for x, y in (u, v)]
        (ux, uy), (vx, vy) = turned
        ends = [
            (300 + ux, 200 + uy),
            (300 + vx, 200 + vy),
            (300 - ux, 200 - uy),
            (300 - vx, 200 - vy),
        ]
        slanted = {"type": "ellipse", "label": "parcel", "vertices": points(*ends)}
        report = export(tmp_path / "out", "cvat", task(slanted))
        (found,) = cvat(tmp_path / "out").findall("image/ellipse")
        values = self.numbers(found, "cx", "cy", "rx", "ry", "rotation")
        assert values == pytest.approx([300, 200, 100, 50, degrees(0.3)])
        assert report.written == {"ellipse": 1}

    def test_ellipse_through_points_that_are_on_none(self, tmp_path: Path) -> None:
        odd = {
            "type": "ellipse",
            "label": "a",
            "vertices": points((0, 0), (9, 4), (20, 0), (9, -8)),
        }
        (loss,) = export(tmp_path / "out", "cvat", task(odd)).losses
        assert loss.error == pytest.approx(dist((9.5, -1), (10, 0)))

    @pytest.mark.parametrize("side", ["right", "left"])
    def test_cuboid_has_two_more_corners(self, tmp_path: Path, side: str) -> None:
        export(tmp_path / "out", "cvat", task({"label": "parcel", **cuboid(side)}))
        (found,) = cvat(tmp_path / "out").findall("image/cuboid")
        assert self.numbers(found, "xtl1", "ytl1", "xtr1", "ytr1") == [100, 100, 200, 110]
        seen, hidden = ("tl2", "tr2") if side == "right" else ("tr2", "tl2")
        x = 260 if side == "right" else 40
        assert self.numbers(found, f"x{seen}", f"y{seen}") == [x, 90]
        # The hidden edge of the top is as long and in the same direction as the one seen.
        expected = [160, 80] if side == "right" else [140, 100]
        assert self.numbers(found, f"x{hidden}", f"y{hidden}") == expected


@pytest.mark.parametrize(
    ("radius", "sides"), [(1, 32), (50, 32), (500, 100), (2000, 199), (0, 32), (0.1, 32)]
)
def test_sides_of_a_circle_are_within_a_quarter_of_a_pixel(radius: float, sides: int) -> None:
    fit = Shape.of(tilted_ellipse(0, 0, radius, radius, 0), None).outline()
    assert len(fit.points) == sides
    assert fit.error is not None
    assert fit.error <= 0.25
    middles = [
        dist((0, 0), ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2))
        for a, b in zip(fit.points, (*fit.points[1:], fit.points[0]), strict=True)
    ]
    assert radius - min(middles) == pytest.approx(fit.error)


def test_box_that_is_rotated_by_nothing_is_a_box(tmp_path: Path) -> None:
    box = annotated("box", rotation=0)
    report = export(tmp_path / "out", "coco", task(box, annotated("box", rotation=None)))
    assert report.written == {"box": 2}


@pytest.mark.parametrize("format", ["yolo-obb", "cvat"])
def test_rotated_boxes_whose_corners_are_no_rectangle(tmp_path: Path, format: str) -> None:
    """As YOLO's reader fits a rectangle to them, CVAT has nothing but rectangles."""
    skewed = annotated("rotated box", vertices=points((10, 10), (50, 20), (60, 40), (5, 35)))
    report = export(tmp_path / "out", format, task(skewed))
    if format == "cvat":
        (loss,) = report.losses
        assert loss.error is not None
        assert 1 < loss.error < 20
    back = read_annotations(tmp_path / "out", format, image_size={"t1": SIZE})
    (image,) = back.values()
    (found,) = image["annotations"]
    assert found["type"] == "box"
    assert bool(back.report.approximated) == (format == "yolo-obb")


def test_types_of_2019_do_not_name_their_geometry(tmp_path: Path) -> None:
    line = {"label": "tape", "vertices": points((0, 5), (90, 7), (95, 20))}
    export(tmp_path / "line", "cvat", task(line, type="lineannotation"))
    export(tmp_path / "polygon", "cvat", task(line, type="polygonannotation"))
    assert cvat(tmp_path / "line").find("image/polyline") is not None
    assert cvat(tmp_path / "polygon").find("image/polygon") is not None
