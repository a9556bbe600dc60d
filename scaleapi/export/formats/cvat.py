"""CVAT XML 1.1 (https://docs.cvat.ai/docs/dataset_management/formats/format-cvat)."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from math import degrees
from pathlib import Path
from typing import NamedTuple

from ..._http.response import JSONObject
from ...drawing.paths import Point
from .categories import Categories
from .masks import Runs
from .names import Names
from .records import Label, LabeledImage, Mask
from .report import Report
from .shapes import Shape, rectangle_of
from .xml import attributes_of, element

__all__ = ["CvatWriter"]

FILE = "annotations.xml"

#: The largest distance that a shape may differ by in the form of CVAT, and still be the same.
_SAME = 0.01


class _Form(NamedTuple):
    """An element of CVAT that says a shape.

    Attributes:
        name: Its name.
        fields: Its attributes.
        reason: What is not as it was.
        error: By how many pixels.
    """

    name: str
    fields: Mapping[str, object]
    reason: str = ""
    error: float | None = None


class CvatWriter:
    """Writes ``annotations.xml`` for images, and a file in ``videos`` with tracks per video.

    Args:
        folder: The folder to write to.
        categories: The categories, complete at the end.
        report: Counts what is written.
    """

    images = "images"

    def __init__(self, folder: Path, categories: Categories, report: Report) -> None:
        self._folder, self._categories, self._report = folder, categories, report
        self._attributes: dict[str, dict[str, None]] = {}
        self._count = 0
        self._video: list[LabeledImage] = []
        self._videos, self._names = 0, Names()
        # The labels come first, and are complete last.
        self._waiting_path = folder / "images.part"
        self._waiting = self._waiting_path.open("w", encoding="utf-8")

    def write(self, image: LabeledImage) -> None:
        """Write an image."""
        if self._video and (image.frame is None or image.task is not self._video[0].task):
            self._finish_video()
        if image.frame is not None:
            self._video.append(image)
            return
        shapes = [self._shape(label) for label in image.labels]
        shapes += [text for mask in image.masks if (text := self._mask(mask, image))]
        head = {"id": self._count, "name": image.name, "width": image.width, "height": image.height}
        self._waiting.write(element("image", shapes, **head) + "\n")
        self._count += 1

    def finish(self) -> None:
        """Write the file of the images, after the labels."""
        if self._video:
            self._finish_video()
        self.close()
        if self._count or not self._videos:
            with (self._folder / FILE).open("w", encoding="utf-8") as file:
                file.write(self._head(size=str(self._count)))
                with self._waiting_path.open(encoding="utf-8") as waiting:
                    shutil.copyfileobj(waiting, file)
                file.write("</annotations>\n")
        self._waiting_path.unlink()

    def close(self) -> None:
        """Close the file of the images, finished or not."""
        self._waiting.close()

    def _head(self, *more: str, size: str) -> str:
        labels = [self._label(one.name) for one in self._categories]
        task = element("task", [element("size", size), element("labels", labels), *more])
        start = '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n'
        return f"{start}{element('version', '1.1')}\n{element('meta', [task])}\n"

    def _label(self, name: str) -> str:
        attributes = [
            element(
                "attribute",
                [
                    element("name", attribute),
                    element("mutable", "True"),
                    element("input_type", "text"),
                    element("default_value", ""),
                    element("values", ""),
                ],
            )
            for attribute in self._attributes.get(name, ())
        ]
        return element("label", [element("name", name), element("attributes", attributes)])

    def _shape(self, label: Label) -> str:
        form = form_of(label.shape)
        self._report.add(label.shape.geometry, form.reason, form.error, label.where)
        name = label.category.name
        head = {"label": name, "source": "manual", "occluded": 0, **form.fields, "z_order": 0}
        return element(form.name, self._attributes_of(name, label.attributes), **head)

    def _attributes_of(self, label: str, attributes: JSONObject) -> list[str]:
        known = self._attributes.setdefault(label, {})
        known |= dict.fromkeys(attributes)
        return [element("attribute", value, name=key) for key, value in attributes_of(attributes)]

    def _mask(self, mask: Mask, image: LabeledImage) -> str | None:
        runs = image.pixels.rows.get(mask.segment.number) if image.pixels else None
        if not runs:
            self._report.skip("mask", "no pixel of the mask has its index", mask.where)
            return None
        self._report.add("mask")
        attributes = mask.segment.fields.get("attributes")
        name = mask.category.name
        head = {"label": name, "source": "manual", "occluded": 0, **rle(runs, image.width)}
        found = attributes if isinstance(attributes, dict) else {}
        return element("mask", self._attributes_of(name, found), **head, z_order=0)

    def _finish_video(self) -> None:
        """Write the tracks of a video."""
        frames, self._video = self._video, []
        tracks: dict[tuple[str, str, str], dict[int, Label]] = {}
        for image in frames:
            for place, label in enumerate(image.labels):
                kind = form_of(label.shape).name
                uuid = label.annotation.get("uuid")
                track = uuid if isinstance(uuid, str) else f"{image.frame} {place}"
                key = track, kind, label.category.name
                tracks.setdefault(key, {})[image.frame or 0] = label
        last = frames[-1].frame or 0
        texts = [
            element(
                "track",
                self._positions(track, last),
                id=number,
                label=name,
                source="manual",
            )
            for number, ((_, _, name), track) in enumerate(tracks.items())
        ]
        first = frames[0]
        size = [element("width", first.width), element("height", first.height)]
        task = first.task
        stem = self._names.stem(
            str(task.get("unique_id") or task.get("task_id")), str(task.get("task_id"))
        )
        (self._folder / "videos").mkdir(exist_ok=True)
        with (self._folder / "videos" / f"{stem}.xml").open("w", encoding="utf-8") as file:
            file.write(self._head(element("original_size", size), size=str(last + 1)))
            file.writelines(f"{text}\n" for text in texts)
            file.write("</annotations>\n")
        self._videos += 1

    def _positions(self, track: dict[int, Label], last: int) -> list[str]:
        """Return the keyframes of a track. CVAT itself computes those in between."""
        positions = []
        for number, label in track.items():
            form = form_of(label.shape)
            if label.is_interpolated:
                self._report.notes["frame between two keyframes, left to CVAT to interpolate"] += 1
            else:
                self._report.add(label.shape.geometry, form.reason, form.error, label.where)
                positions.append(self._position(label, form, number, is_outside=False))
            if number < last and number + 1 not in track:
                positions.append(self._position(label, form, number + 1, is_outside=True))
        return positions

    def _position(self, label: Label, form: _Form, number: int, *, is_outside: bool) -> str:
        head = {"frame": number, "keyframe": 1, "outside": int(is_outside), "occluded": 0}
        attributes = self._attributes_of(label.category.name, label.attributes)
        return element(form.name, attributes, **head, **form.fields, z_order=0)


def form_of(shape: Shape) -> _Form:
    """Return the element that says a shape."""
    if shape.geometry in ("box", "rotated box"):
        return _box(shape)
    if shape.geometry == "ellipse" and shape.ellipse is not None:
        (x, y), _, _ = shape.ellipse
        first, second, angle = shape.axes()
        if abs(angle) == 90:
            first, second, angle = second, first, 0.0
        fields: dict[str, object] = {"cx": x, "cy": y, "rx": first, "ry": second}
        fields |= {"rotation": angle % 360} if first and second and angle else {}
        if shape.misfit > _SAME:
            return _Form("ellipse", fields, "its four points are not on one ellipse", shape.misfit)
        return _Form("ellipse", fields)
    if shape.geometry == "cuboid":
        return _cuboid(shape)
    name = {"polygon": "polygon", "line": "polyline", "point": "points"}[shape.geometry]
    return _Form(name, {"points": points_of(shape.points)})


def points_of(points: Iterable[Point]) -> str:
    """Return points in the form of CVAT."""
    return ";".join(f"{x!r},{y!r}" for x, y in points)


def _box(shape: Shape) -> _Form:
    if shape.geometry == "box":
        frame = shape.bounds()
        return _Form("box", dict(zip(_EDGES, frame, strict=True)))
    (left, top, width, height, rotation), error = rectangle_of(shape.points)
    edges = (left, top, left + width, top + height)
    fields = {**dict(zip(_EDGES, edges, strict=True)), "rotation": degrees(rotation) % 360}
    if error > _SAME:
        return _Form("box", fields, "its corners are not those of a rectangle", error)
    return _Form("box", fields)


_EDGES = ("xtl", "ytl", "xbr", "ybr")


def _cuboid(shape: Shape) -> _Form:
    """Return a cuboid by eight corners, of which two are hidden.

    The corners of the back are named from behind, so that its left is at the right of the face:
    CVAT joins ``tl2`` to ``tr1``.
    """
    top_left, top_right, bottom_right, bottom_left, side_top, side_bottom = shape.points
    near_top, near_bottom = (
        (top_right, bottom_right) if shape.side_is_right else (top_left, bottom_left)
    )
    far_top, far_bottom = (
        (top_left, bottom_left) if shape.side_is_right else (top_right, bottom_right)
    )
    hidden_top = (
        far_top[0] + side_top[0] - near_top[0],
        far_top[1] + side_top[1] - near_top[1],
    )
    hidden_bottom = (
        far_bottom[0] + side_bottom[0] - near_bottom[0],
        far_bottom[1] + side_bottom[1] - near_bottom[1],
    )
    side, hidden = (side_top, side_bottom), (hidden_top, hidden_bottom)
    right, left = (side, hidden) if shape.side_is_right else (hidden, side)
    corners = {
        "tl1": top_left,
        "bl1": bottom_left,
        "tr1": top_right,
        "br1": bottom_right,
        "tl2": right[0],
        "bl2": right[1],
        "tr2": left[0],
        "br2": left[1],
    }
    fields: dict[str, object] = {}
    for name, (x, y) in corners.items():
        fields |= {f"x{name}": x, f"y{name}": y}
    return _Form("cuboid", fields, "its two hidden corners are computed", 0.0)


def rle(runs: Runs, width: int) -> dict[str, object]:
    """Return the attributes of a mask: its frame, and the lengths of gaps and runs in there."""
    rows: list[tuple[int, int, int]] = []
    for start, length in runs:
        row, column = divmod(start, width)
        left_over = length
        while left_over > 0:
            part = min(left_over, width - column)
            rows.append((row, column, part))
            row, column, left_over = row + 1, 0, left_over - part
    left = min(column for _, column, _ in rows)
    right = max(column + part for _, column, part in rows)
    top, bottom = rows[0][0], rows[-1][0]
    inner, end = right - left, 0
    counts = [0, 0]  # of a gap, then of a run, and so on
    for row, column, part in rows:
        gap = (row - top) * inner + column - left - end
        if gap and end:
            counts += [gap, part]
        else:  # the first run, or one that goes on in the next row
            counts[-2:] = [counts[-2] + gap, counts[-1] + part]
        end += gap + part
    if rest := (bottom - top + 1) * inner - end:
        counts.append(rest)
    return {
        "rle": ", ".join(map(str, counts)),
        "left": left,
        "top": top,
        "width": inner,
        "height": bottom - top + 1,
    }
