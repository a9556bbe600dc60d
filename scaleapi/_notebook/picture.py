"""The picture of a task: its image with its annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from urllib.parse import quote

from ..drawing import annotations_svg, labels_of, task_svg
from .html import Html, element, is_link, joined, link
from .image import Image, image_link
from .redaction import bare_link, image_source, redacted, redacted_json
from .values import shortened

__all__ = ["picture"]

#: Characters of JSON that are drawn at most. Each becomes about two characters of the picture.
_DRAWN = 20_000
_LABELS = 8
_LONGEST_LINK = 8_192

_WIDE, _HIGH = 640, 480
"""The largest picture, in pixels of the page."""

#: A picture of unknown size has this frame, whether or not it has annotations.
_FRAME = f"width:100%;max-width:{_WIDE}px;aspect-ratio:4/3;overflow:hidden"


def picture(
    task: Mapping[str, object],
    response: object,
    image: Image | None = None,
    *,
    link_image: bool = True,
) -> Html | None:
    """Return the image of a task with the annotations of a response drawn on it.

    Args:
        task: The JSON of the task.
        response: The response, which may be anything.
        image: The image to embed.
        link_image: Whether the browser may load the image from its link, signature and all, if
            there is none to embed.

    Returns:
        A figure, or ``None`` if there is neither an image nor an annotation.
    """
    other = _other_picture(task, response, link_image=link_image)
    if other is not None:
        return other
    annotations = response.get("annotations") if isinstance(response, dict) else None
    if not isinstance(annotations, list):
        annotations = []
    url = image.url if image else _source(task, link_image)
    if not (url or annotations):
        return None
    summary = _summary(annotations)
    drawn = _first(annotations, _DRAWN)
    safe = redacted_json(drawn)
    kind = task.get("type")
    task_type = kind if isinstance(kind, str) else None
    order = [shortened(label, 200) for label in labels_of(task.get("params"))]
    if not annotations and url:
        style = (
            _fitting(image.size) if image else f"{_FRAME};object-fit:contain;object-position:0 0"
        )
        shown = element("img", src=url, alt="The task's image", style=style)
    elif image:
        # One image for everything, since Jupyter drops <svg> from notebooks that are not trusted.
        svg = annotations_svg(
            safe, image=image.url, size=image.size, task_type=task_type, label_order=order
        )
        source = f"data:image/svg+xml,{quote(svg, safe='/:=+,;@ ')}"
        shown = element(
            "img", src=source, alt=f"The task's image: {summary}", style=_fitting(image.size)
        )
    else:
        # An <svg> in an <img> may not load an image from elsewhere; one in the page may.
        svg = annotations_svg(safe, image=url, task_type=task_type, label_order=order)
        shown = element("div", Html(svg), style=_FRAME if url else f"max-width:{_WIDE}px")
    return element(
        "figure", shown, _caption(task, summary, annotations, drawn), style="margin:8px 0"
    )


def _fitting(size: tuple[int, int]) -> str:
    """Return the style of a picture, the same before and after there are annotations."""
    width = min(_WIDE, _HIGH * size[0] / size[1])
    return f"width:100%;max-width:{width:.0f}px;height:auto"


def _other_picture(
    task: Mapping[str, object], response: object, *, link_image: bool
) -> Html | None:
    """Return the picture of a video, lidar, segmentation, text or document task."""
    params = task.get("params")
    text = params.get("text") if isinstance(params, dict) else None
    if isinstance(text, str) and redacted(text) != text:
        return None  # the places of entities are those of the whole text
    shown = dict(response) if isinstance(response, dict) else {}
    if isinstance(annotations := shown.get("annotations"), list):
        shown["annotations"] = redacted_json(_first(annotations, _DRAWN))
    mapping = _first([shown.get("labelMapping")], _DRAWN)
    shown["labelMapping"] = redacted_json(mapping[0]) if mapping else None

    def locate(url: str) -> tuple[str, None] | None:
        if not (link_image or url.startswith("data:")) or len(url) >= _LONGEST_LINK:
            return None
        return (image_source(url), None) if is_link(url) or url.startswith("data:") else None

    svg = task_svg(task, shown, locate=locate)
    if svg is None:
        return None
    return element(
        "figure", element("div", Html(svg), style=f"max-width:{_WIDE}px"), style="margin:8px 0"
    )


def _source(task: Mapping[str, object], link_image: bool) -> str | None:
    url = image_link(task)
    if url is None or not (link_image or url.startswith("data:")):
        return None
    return image_source(url)


def _caption(
    task: Mapping[str, object], summary: str, annotations: list[object], drawn: list[object]
) -> Html:
    parts: list[str] = [summary]
    if left_out := len(annotations) - len(drawn):
        parts.append(f"{left_out:,} of them not drawn")
    # Without its signature, a signed link would lead to an error.
    if (url := image_link(task)) and is_link(url) and bare_link(url) == url:
        parts.append(link(url, "open the image"))
    return element("figcaption", joined(parts, "; "))


def _first(annotations: list[object], most: int) -> list[object]:
    """Return the first annotations, as many as fit into ``most`` characters of JSON."""
    drawn = list[object]()
    for one in annotations:
        most -= _extent(one)
        if most < 0:
            break
        drawn.append(one)
    return drawn


def _extent(json: object, depth: int = 0) -> int:
    """Estimate how many characters JSON has; more than are drawn if it is nested too deeply."""
    if depth > 20:
        return _DRAWN
    if isinstance(json, dict):
        return 2 + sum(_extent(key) + _extent(one, depth + 1) for key, one in json.items())
    if isinstance(json, list):
        return 2 + sum(_extent(one, depth + 1) for one in json)
    return len(json) + 4 if isinstance(json, str) else 10


def _summary(annotations: list[object]) -> str:
    """Return the number of annotations of each label, the most frequent label first."""
    if not annotations:
        return "no annotations"
    labels = Counter(
        label if isinstance(one, dict) and isinstance(label := one.get("label"), str) else "?"
        for one in annotations
    )
    shown = [f"{count:,} {shortened(label, 40)}" for label, count in labels.most_common(_LABELS)]
    if more := len(labels) - len(shown):
        shown.append(f"{more:,} more labels")
    whole = f"{len(annotations):,} annotation" + ("s" if len(annotations) > 1 else "")
    return f"{whole}: {', '.join(shown)}"
