"""Canned responses whose results are files: segmentations, videos, point clouds."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.media.images import measure
from tests.sandbox.rules.caller import Caller
from tests.sandbox.rules.test_files import PNG, upload
from tests.sandbox.rules.test_responses import ALL, points

IMAGE = "https://a.example/a.png"


class Results:
    """Downloads result files."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._auth = (sandbox.live_key, "")

    def get(self, url: str) -> requests.Response:
        answer = requests.get(url, auth=self._auth, timeout=5)
        assert answer.status_code == 200
        return answer

    def json(self, url: str) -> Any:
        answer = self.get(url)
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()

    def rows(self, url: str) -> list[bytes]:
        """Return the rows of an image."""
        answer = self.get(url)
        assert answer.headers["Content-Type"] == "image/png"
        return rows_of(answer.content)


def rows_of(png: bytes) -> list[bytes]:
    """Decode a PNG image of eight bits per channel whose rows are not filtered."""
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length :][:4]) == (zlib.crc32(kind + content),)
        found[kind] = found.get(kind, b"") + content
        at += 12 + length
    assert list(found) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, depth, color = struct.unpack(">IIBB", found[b"IHDR"][:10])
    assert depth == 8
    length = 1 + width * {0: 1, 2: 3, 6: 4}[color]
    data = zlib.decompress(found[b"IDAT"])
    assert len(data) == length * height
    return [data[start + 1 : start + length] for start in range(0, len(data), length)]


@pytest.fixture
def results(sandbox: Sandbox) -> Results:
    return Results(sandbox)


def test_segmentation(test: Caller, results: Results) -> None:
    """Every label has pixels of its own index and colour; masks and indices agree."""
    labels = ["road", {"choice": "sky"}, {"choice": "car", "instance_label": True}]
    body = {"attachment": IMAGE, "labels": labels, "allow_unlabeled": True}
    response = test.post("/task/segmentannotation", body)["response"]
    mapping, annotations = response["labelMapping"], response["annotations"]
    assert list(mapping) == ["road", "sky", "car"]
    entries = [mapping["road"], mapping["sky"], *mapping["car"]]
    assert [entry["index"] for entry in entries] == [1, 2, 3, 4]
    assert entries[0]["color"] == "#ff0000"
    assert len({entry["color"] for entry in entries}) == 4
    combined = annotations["combined"]
    indexed = b"".join(results.rows(combined["indexedImage"]))
    assert len(indexed) == 100 * 100
    image = b"".join(results.rows(combined["image"]))
    extended = b"".join(results.rows(combined["extendedIndexedImage"]))
    assert extended == b"".join(bytes([index, 0, 0]) for index in indexed)
    masks = [annotations["labeled"]["road"], annotations["labeled"]["sky"]]
    for entry, url in zip(entries, masks + annotations["labeled"]["car"], strict=True):
        index = entry["index"]
        assert indexed.count(index) == entry["numPixels"] > 0
        mask = b"".join(results.rows(url))
        assert mask == bytes(255 if one == index else 0 for one in indexed)
        place = indexed.index(index) * 4
        assert image[place : place + 4] == bytes.fromhex(entry["color"][1:]) + b"\xff"
    nothing = b"".join(results.rows(annotations["unlabeled"]))
    assert nothing == bytes(255 if one == 0 else 0 for one in indexed)
    assert 0 in indexed
    assert image[indexed.index(0) * 4 + 3] == 0


def test_segmentation_has_the_size_of_the_image(test: Caller, results: Results) -> None:
    """Without leave to leave pixels out, all have a label."""
    url = upload(test, "a.png", PNG)["attachment_url"]
    body = {"attachment": url, "labels": ["a", "b", "c"]}
    response = test.post("/task/segmentannotation", body)["response"]
    combined = response["annotations"]["combined"]
    assert measure(results.get(combined["image"]).content) == (640, 480)
    assert 0 not in b"".join(results.rows(combined["indexedImage"]))
    assert sum(one["numPixels"] for one in response["labelMapping"].values()) == 640 * 480


def test_video_playback(test: Caller, results: Results) -> None:
    """Each object has key frames with the fields of its geometry; events are in a file too."""
    body = {
        "attachment": "https://a.example/a.mp4",
        "geometries": ALL,
        "annotation_attributes": {"seen": {"choices": ["yes"]}},
        "frame_rate": 5,
        "events_to_annotate": ["stop"],
    }
    response = test.post("/task/videoplaybackannotation", body)["response"]
    tracks = results.json(response["annotations"]["url"])
    assert {track["geometry"] for track in tracks.values()} == set(ALL)
    for track in tracks.values():
        assert [frame["key"] for frame in track["frames"]] == [0, 5]
        assert [frame["timestamp"] for frame in track["frames"]] == [0, 1]
        assert all(frame["attributes"] == {"seen": "yes"} for frame in track["frames"])
        assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in points(track["frames"]))
        assert points(track["frames"])
    assert results.json(response["events"]["url"]) == [{"label": "stop", "start": 0, "end": 5}]


@pytest.mark.parametrize("kind", ["lidarannotation", "lidarsegmentation", "lidarlinking"])
def test_point_clouds(test: Caller, results: Results, kind: str) -> None:
    """There is an entry per frame."""
    body = {"attachments": ["https://a.example/1.json"] * 3, "labels": ["car"]}
    response = test.post(f"/task/{kind}", body)["response"]
    frames = results.json(response["annotations"]["url"])
    assert len(frames) == 3
    if kind == "lidarlinking":
        assert frames[0]["camera_responses"][0] == {"camera_used": 0, "annotations": []}
        return
    (cuboid,) = frames[0]["cuboids"]
    assert cuboid["label"] == "car"
    assert {"uuid", "position", "dimensions", "yaw", "stationary", "attributes"} < set(cuboid)
    if kind == "lidarsegmentation":
        assert results.json(response["point_segmentations"]["url"]) == [[], [], []]


def test_frames_of_another_task(test: Caller, results: Results) -> None:
    """A segmentation of an earlier task's frames has as many entries as frames."""
    body = {"lidar_task": "0" * 24, "lidar_task_frames": [0, 4], "labels": ["car"]}
    response = test.post("/task/lidarsegmentation", body)["response"]
    assert len(results.json(response["annotations"]["url"])) == 2


def test_image_too_large_to_draw(test: Caller, results: Results) -> None:
    """It is taken for a small one, rather than let everybody wait."""
    vast = PNG[:16] + (10**6).to_bytes(4, "big") * 2 + PNG[24:]
    url = upload(test, "a.png", vast)["attachment_url"]
    task = test.post("/task/segmentannotation", {"attachment": url, "labels": ["a"]})
    image = task["response"]["annotations"]["combined"]["image"]
    assert measure(results.get(image).content) == (100, 100)
