"""Images: the one that a task is about, and the size and format of its bytes."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..exceptions import ScaleArgumentError
from .html import is_link

__all__ = ["IMAGE_LIMIT", "Image", "image_attachment", "image_link"]

#: The most bytes of an image that becomes part of a card, and so of a notebook.
IMAGE_LIMIT = 5_000_000

#: The most pixels of such an image: a browser needs four bytes for each, however few are sent.
_MOST_PIXELS = 50_000_000

#: The most pixels in each direction.
_LONGEST_SIDE = 100_000

Size = tuple[int, int]

_IMAGE_TYPES = [  # a list, since the type in the JSON may be something without a hash
    "annotation",
    "cuboidannotation",
    "imageannotation",
    "lineannotation",
    "pointannotation",
    "polygonannotation",
    "segmentannotation",
]


class Image(NamedTuple):
    """An image to embed in a card.

    Attributes:
        url: Its bytes as a ``data:`` link.
        size: Its width and height in pixels.
    """

    url: str
    size: Size

    @classmethod
    def of(cls, content: bytes) -> Image | None:
        """Return the image in a file that ``task.show(fetch=True)`` downloaded.

        Only the header is read. The bytes decide what the format is, not the name.

        Args:
            content: The file.

        Returns:
            The image, or ``None`` if this is not a PNG, JPEG, GIF or WebP file.

        Raises:
            ScaleArgumentError: If the image has too many pixels for a browser.
        """
        for media_type, begin, read_size in _FORMATS:
            if begin.match(content):
                size = read_size(content)
                if size is None or min(size) < 1:
                    return None
                _check_pixels(*size)
                text = base64.b64encode(content).decode("ascii")
                return cls(f"data:{media_type};base64,{text}", size)
        return None


def image_attachment(task: Mapping[str, object]) -> str | None:
    """Return the URL of the first attachment that is an image, as it is in the task."""
    return next(_image_attachments(task), None)


def image_link(task: Mapping[str, object]) -> str | None:
    """Return a link from which a browser can load the image of a task, or ``None``."""
    url = image_attachment(task)
    if url is None or is_link(url):
        return url
    if url.startswith("data:image/"):
        return url if len(url) < 2 * IMAGE_LIMIT else None
    downloads = task.get("attachmentS3Downloads")
    for one in downloads if isinstance(downloads, list) else ():
        if isinstance(one, dict) and one.get("attachmentURL") in (url, None):
            signed = one.get("s3URL")
            if isinstance(signed, str) and is_link(signed):
                return signed
    return None


def _check_pixels(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
        raise ScaleArgumentError(
            "fetch",
            f"must be False for this task: its image has {width} x {height} pixels, and a card "
            f"embeds at most {_MOST_PIXELS:,}, and {_LONGEST_SIDE:,} in each direction",
        )


def _image_attachments(task: Mapping[str, object]) -> Iterator[str]:
    params = task.get("params")
    if not isinstance(params, dict):
        return
    several = params.get("attachments")
    usual = params.get("attachment_type")
    if usual is None and task.get("type") in _IMAGE_TYPES:
        usual = "image"
    for one in (params.get("attachment"), *(several if isinstance(several, list) else ())):
        url, kind = (one.get("content"), one.get("type")) if isinstance(one, dict) else (one, usual)
        if isinstance(url, str) and kind == "image":
            yield url


def _size_at(layout: str, place: int) -> Callable[[bytes], Size | None]:
    def read(content: bytes) -> Size | None:
        try:
            width, height = struct.unpack_from(layout, content, place)
        except struct.error:
            return None
        return width, height

    return read


def _jpeg_size(content: bytes) -> Size | None:
    """Return the size from the first frame segment, skipping the segments before it."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, place + 5)
            return width, height
        # Some writers pad with 0xFF between two segments.
        place += 1 if marker == 0xFF else 2 + struct.unpack_from(">H", content, place + 2)[0]
    return None


def _webp_size(content: bytes) -> Size | None:
    if len(content) < 30:
        return None
    kind = content[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width = int.from_bytes(content[24:27], "little") + 1
    return width, int.from_bytes(content[27:30], "little") + 1


#: Formats that every browser shows, their first bytes, and how to read their size.
_FORMATS = [
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n"), _size_at(">II", 16)),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff"), _jpeg_size),
    ("image/gif", re.compile(rb"GIF8[79]a"), _size_at("<HH", 6)),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL), _webp_size),
]
