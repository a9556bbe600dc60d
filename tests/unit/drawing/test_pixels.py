"""Pictures in pixels: save() and draw()."""

from __future__ import annotations

import base64
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from scaleapi.drawing import annotations_svg, draw, save
from scaleapi.drawing.colors import color_of
from scaleapi.drawing.coverage import coverage

SIZE = (640, 480)
BOX: dict[str, Any] = {"label": "car", "left": 100, "top": 80, "width": 200, "height": 150}
WHITE = (255, 255, 255)
FILLED = (250, 236, 204)  # a fifth of the color on white


def link(image: Image.Image, form: str = "PNG") -> str:
    content = BytesIO()
    image.save(content, form)
    return f"data:image/{form.lower()};base64,{base64.b64encode(content.getvalue()).decode()}"


def test_draw_paints_a_copy() -> None:
    image = Image.new("RGB", SIZE, "white")
    drawn = draw(image, {"annotations": [BOX]}, labels=False)
    assert (drawn.size, drawn.mode) == (SIZE, "RGB")
    assert image.getcolors() == [(640 * 480, WHITE)]
    # The left line is on x = 100, between pixels 99 and 100, with its halo beside it.
    line = tuple(bytes.fromhex(color_of(0)[1:]))
    assert [drawn.getpixel((x, 150)) for x in (99, 100)] == [line, line]
    halo = drawn.convert("L")
    assert all(halo.crop((x, 150, x + 1, 151)).tobytes() < b"\x64" for x in (98, 101))
    assert drawn.getpixel((96, 150)) == WHITE
    assert drawn.getpixel((200, 150)) == FILLED
    assert ImageChops.invert(drawn).getbbox() == (97, 77, 303, 233)


def test_draw_works_on_every_kind_of_image() -> None:
    for mode in ("1", "L", "P", "RGB", "CMYK"):
        assert draw(Image.new(mode, SIZE), [BOX]).mode == "RGB"
    clear = draw(Image.new("RGBA", SIZE, (0, 0, 0, 0)), [BOX], labels=False)
    assert clear.mode == "RGBA"
    assert clear.getpixel((10, 10)) == (0, 0, 0, 0)
    assert clear.getpixel((200, 150)) == (230, 159, 0, 51)


def test_exif_rotation_is_applied() -> None:
    image = Image.new("RGB", (480, 640), "white")
    image.getexif()[0x0112] = 6  # the camera stood on its side
    assert draw(image, [BOX]).size == SIZE


def test_shapes_outside_of_the_image() -> None:
    """Such shapes occur with padding, and must not need memory for their full size."""
    white = Image.new("RGB", SIZE, "white")
    far = {"label": "car", "left": -9e5, "top": 5000, "width": 1e6, "height": 9e5}
    assert draw(white, [far], labels=False).tobytes() == white.tobytes()
    around = {"label": "car", "left": -9e5, "top": -9e5, "width": 1e6, "height": 1e6}
    assert draw(white, [around], labels=False).getcolors() == [(640 * 480, FILLED)]


def test_labels_of_any_text() -> None:
    """Including characters that the font lacks."""
    for label in ("\u5305\u88f9", "a\nb", "\ud800\0", "x" * 1000, "\u0627\u0644", " "):
        draw(Image.new("RGB", SIZE), [BOX | {"label": label}])


def test_labels_do_not_move_the_shapes(tmp_path: Path) -> None:
    with_labels, without = (
        draw(Image.new("RGB", SIZE, "white"), [BOX], labels=labels) for labels in (True, False)
    )
    area = (96, 78, 304, 234)
    changed = ImageChops.difference(with_labels, without).getbbox()
    assert changed is not None
    assert with_labels.crop(area).tobytes() == without.crop(area).tobytes()


def test_save_svg(tmp_path: Path) -> None:
    save(tmp_path / "a.svg", [BOX | {"label": "\u5305"}], size=SIZE, image="https://example.com/a")
    expected = annotations_svg(
        [BOX | {"label": "\u5305"}], size=SIZE, image="https://example.com/a"
    )
    assert (tmp_path / "a.svg").read_text("utf-8") == expected


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.JPEG"])
def test_save_pixels(name: str, tmp_path: Path) -> None:
    save(str(tmp_path / name), [BOX], size=SIZE)
    with Image.open(tmp_path / name) as saved:
        assert saved.size == SIZE


def test_save_on_the_image_of_a_link(tmp_path: Path) -> None:
    """It has its own size, or the given one."""
    path = tmp_path / "a.png"
    black = Image.new("RGB", (320, 240))
    for size, expected in ((None, (320, 240)), (SIZE, SIZE)):
        save(path, [BOX], image=link(black), size=size, labels=False)
        with Image.open(path) as saved:
            assert saved.size == expected
            on_black = draw(Image.new("RGB", expected), [BOX], labels=False)
            assert saved.tobytes() == on_black.tobytes()


def test_save_without_a_size_shows_the_annotations(tmp_path: Path) -> None:
    save(tmp_path / "a.png", [BOX | {"left": -100}], labels=False)
    with Image.open(tmp_path / "a.png") as saved:
        assert saved.size == (220, 170)
        box = ImageChops.invert(saved).getbbox()
    assert box == (9, 9, 211, 161)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"path": "a.gif"}, r"^path must end in \.svg, \.png, \.jpg or \.jpeg, not '\.gif'$"),
        ({"path": "png"}, "^path must end in"),
        (
            {"image": "https://example.com/a.png"},
            "^image must be a data:image link; open any",
        ),
        ({"image": "data:text/html,x"}, "^image must be a data:image link"),
        ({"image": "data:image/png;base64,!"}, "^image cannot be read"),
        ({"image": "data:image/png,%89PNG%0d%0a"}, "^image cannot be read"),
        ({"size": (0, 5)}, "^size must be"),
        ({"size": (1e6, 1e6)}, r"^size is 1000000 x 1000000 pixels, .* 50,000,000 .* \.svg$"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], problem: str, tmp_path: Path) -> None:
    name = arguments.pop("path", "a.png")
    with pytest.raises(ValueError, match=problem):
        save(tmp_path / name, [BOX], **arguments)
    assert [*tmp_path.iterdir()] == []


def test_without_pillow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "scaleapi.drawing.pixels")
    monkeypatch.delattr("scaleapi.drawing.pixels")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r'pip install "scaleapi\[draw\]"'):
        save(tmp_path / "a.png", [BOX])
    with pytest.raises(ImportError, match=r'pip install "scaleapi\[draw\]"'):
        draw(Image.new("RGB", SIZE), [BOX])
    save(tmp_path / "a.svg", [BOX])


def test_coverage_is_exact_along_rows() -> None:
    """Pixels at the ends of a rectangle are partly covered; overlaps count once."""
    rectangle = [(0.25, 0.0), (2.5, 0.0), (2.5, 1.0), (0.25, 1.0)]
    assert [*coverage([rectangle, rectangle], 4, 2)] == [191, 255, 128, 0, 0, 0, 0, 0]
    assert [*coverage([rectangle[::-1]], 4, 1)] == [191, 255, 128, 0]
    half = [(0, 0.5), (2, 0.5), (2, 9), (0, 9)]
    assert [*coverage([half], 2, 2)] == [128, 128, 255, 255]


def test_coverage_outside() -> None:
    """Shapes beyond an edge cover the pixels up to it."""
    large = [(-1e6, -1e6), (1e6, -1e6), (1e6, 1e6), (-1e6, 1e6)]
    assert coverage([large], 3, 2) == b"\xff" * 6
    assert coverage([[(x + 2e6, y) for x, y in large]], 3, 2) == bytes(6)
