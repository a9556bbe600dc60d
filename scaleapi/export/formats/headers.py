"""The size of an image, from the first bytes of its file."""

from __future__ import annotations

import struct
from typing import NamedTuple

__all__ = ["ImageHeader", "read_header"]

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ORIENTATION = 0x0112
_WEBP_HAS_EXIF = 8


class ImageHeader(NamedTuple):
    """What the first bytes of an image say.

    Attributes:
        suffix: The suffix for files of its kind.
        width: The width in pixels of the image as it is shown, upright.
        height: The height.
        orientation: The orientation of the stored pixels by EXIF; 1 is upright.
    """

    suffix: str
    width: int
    height: int
    orientation: int = 1


def read_header(content: bytes) -> ImageHeader | None:
    """Return the header of a PNG, JPEG, GIF, BMP or WebP image.

    Args:
        content: The beginning of the file.

    Returns:
        ``None`` if it is something else, or if the size comes later.
    """
    try:
        found = _read(content)
    except (struct.error, IndexError):
        return None
    if found is None or found.width <= 0 or found.height <= 0:
        return None
    if found.orientation in (5, 6, 7, 8):
        return found._replace(width=found.height, height=found.width)
    return found


def _read(content: bytes) -> ImageHeader | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack_from(">II", content, 16)
        return ImageHeader(".png", width, height, _of_png(content))
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return ImageHeader(".gif", *struct.unpack_from("<HH", content, 6))
    if content.startswith(b"BM"):
        width, height = struct.unpack_from("<ii", content, 18)
        return ImageHeader(".bmp", width, abs(height))  # negative: the first row is at the top
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def _of_png(content: bytes) -> int:
    """Return the orientation of a PNG image: its EXIF data are a chunk."""
    at = 8
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"eXIf":
            return _orientation(content[at + 8 : at + 8 + length])
        if kind == b"IDAT":
            break
        at += 12 + length
    return 1


def _jpeg(content: bytes) -> ImageHeader | None:
    """Walk the segments of a JPEG file to its frame header."""
    at, orientation = 2, 1
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return ImageHeader(".jpg", width, height, orientation)
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            length = int.from_bytes(content[at + 2 : at + 4], "big")
            if marker == 0xE1 and content[at + 4 : at + 10] == b"Exif\0\0":
                orientation = _orientation(content[at + 10 : at + 2 + length])
            at += 2 + length
    return None


def _webp(content: bytes) -> ImageHeader | None:
    kind = content[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return ImageHeader(".webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return ImageHeader(".webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        height = int.from_bytes(content[27:30], "little") + 1
        orientation = _of_webp(content) if content[20] & _WEBP_HAS_EXIF else 1
        return None if orientation is None else ImageHeader(".webp", width, height, orientation)
    return None


def _of_webp(content: bytes) -> int | None:
    """Return the orientation of a WebP image. Its EXIF data come after the pixels."""
    at = 12
    while at + 8 <= len(content):
        kind, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if kind == b"EXIF":
            return _orientation(content[at + 8 : at + 8 + length].removeprefix(b"Exif\0\0"))
        at += 8 + length + length % 2
    return 1 if at == 8 + int.from_bytes(content[4:8], "little") else None


def _orientation(exif: bytes) -> int:
    """Return the orientation in EXIF data, 1 if they have none."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for number in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, start + 2 + 12 * number)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
