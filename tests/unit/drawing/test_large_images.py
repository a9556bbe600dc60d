"""Small files with many pixels: the size is read from the header, without decoding."""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from scaleapi import ScaleArgumentError
from scaleapi.drawing import save
from tests.unit.drawing.test_pixels import link

BOX = {"label": "car", "left": 1, "top": 1, "width": 2, "height": 2}


def png(width: int, height: int, content: bytes = b"") -> str:
    """Return a link to a PNG whose header says that it has this size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(content)) + chunk(b"IEND", b"")
    file = b"\x89PNG\r\n\x1a\n" + parts
    return f"data:image/png;base64,{base64.b64encode(file).decode()}"


@pytest.mark.parametrize("size", [(12_000, 12_000), (7_072, 7_072)])
def test_a_png_of_many_pixels(size: tuple[int, int], tmp_path: Path) -> None:
    bomb = link(Image.new("1", size))
    expected = rf"^image has {size[0]} x {size[1]} pixels, .* 50,000,000"
    with pytest.raises(ScaleArgumentError, match=expected):
        save(tmp_path / "a.png", [BOX], image=bomb)
    with pytest.raises(ScaleArgumentError, match=expected):  # however small it would become
        save(tmp_path / "a.png", [BOX], image=bomb, size=(640, 480))
    assert [*tmp_path.iterdir()] == []


def test_the_size_is_checked_before_decoding(tmp_path: Path) -> None:
    """Only the header is read; the rest is not a valid image."""
    with pytest.raises(ScaleArgumentError, match=r"4294967295 x 1 pixels|cannot be read"):
        save(tmp_path / "a.png", [BOX], image=png(2**32 - 1, 1))
    with pytest.raises(ScaleArgumentError, match="100000 x 100000 pixels"):
        save(tmp_path / "a.png", [BOX], image=png(100_000, 100_000))


@pytest.mark.parametrize("form", ["BMP", "GIF", "JPEG", "PNG", "WEBP"])
def test_every_format(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scaleapi.drawing.images._MOST_PIXELS", 10_000)
    save(tmp_path / "a.png", [BOX], image=link(Image.new("L", (100, 100)), form))
    with pytest.raises(ScaleArgumentError, match=r"^image has 101 x 100 pixels"):
        save(tmp_path / "b.png", [BOX], image=link(Image.new("L", (101, 100)), form))


def test_a_frame_that_is_larger_than_its_gif(tmp_path: Path) -> None:
    stream = BytesIO()
    Image.new("L", (10, 10)).save(stream, "GIF")
    content = bytearray(stream.getvalue())
    place = content.index(b"\x2c\0\0\0\0\x0a\0\x0a\0")
    content[place + 5 : place + 9] = struct.pack("<HH", 30_000, 30_000)
    url = f"data:image/gif;base64,{base64.b64encode(content).decode()}"
    with pytest.raises(ScaleArgumentError, match=r"^image has .* 50,000,000"):
        save(tmp_path / "a.png", [BOX], image=url)


@pytest.mark.parametrize("form", ["BMP", "GIF", "JPEG", "PNG", "WEBP"])
def test_files_that_are_damaged(form: str, tmp_path: Path) -> None:
    """Any error of Pillow becomes a ScaleArgumentError."""
    stream = BytesIO()
    Image.radial_gradient("L").resize((40, 30)).save(stream, form)
    whole = stream.getvalue()
    cut = [whole[:length] for length in range(0, len(whole), max(1, len(whole) // 60))]
    flipped = []
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        other = bytearray(whole)
        other[place] ^= 0xFF
        flipped.append(bytes(other))
    for content in (*cut, *flipped):
        url = f"data:image/{form.lower()};base64,{base64.b64encode(content).decode()}"
        try:
            save(tmp_path / "a.png", [BOX], image=url, labels=False)
        except ScaleArgumentError as error:
            assert error.argument == "image"  # noqa: PT017  # a damaged file may still be readable
