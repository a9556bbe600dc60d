"""The images of a task, each with its annotations: one image, or the frames of a video."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..._http.response import JSONObject
from ...drawing.geometry import FARTHEST
from ...tasks import Task
from .files import Unavailable, json_at

__all__ = ["Frame", "frames_of"]

#: Frames of one video. More are a mistake in a number: a day at ten per second has fewer.
_MOST_FRAMES = 1_000_000

#: Fields of geometries that lie between those of two keyframes in between.
_NUMBERS = ("left", "top", "width", "height", "rotation", "x", "y")


class Frame(NamedTuple):
    """An image of a task.

    Attributes:
        number: The number of the frame in its video, ``None`` for an image.
        attachment: The image's link, ``None`` if it is only in the video.
        annotations: Its annotations, as they came.
        interpolated: The places in ``annotations`` of those between two keyframes.
    """

    number: int | None
    attachment: object
    annotations: list[Any]
    interpolated: frozenset[int] = frozenset()


def frames_of(task: Task, response: JSONObject) -> Iterator[Frame]:
    """Yield the images of a task.

    Args:
        task: The task.
        response: Its response.

    Raises:
        Unavailable: There are no annotations of images, or they cannot be downloaded.
    """
    params = task.as_dict().get("params")
    params = params if isinstance(params, dict) else {}
    found: object = response.get("annotations")
    is_link = isinstance(found, dict) and isinstance(found.get("url"), str)
    if isinstance(found, dict) and is_link:
        found = json_at(task, found["url"])
    if not is_link and isinstance(found, list) and not _is_video(task, found):
        yield Frame(None, params.get("attachment"), found)
        return
    attachments = params.get("attachments")
    links = attachments if isinstance(attachments, list) else []
    tracks = _tracks(found)
    if tracks is not None:
        yield from _interpolated(tracks, links)
    elif isinstance(found, list):
        for number in range(max(len(found), len(links))):
            frame = found[number] if number < len(found) else None
            annotations = frame.get("annotations") if isinstance(frame, dict) else frame
            link = links[number] if number < len(links) else None
            yield Frame(number, link, annotations if isinstance(annotations, list) else [])
    else:
        raise Unavailable("its response has no annotations of images")


def _is_video(task: Task, found: list[Any]) -> bool:
    """Return whether a list is one of frames, which have annotations and no geometry."""
    if found:
        return all(isinstance(one, dict) and "annotations" in one for one in found)
    return str(task.as_dict().get("type")).startswith("video")


def _tracks(found: object) -> dict[str, Any] | None:
    """Return the tracks of a video by uuid, however they are wrapped; ``None`` if it has none."""
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, dict) and isinstance(found.get("annotations"), dict):
        found = found["annotations"]
    if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()):
        return found if "annotations" not in found else None
    return None


def _interpolated(tracks: dict[str, Any], links: list[object]) -> Iterator[Frame]:
    """Yield every frame from the first to the last keyframe, or of the attachments."""
    keyed = {uuid: _keyframes(uuid, track) for uuid, track in tracks.items()}
    keys = [key for track in keyed.values() for key in track]
    first, last = min(keys, default=0), max(keys, default=-1)
    if links:
        first, last = min(first, 0), max(last, len(links) - 1)
    if last - first >= _MOST_FRAMES or first < 0:
        raise Unavailable(f"its frames have numbers from {first} to {last}")
    ordered = {uuid: sorted(track) for uuid, track in keyed.items()}
    places = dict.fromkeys(keyed, 0)
    for number in range(first, last + 1):
        annotations, between = [], set()
        for uuid, track in keyed.items():
            numbers, place = ordered[uuid], places[uuid]
            while place < len(numbers) - 1 and numbers[place + 1] <= number:
                place += 1
            places[uuid] = place
            if not numbers or not numbers[0] <= number <= numbers[-1]:
                continue
            start = numbers[place]
            if start == number:
                annotations.append(track[start])
                continue
            end = numbers[place + 1]
            between.add(len(annotations))
            part = (number - start) / (end - start)
            annotations.append(_between(track[start], track[end], part))
        link = links[number] if number < len(links) else None
        yield Frame(number, link, annotations, frozenset(between))


def _keyframes(uuid: str, track: JSONObject) -> dict[int, JSONObject]:
    """Return the annotation of each keyframe of a track."""
    frames = track.get("frames")
    same = {"uuid": uuid, "type": track.get("geometry") or track.get("type")}
    same |= {"label": track.get("label"), "attributes": track.get("attributes") or {}}
    keyed: dict[int, JSONObject] = {}
    for frame in frames if isinstance(frames, list) else ():
        key = frame.get("key") if isinstance(frame, dict) else None
        if not isinstance(key, int) or isinstance(key, bool):
            raise Unavailable("a keyframe has no number")
        fields = {name: value for name, value in frame.items() if name not in _NOT_FIELDS}
        own = frame.get("attributes")
        if isinstance(own, dict) and isinstance(same["attributes"], dict):
            fields["attributes"] = {**same["attributes"], **own}
        keyed[key] = {**same, **fields}
    return keyed


_NOT_FIELDS = ("key", "timestamp")


def _between(start: JSONObject, end: JSONObject, part: float) -> JSONObject:
    """Return the annotation between two keyframes."""
    found = dict(start)
    for name in _NUMBERS:
        if _is_number(start.get(name)) and _is_number(end.get(name)):
            found[name] = start[name] + part * (end[name] - start[name])
    if found.get("rotation") is not None and found.get("left") is not None:
        found.pop("vertices", None)  # the corners of a box turn, and do not go straight ahead
    elif isinstance(start.get("vertices"), list) and isinstance(end.get("vertices"), list):
        pairs = [*zip(start["vertices"], end["vertices"], strict=False)]
        if len(start["vertices"]) == len(end["vertices"]) and all(map(_are_points, pairs)):
            found["vertices"] = [
                {**a, **{axis: a[axis] + part * (b[axis] - a[axis]) for axis in ("x", "y")}}
                for a, b in pairs
            ]
    return found


def _is_number(value: object) -> bool:
    """Return whether a value can be a coordinate: there is nothing between others."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return -FARTHEST <= value <= FARTHEST


def _are_points(pair: tuple[object, object]) -> bool:
    return all(
        isinstance(one, dict) and _is_number(one.get("x")) and _is_number(one.get("y"))
        for one in pair
    )
