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
    return presigned(f"{origin()}/dashboard", service().secret, content_id, tx.time)


def picture(tx: Transaction, task: JsonObject) -> Markup | None:
    """Return the image of a task with its annotations drawn over it, or None for other tasks."""
    if task["params"].get("attachment_type") != "image":
        return None
    attachment = next(attachment_urls(task["params"]), None)
    if attachment is None:
        return None
    content_id = tx.files.content_of(attachment)
    size = tx.files.size(attachment)
    svg = annotations_svg(
        task.get("response", []),
        image=attachment if content_id is None else link(tx, content_id),
        # The header of a file may claim an absurd size.
        size=size if size is not None and max(size) <= _LARGEST else None,
        task_type=task["type"],
    )
    # annotations_svg escapes all text.
    return Markup(svg)  # noqa: S704
