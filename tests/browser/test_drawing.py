"""Pictures of annotations in Chromium: positions and tooltips."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from selenium.webdriver import Chrome

from scaleapi.drawing import annotations_svg, save

pytestmark = pytest.mark.slow

SIZE = (640, 480)

#: What no page needs for pictures: neither styles nor scripts.
STRICT = "default-src 'none'; img-src data:"

#: Where Chromium says that shapes are, in pixels of the image, without their strokes.
PLACES = """
    return [...document.querySelectorAll("g > g > path:last-of-type")].map(path => {
        const box = path.getBBox();
        const {matrix} = path.closest("[transform]").transform.baseVal.consolidate();
        const places = [box.x, box.y, box.x + box.width, box.y + box.height];
        return places.map(place => place * matrix.a);
    });
"""

#: The title that is shown when the mouse rests at a point of the picture.
HOVER = """
    const svg = document.querySelector("svg");
    const at = new DOMPoint(arguments[0], arguments[1]).matrixTransform(svg.getScreenCTM());
    const found = document.elementFromPoint(at.x, at.y).closest("g");
    return found && found.querySelector("title") && found.querySelector("title").textContent;
"""


def vertices(*points: tuple[float, float]) -> dict[str, Any]:
    return {"vertices": [{"x": x, "y": y} for x, y in points]}


CUBOID = {
    "face-topleft": (350, 70),
    "face-bottomleft": (350, 196),
    "face-topright": (480, 70),
    "face-bottomright": (480, 196),
    "side-topcorner": (541, 82),
    "side-bottomcorner": (541, 158),
}

#: An annotation of each geometry, its bounds, and a point that belongs to it.
EVERY: dict[str, tuple[dict[str, Any], list[float], tuple[float, float]]] = {
    "box": (
        {"type": "box", "left": 41, "top": 80.5, "width": 120, "height": 66},
        [41, 80.5, 161, 146.5],
        (60, 100),
    ),
    "rotated box": (
        {"type": "box", "left": 200, "top": 20, "width": 80, "height": 60, "rotation": 0.6435}
        | vertices((226, 2), (290, 50), (254, 98), (190, 50)),
        [190, 2, 290, 98],
        (240, 50),
    ),
    "polygon": (
        {"type": "polygon", **vertices((10, 212), (160, 214), (158, 344))},
        [10, 212, 160, 344],
        (140, 250),
    ),
    "line": (
        {"type": "line", **vertices((0, 5), (90, 57), (180, 20))},
        [0, 5, 180, 57],
        (90, 57),
    ),
    "point": ({"type": "point", "x": 333, "y": 271}, [333, 271, 333, 271], (333, 271)),
    "ellipse": (
        {"type": "ellipse", **vertices((250, 310), (330, 370), (250, 430), (170, 370))},
        [170, 310, 330, 430],
        (200, 380),
    ),
    "cuboid": (
        {
            "type": "cuboid",
            "vertices": [
                {"x": x, "y": y, "type": "vertex", "description": name}
                for name, (x, y) in CUBOID.items()
            ],
        },
        [350, 70, 541, 196],
        (520, 120),
    ),
}


def page(svg: str) -> str:
    """Return an HTML page with a picture in it, 1.25 times as large as the image."""
    return (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{STRICT}"><table width="800"><tr><td>{svg}</table>'
    )


def show(browser: Chrome, place: Path, content: str) -> None:
    """Load a document, and assert that it has no errors."""
    place.write_text(content, "utf-8")
    browser.get(place.as_uri())
    assert browser.get_log("browser") == []  # pyright: ignore[reportUnknownMemberType]
    assert not browser.execute_script("return document.querySelectorAll('parsererror').length")


@pytest.mark.parametrize("name", ["picture.svg", "page.html"])
@pytest.mark.parametrize("geometry", EVERY)
def test_every_geometry(geometry: str, name: str, browser: Chrome, tmp_path: Path) -> None:
    annotation, bounds, inside = EVERY[geometry]
    labeled = annotation | {"label": geometry, "attributes": {"damaged": "<No>"}}
    svg = annotations_svg([labeled], size=SIZE)
    show(browser, tmp_path / name, svg if name.endswith("svg") else page(svg))
    assert browser.execute_script(PLACES) == [pytest.approx(bounds, abs=0.02)]
    assert browser.execute_script(HOVER, *inside) == f"{geometry}\ndamaged: <No>"
    assert browser.execute_script(HOVER, 600, 440) is None


def test_all_geometries_together(browser: Chrome, tmp_path: Path) -> None:
    """Each shape has its tooltip, even among others."""
    labeled = [one | {"label": name} for name, (one, _, _) in EVERY.items()]
    show(browser, tmp_path / "page.html", page(annotations_svg(labeled, size=SIZE)))
    for name, (_, _, inside) in EVERY.items():
        assert browser.execute_script(HOVER, *inside) == name


def test_tooltips_work_under_the_legend(browser: Chrome, tmp_path: Path) -> None:
    around = {"type": "box", "label": "belt", "left": 0, "top": 0, "width": 640, "height": 480}
    show(browser, tmp_path / "page.html", page(annotations_svg([around], size=SIZE)))
    legend = browser.execute_script(
        "const box = document.querySelector('rect').getBBox();"
        "return [box.x + box.width / 2, box.y + box.height / 2]"
    )
    assert browser.execute_script(HOVER, *legend) == "belt"


def test_the_picture_fits_its_container(browser: Chrome, tmp_path: Path) -> None:
    show(browser, tmp_path / "page.html", page(annotations_svg([], size=SIZE)))
    box = browser.find_element("css selector", "svg").rect
    assert box["width"] / box["height"] == pytest.approx(4 / 3, abs=0.01)
    assert 780 < box["width"] <= 800


def test_hostile_texts_are_escaped(browser: Chrome, tmp_path: Path) -> None:
    """Without a content security policy."""
    hostile = "</title></svg><script>document.title = 'bad'</script><img src=x onerror=alert(1)>"
    annotation = EVERY["box"][0] | {"label": hostile, "attributes": {hostile: hostile}}
    svg = annotations_svg([annotation], size=SIZE, image="javascript:alert(1)")
    show(browser, tmp_path / "page.html", f'<!doctype html><meta charset="utf-8">{svg}')
    assert browser.title == ""
    assert browser.find_elements("css selector", "script, img, image") == []
    assert hostile in str(browser.execute_script(HOVER, 60, 100))


@pytest.mark.parametrize("size", [SIZE, None])
def test_the_image_is_under_the_annotations(
    size: tuple[int, int] | None, browser: Chrome, tmp_path: Path
) -> None:
    """A red block of the image is exactly inside its box."""
    image = Image.new("RGB", SIZE, "blue")
    image.paste("red", (100, 80, 300, 230))
    content = BytesIO()
    image.save(content, "PNG")
    link = f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"
    block = {"type": "box", "left": 100, "top": 80, "width": 200, "height": 150}
    svg = annotations_svg([block], image=link, size=size, labels=False)
    place = tmp_path / "page.html"
    place.write_text(f'<!doctype html><body style="margin:0"><div style="width:640px">{svg}')
    browser.get(place.as_uri())
    matrix = browser.execute_script(
        "const m = document.querySelector('svg').getScreenCTM(); return [m.a, m.e, m.f]"
    )
    scale, left, top = map(float, matrix)
    shot = Image.open(BytesIO(browser.get_screenshot_as_png())).convert("RGB")
    for x, y, red in ((110, 90, True), (290, 220, True), (85, 65, False), (308, 235, False)):
        at = (round(left + scale * x), round(top + scale * y))
        red_level, _, blue_level = shot.crop((*at, at[0] + 1, at[1] + 1)).tobytes()
        assert (red_level > blue_level) == red, (x, y)


def test_an_image_of_unknown_size_begins_at_the_edge(browser: Chrome, tmp_path: Path) -> None:
    """In a place of other proportions, beside the card of a pending task, for example."""
    block = {"type": "box", "left": 100, "top": 80, "width": 100, "height": 150}
    svg = annotations_svg([block], image="data:image/png;base64,AAAA")
    place = tmp_path / "page.html"
    place.write_text(
        f'<!doctype html><body style="margin:0"><div style="width:640px;height:200px">{svg}'
    )
    browser.get(place.as_uri())
    matrix = "const m = document.querySelector('svg').getScreenCTM(); return [m.e, m.f]"
    assert browser.execute_script(matrix) == [0, 0]


def test_a_saved_picture_opens(browser: Chrome, tmp_path: Path) -> None:
    save(tmp_path / "all.svg", [one for one, _, _ in EVERY.values()], size=SIZE)
    browser.get((tmp_path / "all.svg").as_uri())
    assert len(browser.execute_script(PLACES)) == len(EVERY)
