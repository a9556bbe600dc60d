"""Images of every mode that Pillow opens, drawn on as eight bits per channel."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from scaleapi import ScaleArgumentError
from scaleapi.drawing import draw, save
from tests.unit.drawing.test_pixels import link


def drawn(image: Image.Image) -> Image.Image:
    """Return an image with nothing drawn on it."""
    return draw(image, [], labels=False).convert("RGBA")


def grays(image: Image.Image) -> list[int]:
    """Return the gray level of each pixel, and check that it is gray and opaque."""
    red, green, blue, alpha = (band.tobytes() for band in drawn(image).split())
    assert red == green == blue
    assert set(alpha) == {255}
    return [*red]


def row(mode: str, values: Sequence[float]) -> Image.Image:
    """Return an image with a pixel per value, large enough that the note does not cover them."""
    code = {"I": "i", "F": "f"}.get(mode, "H")
    data = array(code, values)
    if mode == "I;16B":
        data.byteswap()
    return Image.frombytes(mode, (len(values), 1), data.tobytes())


def scaled(values: Sequence[float]) -> list[int]:
    """Return the expected gray levels: the minimum is black, the maximum white."""
    least, greatest = min(values), max(values)
    return [math.floor((value - least) * 255 / (greatest - least) + 0.5) for value in values]


SIXTEEN = [0, 1, 255, 256, 257, 1000, 32767, 32768, 65534, 65535]
VALUES: dict[str, tuple[str, list[float]]] = {
    "whole range": ("I;16", [*SIXTEEN]),
    "twelve bits": ("I;16", [0, 15, 16, 2047, 2048, 4095]),
    "far from zero": ("I;16", [40_000, 40_001, 40_100]),
    "big endian": ("I;16B", [*SIXTEEN]),
    "ids": ("I", [0, 1, 2, 7]),
    "negative": ("I", [-(2**31), 0, 2**31 - 1]),
    "large": ("I", [2**30, 2**30 + 50, 2**30 + 100]),
    "unit": ("F", [0.0, 0.25, 0.5, 0.75, 1.0]),
    "meters": ("F", [-12.5, 0.0, 3.25, 87.5]),
    "tiny": ("F", [0.0, 2.0**-60, 2.0**-59]),
    "huge": ("F", [-3e38, 1e38, 3e38]),
}


@pytest.fixture(autouse=True)
def _no_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the note "No annotations" from these pictures of few pixels."""
    monkeypatch.setattr("scaleapi.drawing.picture.Picture.panel", None)


@pytest.mark.parametrize(("mode", "values"), VALUES.values(), ids=VALUES)
def test_the_range_of_values_becomes_black_to_white(mode: str, values: list[Any]) -> None:
    assert grays(row(mode, values)) == scaled(values)


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_a_file_of_sixteen_bits(form: str) -> None:
    stream = BytesIO()
    row("I;16", SIXTEEN).save(stream, form)
    with Image.open(stream) as image:
        assert image.mode in ("I;16", "I")
        assert grays(image) == scaled(SIXTEEN)


def test_a_tiff_of_floats() -> None:
    stream = BytesIO()
    row("F", [0.5, 1.5, 2.5]).save(stream, "TIFF")
    with Image.open(stream) as image:
        assert image.mode == "F"
        assert grays(image) == [0, 128, 255]


def test_save_on_a_png_of_sixteen_bits(tmp_path: Any) -> None:
    save(tmp_path / "a.png", [], image=link(row("I;16", SIXTEEN)), labels=False)
    with Image.open(tmp_path / "a.png") as saved:
        assert [*saved.getchannel("R").tobytes()] == scaled(SIXTEEN)


@pytest.mark.parametrize(
    ("mode", "value", "gray"),
    [
        *(("I;16", 0, 0), ("I;16", 100, 100), ("I;16", 65535, 255), ("I;16B", 7, 7)),
        *(("I", -5, 0), ("I", 100, 100), ("I", 10**9, 255)),
        *(("F", 0.0, 0), ("F", 100.0, 100), ("F", -1.0, 0), ("F", 1e30, 255)),
        *(("F", math.nan, 0), ("F", math.inf, 255), ("F", -math.inf, 0)),
    ],
)
def test_an_image_of_one_value_is_cut_to_eight_bits(mode: str, value: Any, gray: int) -> None:
    assert grays(row(mode, [value] * 3)) == [gray] * 3


