"""Objects that are followed through the frames of a video or of lidar data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import cos, sin
from typing import NamedTuple, TypeGuard

from .text import label_of

__all__ = ["Track", "frame_count", "lidar_tracks", "video_tracks"]

_MOST_FRAMES = 100_000
_FARTHEST = 1e6


class Track(NamedTuple):
    """An object in several frames.

    Attributes:
        label: Its label.
        shapes: Its annotation in each frame where it is given.
        joined: Whether it is also between those frames, on the line from one to the next.
        is_cuboid: Whether it is a cuboid of lidar data, which is seen from above.
    """

    label: str
    shapes: dict[int, dict[object, object]]
    joined: bool = False
    is_cuboid: bool = False

    def at(self, frame: int) -> dict[object, object] | None:
        """Return its annotation in a frame, or ``None`` if it is not there."""
        if frame in self.shapes or not self.joined:
            found = self.shapes.get(frame)
            return _from_above(found) if self.is_cuboid and found is not None else found
        before = max((key for key in self.shapes if key < frame), default=None)
        after = min((key for key in self.shapes if key > frame), default=None)
        if before is None or after is None:
            return None
        share = (frame - before) / (after - before)
        between = _between(self.shapes[before], self.shapes[after], share)
        return between if isinstance(between, dict) else None


def video_tracks(result: object) -> list[Track]:
    """Return the tracks in the file that a video task links.

    Args:
        result: A list of frames with ``annotations``, or an object of tracks by id with key
            ``frames``. Anything else has no tracks.
    """
    if isinstance(result, list) and len(result) == 1 and isinstance(_annotations(result[0]), dict):
        result = _annotations(result[0])
    if isinstance(result, dict):
        return [*_keyed(result)]
    return _followed([_annotations(frame) for frame in _list(result)])


def lidar_tracks(result: object) -> list[Track]:
    """Return the tracks in the file that a lidar task links, seen from above.

    Args:
        result: A list of frames with ``cuboids``. Anything else has no tracks.
    """
    frames = [frame.get("cuboids") if isinstance(frame, dict) else None for frame in _list(result)]
    return [track._replace(is_cuboid=True) for track in _followed(frames)]


def frame_count(tracks: list[Track]) -> int:
    """Return the number of frames up to the last one with an object."""
    return max((frame + 1 for track in tracks for frame in track.shapes), default=0)


def _followed(frames: Iterable[object]) -> list[Track]:
    tracks: dict[object, Track] = {}
    for number, found in enumerate(frames):
        for place, one in enumerate(_list(found)):
            if isinstance(one, dict):
                uuid = one.get("uuid")
                key = uuid if isinstance(uuid, str) else (number, place)
                tracks.setdefault(key, Track(label_of(one), {})).shapes[number] = one
    return [*tracks.values()]


def _keyed(tracks: dict[object, object]) -> Iterator[Track]:
    for track in tracks.values():
        if not isinstance(track, dict):
            continue
        shapes: dict[int, dict[object, object]] = {}
        for frame in _list(track.get("frames")):
            if not isinstance(frame, dict):
                continue
            key = frame.get("key")
            if isinstance(key, int) and 0 <= key < _MOST_FRAMES:
                shapes[key] = {"type": track.get("geometry"), **frame, "label": track.get("label")}
        yield Track(label_of(track), shapes, joined=True)


def _from_above(cuboid: dict[object, object]) -> dict[object, object]:
    """Return the outline of a cuboid as a polygon. North is up."""
    middle, extent, yaw = cuboid.get("position"), cuboid.get("dimensions"), cuboid.get("yaw", 0)
    polygon: dict[object, object] = {**cuboid, "type": "polygon", "vertices": None}
    numbers = [
        one.get(axis) if isinstance(one, dict) else None
        for one in (middle, extent)
        for axis in ("x", "y")
    ] + [yaw]
    if not all(isinstance(one, (int, float)) and abs(one) < _FARTHEST for one in numbers):
        return polygon
    x, y, width, length, angle = (float(one) for one in numbers if isinstance(one, (int, float)))
    corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    polygon["vertices"] = [
        {
            "x": x + right * width * cos(angle) - ahead * length * sin(angle),
            "y": -(y + right * width * sin(angle) + ahead * length * cos(angle)),
        }
        for right, ahead in corners
    ]
    return polygon


def _between(one: object, other: object, share: float) -> object:
    """Return what lies between two annotations whose numbers have the same places."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _between(value, other.get(key), share) for key, value in one.items()}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_between(*pair, share) for pair in zip(one, other, strict=True)]
    if _is_number(one) and _is_number(other):
        return one + (other - one) * share
    return one


def _is_number(json: object) -> TypeGuard[int | float]:
    if isinstance(json, bool) or not isinstance(json, (int, float)):
        return False
    return abs(json) < _FARTHEST


def _annotations(frame: object) -> object:
    return frame.get("annotations") if isinstance(frame, dict) else None


def _list(json: object) -> list[object]:
    return json if isinstance(json, list) else []
