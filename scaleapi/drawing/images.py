"""Images to draw on, read with Pillow."""

from __future__ import annotations

import struct
from base64 import b64decode
from io import BytesIO
from urllib.parse import unquote_to_bytes

from PIL import Image, ImageOps
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from ..exceptions import ScaleArgumentError
from .depth import eight_bits
from .links import is_image_link

__all__ = ["check_pixels", "opened", "upright"]

#: Each reads no more than the header until ``load()``. ``Image.open`` would warn about images of
#: many pixels before this module can say what to do.
_READERS = (BmpImageFile, GifImageFile, JpegImageFile, PngImageFile, WebPImageFile)

#: What Pillow raises for damaged files. ``OSError`` and ``ValueError`` have many subclasses.
_DAMAGED = (EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error)

_MOST_PIXELS = 50_000_000


def opened(link: str) -> Image.Image:
    """Return the image in a ``data:`` link.

    Args:
        link: The link. Nothing is fetched.

    Raises:
        ScaleArgumentError: If the link has no image in it, or one that is damaged or too large.
    """
    if not is_image_link(link) or not link[:5].lower() == "data:":
        raise ScaleArgumentError(
            "image", "must be a data:image link; open any other image and pass it to draw()"
        )
    head, _, text = link.partition(",")
    content = unquote_to_bytes(text)
    try:
        image = _header(b64decode(content) if head.lower().endswith(";base64") else content)
        check_pixels("image", "has", *image.size)
        image.load()
    except ScaleArgumentError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        problem = f"has too many pixels, of which at most {_MOST_PIXELS:,} are drawn: {error}"
        raise ScaleArgumentError("image", problem) from None
    except _DAMAGED as error:
        raise ScaleArgumentError("image", f"cannot be read: {error}") from None
    return image


def _header(content: bytes) -> Image.Image:
    for reader in _READERS:
        try:
            return reader(BytesIO(content))
        except _DAMAGED:
            continue
    raise ValueError("it is not a BMP, GIF, JPEG, PNG or WebP file, or is damaged")


def check_pixels(argument: str, verb: str, width: int, height: int) -> None:
    """Raise if an image has too many pixels to be drawn on.

    Args:
        argument: The argument that is bad then.
        verb: The verb between the argument and its size.
        width: The width in pixels.
        height: The height in pixels.

    Raises:
        ScaleArgumentError: If it has too many.
    """
    if width * height > _MOST_PIXELS:
        raise ScaleArgumentError(
            argument,
            f"{verb} {width} x {height} pixels, and at most {_MOST_PIXELS:,} can be drawn; "
            "make the picture smaller, or save it as .svg",
        )


def upright(image: Image.Image) -> Image.Image:
    """Return an RGBA copy to paint on, rotated as its EXIF data say, like browsers do."""
    return eight_bits(ImageOps.exif_transpose(image))
