"""Rotating images as their EXIF data say, since not every reader does."""

from __future__ import annotations

from io import BytesIO

__all__ = ["upright"]


def upright(content: bytes) -> bytes | None:
    """Return an image file whose pixels are stored upright.

    Args:
        content: A file whose EXIF data say that its pixels are rotated.

    Returns:
        The new file, ``None`` if Pillow is not installed or cannot read it. A JPEG is encoded
        again, at a quality of 95.
    """
    try:
        from PIL import Image, ImageOps  # noqa: PLC0415 - Pillow is optional
    except ImportError:
        return None
    target = BytesIO()
    try:
        with Image.open(BytesIO(content)) as image:
            turned = ImageOps.exif_transpose(image)
            turned.save(target, image.format, quality=95, icc_profile=image.info.get("icc_profile"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    except (OSError, ValueError, SyntaxError, EOFError, LookupError):
        return None
    return target.getvalue()
