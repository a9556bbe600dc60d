"""A working day: label by mouse and by keyboard, review in bulk, and see the charts move."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from scaleapi.sandbox import Sandbox
from tests.browser.dashboard.conftest import GEOMETRIES, IMAGES, take_picture
from tests.browser.dashboard.drawing_table import DrawingTable
from tests.browser.dashboard.screen import PATIENCE, Screen
from tests.browser.dashboard.test_accessibility import axe, serious
from tests.sandbox.rules.caller import Caller

pytestmark = pytest.mark.slow

__all__ = ["axe"]  # a fixture

PARCELS = ((30, 220), (150, 340)), ((190, 190), (300, 330)), ((330, 170), (440, 250))


@pytest.fixture
def ids(sandbox: Sandbox) -> list[str]:
    """Five pending tasks in a project of their own."""
    caller = Caller(sandbox, sandbox.live_key)
    caller.project("belts")
    files = []
    for image in IMAGES:
        with image.open("rb") as content:
            files.append(caller.post("/files/upload", files={"file": content}, data={}))
    found = []
    for number in range(5):
        attachment = files[number % len(files)]["attachment_url"]
        task = caller.task(project="belts", attachment=attachment, geometries=GEOMETRIES)
        found.append(task["task_id"])
        sandbox.clock.advance(60)
    return found


def test_a_working_day(screen: Screen, sandbox: Sandbox, axe: str, ids: list[str]) -> None:
    caller = Caller(sandbox, sandbox.live_key)
    screen.set(1280, 860, "light")
    screen.open("/dashboard/projects/belts")
    assert completed(screen) == 0
    screen.follow("Next pending task")
    table = DrawingTable(screen)
    assert serious(screen, axe) == []
    for number in range(3):
        label_with_the_mouse(table, ids[number], picture=number == 1)
    for number in range(3, 5):
        label_with_the_keyboard(table, ids[number])
    screen.see("No task is waiting.")
    for number, task_id in enumerate(ids):
        annotations = caller.get(f"/task/{task_id}")["response"]["annotations"]
        assert len(annotations) == (4 if number < 3 else 2)
    reject_one(screen, axe, ids[1])
    reviews = [caller.get(f"/task/{one}").get("customer_review_status") for one in ids]
    assert reviews == [None, "rejected", None, None, None]
    screen.open("/dashboard/projects/belts")
    assert completed(screen) == 5
    watch_the_chart(screen, sandbox, caller)
    log = screen.browser.get_log("browser")
    assert not [entry for entry in log if entry["source"] != "network"], log


def label_with_the_mouse(table: DrawingTable, task_id: str, *, picture: bool) -> None:
    table.wait()
    assert table.task_id == task_id
    for start, end in PARCELS:
        table.drag(start, end)
    table.tool("polygon")
    table.click((30, 270), (150, 270), (150, 285), (30, 285))
    table.keys(Keys.ENTER)
    assert [one["type"] for one in table.annotations] == ["box"] * 3 + ["polygon"]
    if picture:  # The boxes fit this one.
        take_picture(table.screen, "label")
    table.submit()


def label_with_the_keyboard(table: DrawingTable, task_id: str) -> None:
    """No mouse from the first key to the submission."""
    table.wait()
    assert table.task_id == task_id
    page = table.browser.find_element(By.TAG_NAME, "html")
    table.keys(Keys.ARROW_LEFT, Keys.SPACE)
    table.keys(*[Keys.ARROW_RIGHT] * 6, *[Keys.ARROW_DOWN] * 4, Keys.SPACE)
    table.keys("p", *[Keys.ARROW_UP] * 5, Keys.SPACE, *[Keys.ARROW_LEFT] * 4, Keys.SPACE)
    table.keys(*[Keys.ARROW_UP] * 4, Keys.SPACE, Keys.ENTER)
    assert [one["type"] for one in table.annotations] == ["box", "polygon"]
    table.chord(Keys.CONTROL, Keys.ENTER)
    table.screen.wait_for_leaving(page)


def reject_one(screen: Screen, axe: str, task_id: str) -> None:
    screen.open("/dashboard/tasks?project=belts")
    box = screen.browser.find_element(By.CSS_SELECTOR, f"input[value='{task_id}']")
    box.click()
    screen.see("1 selected")
    screen.browser.find_element(By.ID, "bulk-text").send_keys("The tape is missing.")
    assert serious(screen, axe) == []
    screen.press("Reject")
    screen.see("1 rejected.")


def completed(screen: Screen) -> int:
    """The sum of the completed bars, as their tooltips say."""
    titles = screen.run(
        "return [...document.querySelectorAll('rect.completed')].map(one => one.textContent)"
    )
    return sum(int(title.split()[-2]) for title in titles)


def watch_the_chart(screen: Screen, sandbox: Sandbox, caller: Caller) -> None:
    """The page refreshes itself: a task that is completed elsewhere appears in the chart."""
    sandbox.clock.advance(600)
    sandbox.complete(caller.task(project="belts")["task_id"])
    wait = WebDriverWait(screen.browser, PATIENCE, 0.1)
    wait.until(lambda _: completed(screen) == 6, "the chart does not move")
    screen.see("of 6 tasks")


def test_refresh_disturbs_nobody(screen: Screen, sandbox: Sandbox, ids: list[str]) -> None:
    """What is chosen, open or typed stays while the page refreshes."""
    caller = Caller(sandbox, sandbox.live_key)
    screen.open("/dashboard/tasks?project=belts")
    screen.browser.find_element(By.CSS_SELECTOR, f"input[value='{ids[2]}']").click()
    screen.browser.find_element(By.ID, "bulk-text").send_keys("half a sen")
    new = caller.task(project="belts")["task_id"]
    screen.see(new)
    assert screen.browser.find_element(By.CSS_SELECTOR, f"input[value='{ids[2]}']").is_selected()
    assert screen.run("return document.getElementById('bulk-text').value") == "half a sen"
    screen.open(f"/dashboard/tasks/{new}")
    screen.type("Response as JSON", "{")
    sandbox.complete(new)
    screen.see("Fix labels")
    assert screen.run("return document.getElementById('complete-text').value") == "{"
