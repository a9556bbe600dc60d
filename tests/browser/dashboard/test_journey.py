"""Using the dashboard by mouse and by keyboard.

With WRITE_PICTURES=1 in the environment the pictures in docs/pictures are taken anew.
"""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from scaleapi.sandbox import Sandbox
from tests.browser.dashboard.conftest import take_picture
from tests.browser.dashboard.screen import Screen
from tests.sandbox.rules.caller import Caller
from tests.sandbox.rules.receiver import Receiver

pytestmark = pytest.mark.slow


def test_a_day_at_the_dashboard(screen: Screen, sandbox: Sandbox, receiver: Receiver) -> None:
    """Find, complete, view and reject a task; add a fault and trigger it."""
    caller = Caller(sandbox, sandbox.live_key)
    task_id = find(screen)
    complete(screen)
    look_at_the_picture(screen)
    sandbox.wait_for_callbacks()
    reject(screen)
    assert caller.get(f"/task/{task_id}")["customer_review_status"] == "rejected"
    advance_the_clock(screen)
    sandbox.wait_for_callbacks()
    told = [one for one in receiver.requests if one.json.get("task_id") == task_id]
    assert len(told) == 3
    see_every_try(screen, task_id)
    add_a_fault(screen)
    caller.get("/tasks", 503)
    caller.get("/tasks")
    see_it_fire(screen)
    log = screen.browser.get_log("browser")
    assert not [entry for entry in log if "Content Security Policy" in entry["message"]]


def find(screen: Screen) -> str:
    """Search for a pending task by status, then by unique id; return its id."""
    screen.open("/")
    screen.see("Latest tasks in live mode")
    take_picture(screen, "overview")
    screen.follow("Tasks")
    screen.type("Status", "pending")
    screen.press("Search")
    assert len(screen.browser.find_elements(By.CSS_SELECTOR, "tbody tr")) == 2
    screen.type("ID, unique ID or tag", "belt_south")
    screen.press("Search")
    screen.see("No response yet.")
    return screen.browser.current_url.rsplit("/", 1)[-1]


def complete(screen: Screen) -> None:
    """Enter a response that is not JSON, then a valid one."""
    screen.type("Response as JSON", '{"annotations": [')
    screen.press("Complete")
    screen.see("The response is not valid JSON: line 1, column 18")
    box = '{"type": "box", "label": "parcel", "left": 29, "top": 212, "width": 152, "height": 109}'
    screen.type("Response as JSON", f'{{"annotations": [{box}]}}')
    screen.press("Complete")
    screen.see("The task is completed.")


def look_at_the_picture(screen: Screen) -> None:
    """The image is visible, and the box is on its parcel."""
    image = screen.browser.find_element(By.CSS_SELECTOR, "figure svg image")
    shape = "//*[name()='title'][starts-with(., 'parcel')]/.."
    drawn = screen.browser.find_element(By.XPATH, shape)
    load = "const i = new Image(); i.src = arguments[0]; return i.decode().then(() => i.width)"
    assert screen.run(load, image.get_attribute("href")) == 640
    bounds = "return arguments[0].getBoundingClientRect()"
    whole, box = screen.run(bounds, image), screen.run(bounds, drawn)
    scale = whole["width"] / 640
    assert abs(box["x"] - whole["x"] - 29 * scale) < 6
    assert abs(box["width"] - 152 * scale) < 12


def reject(screen: Screen) -> None:
    screen.type("Comment", "The box cuts through the tape.")
    screen.press("Reject")
    screen.see("The response is rejected.")
    screen.see("The box cuts through the tape.")
    screen.set(1000, 1100, "light")
    take_picture(screen, "task")


def advance_the_clock(screen: Screen) -> None:
    screen.follow("Clock")
    screen.press("1 minute")
    screen.see("1 minute ahead of real time.")


def see_every_try(screen: Screen, task_id: str) -> None:
    """The receiver failed once; now both callbacks of the task are delivered."""
    screen.open(f"/dashboard/tasks/{task_id}")
    screen.see("audited delivered")
    screen.see("completed delivered")
    tries = screen.browser.find_elements(By.CSS_SELECTOR, "#callbacks ~ .scroll tbody tr")
    assert [row.find_elements(By.TAG_NAME, "td")[1].text for row in tries] == ["200", "503", "200"]
    screen.set(390, 844, "dark")
    take_picture(screen, "phone")
    screen.set(1000, 800, "light")


def add_a_fault(screen: Screen) -> None:
    screen.follow("Faults")
    screen.type("Method, path", "GET /v1/tasks 503 Retry-After=2 first 1")
    screen.press("Add rule")
    screen.see("Faults (1)")


def see_it_fire(screen: Screen) -> None:
    """The rule shows its counts, and the request log shows the responses."""
    screen.follow("Faults (1)")
    row = screen.browser.find_element(By.CSS_SELECTOR, "tbody tr")
    assert [cell.text for cell in row.find_elements(By.TAG_NAME, "td")][:2] == ["2", "1"]
    take_picture(screen, "faults")
    screen.follow("Requests")

    # A refresh may move the row while it is clicked, and the bodies of others may contain 503.
    def open_it() -> bool:
        row = screen.browser.find_element(By.XPATH, "//tr[.//span[.='503']]//details")
        if row.get_attribute("open") is None:
            row.find_element(By.TAG_NAME, "summary").click()
        return "Injected by a fault rule." in row.text

    screen.until(open_it, "the response is not shown")
    take_picture(screen, "requests")


def test_keyboard_navigation(screen: Screen, sandbox: Sandbox) -> None:
    """The first tab skips the navigation, further tabs reach every action, focus is visible."""
    task = Caller(sandbox, sandbox.live_key).get("/tasks", status="pending")["docs"][0]
    screen.open(f"/dashboard/tasks/{task['task_id']}")
    first = screen.browser.find_element(By.TAG_NAME, "body")
    first.send_keys(Keys.TAB)
    skip = screen.browser.switch_to.active_element
    assert skip.text == "Skip to content"
    assert screen.run("return arguments[0].getBoundingClientRect().x", skip) >= 0
    skip.send_keys(Keys.ENTER)
    assert screen.tab_to("Complete") < 10
    style = "return getComputedStyle(document.activeElement).outlineStyle"
    assert screen.run(style) == "solid"
    screen.browser.switch_to.active_element.send_keys(Keys.ENTER)
    screen.see("The task is completed.")


def test_pages_fit_a_phone(screen: Screen) -> None:
    """Wide content scrolls within its container."""
    screen.set(360, 740, "light")
    paths = ["", *(f"dashboard/{name}" for name in ("projects", "batches", "tasks", "files"))]
    paths += [f"dashboard/{name}" for name in ("team", "faults", "requests", "clock")]
    for path in [*paths, "dashboard/projects/parcels", "dashboard/batches/week_11"]:
        screen.open(f"/{path}")
        assert screen.run("return document.documentElement.scrollWidth") <= 360, path
