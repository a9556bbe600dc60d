"""Download links, and the image of a task with its annotations."""

from __future__ import annotations

from markupsafe import Markup

from scaleapi.drawing import annotations_svg

from ..base.documents import JsonObject
from ..links.signing import presigned
from ..resources.transaction import Transaction
from ..rules.attachments import attachment_urls
from ..web import origin, service

_LARGEST = 1_000_000
"""Largest width or height that is drawn, in pixels."""


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
    """Return the image of a task with its annotations drawn over it, or None for other tasks."""
    image = image_link(tx, task)
    if image is None:
        return None
    size = tx.files.size(next(attachment_urls(task["params"])))
    svg = annotations_svg(
        task.get("response", []),
        image=image,
        # The header of a file may claim an absurd size.
        size=size if size is not None and max(size) <= _LARGEST else None,
        task_type=task["type"],
    )
    # annotations_svg escapes all text.
    return Markup(svg)  # noqa: S704