@pytest.mark.parametrize("place", [0, 1, 3])
def test_values_that_are_not_finite(place: int) -> None:
    """They do not affect the range: infinity is white, NaN and negative infinity are black."""
    values = [1.0, 2.0, 3.0]
    for value, gray in ((math.nan, 0), (math.inf, 255), (-math.inf, 0)):
        expected = [0, 128, 255]
        expected.insert(place, gray)
        assert grays(row("F", [*values[:place], value, *values[place:]])) == expected


COLOR = (200, 30, 60)

#: How each mode is made from RGBA, and how far its colors may be from the original.
MODES = {
    "RGB": 0,
    "RGBA": 0,
    "RGBX": 0,
    "RGBa": 1,
    "CMYK": 0,
    "YCbCr": 2,
    "HSV": 6,
    "LAB": 3,
    "P": 0,
    "PA": 0,
}


def in_mode(mode: str) -> Image.Image:
    image = Image.new("RGB", (3, 2), COLOR)
    if mode == "LAB":
        from PIL import ImageCms

        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        converted = ImageCms.profileToProfile(image, *profiles, outputMode="LAB")
        assert converted is not None
        return converted
    if mode == "P":
        return image.quantize(2)
    return image.convert("RGBA" if mode in ("RGBa", "PA") else "RGB").convert(mode)


@pytest.mark.parametrize(("mode", "tolerance"), MODES.items())
def test_modes_of_colors(mode: str, tolerance: int) -> None:
    image = in_mode(mode)
    assert image.mode == mode
    pixel = drawn(image).getpixel((1, 1))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 255
    difference = [abs(one - other) for one, other in zip(pixel, COLOR, strict=False)]
    assert max(difference) <= tolerance, pixel


def test_the_padding_of_a_mode_is_not_alpha() -> None:
    for mode in ("LAB", "RGBX", "YCbCr", "HSV", "CMYK"):
        assert drawn(Image.new(mode, (1, 1))).getchannel("A").tobytes() == b"\xff"


def test_modes_of_gray() -> None:
    assert grays(Image.new("1", (3, 1), 1)) == [255] * 3
    assert grays(Image.new("L", (3, 1), 77)) == [77] * 3


@pytest.mark.parametrize("mode", ["LA", "La", "RGBA", "RGBa", "PA", "P"])
def test_transparency_is_kept(mode: str) -> None:
    gray = Image.new("LA", (2, 1), (100, 255))
    gray.putpixel((1, 0), (0, 0))
    color = gray.convert("RGBA")
    if mode == "P":
        image = Image.new("P", (2, 1))
        image.putpalette([100, 100, 100, 5, 5, 5])
        image.putpixel((1, 0), 1)
        image.info["transparency"] = 1
    else:
        image = {"La": gray.convert("La"), "LA": gray}.get(mode) or color.convert(mode)
    assert image.mode == mode
    result = draw(image, [], labels=False)
    assert result.mode == "RGBA"
    assert result.getpixel((0, 0)) == (100, 100, 100, 255)
    pixel = result.getpixel((1, 0))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0


def test_a_transparent_value_of_sixteen_bits_is_drawn() -> None:
    image = row("I;16", [0, 500, 1000])
    image.info["transparency"] = 500
    stream = BytesIO()
    image.save(stream, "PNG")
    with Image.open(stream) as opened:
        assert [*drawn(opened).getchannel("R").tobytes()] == [0, 128, 255]


def test_a_mode_that_cannot_be_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.new("RGB", (3, 1))

    def refuse(*args: object) -> Image.Image:
        raise ValueError("conversion not supported")

    monkeypatch.setattr(image, "convert", refuse)
    monkeypatch.setattr("PIL.ImageOps.exif_transpose", lambda image: image)
    with pytest.raises(ScaleArgumentError, match=r"^image has the mode RGB, .* convert it to RGB"):
        drawn(image)


def test_the_image_itself_is_not_changed() -> None:
    for mode in ("I;16", "I", "F"):
        image = row(mode, [1, 2, 3])
        before = image.tobytes()
        drawn(image)
        assert (image.mode, image.tobytes()) == (mode, before)
