"""The picture of a task: its image with what was drawn on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from urllib.parse import quote

from ..drawing import annotations_svg
from .html import Html, element, is_link, joined, link
from .image import Image, image_link
from .values import shortened

__all__ = ["picture"]

#: Characters of JSON whose annotations are drawn; each character is about two of a picture.
_DRAWN = 20_000
_LABELS = 8

_FITTING = "max-width:100%;max-height:480px"


def picture(
    task: Mapping[str, object], response: object, image: Image | None = None
) -> Html | None:
    """Return the image of a task with the annotations of a response drawn on it.

    Args:
        task: The task.
        response: The response, whatever it is.
        image: The task's image; without it, the browser loads it from where it is.

    Returns:
        A figure, ``None`` if there is neither an image nor anything drawn.
    """
    annotations = response.get("annotations") if isinstance(response, dict) else None
    if not isinstance(annotations, list):
        annotations = []
    url = image.url if image else image_link(task)
    if not (url or annotations):
        return None
    summary = _summary(annotations)
    drawn = _first(annotations, _DRAWN)
    kind = task.get("type")
    task_type = kind if isinstance(kind, str) else None
    if not annotations and url:
        shown = element("img", src=url, alt="The task's image", style=_FITTING)
    elif image:
        # All in one image: a notebook that is not trusted, and so loses every <svg>, shows it.
        svg = annotations_svg(drawn, image=image.url, size=image.size, task_type=task_type)
        source = f"data:image/svg+xml,{quote(svg, safe='/:=+,;@ ')}"
        shown = element("img", src=source, alt=f"The task's image: {summary}", style=_FITTING)
    else:
        # Only an <svg> that is part of the page may load an image from elsewhere.
        svg = annotations_svg(drawn, image=url, task_type=task_type)
        shown = element("div", Html(svg), style="max-width:640px")
    return element(
        "figure", shown, _caption(task, summary, annotations, drawn), style="margin:8px 0"
    )


def _caption(
    task: Mapping[str, object], summary: str, annotations: list[object], drawn: list[object]
) -> Html:
    parts: list[str] = [summary]
    if left_out := len(annotations) - len(drawn):
        parts.append(f"{left_out:,} of them not drawn")
    if (url := image_link(task)) and is_link(url):
        parts.append(link(url, "open the image"))
    return element("figcaption", joined(parts, "; "))


def _first(annotations: list[object], most: int) -> list[object]:
    """Return those annotations that fit into so many characters of JSON."""
    drawn = list[object]()
    for one in annotations:
        most -= _extent(one)
        if most < 0:
            break
        drawn.append(one)
    return drawn


def _extent(json: object, depth: int = 0) -> int:
    """Return about how many characters JSON has; what is nested too deeply has very many."""
    if depth > 20:
        return _DRAWN
    if isinstance(json, dict):
        return 2 + sum(_extent(key) + _extent(one, depth + 1) for key, one in json.items())
    if isinstance(json, list):
        return 2 + sum(_extent(one, depth + 1) for one in json)
    return len(json) + 4 if isinstance(json, str) else 10


def _summary(annotations: list[object]) -> str:
    """Return how many annotations of each label there are, the most frequent first."""
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
