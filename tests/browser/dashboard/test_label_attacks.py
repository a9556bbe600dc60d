"""The label page with odd tasks, odd images and other people at work on the same task."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from scaleapi.sandbox import Sandbox
from tests.browser.dashboard.drawing_table import DrawingTable, Point
from tests.browser.dashboard.screen import Screen
from tests.sandbox.rules.caller import Caller

pytestmark = pytest.mark.slow

BOXES = {"box": {"objects_to_annotate": ["parcel", "label"]}}
HOSTILE = (
    *("\"'><b>&amp;", "</script><script>document.title='x'</script>", "{{ 7 * 7 }}", "\\u0022"),
    *("📦🏷️", "شحنة", "包裹", "two\nlines", "  spaces  ", "x" * 300, "constructor", "__proto__"),
)

STROKES = """
return Object.fromEntries([...document.querySelectorAll("figure g[stroke] > title")].map(
  title => [title.textContent.split("\\n")[0], title.parentElement.getAttribute("stroke")]));
"""
SWATCHES = """
const hex = color => "#" + color.match(/\\d+/g).slice(0, 3).map(
  part => Number(part).toString(16).padStart(2, "0")).join("");
return Object.fromEntries([...document.querySelectorAll(arguments[0])].map(
  row => [row.querySelector(arguments[1]).firstChild.textContent.trim(),
          hex(getComputedStyle(row.querySelector(".swatch")).backgroundColor)]));
