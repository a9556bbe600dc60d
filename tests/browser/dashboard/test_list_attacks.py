"""Lists of many tasks, the editor of JSON, and the dashboard without JavaScript."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from scaleapi.sandbox import Sandbox
from tests.browser.dashboard.screen import Screen
from tests.sandbox.rules.caller import IMAGE_TASK, Caller

pytestmark = pytest.mark.slow

SEEDED = {"type": "imageannotation", "attachment": IMAGE_TASK["attachment"]}
SEEDED |= {"geometries": IMAGE_TASK["geometries"]}


@pytest.fixture
def manual() -> Iterator[Sandbox]:
    with Sandbox(transition="manual") as sandbox:
        yield sandbox


@pytest.fixture
def window(browser: Chrome, manual: Sandbox) -> Iterator[Screen]:
    screen = Screen(browser, manual.dashboard)
    screen.set(1280, 900, "light")
    yield screen
    screen.release()


@pytest.fixture
def caller(manual: Sandbox) -> Caller:
    return Caller(manual, manual.live_key)


def ids(window: Screen) -> list[str]:
    """The unique ids of the rows, from the top."""
    script = "return [...document.querySelectorAll('#tasks tbody tr')].map(one => one.cells[5])"
    return [cell.text for cell in window.run(script)]


def test_nothing_one_and_five_hundred(window: Screen, manual: Sandbox, caller: Caller) -> None:
    manual.seed({"live": {"tasks": [SEEDED | {"count": 501}]}})
    window.open("/dashboard/tasks?status=pending")
    complete = window.browser.find_element(By.CSS_SELECTOR, "[value=complete]")
    assert not complete.is_enabled()
    window.browser.find_elements(By.CSS_SELECTOR, "#tasks [name=task]")[3].click()
    window.see("1 selected")
    window.press("Complete")
    window.see("1 completed.")
    window.browser.find_element(By.CSS_SELECTOR, "[name=every]").click()
    window.see("500 selected")
    window.press("Complete")
    window.see("500 completed.")
    window.see("No tasks match the filters.")
    assert caller.get("/tasks", status="completed", limit=1)["total"] == 501


def test_sorting_and_refresh_together(window: Screen, caller: Caller) -> None:
    """A new row appears where it belongs; what is chosen and the order stay."""
    for name in ("b", "d", "f"):
        caller.task(unique_id=name)
    window.open("/dashboard/tasks")
    window.follow("Unique ID")
    assert ids(window) == ["b", "d", "f"]
    window.browser.find_elements(By.CSS_SELECTOR, "#tasks [name=task]")[1].click()
    for name in ("a", "e"):
        caller.task(unique_id=name)
    window.see("5 tasks")
    window.until(lambda: ids(window) == ["a", "b", "d", "e", "f"])
    boxes = window.browser.find_elements(By.CSS_SELECTOR, "#tasks [name=task]")
    assert [box.is_selected() for box in boxes] == [False, False, True, False, False]
    window.see("1 selected")
    header = window.browser.find_element(By.CSS_SELECTOR, "th[aria-sort]")
    assert header.get_attribute("aria-sort") == "ascending"
    window.follow("Unique ID ↑")
    window.until(lambda: ids(window)[0] == "f")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": 1\n"b": 2}', 2, 1),
        ('{\n\n\n"a": tru}', 4, 6),
        ('{"a":\n  [1,\n   2,\n  ]}', 4, 3),
        ('{"é€😀": 1,\n "b": \'c\'}', 2, 7),
        ('{"a": 1}\n}', 2, 1),
        ('{"a": "tab\there"}', 1, 7),
        ("[" * 5_000, 1, 5_001),
        ("{" + '"a": 1,\n' * 3_000 + "}", 3_001, 1),
        ('{"a": 01}', 1, 7),
        ("\n\n", None, None),
        ('{"a": [1, 2]}', None, None),
    ],
)
def test_the_line_that_is_wrong(
    window: Screen, caller: Caller, text: str, line: int | None, column: int | None
) -> None:
    """It is named and marked while somebody types, before anything is submitted."""
    window.open(f"/dashboard/tasks/{caller.task()['task_id']}")
    field = window.browser.find_element(By.ID, "complete-text")
    window.run(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
        *(field, text),
    )
    problem = (By.CSS_SELECTOR, ".json-problem")
    if line is None:
        window.run("arguments[0].value += '}}}'", field)
        window.run("arguments[0].dispatchEvent(new Event('input'))", field)
        window.until(lambda: window.browser.find_element(*problem).is_displayed())
        window.run("arguments[0].value = arguments[1]", field, text)
        window.run("arguments[0].dispatchEvent(new Event('input'))", field)
        window.until(lambda: not window.browser.find_element(*problem).is_displayed())
        return
    window.see(f"Line {line}, column {column}:")
    marked = window.browser.find_element(By.CSS_SELECTOR, ".json-frame .wrong")
    assert window.run("return arguments[0].textContent", marked).strip() == str(line)
    window.browser.find_element(*problem).click()
    position = window.run("return arguments[0].selectionStart", field)
    assert text.encode("utf-16-le")[: 2 * position].decode("utf-16-le").count("\n") == line - 1


def test_without_javascript(window: Screen, manual: Sandbox, caller: Caller) -> None:
    """Find, label, review and reject tasks with forms only."""
    content = io.BytesIO()
    Image.new("L", (64, 48), 128).save(content, "PNG")
    files = {"file": ("gray.png", content.getvalue())}
    file = caller.post("/files/upload", files=files, data={})
    found = [caller.task(attachment=file["attachment_url"])["task_id"] for _ in range(2)]
    window.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        window.open("/dashboard/tasks")
        window.follow("Next pending task")
        window.see("Drawing needs JavaScript.")
        image = window.browser.find_element(By.CSS_SELECTOR, "img.whole")
        assert image.size["width"] == 64
        box = '{"type": "box", "label": "parcel", "left": 1, "top": 1, "width": 9, "height": 9}'
        for _ in found:
            window.type("Response", f'{{"annotations": [{box}]}}')
            window.press("Submit and next")
        window.see("No task is waiting.")
        for box_of_row in window.browser.find_elements(By.CSS_SELECTOR, "#tasks [name=task]"):
            box_of_row.click()
        window.browser.find_element(By.ID, "bulk-text").send_keys("Too loose.")
        window.press("Reject")
        window.see("2 rejected.")
    finally:
        window.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    for task_id in found:
        task: dict[str, Any] = caller.get(f"/task/{task_id}")
        assert task["customer_review_comments"] == ["Too loose."]
        assert task["response"]["annotations"][0]["width"] == 9


def test_a_phone_shows_which_task_has_which_status(window: Screen, manual: Sandbox) -> None:
    """Without scrolling: the end of the ID, which tells tasks apart, and the status."""
    manual.seed({"live": {"tasks": [SEEDED | {"count": 3}]}})
    window.set(390, 844, "light")
    window.open("/dashboard/tasks")
    badges = window.browser.find_elements(By.CSS_SELECTOR, "#tasks .badge")
    assert len(badges) == 3
    assert all(one.rect["x"] + one.rect["width"] <= 390 - 14 for one in badges)
    shown = window.browser.find_elements(By.CSS_SELECTOR, "#tasks code.id")
    assert all(one.value_of_css_property("text-overflow") == "ellipsis" for one in shown)
    assert len({one.text for one in shown}) == 3
