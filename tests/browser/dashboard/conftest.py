"""A sandbox with varied data, and a browser for its dashboard."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver import Chrome

from scaleapi.sandbox import Sandbox
from tests.browser.dashboard.screen import Screen
from tests.sandbox.rules.caller import Caller
from tests.sandbox.rules.receiver import Receiver

ROOT = Path(__file__).parents[3]
IMAGES = sorted((ROOT / "examples" / "data").glob("belt_*"))
PICTURES = ROOT / "docs" / "pictures"

GEOMETRIES = {
    "box": {"objects_to_annotate": ["parcel", "label"]},
    "polygon": {"objects_to_annotate": ["tape"]},
}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A callback receiver that fails once, after the callbacks of the first task."""
    with Receiver(200, 200, 503, 200) as receiver:
        yield receiver


@pytest.fixture
def sandbox(receiver: Receiver) -> Iterator[Sandbox]:
    """A sandbox in the middle of a project."""
    with Sandbox(transition="manual") as sandbox:
        caller = Caller(sandbox, sandbox.live_key)
        caller.project(params={"instruction": "Box every parcel.", "geometries": GEOMETRIES})
        caller.batch("week_11", callback=receiver.url)
        caller.batch("week_12")
        for image in IMAGES:
            with image.open("rb") as content:
                fields = {"project_name": "parcels", "display_name": image.name}
                file = caller.post("/files/upload", files={"file": content}, data=fields)
            task = caller.task(
                batch="week_11",
                attachment=file["attachment_url"],
                geometries=GEOMETRIES,
                unique_id=image.stem,
                tags=["pilot"],
                callback_url=receiver.url,
                metadata={"camera": "hall 3"},
            )
            if image is IMAGES[0]:
                sandbox.complete(task["task_id"])
        caller.project("letters", studio=True)
        sandbox.wait_for_callbacks()
        yield sandbox


@pytest.fixture
def screen(browser: Chrome, sandbox: Sandbox) -> Iterator[Screen]:
    """A browser window of the usual size, at the dashboard."""
    screen = Screen(browser, sandbox.dashboard)
    screen.set(1000, 800, "light")
    yield screen
    screen.release()


def take_picture(screen: Screen, name: str) -> None:
    """Save a screenshot for the documentation, if enabled in the environment."""
    if "WRITE_PICTURES" in os.environ:
        with Image.open(io.BytesIO(screen.browser.get_screenshot_as_png())) as picture:
            few_colors = picture.convert("RGB").quantize(256)
            few_colors.save(PICTURES / f"dashboard_{name}.png", optimize=True)
