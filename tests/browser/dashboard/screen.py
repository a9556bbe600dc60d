"""A helper for using the dashboard in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import wait_until_complete

PATIENCE = 15.0


def _is_page_left(error: WebDriverException) -> bool:
    # ChromeDriver says the latter if the page is left while it looks for the element.
    text = str(error)
    return isinstance(error, StaleElementReferenceException) or any(
        said in text for said in ("does not belong to the document", "Node with given id")
    )


class Screen:
    """A browser window that is controlled by visible text."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        self._address = address
        self._wait = WebDriverWait(browser, PATIENCE, 0.05)

    def set(self, width: int, height: int, scheme: str) -> None:
        """Set the window size and the preferred color scheme."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def release(self) -> None:
        """Restore the window."""
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def open(self, path: str) -> None:
        self.browser.get(urljoin(self._address, path))

    def see(self, text: str) -> None:
        """Wait until a text is visible."""
        self.until(lambda: text in self._text(), f"{text!r} is not shown")

    def until(self, condition: Callable[[], bool], problem: str = "") -> None:
        """Wait until a condition is true. It may fail while a page is left or refreshed."""

        def check(_: Chrome) -> bool:
            try:
                return condition()
            except WebDriverException as error:
                if _is_page_left(error):
                    return False
                raise

        self._wait.until(check, problem)

    def _text(self) -> str:
        return self.browser.find_element(By.TAG_NAME, "body").text

    def follow(self, link: str) -> None:
        """Click the first link with this text, and wait for the new page."""
        self._leave(By.LINK_TEXT, link)

    def press(self, button: str) -> None:
        """Click the button with this text, and wait for the new page."""
        self._leave(By.XPATH, f"//button[.='{button}']")

    def _leave(self, by: str, element: str) -> None:
        # A page that was left has no elements any more.
        before = self.browser.find_element(By.TAG_NAME, "html")

        def click() -> bool:
            if not self._is_gone(before):
                self.browser.find_element(by, element).click()
            return True

        self.until(click)  # A refresh may replace the element before it is clicked.
        self.wait_for_leaving(before)

    def wait_for_leaving(self, page: WebElement) -> None:
        """Wait until another page has replaced the one with this element."""
        self._wait.until(lambda _: self._is_gone(page), "the page is still there")
        wait_until_complete(self.browser)

    @staticmethod
    def _is_gone(element: WebElement) -> bool:
        try:
            element.is_enabled()
        except WebDriverException as error:
            if _is_page_left(error):
                return True
            raise
        return False

    def type(self, label: str, text: str) -> None:
        """Replace the text in the field with this label."""
        xpath = f"//*[@id=//label[starts-with(., '{label}')]/@for]"
        field = self.browser.find_element(By.XPATH, xpath)
        if field.tag_name != "select":
            field.clear()
        field.send_keys(text)

    def tab_to(self, button: str) -> int:
        """Press the tab key until a button is reached; return how often."""
        for presses in range(1, 100):
            self.browser.switch_to.active_element.send_keys(Keys.TAB)
            if self.browser.switch_to.active_element.text == button:
                return presses
        raise AssertionError(f"the tab key never reaches {button!r}")

    def run(self, script: str, *values: Any) -> Any:
        return self.browser.execute_script(script, *values)
