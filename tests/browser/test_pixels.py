"""Chromium's rendering of the SVG matches Pillow's picture.

``RASTER_SHAPES`` sets how many annotations of each geometry are compared.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageChops, ImageStat
from selenium.webdriver import Chrome

from scaleapi.drawing import annotations_svg, draw
from tests.browser.random_annotations import CORNER, GEOMETRIES

pytestmark = pytest.mark.slow

SHAPES = int(os.environ.get("RASTER_SHAPES", "25"))
LABEL = "car"
LEAST = 0.98
COLUMNS = 10

#: Lines are as wide as the picture is large. Of discs, Chromium draws polygons of few sides: at a
#: diameter of 20 pixels they lack 2 % of the area, so points are compared at one of 40.
SIZE = (1200, 900)
SIZE_FOR_POINTS = (2400, 1800)


def painted_by_chromium(
    browser: Chrome, page: Path, svgs: Sequence[str], size: tuple[int, int]
) -> Iterator[Image.Image]:
    """Yield each SVG in pixels, from one screenshot of all of them."""
    width, height = CORNER
    cells = [
        f'<div style="position:absolute;overflow:hidden;width:{width}px;height:{height}px;'
        f'left:{number % COLUMNS * width}px;top:{number // COLUMNS * height}px">'
        f'<div style="width:{size[0]}px">{svg}</div></div>'
        for number, svg in enumerate(svgs)
    ]
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{''.join(cells)}", "utf-8")
    browser.get(page.as_uri())
    # Once it has painted; while one page still takes over from another there is none to shoot.
    browser.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0]))")
    rows = -(-len(svgs) // COLUMNS)
    clip = {"x": 0, "y": 0, "width": COLUMNS * width, "height": rows * height, "scale": 1}
    shot = browser.execute_cdp_cmd(
        "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
    )
    sheet = Image.open(BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    for number in range(len(svgs)):
        left, top = number % COLUMNS * width, number // COLUMNS * height
        yield sheet.crop((left, top, left + width, top + height))


def ink(picture: Image.Image) -> Image.Image:
    """Return how far each pixel is from white, in the channel that the label's color lacks."""
    return ImageChops.invert(picture.getchannel("B"))


def overlap(one: Image.Image, other: Image.Image) -> float:
    """Return intersection over union, pixels at edges counted by how much is covered."""
    (both,) = ImageStat.Stat(ImageChops.darker(one, other)).sum
    (either,) = ImageStat.Stat(ImageChops.lighter(one, other)).sum
    return both / either if either else 1


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_chromium_and_pillow_agree(geometry: str, browser: Chrome, tmp_path: Path) -> None:
    size = SIZE_FOR_POINTS if geometry == "point" else SIZE
    chance = Random(geometry)
    annotations = [{"label": LABEL, **GEOMETRIES[geometry](chance)} for _ in range(SHAPES)]
    svgs = [annotations_svg([one], size=size, labels=False) for one in annotations]
    paper = Image.new("RGB", size, "white")
    overlaps = [
        overlap(ink(draw(paper, [annotation], labels=False).crop((0, 0, *CORNER))), ink(chromium))
        for annotation, chromium in zip(
            annotations,
            painted_by_chromium(browser, tmp_path / "page.html", svgs, size),
            strict=True,
        )
    ]
    worst = min(range(SHAPES), key=overlaps.__getitem__)
    assert overlaps[worst] >= LEAST, annotations[worst]
