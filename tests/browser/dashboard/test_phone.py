"""The dashboard at the width of a phone, and at that of a laptop."""

from __future__ import annotations

import pytest

from scaleapi.sandbox import Sandbox
from tests.browser.dashboard.screen import Screen
from tests.sandbox.rules.caller import Caller

pytestmark = pytest.mark.slow

LONG = "belts_" + "north_" * 12

#: Boxes whose content is wider than they are, and what is in them. Charts have a table of numbers.
CUT_OFF = """
return [document.documentElement, ...document.querySelectorAll('.scroll')]
  .filter(one => !one.closest('.charts ~ details') && one.scrollWidth > one.clientWidth + 1)
  .map(one => one.getAttribute('aria-label') ?? 'page');
"""

#: The width of the image divided by its height: in its file, and on the page.
SHAPES = """
const image = document.querySelector('.picture img');
return image.decode().then(
  () => [image.naturalWidth / image.naturalHeight, image.width / image.height]);
"""

PAGES = ("", "projects", "batches", "tasks", "files", "team", "faults", "requests", "clock")


@pytest.fixture
def paths(sandbox: Sandbox) -> list[str]:
    """The pages of a sandbox with long names, that has tasks of all kinds of columns."""
    caller = Caller(sandbox, sandbox.live_key)
    caller.project(LONG)
    caller.batch(f"{LONG}11", LONG)
    long = {"project": LONG, "batch": f"{LONG}11", "unique_id": LONG, "tags": ["north", "late"]}
    task_id = caller.task(**long)["task_id"]
    sandbox.complete(task_id)
    caller.post(f"/task/{task_id}/audit", {"accepted": False, "comments": "Too loose."})
    emails = ["grace.hopper.of.the.second.shift@research.example.net"]
    caller.post("/teams/invite", {"emails": emails, "team_role": "labeler"})
    sandbox.faults.add("GET /v1/tasks 503 Retry-After=2 first 3")
    sandbox.wait_for_callbacks()
    caller.get("/tasks", 503)
    details = (f"projects/{LONG}", f"batches/{LONG}11", "batches/week_11", f"tasks/{task_id}")
    return [f"/dashboard/{path}" for path in (*PAGES, *details)]


@pytest.mark.parametrize("width", [360, 390, 800, 1000, 1280])
def test_nothing_is_cut_off(screen: Screen, paths: list[str], width: int) -> None:
    """No page and no table has to be scrolled sideways."""
    screen.set(width, 844, "light")
    cut = {}
    for path in paths:
        screen.open(path)
        if found := screen.run(CUT_OFF):
            cut[path] = found
    assert cut == {}


def test_image_keeps_its_shape(screen: Screen, sandbox: Sandbox) -> None:
    """An image without annotations is as wide as the page, and not stretched."""
    screen.set(390, 844, "light")
    caller = Caller(sandbox, sandbox.live_key)
    task = caller.get("/tasks", status="pending")["docs"][0]
    screen.open(f"/dashboard/tasks/{task['task_id']}")
    natural, shown = screen.run(SHAPES)
    assert shown == pytest.approx(natural, rel=0.02)
