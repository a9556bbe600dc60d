"""A helper for drawing on the label page, by mouse and by keyboard."""

from __future__ import annotations

import json
from typing import Any

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.dashboard.screen import PATIENCE, Screen

Point = tuple[float, float]

_TO_SCREEN = """
const matrix = document.getElementById("stage").getScreenCTM();
return arguments[0].map(([x, y]) => {
  const point = new DOMPoint(x, y).matrixTransform(matrix);
  return [point.x, point.y];
});
"""


class DrawingTable:
    """The label page of one task; points are pixels of the image."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.browser = screen.browser
        self.wait()

    def wait(self) -> None:
        """Wait until the image is loaded."""
        ready = (By.CSS_SELECTOR, "#editor[data-ready]")
        WebDriverWait(self.browser, PATIENCE).until(lambda one: one.find_elements(*ready))

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """The annotations that would be submitted."""
        text = self.screen.run("return document.getElementById('text').value")
        return json.loads(text)["annotations"]

    @property
    def task_id(self) -> str:
        return self.browser.current_url.split("?")[0].split("/")[-2]

    def tool(self, name: str) -> None:
        self.browser.find_element(By.CSS_SELECTOR, f"[data-tool={name}]").click()

    def label(self, name: str) -> None:
        self.browser.find_element(By.XPATH, f"//fieldset//span[.='{name}']").click()

    def drag(self, *points: Point) -> None:
        """Press the button at the first point, release it at the last."""
        start, *others = self.on_screen(*points)
        chain = self._at(start).click_and_hold()
        for x, y in others:
            chain.w3c_actions.pointer_action.move_to_location(round(x), round(y))
        chain.release().perform()

    def click(self, *points: Point) -> None:
        for point in self.on_screen(*points):
            self._at(point).click().perform()

    def double_click(self, point: Point) -> None:
        self._at(self.on_screen(point)[0]).double_click().perform()

    def on_screen(self, *points: Point) -> list[Point]:
        return [(x, y) for x, y in self.screen.run(_TO_SCREEN, [list(one) for one in points])]

    def _at(self, point: Point) -> ActionChains:
        chain = ActionChains(self.browser, duration=20)
        chain.w3c_actions.pointer_action.move_to_location(round(point[0]), round(point[1]))
        return chain

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def chord(self, *keys: str) -> None:
        """Press the last key while the others are held."""
        chain = ActionChains(self.browser)
        for key in keys[:-1]:
            chain.key_down(key)
        chain.send_keys(keys[-1])
        for key in keys[:-1]:
            chain.key_up(key)
        chain.perform()

    def go(self, start: Point, end: Point) -> None:
        """Move the cross with the arrow keys, by steps of ten pixels and of one."""
        for distance, less, more in (
            (end[0] - start[0], Keys.ARROW_LEFT, Keys.ARROW_RIGHT),
            (end[1] - start[1], Keys.ARROW_UP, Keys.ARROW_DOWN),
        ):
            tens, ones = divmod(abs(round(distance)), 10)
            key = more if distance > 0 else less
            self.keys(*[key] * tens)
            if ones:
                chain = ActionChains(self.browser).key_down(Keys.SHIFT)
                chain.send_keys(*[key] * ones).key_up(Keys.SHIFT).perform()

    def submit(self, button: str = "Submit and next") -> None:
        self.screen.press(button)
