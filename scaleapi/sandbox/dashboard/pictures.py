"""Links to stored bytes, and the picture of a task: its annotations over its attachment."""

from __future__ import annotations

from markupsafe import Markup

from scaleapi.drawing import annotations_svg

from ..call import service
from ..documents import JsonObject
from ..links import attachments, presigned
from ..validation import is_http
from ..world import World


def link(world: World, content_id: str) -> str:
    """Return a link to stored bytes, within the dashboard, where the request log leaves it out."""
    return presigned(f"{world.origin}/dashboard", service().secret, content_id, world.time)


def picture(world: World, task: JsonObject) -> Markup | None:
    """Return the image of a task with its annotations drawn over it, if it is about an image."""
    if task["params"].get("attachment_type") != "image":
        return None
    attachment = next(attachments(task["params"]), None)
    if attachment is None:
        return None
    content_id = world.files.content_of(attachment)
    url = link(world, content_id) if content_id is not None else attachment
    svg = annotations_svg(
        task.get("response", []),
        image=url if is_http(url) else None,
        size=world.files.size(attachment),
    )
    # The drawing escapes what it writes.
    return Markup(svg)  # noqa: S704
