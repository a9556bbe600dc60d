"""Headless Chromium for tests of visible output."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # It talks to this machine only,
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--no-proxy-server",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # and shows the same pixels everywhere.
    "--force-color-profile=srgb",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
)


class PatientChrome(Chrome):
    """Chromium whose ``get`` returns when the page is complete.

    On a busy machine, that of ChromeDriver may return before the style sheets are there.
    """

    def get(self, url: str) -> None:
        super().get(url)
        wait_until_complete(self)


def wait_until_complete(chromium: Chrome) -> None:
    """Wait until the page and all that it links to are loaded."""
    WebDriverWait(chromium, 30.0, 0.05).until(_is_complete, "the page is still loading")


def _is_complete(chromium: Chrome) -> bool:
    return bool(chromium.execute_script("return document.readyState === 'complete'"))


@pytest.fixture
def browser(chromium: Chrome) -> Iterator[Chrome]:
    """Chromium at an empty page, without messages of other tests."""
    _leave(chromium)
    chromium.get_log("browser")  # type: ignore[no-untyped-call]  # selenium has no types for it
    yield chromium
    # A page that refreshes itself would otherwise ask a server that is being stopped.
    _leave(chromium)


def _leave(chromium: Chrome) -> None:
    """Close all windows but the first, whatever dialog is open, and leave its page."""
    first, *others = chromium.window_handles
    for window in others:
        chromium.switch_to.window(window)
        chromium.close()
    chromium.switch_to.window(first)
    chromium.get("about:blank")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One Chromium for all tests."""
    found, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if found is None or driver is None:
        pytest.skip("needs Chromium and its driver: apt-get install chromium chromium-driver")
    options = ChromeOptions()
    # A page with unsaved work would ask before it is left.
    options.unhandled_prompt_behavior = "accept"
    options.binary_location = found
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    with PatientChrome(options, Service(driver)) as chrome:
        chrome.set_page_load_timeout(30)
        chrome.set_window_size(1000, 800)
        yield chrome
