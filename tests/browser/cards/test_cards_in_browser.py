"""Every card in a real browser, on a light page and on a dark one.

With WRITE_PICTURES=1 in the environment the pictures in docs/pictures are taken anew.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from scaleapi import Task, Tasklist
from scaleapi._notebook import conversation_card
from tests.browser.cards.pages import Pages
from tests.compat.canned import client_returning
from tests.unit.notebook.samples import CONVERSATION, OBJECTS, TASK, make

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PHOTO = (ROOT / "examples" / "data" / "belt_north.jpg").read_bytes()
PICTURES = ROOT / "docs" / "pictures"

#: The parcels in the photo, and the tape on one of them: large ones first, as they are drawn.
BOXES = [(187, 192, 112, 148), (30, 223, 119, 127), (332, 172, 112, 91)]
TAPE = [(187, 266), (299, 266)]
ANNOTATIONS: list[dict[str, Any]] = [
    *(
        {"type": "box", "label": "parcel", "left": x, "top": y, "width": width, "height": height}
        for x, y, width, height in BOXES
    ),
    {"type": "line", "label": "tape", "vertices": [{"x": x, "y": y} for x, y in TAPE]},
]

THEMES = ["light", "dark"]

#: The cards that docs/notebooks.rst shows.
DOCUMENTED = [("task", "light"), ("task", "dark"), ("page", "light"), ("conversation", "dark")]

#: The contrast of each piece of text with what is behind it, by the formula of WCAG 2.
CONTRASTS = """
const channel = one => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
const parse = text => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const behind = element => {
  for (let one = element; one; one = one.parentElement) {
    const color = parse(getComputedStyle(one).backgroundColor);
    if (color.length === 3 || color[3] > 0.99) return color;
  }
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const parent = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || parent.closest('svg, a')) continue;
  const [a, b] = [light(parse(getComputedStyle(parent).color)), light(behind(parent))];
  found.push([walker.currentNode.data.slice(0, 40),
              (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
}
return found;
"""

#: Where the first path of each shape is, in pixels of the image that is underneath.
PLACES = """
const image = document.querySelector('svg image').getBoundingClientRect();
const scale = arguments[0] / image.width;
const [left, top] = [image.left, image.top];
return [...document.querySelectorAll('svg g > path:first-of-type')].map(path => {
  const box = path.getBBox(), at = path.getScreenCTM();
  const x = box.x * at.a + at.e, y = box.y * at.d + at.f;
  return [(x - left) * scale, (y - top) * scale,
          box.width * at.a * scale, box.height * at.d * scale];
});
"""

#: The colors of an <img> at some places of it.
PIXELS = """
const image = document.querySelector('img');
const canvas = document.createElement('canvas');
[canvas.width, canvas.height] = [arguments[0], arguments[1]];
const context = canvas.getContext('2d');
context.drawImage(image, 0, 0, canvas.width, canvas.height);
return arguments[2].map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
"""


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    with Pages() as pages:
        pages.add("/photo.jpg", "image/jpeg", PHOTO)
        yield pages


def task_at(url: str | None, **changes: object) -> dict[str, Any]:
    task = copy.deepcopy(TASK)
    task["params"]["attachment"] = url
    task["response"]["annotations"] = ANNOTATIONS
    return {**task, "attachmentS3Downloads": None, **changes}


def cards(photo: str) -> dict[str, str]:
    """Return a card of each kind, by its name."""
    made = {kind.__name__.lower(): make(kind, json)._repr_html_() for kind, json in OBJECTS[1:]}
    tasks = [
        make(Task, task_at(photo, task_id=f"65f0a1b2c3d4e5f6071829{number}", tags=[f"A{number}"]))
        for number in range(10, 40)
    ]
    for task in tasks:
        task.unique_id = None
    tasks[4].status, tasks[9].status, tasks[13].status = "pending", "error", "canceled"
    for number in (4, 9, 13, 15):
        tasks[number].customer_review_status = None
    tasks[6].customer_review_status, tasks[17].customer_review_status = "rejected", "fixed"
    for kind in ("evaluationtask", "trainingtask"):
        made[kind] = made[kind].replace(TASK["params"]["attachment"], photo)
    return {
        "task": make(Task, task_at(photo))._repr_html_(),
        "pending": make(Task, task_at(photo, status="pending", response=None))._repr_html_(),
        **made,
        "page": Tasklist(tasks, 2431, 30, 0, True)._repr_html_(),
        "conversation": conversation_card("Task", "task_id", CONVERSATION),
    }


NAMES = list(cards("http://127.0.0.1/"))


def check_quiet(browser: Chrome) -> None:
    said = browser.get_log("browser")  # type: ignore[no-untyped-call]
    assert said == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", NAMES)
def test_card(browser: Chrome, pages: Pages, name: str, theme: str) -> None:
    """It logs nothing to the console, is readable, and fits its column."""
    html = cards(f"{pages.origin}/photo.jpg")[name]
    browser.get(pages.show(name, html, theme))
    check_quiet(browser)
    contrasts = browser.execute_script(CONTRASTS)
    assert contrasts
    assert [one for one in contrasts if one[1] < 4.5] == []
    card = browser.find_element(By.CSS_SELECTOR, "body > *")
    assert card.size["width"] <= 860
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 1000
    for image in browser.find_elements(By.TAG_NAME, "img"):
        assert image.get_attribute("naturalWidth") == "640"
    if "WRITE_PICTURES" in os.environ and (name, theme) in DOCUMENTED:
        take_picture(browser, PICTURES / f"card_{name}_{theme}.png")


@pytest.mark.parametrize("name", NAMES)
def test_a_narrow_card(browser: Chrome, pages: Pages, name: str) -> None:
    """A column as wide as a phone holds it, whatever long words are in it."""
    html = cards(f"{pages.origin}/photo.jpg")[name]
    browser.get(pages.show(name, html, "light"))
    width = "document.body.style.width = '358px'; return document.body.scrollWidth"
    assert browser.execute_script(width) <= 390


def take_picture(browser: Chrome, path: Path) -> None:
    """Take a picture of the whole page."""
    body = browser.find_element(By.TAG_NAME, "body")
    browser.set_window_size(1000, body.size["height"] + 200)
    shot = Image.open(BytesIO(body.screenshot_as_png))
    shot.convert("RGB").save(path, optimize=True)
    browser.set_window_size(1000, 800)


def test_folded_json_opens(browser: Chrome, pages: Pages) -> None:
    html = cards(f"{pages.origin}/photo.jpg")["task"]
    browser.get(pages.show("task", html, "light"))
    fold = browser.find_element(By.TAG_NAME, "details")
    text = fold.find_element(By.TAG_NAME, "pre")
    assert not text.is_displayed()
    fold.find_element(By.TAG_NAME, "summary").click()
    assert text.is_displayed()
    assert '"left": 187' in text.text


def test_shapes_are_where_the_annotations_are(browser: Chrome, pages: Pages) -> None:
    """On an image that the browser loads, whose size is not known to the card."""
    html = cards(f"{pages.origin}/photo.jpg")["task"]
    browser.get(pages.show("task", html, "light"))
    places = browser.execute_script(PLACES, 640)
    assert len(places) == len(ANNOTATIONS)
    for place, box in zip(places[:3], BOXES, strict=True):
        assert place == pytest.approx(box, abs=2)
    (left, top), (right, _) = TAPE
    assert places[3] == pytest.approx((left, top, right - left, 0), abs=2)


def test_an_embedded_image_includes_the_annotations(browser: Chrome, pages: Pages) -> None:
    """The photo and the annotations are a single image that loads nothing."""
    url = f"{pages.origin}/photo.jpg"
    html = Task(task_at(url), client_returning(PHOTO)).show(fetch=True)._repr_html_()
    browser.get(pages.show("embedded", html, "light"))
    check_quiet(browser)
    assert len(browser.find_elements(By.TAG_NAME, "svg")) == 0
    image = browser.find_element(By.TAG_NAME, "img")
    assert image.is_displayed()
    edge, inside, far = [30, 300], [60, 340], [600, 300]
    drawn = browser.execute_script(PIXELS, 640, 427, [edge, inside, far])
    plain = f'<img src="{url}">'
    browser.get(pages.show("plain", plain, "light"))
    photo = browser.execute_script(PIXELS, 640, 427, [edge, inside, far])
    changed = [
        sum(map(abs, map(int.__sub__, one, other))) for one, other in zip(drawn, photo, strict=True)
    ]
    assert changed[0] > 60
    assert changed[1] > 10
    assert changed[2] < 30


def test_many_annotations_are_shown(browser: Chrome, pages: Pages) -> None:
    task = task_at(f"{pages.origin}/photo.jpg", response={"annotations": ANNOTATIONS * 2_500})
    browser.get(pages.show("many", make(Task, task)._repr_html_(), "light"))
    check_quiet(browser)
    shown = browser.find_element(By.TAG_NAME, "figcaption").text
    assert shown.startswith("10,000 annotations: 7,500 parcel, 2,500 tape")
    assert "not drawn" in shown
