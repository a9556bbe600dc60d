"""Download links, and the image of a task with its annotations."""

from __future__ import annotations

import json

from markupsafe import Markup

from scaleapi.drawing import annotations_svg, labels_of, task_svg

from ..base.documents import JsonObject
from ..links.signing import presigned
from ..resources.transaction import Transaction
from ..rules.attachments import attachment_urls
from ..web import origin, service

_LARGEST = 1_000_000
"""Largest width or height that is drawn, in pixels."""

_LARGEST_RESULT = 5_000_000
"""Largest result file that is drawn, in bytes."""


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


def picture(tx: Transaction, task: JsonObject) -> Markup | None:
    """Return the picture of a task with its annotations, or None if its type has none."""
    svg = task_svg(
        task,
        task.get("response"),
        locate=lambda url: _located(tx, task["task_id"], url),
        load=lambda url: _loaded(tx, task["task_id"], url),
    )
    if svg is not None:
        # All text in the picture is escaped.
        return Markup(svg)  # noqa: S704
    if task["params"].get("attachment_type") != "image":
        return None
    attachment = next(attachment_urls(task["params"]), None)
    if attachment is None:
        return None
    image, size = _located(tx, task["task_id"], attachment)
    svg = annotations_svg(
        task.get("response", []),
        image=image,
        size=size,
        task_type=task["type"],
        label_order=labels_of(task["params"]),
    )
    # annotations_svg escapes all text.
    return Markup(svg)  # noqa: S704


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
