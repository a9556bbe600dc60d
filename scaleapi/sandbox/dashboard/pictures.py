"""Download links, and the image of a task with its annotations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from scaleapi.drawing import annotations_svg, labels_of, task_svg

from ..base.documents import JsonObject, is_array, is_object
from ..base.validation import is_http
from ..links.signing import presigned
from ..resources.transaction import Transaction
from ..rules.attachments import attachment_urls
from ..web import origin, service

_LARGEST = 1_000_000
"""Largest width or height that is drawn, in pixels."""

_LARGEST_RESULT = 5_000_000
"""Largest result file that is drawn, in bytes."""


class Attachment(NamedTuple):
    """An attachment of a task.

    Attributes:
        name: The name of its file, or its URL.
        link: A link that browsers can open, if there is one.
    """

    name: str
    link: str | None


class Picture(NamedTuple):
    """The picture of a task.

    Attributes:
        html: Its HTML.
        is_drawn: Whether it shows the response, not only the image.
    """

    html: Markup
    is_drawn: bool


def link(tx: Transaction, content_id: str) -> str:
    """Return a download link within the dashboard, whose requests are not logged."""
    # The same link for half an hour: a page that refreshes itself does not load images again.
    since = tx.time.replace(minute=tx.time.minute // 30 * 30, second=0, microsecond=0)
    return presigned(f"{origin()}/dashboard", service().secret, content_id, since)


def image_link(tx: Transaction, task: JsonObject) -> str | None:
    """Return a link to the image of a task, or None for other tasks."""
    if task["params"].get("attachment_type") != "image":
        return None
    attachment = next(attachment_urls(task["params"]), None)
    return None if attachment is None else source(tx, attachment)


def source(tx: Transaction, attachment: str) -> str:
    """Return a link to an attachment: in the sandbox if it is stored there, or as it is."""
    content_id = tx.files.content_of(attachment)
    return attachment if content_id is None else link(tx, content_id)


def attachments(tx: Transaction, task: JsonObject) -> Iterator[Attachment]:
    """Yield the attachments of a task."""
    for url in attachment_urls(task["params"]):
        content_id = tx.files.content_of(url)
        if content_id is None:
            yield Attachment(url, url if is_http(url) else None)
        else:
            yield Attachment(tx.files.name_of(url) or url, link(tx, content_id))


def picture(tx: Transaction, task: JsonObject) -> Picture | None:
    """Return the picture of a task with its annotations, or None if its type has none."""
    svg = task_svg(
        task,
        task.get("response"),
        locate=lambda url: _located(tx, task["task_id"], url),
        load=lambda url: _loaded(tx, task["task_id"], url),
    )
    if svg is not None:
        # All text in the picture is escaped.
        return Picture(Markup(svg), is_drawn=True)  # noqa: S704
    if task["params"].get("attachment_type") != "image":
        return None
    attachment = next(attachment_urls(task["params"]), None)
    if attachment is None:
        return None
    image, size = _located(tx, task["task_id"], attachment)
    annotations = _annotations(task.get("response"))
    if not annotations and is_http(image):
        return _undrawn(image, size, is_empty=annotations is not None)
    svg = annotations_svg(
        task.get("response", []),
        image=image,
        size=size,
        task_type=task["type"],
        label_order=labels_of(task["params"]),
    )
    # annotations_svg escapes all text.
    return Picture(Markup(svg), is_drawn=True)  # noqa: S704


def _annotations(response: object) -> list[object] | None:
    """Return the annotations of a response, or None if it has another shape, such as a category."""
    found = response.get("annotations") if is_object(response) else None
    return found if is_array(found) else None


def _undrawn(image: str, size: tuple[float, float] | None, *, is_empty: bool) -> Picture:
    """Return the image alone."""
    # With its size, the page does not jump when the image is loaded.
    room = Markup(' width="{}" height="{}"').format(*map(int, size)) if size else ""
    html = Markup('<img src="{}" alt="Image of the task"{}>').format(image, room)
    note = Markup("<figcaption>No annotations</figcaption>") if is_empty else ""
    return Picture(html + note, is_drawn=False)


def _located(tx: Transaction, task_id: str, url: str) -> tuple[str, tuple[float, float] | None]:
    """Return the link from which a browser loads an image, and its size if it is stored here."""
    content_id = tx.files.content_of(url) or _result_id(task_id, url)
    size = tx.files.size(url)
    # The header of a file may claim an absurd size.
    known = size if size is not None and max(size) <= _LARGEST else None
    return url if content_id is None else link(tx, content_id), known


def _loaded(tx: Transaction, task_id: str, url: str) -> object:
    """Return the JSON of a result file of a task, or None if it is too large for a picture."""
    row = tx.db.execute(
        "SELECT body FROM contents WHERE id = ? AND task_id = ? AND length(body) <= ?",
        (_result_id(task_id, url), task_id, _LARGEST_RESULT),
    ).fetchone()
    try:
        return None if row is None else json.loads(row[0])
    except (ValueError, RecursionError):
        return None


def _result_id(task_id: str, url: str) -> str | None:
    path, _, content_id = url.rpartition("/")
    return content_id if path.endswith(f"/v1/task/{task_id}/response_url") else None
