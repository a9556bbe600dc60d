"""Where the annotations of a response are: in it or behind a link, by frame or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .results import result_links

__all__ = ["Found", "Load", "annotations_of"]

#: A frame (``None`` where there are none) and an annotation of it.
Found = tuple[int | None, dict[str, Any]]

#: Return the JSON behind a link.
Load = Callable[[str], object]

#: What frames call their annotations: of pictures, and of point clouds.
_LISTS = ("annotations", "cuboids")


def annotations_of(task: dict[str, Any], load: Load) -> Iterator[Found]:
    """Yield every annotation in the response of a task.

    A segmentation has one for each entry of ``labelMapping``, a text collection one for each
    field, and a video with keyframes one for each keyframe of each object.

    Args:
        task: The task, as ``task.as_dict()``.
        load: Returns the JSON behind the link to the annotations of a video or point cloud.
    """
    response = task.get("response")
    if not isinstance(response, dict):
        return
    if isinstance(response.get("labelMapping"), dict):
        yield from _segments(response["labelMapping"])
        return
    section = response.get("annotations")
    if isinstance(section, dict) and section.get("url") in result_links(task):
        yield from _frames(load(section["url"]))
    elif isinstance(section, dict):
        for name, value in section.items():
            yield None, {"type": "field", "label": name, "value": value}
    elif isinstance(section, list):
        yield from _frames(section) if any(map(_is_frame, section)) else _flat(None, section)


def _is_frame(value: object) -> bool:
    return isinstance(value, dict) and any(name in value for name in (*_LISTS, "camera_responses"))


def _flat(frame: int | None, annotations: object, **more: object) -> Iterator[Found]:
    for one in annotations if isinstance(annotations, list) else []:
        yield frame, {**one, **more} if isinstance(one, dict) else {"value": one, **more}


def _frames(value: object) -> Iterator[Found]:
    """Yield the annotations of a list of frames, or of the keyframes of objects."""
    if isinstance(value, dict):
        objects = value.get("annotations", value)
        yield from _keyframes(objects) if isinstance(objects, dict) else _flat(None, objects)
        return
    for number, frame in enumerate(value if isinstance(value, list) else []):
        if not isinstance(frame, dict):
            continue
        if isinstance(frame.get("annotations"), dict):
            yield from _keyframes(frame["annotations"])
            continue
        for name in _LISTS:
            yield from _flat(number, frame.get(name))
        cameras = frame.get("camera_responses")
        for camera in cameras if isinstance(cameras, list) else []:
            if isinstance(camera, dict):
                used = camera.get("camera_used")
                yield from _flat(number, camera.get("annotations"), camera_used=used)


def _keyframes(objects: dict[str, Any]) -> Iterator[Found]:
    for uuid, one in objects.items():
        if not isinstance(one, dict):
            continue
        common = {name: value for name, value in one.items() if name != "frames"}
        frames = one.get("frames")
        for frame in frames if isinstance(frames, list) else []:
            if isinstance(frame, dict):
                key = frame.get("key")
                number = key if isinstance(key, int) and not isinstance(key, bool) else None
                yield number, {"uuid": uuid, **common, **frame}


def _segments(mapping: dict[str, Any]) -> Iterator[Found]:
    for label, entries in mapping.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            fields = entry if isinstance(entry, dict) else {"value": entry}
            yield None, {"type": "segment", "label": label, **fields}
