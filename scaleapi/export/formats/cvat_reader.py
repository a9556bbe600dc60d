"""Reading CVAT XML 1.1, for images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, hypot, isfinite, radians, sin
from pathlib import Path
from xml.etree.ElementTree import Element

from ..._http.response import JSONObject
from ...drawing.paths import Point
from ...exceptions import ScaleArgumentError
from .cvat import FILE
from .prelabels import Prelabels, box, polygon, rotated_box, vertices_of
from .shapes import Rectangle
from .voc_reader import parsed

__all__ = ["read_cvat"]


def read_cvat(path: Path) -> Prelabels:
    """Return the annotations of images in a CVAT file.

    Args:
        path: The file, or the folder with ``annotations.xml``.

    Raises:
        OSError: The file cannot be read.
        ScaleArgumentError: It is not such a file.
    """
    root = parsed(path / FILE if path.is_dir() else path)
    if root.tag != "annotations":
        raise ScaleArgumentError("path", f"must have annotations in CVAT's XML, not {root.tag}")
    prelabels = Prelabels("cvat")
    for track in root.iter("track"):
        prelabels.report.skip("unknown", "tracks of videos are not read", str(track.get("id")))
    for image in root.iter("image"):
        name = image.get("name") or ""
        prelabels.expect(name)
        for shape in image:
            label = shape.get("label")
            reader = _READERS.get(shape.tag)
            if label is None:
                continue  # a tag or a comment, which is not on the image
            if reader is None:
                prelabels.report.skip(shape.tag, "it has no place among the shapes", name)
                continue
            try:
                geometries = [*reader(shape)]
            except ValueError:
                reason = "a field of its geometry is missing or not a number"
                prelabels.report.skip("unknown", reason, name)
                continue
            attributes = {
                one.get("name") or "": one.text or "" for one in shape.iterfind("attribute")
            }
            for geometry in geometries:
                prelabels.add(name, geometry, label, attributes)
    return prelabels


def _number(shape: Element, name: str, default: str = "nan") -> float:
    value = float(shape.get(name, default))
    if not isfinite(value):
        raise ValueError(name)
    return value


def _points(shape: Element) -> list[Point]:
    points = []
    for pair in shape.get("points", "").split(";"):
        x, y = map(float, pair.split(","))
        points.append((x, y))
    if not all(isfinite(value) for point in points for value in point):
        raise ValueError("points")
    return points


def _box(shape: Element) -> Iterator[JSONObject]:
    left, top, right, bottom = (_number(shape, name) for name in ("xtl", "ytl", "xbr", "ybr"))
    rotation = radians(_number(shape, "rotation", "0"))
    if right < left or bottom < top:
        raise ValueError("box")
    yield (
        rotated_box(Rectangle(left, top, right - left, bottom - top, rotation))
        if rotation
        else box(left, top, right - left, bottom - top)
    )


def _polygon(shape: Element) -> Iterator[JSONObject]:
    yield polygon(_points(shape))


def _line(shape: Element) -> Iterator[JSONObject]:
    yield polygon(_points(shape), "line")


def _dots(shape: Element) -> Iterator[JSONObject]:
    for x, y in _points(shape):
        yield {"type": "point", "x": x, "y": y}


def _ellipse(shape: Element) -> Iterator[JSONObject]:
    x, y, first, second = (_number(shape, name) for name in ("cx", "cy", "rx", "ry"))
    angle = radians(_number(shape, "rotation", "0"))
    u = first * cos(angle), first * sin(angle)
    v = -second * sin(angle), second * cos(angle)
    extremes = [(x + u[0], y + u[1]), (x + v[0], y + v[1])]
    extremes += [(x - u[0], y - u[1]), (x - v[0], y - v[1])]
    yield {"type": "ellipse", "vertices": vertices_of(extremes)}


def _cuboid(shape: Element) -> Iterator[JSONObject]:
    """Yield a cuboid with the corners that are seen: the back edge that is farther outside."""
    corners = {name: (_number(shape, f"x{name}"), _number(shape, f"y{name}")) for name in _CORNERS}
    # The back is named from behind: see the writer.
    left = corners["tr2"], corners["br2"], corners["tl1"]
    right = corners["tl2"], corners["bl2"], corners["tr1"]
    center = sum(corners[name][0] for name in _CORNERS[:4]) / 4
    top, bottom, _ = max(right, left, key=lambda side: _beyond(side[0], side[2], center))
    named = {
        "face-topleft": corners["tl1"],
        "face-bottomleft": corners["bl1"],
        "face-topright": corners["tr1"],
        "face-bottomright": corners["br1"],
        "side-topcorner": top,
        "side-bottomcorner": bottom,
    }
    vertices = [
        {"x": x, "y": y, "type": "vertex", "description": name} for name, (x, y) in named.items()
    ]
    yield {"type": "cuboid", "vertices": vertices}


def _beyond(back: Point, front: Point, center: float) -> float:
    """Return how far a corner of the back is outside of the face."""
    sign = 1 if front[0] >= center else -1
    return sign * (back[0] - front[0]) / (hypot(back[0] - front[0], back[1] - front[1]) or 1)


_CORNERS = ("tl1", "bl1", "tr1", "br1", "tl2", "bl2", "tr2", "br2")

_READERS: dict[str, Callable[[Element], Iterator[JSONObject]]] = {
    "box": _box,
    "polygon": _polygon,
    "polyline": _line,
    "points": _dots,
    "ellipse": _ellipse,
    "cuboid": _cuboid,
}
