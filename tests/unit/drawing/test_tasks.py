"""Pictures of tasks that are not a single image with shapes."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

import pytest

from scaleapi.drawing import task_svg
from scaleapi.drawing.colors import color_of
from scaleapi.drawing.tracks import video_tracks
from tests.unit.drawing.reader import ELEMENTS, SVG, read, texts, title

URL = "https://example.com/{}.png"
RESULT = {"annotations": {"url": "https://example.com/result"}}


def box(uuid: str, label: str, left: float) -> dict[str, Any]:
    sides = {"left": left, "top": 20, "width": 60, "height": 40}
    return {"uuid": uuid, "type": "box", "label": label, **sides}


FRAMES = [
    {"annotations": [box("a", "car", 10 * n)] + ([box("b", "bus", 200)] if n in (2, 5) else [])}
    for n in range(6)
]
CUBOID = {
    "uuid": "a",
    "label": "car",
    "position": {"x": 1.0, "y": 5.0, "z": 1.0},
    "dimensions": {"x": 2.0, "y": 4.0, "z": 1.5},
    "yaw": 0.0,
}
VIDEO = {
    "type": "videoannotation",
    "params": {
        "attachments": [URL.format(n) for n in range(6)],
        "geometries": {"box": {"objects_to_annotate": ["bus", "car"]}},
    },
}
LIDAR = {"type": "lidarannotation", "params": {"labels": ["car"], "attachments": ["x.json"] * 2}}
MASKS = {
    "type": "segmentannotation",
    "params": {"attachment": URL.format("photo"), "labels": ["road", "car"]},
}
MASKED = {
    "labelMapping": {
        "road": {"index": 1, "color": "#ff0000", "numPixels": 12_345},
        "car": [{"index": 2, "color": "#00ff00"}, {"index": 3, "color": "url(x)"}],
    },
    "annotations": {"combined": {"image": URL.format("mask")}},
}
TEXT = {
    "type": "namedentityrecognition",
    "params": {"text": "Ada wrote it\nin London.", "labels": ["PLACE", "PERSON"]},
}
ENTITIES = {
    "annotations": [
        {"start": 0, "end": 3, "label": "PERSON"},
        {"start": 16, "end": 22, "label": "PLACE"},
        {"start": 5, "end": 999, "label": "PLACE"},
    ]
}
DOCUMENT = {
    "type": "documenttranscription",
    "params": {"attachment": URL.format("page"), "features": [{"type": "block", "label": "total"}]},
    "document_pages": [{"width": 800, "height": 1000}],
}
READ = {
    "annotations": [
        {"page": 0, "label": "total", "text": "9.99", "location": box("a", "", 30)},
        {"page": 1, "label": "total", "text": "1.11", "location": box("b", "", 30)},
    ]
}

EVERY: list[tuple[dict[str, Any], dict[str, Any], object]] = [
    (VIDEO, RESULT, FRAMES),
    (
        {"type": "videoplaybackannotation", "params": {"attachment": "https://example.com/a.mp4"}},
        RESULT,
        {
            "a": {
                "label": "car",
                "geometry": "box",
                "frames": [
                    {"key": key, "left": 9, "top": 20, "width": 60, "height": 40} for key in (0, 30)
                ],
            }
        },
    ),
    (LIDAR, RESULT, [{"cuboids": [CUBOID]}, {"cuboids": []}]),
    (MASKS, MASKED, None),
    (TEXT, ENTITIES, None),
    (DOCUMENT, READ, None),
]


def drawn(task: dict[str, Any], response: object, result: object = None) -> Any:
    svg = task_svg(task, response, load=lambda url: result)
    assert svg is not None
    return read(svg)


def images(root: Any) -> list[str]:
    return [image.attrib["href"] for image in root.iter(f"{SVG}image")]


def test_a_video_is_a_strip_of_frames_with_tracks() -> None:
    root = drawn(VIDEO, RESULT, FRAMES)
    assert title(root) == "Tracks: 2, frames: 6"
    assert images(root) == [URL.format(n) for n in (0, 1, 3, 4)]
    assert {"Frame 1 of 6", "Frame 5 of 6", "car 1", "bus 1"} <= {*texts(root)}
    bars = [bar for bar in root.iter(f"{SVG}rect") if bar.attrib.get("height") == "16"]
    assert [bar.attrib["fill"] for bar in bars] == [color_of(1), color_of(0), color_of(0)]


def test_a_pending_video_shows_its_frames() -> None:
    assert len(images(drawn(VIDEO, None))) == 4


def test_playback_is_between_its_keys() -> None:
    track = {
        "label": "car",
        "geometry": "box",
        "frames": [{"key": 0, **box("", "", 0)}, {"key": 10, **box("", "", 100)}],
    }
    for result in ({"a": track}, [{"annotations": {"a": track}}]):
        (found,) = video_tracks(result)
        assert found.label == "car"
        shapes = [found.at(frame) for frame in (0, 4, 10, 11)]
        assert [shape and shape["left"] for shape in shapes] == [0, 40, 100, None]


def test_lidar_is_seen_from_above() -> None:
    root = drawn(LIDAR, RESULT, [{"cuboids": [CUBOID]}, {"cuboids": []}])
    assert title(root) == "Tracks: 1, frames: 2"
    (path, *_) = (path.attrib["d"] for path in root.iter(f"{SVG}path"))
    numbers = [int(one) for one in path.strip("Mz").replace("l", " ").replace("-", " -").split()]
    x, y, right, nothing, *_ = numbers
    assert nothing == 0
    assert (x / right, y / right) == (0, -1.5)  # from 0 to 2, and north is up


def test_a_mask_is_over_its_image() -> None:
    root = drawn(MASKS, MASKED)
    assert images(root) == [URL.format("photo"), URL.format("mask")]
    assert texts(root) == ["road: 12,345 pixels", "car 1", "car 2"]
    colors = [circle.attrib["fill"] for circle in root.iter(f"{SVG}circle")]
    assert colors == ["#ff0000", "#00ff00"]


def test_entities_are_marked_in_the_text() -> None:
    root = drawn(TEXT, ENTITIES)
    lines = [one.replace("\N{NO-BREAK SPACE}", " ") for one in texts(root)]
    assert lines == [
        "Ada wrote it",
        "in London.",
        "PERSON (1)",
        "PLACE (1)",
        "Left out: 1 (malformed)",
    ]
    marks = [one.attrib for one in root.iter(f"{SVG}rect") if one.attrib.get("height") == "4"]
    assert [mark["fill"] for mark in marks] == [color_of(1), color_of(0)]


def test_boxes_of_the_first_page_of_a_document() -> None:
    root = drawn(DOCUMENT, READ)
    assert images(root) == [URL.format("page")]
    assert root.attrib["viewBox"] == "0 0 800 1000"
    assert "text: 9.99" in "".join(root.itertext())
    assert "1.11" not in "".join(root.itertext())


def test_a_pdf_is_not_an_image() -> None:
    task = {**DOCUMENT, "params": {"attachment": "https://example.com/a.PDF?x=1"}}
    assert images(drawn(task, READ)) == []


def test_other_types_have_no_such_picture() -> None:
    for kind in ("imageannotation", "categorization", None, ["video"]):
        assert task_svg({"type": kind, "params": {}}, {}) is None
    assert task_svg({"type": "lidarannotation", "params": {}}, None) is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:image/svg+xml,<svg/>", "/a", 5, {}])
def test_only_links_to_images_are_shown(link: object) -> None:
    for task in (VIDEO, MASKS, DOCUMENT):
        params = {**task["params"], "attachment": link, "attachments": [link]}  # type: ignore[dict-item]
        svg = task_svg({**task, "params": params}, None)
        assert svg is None or images(read(svg)) == []


HOSTILE: list[Any] = [
    *(None, True, 0, -1, 1e308, float("nan"), 10**5000, "", "</svg><script>", "\0\ud800", [], {}),
    *([None], {"x": 1}, [[]], {"url": 5}),
]


@pytest.mark.parametrize("number", range(len(EVERY)))
def test_any_json_is_drawn(number: int) -> None:
    """A value anywhere may be anything."""
    chance = Random(number)
    for _ in range(300):
        task, response, result = copy.deepcopy(EVERY[number])
        for _ in range(chance.randint(1, 3)):
            _replace(chance.choice([task["params"], response, result]), chance)
        svg = task_svg(task, response, load=lambda url, result=result: result)  # type: ignore[misc]
        if svg is not None:
            assert {element.tag.removeprefix(SVG) for element in read(svg).iter()} <= ELEMENTS


def _replace(json: Any, chance: Random) -> None:
    while True:
        keys = [*json] if isinstance(json, dict) else [*range(len(json or []))]
        if not keys:
            return
        key = chance.choice(keys)
        if not isinstance(json[key], (dict, list)) or chance.random() < 0.3:
            json[key] = chance.choice(HOSTILE)
            return
        json = json[key]
