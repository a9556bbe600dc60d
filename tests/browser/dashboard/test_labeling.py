"""Drawing on the label page."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from scaleapi.sandbox import Sandbox
from tests.browser.dashboard.conftest import IMAGES
from tests.browser.dashboard.drawing_table import DrawingTable
from tests.browser.dashboard.screen import Screen
from tests.sandbox.rules.caller import Caller

pytestmark = pytest.mark.slow

ALL = {
    "box": {"objects_to_annotate": ["parcel", "label"], "min_width": 4},
    "polygon": {"objects_to_annotate": ["tape"], "min_vertices": 4},
    "line": {"objects_to_annotate": ["edge"]},
    "point": {"objects_to_annotate": ["barcode"]},
    "cuboid": {"objects_to_annotate": ["crate"]},
}


@pytest.fixture
def caller(sandbox: Sandbox) -> Caller:
    return Caller(sandbox, sandbox.live_key)


@pytest.fixture
def task_id(caller: Caller) -> str:
    """A task that asks for every geometry that can be drawn, and for one that cannot."""
    with IMAGES[0].open("rb") as content:
        file = caller.post("/files/upload", files={"file": content}, data={})
    found: str = caller.task(attachment=file["attachment_url"], geometries=ALL)["task_id"]
    return found


@pytest.fixture
def table(screen: Screen, task_id: str) -> DrawingTable:
    screen.set(1280, 860, "light")
    screen.open(f"/dashboard/tasks/{task_id}/label")
    return DrawingTable(screen)


def vertices(annotation: dict[str, list[dict[str, int]]]) -> list[tuple[int, int]]:
    return [(one["x"], one["y"]) for one in annotation["vertices"]]


def near(found: list[tuple[int, int]], expected: list[tuple[int, int]]) -> bool:
    """A pixel of the screen may be more than one of the image."""
    return len(found) == len(expected) and all(
        abs(a - c) <= 1 and abs(b - d) <= 1 for (a, b), (c, d) in zip(found, expected, strict=True)
    )


def test_draws_every_geometry_with_the_mouse(table: DrawingTable, caller: Caller) -> None:
    """What is drawn is submitted, pixel by pixel, in the form that the API documents."""
    table.drag((100, 100), (140, 150), (200, 220))
    table.label("label")
    table.click((300, 50), (340, 90))  # A box may also be two clicks.
    table.tool("polygon")
    table.click((10, 10), (60, 10), (60, 60), (10, 60), (11, 11))  # The last closes it.
    table.tool("line")
    table.click((0, 300), (50, 310))
    table.double_click((90, 300))
    table.tool("point")
    table.click((400, 200))
    box, small, polygon, line, point = table.annotations
    assert (box["type"], box["label"]) == ("box", "parcel")
    assert near([(box["left"], box["top"])], [(100, 100)])
    assert near([(box["width"], box["height"])], [(100, 120)])
    assert small["label"] == "label"
    assert near(vertices(polygon), [(10, 10), (60, 10), (60, 60), (10, 60)])
    assert near(vertices(line), [(0, 300), (50, 310), (90, 300)])
    assert (point["type"], point["label"]) == ("point", "barcode")
    assert near([(point["x"], point["y"])], [(400, 200)])
    assert len({one["uuid"] for one in table.annotations}) == 5
    task_id = table.task_id
    drawn = table.annotations
    table.submit("Submit")
    table.screen.see("The task is completed.")
    assert caller.get(f"/task/{task_id}")["response"]["annotations"] == drawn


def test_changes_shapes(table: DrawingTable) -> None:
    """A shape is moved, resized, relabeled, deleted, and every step can be undone."""
    table.drag((100, 100), (200, 200))
    table.tool("select")
    table.drag((150, 150), (160, 140), (170, 130))
    (box,) = table.annotations
    assert near([(box["left"], box["top"])], [(120, 80)])
    assert box["width"] == 100
    table.drag((220, 180), (250, 250))
    (resized,) = table.annotations
    assert resized["uuid"] == box["uuid"]
    assert near([(resized["width"], resized["height"])], [(130, 170)])
    table.label("label")
    assert table.annotations[0]["label"] == "label"
    table.keys("v")
    table.click((150, 150))
    table.drag((150, 150), (80, 60), (10, 10))  # It stays inside the image.
    assert (table.annotations[0]["left"], table.annotations[0]["top"]) == (0, 0)
    table.keys(Keys.DELETE)
    assert table.annotations == []
    table.chord(Keys.CONTROL, "z")
    assert table.annotations[0]["left"] == 0
    for _ in range(5):
        table.chord(Keys.CONTROL, "z")
    assert table.annotations == []
    for _ in range(3):
        table.chord(Keys.CONTROL, Keys.SHIFT, "z")
    assert table.annotations == [resized]


def test_draws_with_the_keyboard(table: DrawingTable) -> None:
    """Every geometry can be drawn with keys alone; the cross starts in the middle."""
    table.go((320, 240), (320, 240))
    table.keys("2", Keys.ARROW_LEFT, Keys.SPACE, *[Keys.ARROW_RIGHT] * 5, *[Keys.ARROW_DOWN] * 3)
    table.keys(Keys.SPACE)
    (box,) = table.annotations
    assert (box["label"], box["width"], box["height"]) == ("label", 50, 30)
    table.keys("p")
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_UP):
        table.keys(key, key, Keys.SPACE)
    table.keys(Keys.ENTER, "o", Keys.SPACE)
    assert [one["type"] for one in table.annotations] == ["box", "polygon", "point"]
    table.keys("[", "[", "[", Keys.ARROW_RIGHT)
    assert table.annotations[0]["left"] == box["left"] + 10
    table.keys("1")
    assert table.annotations[0]["label"] == "parcel"
    table.keys(Keys.DELETE)
    assert [one["type"] for one in table.annotations] == ["polygon", "point"]


def test_limits(table: DrawingTable) -> None:
    """A shape that the task does not allow is refused, with the reason."""
    table.drag((100, 100), (200, 101), (102, 130))
    table.screen.see("A box must be at least 4 \u00d7 1 pixels.")
    table.tool("polygon")
    table.click((10, 10), (60, 10), (60, 60))
    table.keys(Keys.ENTER)
    table.screen.see("A polygon needs at least 4 points.")
    assert table.annotations == []
    table.click((10, 60))
    table.keys(Keys.ENTER)
    assert len(table.annotations) == 1


def test_keeps_what_it_cannot_draw(table: DrawingTable, sandbox: Sandbox) -> None:
    """Cuboids, turned boxes, attributes and unknown fields survive a fix of something else."""
    turned = {"type": "box", "label": "parcel", "left": 1, "top": 2, "width": 3, "height": 4}
    kept = [
        {"type": "cuboid", "label": "crate", "vertices": [{"x": 1, "y": 2, "type": "vertex"}]},
        turned | {"rotation": 0.5, "vertices": [{"x": 1, "y": 1}]},
        "not an annotation",
    ]
    box = turned | {"attributes": {"torn": "yes"}, "uuid": "u1", "score": 0.5}
    response = {"annotations": [*kept, box], "global_attributes": {"light": "day"}}
    sandbox.complete(table.task_id, response)
    table.screen.open(f"/dashboard/tasks/{table.task_id}/label")
    table.wait()
    table.drag((100, 100), (200, 200))
    assert table.annotations[:4] == [*kept, box]
    table.submit("Submit")
    table.screen.see("The response is fixed.")


def test_text_and_drawing_agree(table: DrawingTable) -> None:
    """The JSON is the drawing; a mistake in it is shown with its line and changes nothing."""
    table.browser.find_element(By.CSS_SELECTOR, "#json summary").click()
    box = '{"type": "box", "label": "parcel", "left": 5, "top": 5, "width": 50, "height": 50}'
    area = table.browser.find_element(By.ID, "text")
    area.clear()
    area.send_keys('{"annotations": [\n' + box + "\n]}")
    table.screen.see("Objects (1)")
    area.send_keys(Keys.BACKSPACE, ",\n}")
    table.screen.see("Line 4, column 1: expected a name in double quotes")
    table.screen.see("Objects (1)")


def test_text_of_labels_is_escaped(screen: Screen, caller: Caller, task_id: str) -> None:
    """A label that looks like HTML stays text, in the drawing as well."""
    evil = "<img src=x onerror=document.title='x'>\"'"
    geometries = {"box": {"objects_to_annotate": [evil]}}
    attachment = caller.get(f"/task/{task_id}")["params"]["attachment"]
    task = caller.task(attachment=attachment, geometries=geometries)
    screen.open(f"/dashboard/tasks/{task['task_id']}/label")
    table = DrawingTable(screen)
    table.drag((100, 100), (200, 200))
    assert table.annotations[0]["label"] == evil
    assert screen.browser.title != "x"
    log = screen.browser.get_log("browser")
    assert not [entry for entry in log if "Content Security Policy" in entry["message"]]
