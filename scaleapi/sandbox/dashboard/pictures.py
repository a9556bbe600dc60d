"""Links to stored bytes, and the picture of a task: its annotations over its attachment."""

from __future__ import annotations

from markupsafe import Markup

from scaleapi.drawing import annotations_svg

from ..base.documents import JsonObject
from ..links.signing import presigned
from ..resources.transaction import World
from ..rules.attachments import attachment_urls
from ..web import service

_LARGEST = 1_000_000
"""Largest width and height that is drawn, in pixels."""


def link(world: World, content_id: str) -> str:
    """Return a link to stored bytes, within the dashboard, where the request log leaves it out."""
    return presigned(f"{world.origin}/dashboard", service().secret, content_id, world.time)


def picture(world: World, task: JsonObject) -> Markup | None:
    """Return the image of a task with its annotations drawn over it, if it is about an image."""
    if task["params"].get("attachment_type") != "image":
        return None
    attachment = next(attachment_urls(task["params"]), None)
    if attachment is None:
        return None
    content_id = world.files.content_of(attachment)
    size = world.files.size(attachment)
    svg = annotations_svg(
        task.get("response", []),
        image=attachment if content_id is None else link(world, content_id),
        # A file may claim to be larger than any picture.
        size=size if size is not None and max(size) <= _LARGEST else None,
        task_type=task["type"],
    )
    # The drawing escapes what it writes.
    return Markup(svg)  # noqa: S704
