"""The built documentation, in a real browser: found, readable on a phone, of bearable height."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from scaleapi import BatchStatus, TaskStatus, TaskType
from scaleapi.studio import StudioBatchStatus
from scaleapi.v2.tasks import ErrorType, Task
from tests.browser.conftest import browser as browser  # noqa: PLC0414  # fixtures
from tests.browser.conftest import chromium as chromium  # noqa: PLC0414

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[2] / "docs"
HEIGHT = 8000  # pixels, in a window 1200 wide


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built documentation, which the processes of pytest-xdist build once."""
    pytest.importorskip("furo")
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    target, errors = shared / "site", shared / "site-errors"
    try:
        target.mkdir()
    except FileExistsError:
        until = time.monotonic() + 600
        while not errors.exists():
            assert time.monotonic() < until, "another process does not finish the build"
            time.sleep(0.2)
    else:
        partial = errors.with_suffix(".partial")
        partial.write_text(build(target), "utf-8")
        partial.rename(errors)
    assert errors.read_text("utf-8") == ""
    return target


def build(target: Path) -> str:
    """Build the documentation, and return the errors; warnings are errors."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", str(DOCS), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    return f"exit status {done.returncode}: {done.stderr}" if done.returncode else ""


def pages(site: Path) -> dict[str, Path]:
    """Return every page but the source code, by its name."""
    found = {
        path.relative_to(site).with_suffix("").as_posix(): path for path in site.rglob("*.html")
    }
    return {name: path for name, path in found.items() if not name.startswith("_")}


def set_window(browser: Chrome, width: int, scheme: str = "light") -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def test_every_page_fits(browser: Chrome, site: Path) -> None:
    """None is too high, and none is wider than a phone."""
    heights, widths = {}, {}
    for name, path in pages(site).items():
        set_window(browser, 1200)
        browser.get(path.as_uri())
        heights[name] = browser.execute_script("return document.documentElement.scrollHeight")
        set_window(browser, 390)
        widths[name] = browser.execute_script("return document.documentElement.scrollWidth")
    assert len(heights) > 70
    assert {name: height for name, height in heights.items() if height > HEIGHT} == {}
    assert {name: width for name, width in widths.items() if width > 390} == {}


@pytest.mark.parametrize("width", [390, 1200])
def test_dark_pages_are_dark(browser: Chrome, site: Path, width: int) -> None:
    """The text of the project's own parts contrasts with what is behind it in both schemes."""
    brightness = {}
    for scheme in ("light", "dark"):
        set_window(browser, width, scheme)
        browser.get((site / "index.html").as_uri())
        box = browser.find_element(By.CSS_SELECTOR, ".branch")
        texts = [box.value_of_css_property("color"), back_of(browser)]
        brightness[scheme] = [sum(map(int, re.findall(r"\d+", text)[:3])) / 765 for text in texts]
    (text, back), (light_text, dark_back) = brightness["light"], brightness["dark"]
    assert back - text > 0.6
    assert light_text - dark_back > 0.5


def back_of(browser: Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("dataframe", "tables"),
        ("coco", "formats"),
        ("resume", "bulk"),
        ("webhook", "callbacks"),
        ("migrate", "migration"),
        ("ScaleDuplicateResource", "reference/exceptions"),
        ("ImageAnnotationParams", "types/imageannotation"),
    ],
)
def test_search_finds(browser: Chrome, site: Path, word: str, page: str) -> None:
    browser.get(f"{(site / 'search.html').as_uri()}?q={quote(word)}")
    wait = WebDriverWait(browser, 20)
    wait.until(lambda one: "Search finished" in one.find_element(By.ID, "search-results").text)
    links = browser.find_elements(By.CSS_SELECTOR, "#search-results li a")
    found = [str(link.get_attribute("href")).partition("#")[0] for link in links]
    assert any(f"/{page}.html" in link for link in found[:8]), found


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = re.compile(r"<(?:script|img|iframe)[^>]+src=\"(?:https?:)?//|<link[^>]+href=\"https?:")
    assert [
        name for name, path in pages(site).items() if loaded.search(path.read_text("utf-8"))
    ] == []


def text_of(browser: Chrome, site: Path, page: str) -> str:
    browser.get((site / f"{page}.html").as_uri())
    return browser.find_element(By.TAG_NAME, "article").text


def test_enums_show_their_members(browser: Chrome, site: Path) -> None:
    for page, enums in {
        "reference/task_objects": [TaskType, TaskStatus],
        "batches": [BatchStatus],
        "studio": [StudioBatchStatus],
        "v2/tasks": [ErrorType],
    }.items():
        text = text_of(browser, site, page)
        for enum in enums:
            for member in enum:
                assert re.search(
                    rf"^{member.name}\s+{re.escape(repr(member.value))}$", text, re.MULTILINE
                )


def test_v2_fields_show_their_types(browser: Chrome, site: Path) -> None:
    browser.get((site / "v2/tasks.html").as_uri())
    for name in Task.__annotations__:
        place = f"scaleapi.v2.tasks.Task.{name}"
        (field,) = browser.find_elements(By.XPATH, f"//dt[@id='{place}']/..") or [None]
        assert field is not None, place
        assert re.search("type:", field.text, re.IGNORECASE), place
