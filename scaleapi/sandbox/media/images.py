"""Images: reading their size, and writing simple PNG files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


def measure(content: bytes) -> Size | None:
    """Return the size of a PNG, GIF or JPEG image, or None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return _size(content[16:20], content[20:24], "big")
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return _size(content[6:8], content[8:10], "little")
    if content.startswith(b"\xff\xd8"):
        return _measure_jpeg(content)
    return None


def _measure_jpeg(content: bytes) -> Size | None:
    """Walk the segments of a JPEG file to its frame header."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_FRAMES:
            return _size(content[at + 7 : at + 9], content[at + 5 : at + 7], "big")
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _size(width: bytes, height: bytes, order: str) -> Size | None:
    big = order == "big"
    size = Size(
        int.from_bytes(width, "big" if big else "little"),
        int.from_bytes(height, "big" if big else "little"),
    )
    return size if all(size) else None


_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF-": "application/pdf",
}


def sniff(content: bytes) -> str | None:
    """Return the MIME type for the magic number of a file, or None."""
    return next((mime for magic, mime in _MAGIC.items() if content.startswith(magic)), None)


Stripe = tuple[int, bytes]
"""Number of rows, and the value of each of their pixels: one byte per channel."""

_COLOR_TYPES = {1: 0, 3: 2, 4: 6}


def png(width: int, stripes: Iterable[Stripe]) -> bytes:
    """Return a PNG image of horizontal stripes. All have the same channels: gray, RGB or RGBA."""
    stripes = list(stripes)
    height = sum(rows for rows, _ in stripes)
    pixels = zlib.compressobj(level=1)
    data = b"".join(
        pixels.compress(b"\0" + pixel * width) for rows, pixel in stripes for _ in range(rows)
    )
    channels = len(stripes[0][1])
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOR_TYPES[channels], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data + pixels.flush()), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
