"""Images of any mode as RGBA with eight bits per channel."""

from __future__ import annotations

from array import array
from math import isfinite
from typing import cast

from PIL import Image

from ..exceptions import ScaleArgumentError

__all__ = ["eight_bits"]

_BLACK, _WHITE = 0, 255


def eight_bits(image: Image.Image) -> Image.Image:
    """Return a copy of an image as RGBA.

    Of an image of deep values (16 or 32 bits, or floats), the least value becomes black and the
    greatest white. If there is only one value, it is cut to the range from 0 to 255.

    Args:
        image: The image.

    Raises:
        ScaleArgumentError: If Pillow cannot convert the mode of the image.
    """
    try:
        if image.mode.startswith("I"):
            return _scaled(image.convert("I")).convert("RGBA")
        if image.mode == "F":
            return _floats(image).convert("RGBA")
        if image.mode == "La":
            image = image.convert("LA")
        elif image.mode == "LAB":  # its fourth byte is padding, which would become alpha
            image = image.convert("RGB")
        return image.convert("RGBA")
    except ValueError:
        raise ScaleArgumentError(
            "image", f"has the mode {image.mode}, which cannot be drawn on; convert it to RGB"
        ) from None


def _floats(image: Image.Image) -> Image.Image:
    values = array("f", image.tobytes())
    if isfinite(sum(values)):
        return _scaled(image)
    finite = [value for value in values if isfinite(value)] or [0.0]
    scale, offset = _scale(min(finite), max(finite))
    return Image.frombytes("L", image.size, bytes(_level(v * scale + offset) for v in values))


def _level(value: float) -> int:
    # A comparison with NaN is false, so it becomes black.
    return int(min(value, _WHITE)) if value > _BLACK else _BLACK


def _scaled(image: Image.Image) -> Image.Image:
    scale, offset = _scale(*cast("tuple[float, float]", image.getextrema()))
    return image.point(lambda value: value * scale + offset).convert("L")


def _scale(least: float, greatest: float) -> tuple[float, float]:
    """Return what to multiply values by and what to add, so that cutting decimals rounds them."""
    if least == greatest:
        return 1, 0
    scale = (_WHITE - _BLACK) / (greatest - least)
    return scale, 0.5 - least * scale
