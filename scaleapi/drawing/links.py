"""Which links may be shown as images."""

from __future__ import annotations

import re

__all__ = ["is_image_link"]

# Not data:image/svg+xml: that is a document, and a program which does not know that an image
# runs no scripts would run those in it.
_IMAGE_LINK = re.compile(
    r"https?://\S|data:image/(?:avif|bmp|gif|jpe?g|png|webp)[;,]", re.IGNORECASE
)


def is_image_link(link: object) -> bool:
    """Whether a link leads to an image: by http or https, or in the link itself."""
    return isinstance(link, str) and _IMAGE_LINK.match(link) is not None
