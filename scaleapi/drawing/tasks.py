"""The picture of a task of any type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .links import is_image_link
from .marked_text import marked_text_svg
from .order import labels_of
from .picture import Picture
from .segments import segments_svg
from .strip import Image, strip_svg
from .svg import render
from .tracks import lidar_tracks, video_tracks

__all__ = ["task_svg"]

Locate = Callable[[str], "Image | None"]
Load = Callable[[str], object]


def task_svg(
    task: Mapping[str, object],
    response: object,
    *,
    locate: Locate | None = None,
    load: Load | None = None,
) -> str | None:
    """Draw a task of a type that is not a single image with shapes.

    Args:
        task: The JSON of the task.
        response: The response to draw.
        locate: Return the link from which a browser loads an image, and its size if known, or
            ``None``. By default, links are used as they are.
        load: Return the JSON at a link of the response, or ``None``. By default, links are not
            followed.

    Returns:
        The picture of a video, lidar, segmentation, named entity or document task, or ``None``
        for all other types.
    """
    kind = task.get("type")
    params = task.get("params")
    if not isinstance(kind, str) or not isinstance(params, dict):
        return None
    found = response if isinstance(response, dict) else {}
    find = _checked(locate or _unchanged)
    if kind == "namedentityrecognition" and isinstance(params.get("text"), str):
        return marked_text_svg(params["text"], found.get("annotations"), labels_of(params))
    if kind == "segmentannotation":
        return _segmentation(params, found, find)
    if kind in ("documenttranscription", "documentmodel"):
        return _document(params, task.get("document_pages"), found, find)
    if kind.startswith(("video", "lidar")):
        return _frames(kind, params, _result(found.get("annotations"), load), find)
    return None


def _unchanged(url: str) -> Image | None:
    return url, None


def _checked(locate: Locate) -> Callable[[object], Image | None]:
    def find(url: object) -> Image | None:
        image = locate(url) if isinstance(url, str) else None
        return image if image is not None and is_image_link(image[0]) else None

    return find


def _has_images(params: Mapping[str, object], kind: str) -> bool:
    given = params.get("attachment_type")
    return given == "image" or (given is None and kind != "videoplaybackannotation")


def _attachments(params: Mapping[str, object]) -> list[object]:
    several = params.get("attachments")
    return several if isinstance(several, list) else [params.get("attachment")]


def _result(annotations: object, load: Load | None) -> object:
    if isinstance(annotations, dict) and isinstance(annotations.get("url"), str):
        return None if load is None else load(annotations["url"])
    return annotations


def _frames(
    kind: str,
    params: Mapping[str, object],
    result: object,
    find: Callable[[object], Image | None],
) -> str | None:
    is_video = kind.startswith("video")
    urls = _attachments(params) if is_video and _has_images(params, kind) else []
    tracks = video_tracks(result) if is_video else lidar_tracks(result)
    if not tracks and not urls:
        return None
    return strip_svg(
        tracks,
        images=[find(url) for url in urls],
        frames=len(result) if isinstance(result, list) else 0,
        label_order=labels_of(params),
    )


def _segmentation(
    params: Mapping[str, object],
    response: Mapping[object, object],
    find: Callable[[object], Image | None],
) -> str | None:
    annotations = response.get("annotations")
    combined = annotations.get("combined") if isinstance(annotations, dict) else None
    mask = find(combined.get("image") if isinstance(combined, dict) else combined)
    image = find(params.get("attachment"))
    if image is None and mask is None:
        return None
    sizes = [one[1] for one in (image, mask) if one is not None and one[1] is not None]
    return segments_svg(
        mask and mask[0],
        response.get("labelMapping"),
        image=image and image[0],
        size=sizes[0] if sizes else None,
    )


def _document(
    params: Mapping[str, object],
    pages: object,
    response: Mapping[object, object],
    find: Callable[[object], Image | None],
) -> str:
    """Draw the boxes of the first page. Their texts appear when the mouse is over them."""
    given = response.get("annotations")
    boxes: list[object] = [
        {**one["location"], "label": one.get("label"), "attributes": {"text": one.get("text")}}
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict)
        and isinstance(one.get("location"), dict)
        and one.get("page") in (0, None)
    ]
    image = find(next(iter(_attachments(params)), None)) if _is_picture(params) else None
    size = image[1] if image is not None else None
    picture = Picture(
        boxes,
        size=size or _page_size(pages),
        label_order=labels_of(params),
        has_image=image is not None,
    )
    return render(picture, image and image[0], stretch=size is not None)


def _is_picture(params: Mapping[str, object]) -> bool:
    given, url = params.get("attachment_type"), next(iter(_attachments(params)), None)
    is_pdf = isinstance(url, str) and re.search(r"\.pdf(?:[?#]|$)", url, re.IGNORECASE) is not None
    return given == "image" or (given is None and not is_pdf)


def _page_size(pages: object) -> tuple[float, float] | None:
    page = pages[0] if isinstance(pages, list) and pages else None
    if not isinstance(page, dict):
        return None
    width, height = page.get("width"), page.get("height")
    if not (isinstance(width, (int, float)) and isinstance(height, (int, float))):
        return None
    return (width, height) if 1 <= width <= 1e6 and 1 <= height <= 1e6 else None
