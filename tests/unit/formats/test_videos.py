"""Frames of videos, and what lies between keyframes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from scaleapi import Task
from tests.unit.formats.samples import annotated, coco, export, points, task, yolo


def frames(*lists: list[Any], **fields: Any) -> Task:
    response = {"annotations": [{"annotations": one} for one in lists]}
    params = {"attachments": [f"https://images.invalid/{n}.jpg" for n in range(len(lists))]}
    return task(type="videoannotation", response=response, params=params, **fields)


def playback(wrap: Any = lambda tracks: tracks, **tracks: Any) -> Task:
    params = {"attachment": "https://images.invalid/clip.mp4"}
    response = {"annotations": wrap(tracks)}
    return task(type="videoplaybackannotation", response=response, params=params)


def track(*keyframes: tuple[int, dict[str, Any]], geometry: str = "box") -> dict[str, Any]:
    listed = [{"key": key, "timestamp": key * 100, **fields} for key, fields in keyframes]
    return {"label": "parcel", "geometry": geometry, "frames": listed}


def box(left: float, **fields: Any) -> dict[str, Any]:
    return {"left": left, "top": 0, "width": 10, "height": 10, **fields}


WRAPPINGS = {
    "plain": lambda tracks: tracks,
    "wrapped": lambda tracks: {"annotations": tracks},
    "in a list": lambda tracks: [{"annotations": tracks}],
}


def test_each_frame_is_an_image_with_a_name_of_its_own(tmp_path: Path) -> None:
    """Frames of two videos may have the same names (datumaro, geti)."""
    clips = [frames([annotated("box")], [], task_id=name) for name in ("a", "b")]
    export(tmp_path / "out", "coco", *clips)
    data = coco(tmp_path / "out")
    names = [one["file_name"] for one in data["images"]]
    assert names == ["a-000000.jpg", "a-000001.jpg", "b-000000.jpg", "b-000001.jpg"]
    assert [(one["video_id"], one["frame_id"]) for one in data["images"]] == [
        (1, 0), (1, 1), (2, 0), (2, 1),
    ]  # fmt: skip
    assert [one["name"] for one in data["videos"]] == ["a", "b"]


def test_tracks_have_ids_that_are_stable_across_frames(tmp_path: Path) -> None:
    first, second = annotated("box", uuid="u"), annotated("polygon", uuid="v")
    export(tmp_path / "out", "coco", frames([first, second], [second, first]))
    found = coco(tmp_path / "out")["annotations"]
    assert [one["track_id"] for one in found] == [1, 2, 2, 1]


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_keyframes_are_interpolated_linearly(tmp_path: Path, wrapping: str) -> None:
    one = playback(WRAPPINGS[wrapping], u=track((2, box(0)), (6, box(40, width=30))))
    report = export(tmp_path / "out", "coco", one)
    data = coco(tmp_path / "out")
    assert [one["frame_id"] for one in data["images"]] == [2, 3, 4, 5, 6]
    assert [one["bbox"][0] for one in data["annotations"]] == [0, 10, 20, 30, 40]
    assert [one["bbox"][2] for one in data["annotations"]] == [10, 15, 20, 25, 30]
    assert {one["uuid"] for one in data["annotations"]} == {"u"}
    assert report.written == {"box": 2}
    assert [loss.reason for loss in report.losses] == ["interpolated between keyframes"]


def test_vertices_and_rotations_are_interpolated(tmp_path: Path) -> None:
    turning = track((0, box(0, rotation=0)), (2, box(0, rotation=1.0)))
    growing = track(
        (0, {"vertices": points((0, 0), (10, 0), (0, 10))}),
        (2, {"vertices": points((0, 0), (20, 0), (0, 20))}),
        geometry="polygon",
    )
    export(tmp_path / "out", "coco", playback(turning=turning, growing=growing))
    found = coco(tmp_path / "out")["annotations"][2:4]
    assert found[0]["rotation"] == pytest.approx(28.6479, abs=1e-3)
    assert found[1]["segmentation"] == [[0, 0, 15, 0, 0, 15]]


def test_frames_without_a_track_are_not_made_up(tmp_path: Path) -> None:
    one = playback(a=track((0, box(0))), b=track((3, box(5))), c={"label": "x", "frames": []})
    export(tmp_path / "out", "yolo", one)
    counts = [len(yolo(tmp_path / "out", f"t1-{number:06d}")) for number in range(4)]
    assert counts == [1, 0, 0, 1]


def test_keyframes_that_change_their_form_hold_until_the_next(tmp_path: Path) -> None:
    one = track(
        (0, {"vertices": points((0, 0), (10, 0), (0, 10))}),
        (2, {"vertices": points((0, 0), (20, 0), (20, 20), (0, 20))}),
        geometry="polygon",
    )
    export(tmp_path / "out", "coco", playback(u=one))
    rings = [len(one["segmentation"][0]) for one in coco(tmp_path / "out")["annotations"]]
    assert rings == [6, 6, 8]


@pytest.mark.parametrize("odd", [10**400, float("nan"), -float("inf"), 1e308, True])
@pytest.mark.parametrize("field", ["left", "vertices"])
def test_keyframes_whose_numbers_cannot_be_hold_until_the_next(
    tmp_path: Path, odd: float, field: str
) -> None:
    sound = points((0, 0), (10, 0), (0, 10)) if field == "vertices" else 3
    broken = [{"x": odd, "y": 1}] * 3 if field == "vertices" else odd
    one = track(
        (0, {**box(1), field: sound}),
        (3, {**box(1), field: broken}),
        geometry="polygon" if field == "vertices" else "box",
    )
    report = export(tmp_path / "out", "coco", playback(u=one))
    assert (sum(report.approximated.values()), sum(report.skipped.values())) == (2, 1)


@pytest.mark.parametrize(
    "keyframes", [[{"key": 0}, {"key": 10**12}], [{"key": "1"}], [{}], [{"key": -1}]]
)
def test_numbers_of_frames_that_cannot_be_are_no_endless_video(
    tmp_path: Path, keyframes: list[dict[str, Any]]
) -> None:
    listed = [{**box(0), **one} for one in keyframes]
    broken = {"label": "a", "geometry": "box", "frames": listed}
    report = export(tmp_path / "out", "coco", playback(u=broken))
    assert report.images == 0
    assert sum(report.skipped_tasks.values()) == 1


class TestCvat:
    def tracks(self, folder: Path, one: Task) -> list[ET.Element]:
        export(folder / "out", "cvat", one)
        assert not (folder / "out" / "annotations.xml").exists()
        return ET.parse(folder / "out" / "videos" / "t1.xml").getroot().findall("track")

    def test_has_the_keyframes_only(self, tmp_path: Path) -> None:
        one = playback(u=track((0, box(0)), (4, box(40))), v=track((2, box(5))))
        first, second = self.tracks(tmp_path, one)
        frames_of = [(s.get("frame"), s.get("xtl"), s.get("outside")) for s in first]
        assert frames_of == [("0", "0.0", "0"), ("4", "40.0", "0")]
        frames_of = [(s.get("frame"), s.get("xtl"), s.get("outside")) for s in second]
        assert frames_of == [("2", "5.0", "0"), ("3", "5.0", "1")]

    def test_says_where_a_track_leaves_and_comes_back(self, tmp_path: Path) -> None:
        one = annotated("box", uuid="u")
        (found,) = self.tracks(tmp_path, frames([one], [], [], [one]))
        assert [(s.get("frame"), s.get("outside")) for s in found] == [
            ("0", "0"), ("1", "1"), ("3", "0"),
        ]  # fmt: skip

    def test_annotations_without_a_uuid_are_tracks_of_one_frame(self, tmp_path: Path) -> None:
        one = annotated("box", uuid=None)
        assert len(self.tracks(tmp_path, frames([one, one], [one]))) == 3

    def test_writes_a_file_per_video_beside_the_images(self, tmp_path: Path) -> None:
        one = annotated("box")
        tasks = (
            task(one, task_id="i1"), frames([one], task_id="v1"), frames([one], task_id="v2"),
            task(one, task_id="i2"),
        )  # fmt: skip
        report = export(tmp_path / "out", "cvat", *tasks)
        assert report.written == {"box": 4}
        files = sorted(file.name for file in (tmp_path / "out" / "videos").iterdir())
        assert files == ["v1.xml", "v2.xml"]
        root = ET.parse(tmp_path / "out" / "annotations.xml").getroot()
        assert [image.get("name") for image in root.findall("image")] == ["i1.png", "i2.png"]


@pytest.mark.parametrize("type", ["lidarannotation", "lidarsegmentation", "sensorfusion"])
def test_what_is_not_on_images_is_counted(tmp_path: Path, type: str) -> None:
    one = task(type=type, response={"annotations": {"url": "https://results.invalid/1"}})
    for name in ("coco", "yolo", "voc", "cvat"):
        report = export(tmp_path / name, name, one)
        assert report.skipped_tasks == {f"{type} is not on images": 1}


@pytest.mark.parametrize(
    "response",
    [
        {}, {"annotations": None}, {"annotations": "text"}, {"annotations": {"field": ["yes"]}},
        {"annotations": {"url": "ftp://results.invalid/1"}}, {"annotations": {"url": 7}},
        {"category": "a"}, {"error": "broken"},
    ],
)  # fmt: skip
def test_responses_without_annotations_of_images_are_counted(tmp_path: Path, response: Any) -> None:
    report = export(tmp_path / "out", "coco", task(response=response))
    assert sum(report.skipped_tasks.values()) == 1
    assert report.images == 0