"""


class Desk:
    """A window at the label page, and what it needs to get tasks there."""

    def __init__(self, screen: Screen, sandbox: Sandbox) -> None:
        self.screen = screen
        self.sandbox = sandbox
        self.caller = Caller(sandbox, sandbox.live_key)

    def task(self, size: tuple[int, int] = (640, 480), **fields: Any) -> str:
        """Create a task for a gray image; return its id."""
        content = io.BytesIO()
        Image.new("L", size, 128).save(content, "PNG")
        files = {"file": ("gray.png", content.getvalue())}
        file = self.caller.post("/files/upload", files=files, data={})
        fields = {"attachment": file["attachment_url"], "geometries": BOXES, **fields}
        found: str = self.caller.task(**fields)["task_id"]
        return found

    def open(self, task_id: str) -> DrawingTable:
        self.screen.open(f"/dashboard/tasks/{task_id}/label")
        return DrawingTable(self.screen)

    def response(self, task_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.read(task_id)["response"]["annotations"]
        return found

    def read(self, task_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.caller.get(f"/task/{task_id}")
        return found


@pytest.fixture
def desk(browser: Chrome) -> Iterator[Desk]:
    with Sandbox(transition="manual") as sandbox:
        screen = Screen(browser, sandbox.dashboard)
        screen.set(1280, 860, "light")
        yield Desk(screen, sandbox)
        screen.release()
        violations = [
            entry
            for entry in browser.get_log("browser")  # type: ignore[no-untyped-call]
            if entry["source"] != "network"
        ]
        assert violations == []


def test_colors_are_those_of_the_picture(desk: Desk) -> None:
    """Also if some labels are of geometries that cannot be drawn, and some of no geometry."""
    geometries = {
        "ellipse": {"objects_to_annotate": ["oval"]},
        "box": {"objects_to_annotate": ["parcel", "label"]},
        "cuboid": {"objects_to_annotate": ["crate"]},
        "polygon": {"objects_to_annotate": ["tape"]},
    }
    task_id = desk.task(geometries=geometries)
    box = {"type": "box", "left": 9, "top": 9, "width": 50, "height": 50}
    found = [box | {"label": name} for name in ("stranger", "label", "oval", "other", "parcel")]
    desk.sandbox.complete(task_id, {"annotations": found})
    table = desk.open(task_id)
    offered = desk.screen.run(SWATCHES, ".labels label", ".name")
    table.tool("polygon")
    table.click((100, 100), (200, 100), (200, 200))
    table.keys(Keys.ENTER)
    objects = desk.screen.run(SWATCHES, "#objects li", ".object-label")
    table.submit("Submit")
    desk.screen.see("The response is fixed.")
    strokes = desk.screen.run(STROKES)
    assert len(set(strokes.values())) == 6
    assert objects == strokes
    assert offered == {name: strokes[name] for name in ("parcel", "label", "tape")}


def test_two_tabs(desk: Desk) -> None:
    """Who comes second is told, loses nothing, and may still decide."""
    task_id = desk.task()
    table = desk.open(task_id)
    first = desk.screen.browser.current_window_handle
    table.drag((10, 10), (110, 110))
    desk.screen.browser.switch_to.new_window("tab")
    desk.screen.set(1280, 860, "light")
    table = desk.open(task_id)
    table.drag((20, 20), (220, 220))
    table.submit("Submit")
    desk.screen.see("The task is completed.")
    desk.screen.browser.switch_to.window(first)
    table.submit("Submit")
    desk.screen.see("has changed since this page was opened")
    table.wait()
    assert [one["width"] for one in desk.response(task_id)] == [pytest.approx(200, abs=2)]
    assert [one["width"] for one in table.annotations] == [pytest.approx(100, abs=2)]
    table.submit("Submit")
    desk.screen.see("The response is fixed.")
    assert [one["width"] for one in desk.response(task_id)] == [pytest.approx(100, abs=2)]


def test_completed_elsewhere(desk: Desk) -> None:
    """The page says so by itself, and the drawing stays."""
    task_id = desk.task()
    table = desk.open(task_id)
    table.drag((10, 10), (110, 110))
    desk.sandbox.complete(task_id, {"annotations": []})
    desk.screen.see("completed")
    desk.screen.see("The task was changed elsewhere.")
    assert len(table.annotations) == 1


def test_canceled_elsewhere(desk: Desk) -> None:
    task_id = desk.task()
    table = desk.open(task_id)
    table.drag((10, 10), (110, 110))
    desk.caller.post(f"/task/{task_id}/cancel")
    table.submit("Submit and next")
    desk.screen.see("has changed since this page was opened: it is canceled")
    assert len(table.annotations) == 1
    table.submit("Submit")
    desk.screen.see("canceled")
    assert len(table.annotations) == 1
    assert desk.read(task_id)["status"] == "canceled"


def test_hostile_labels(desk: Desk) -> None:
    """Every label can be chosen, drawn, submitted and seen, and stays the same text."""
    task_id = desk.task(geometries={"box": {"objects_to_annotate": list(HOSTILE)}})
    table = desk.open(task_id)
    for number in range(len(HOSTILE)):
        if number:
            table.browser.find_elements(By.CSS_SELECTOR, ".labels label")[number].click()
        table.drag((10 + 50 * number, 10), (40 + 50 * number, 60))
    assert [one["label"] for one in table.annotations] == list(HOSTILE)
    assert desk.screen.run("return document.documentElement.scrollWidth") <= 1280
    table.submit("Submit")
    desk.screen.see("The task is completed.")
    assert desk.screen.browser.title.startswith("Task")
    assert [one["label"] for one in desk.response(task_id)] == list(HOSTILE)
    desk.screen.set(390, 844, "dark")
    desk.open(task_id)
    assert desk.screen.run("return document.documentElement.scrollWidth") <= 390


def test_two_hundred_labels(desk: Desk) -> None:
    """A label is found by its name, without the list pushing everything else away."""
    names = [f"object {number:03}" for number in range(200)]
    task_id = desk.task(geometries={"box": {"objects_to_annotate": names}})
    for width in (1280, 390):
        desk.screen.set(width, 860, "light")
        table = desk.open(task_id)
        field = table.browser.find_element(By.ID, "find")
        field.send_keys("174")
        visible = [
            one
            for one in table.browser.find_elements(By.CSS_SELECTOR, ".labels label")
            if one.is_displayed()
        ]
        assert [one.text.split("\n")[0] for one in visible] == ["object 174"]
        field.send_keys(Keys.ENTER)
        table.keys(Keys.SPACE, Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.SPACE)
        assert [one["label"] for one in table.annotations] == ["object 174"]
        assert desk.screen.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", [(1, 1), (40, 2_000), (2_000, 40), (9_000, 7_000)])
def test_images_of_any_size(desk: Desk, size: tuple[int, int]) -> None:
    task_id = desk.task(size)
    table = desk.open(task_id)
    corner: Point = (float(size[0]), float(size[1]))
    table.drag((0.2, 0.2), (corner[0] - 0.2, corner[1] - 0.2))
    (box,) = table.annotations
    pixel = max(1, size[0] / 600, size[1] / 500)
    assert (box["width"], box["height"]) == (
        pytest.approx(size[0], abs=2 * pixel),
        pytest.approx(size[1], abs=2 * pixel),
    )
    assert box["left"] + box["width"] <= size[0]
    table.submit("Submit")
    desk.screen.see("The task is completed.")


def test_escape_cancels_a_polygon(desk: Desk) -> None:
    task_id = desk.task(geometries={"polygon": {"objects_to_annotate": ["tape"]}})
    table = desk.open(task_id)
    table.click((100, 100), (200, 100), (200, 200))
    table.keys(Keys.ESCAPE)
    assert table.annotations == []
    assert not table.browser.find_elements(By.CSS_SELECTOR, ".draft *")
    table.click((100, 100), (200, 100), (200, 200))
    table.keys(Keys.ENTER)
    assert [len(one["vertices"]) for one in table.annotations] == [3]


def test_submit_finishes_what_is_being_drawn(desk: Desk) -> None:
    """A polygon is not lost because nobody pressed Enter; half a one is not submitted."""
    task_id = desk.task(geometries={"polygon": {"objects_to_annotate": ["tape"]}})
    table = desk.open(task_id)
    table.click((100, 100), (200, 100))
    table.browser.find_element(By.XPATH, "//button[.='Submit']").click()
    desk.screen.see("A polygon needs at least 3 points.")
    assert desk.read(task_id)["status"] == "pending"
    table.click((200, 200))
    table.submit("Submit")
    desk.screen.see("The task is completed.")
    assert [len(one["vertices"]) for one in desk.response(task_id)] == [3]


def test_touch_on_a_phone(desk: Desk) -> None:
    """A finger draws a box, and the page does not scroll away under it."""
    task_id = desk.task()
    desk.screen.set(390, 844, "light")
    browser = desk.screen.browser
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        table = desk.open(task_id)
        desk.screen.run("document.getElementById('stage').scrollIntoView({block: 'center'})")
        before = desk.screen.run("return scrollY")
        start, middle, end = table.on_screen((100, 100), (200, 150), (300, 260))
        touch(browser, "touchStart", start)
        touch(browser, "touchMove", middle)
        touch(browser, "touchMove", end)
        touch(browser, "touchEnd")
        (box,) = table.annotations
        assert (box["left"], box["top"]) == (pytest.approx(100, abs=3), pytest.approx(100, abs=3))
        assert box["width"] == pytest.approx(200, abs=4)
        assert desk.screen.run("return scrollY") == before
        # The second finger of a hand draws nothing.
        touch(browser, "touchStart", start, end)
        touch(browser, "touchMove", middle, end)
        touch(browser, "touchEnd")
        assert len(table.annotations) <= 2
        table.submit("Submit")
        desk.screen.see("The task is completed.")
    finally:
        browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def touch(browser: Chrome, kind: str, *points: Point) -> None:
    found = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": found})


def test_thousands_of_annotations(desk: Desk) -> None:
    """One more can be drawn, and undone, within the patience of the driver."""
    box = {"type": "box", "label": "parcel", "width": 4, "height": 4, "uuid": "u"}
    found = [box | {"left": n % 100 * 6, "top": n // 100 * 4} for n in range(3_000)]
    task_id = desk.task()
    desk.sandbox.complete(task_id, {"annotations": found})
    table = desk.open(task_id)
    table.drag((100, 100), (200, 200))
    assert len(json.loads(desk.screen.run("return text.value"))["annotations"]) == 3_001
    table.chord(Keys.CONTROL, "z")
    assert len(table.annotations) == 3_000
