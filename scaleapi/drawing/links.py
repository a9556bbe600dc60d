"""The links that may be shown as images."""

from __future__ import annotations

import re

__all__ = ["is_image_link"]

# Not data:image/svg+xml, since a program that opens it as a document would run its scripts.
_IMAGE_LINK = re.compile(
    r"https?://\S|data:image/(?:avif|bmp|gif|jpe?g|png|webp)[;,]", re.IGNORECASE
)


def is_image_link(link: object) -> bool:
    """Return whether a link leads to an image: by ``http``, ``https``, or as ``data:``."""
    return isinstance(link, str) and _IMAGE_LINK.match(link) is not None
