"""axe-core finds nothing that keeps people out: ``npm install --prefix tests/browser``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.browser.dashboard.screen import Screen
from tests.sandbox.rules.caller import Caller

pytestmark = pytest.mark.slow

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"

RUN = """
document.querySelectorAll("details").forEach(one => one.open = true);
return axe.run(document, {resultTypes: ["violations"]}).then(result => result.violations);
"""

LISTS = ("projects", "batches", "tasks", "files", "team", "faults", "requests", "clock")


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("needs axe-core: npm install --prefix tests/browser")
    return AXE.read_text("utf-8")


def serious(screen: Screen, axe: str) -> list[Any]:
    """Return the relevant violations with their elements."""
    screen.run(axe)
    return [
        (found["id"], found["help"], [node["html"] for node in found["nodes"]])
        for found in screen.run(RUN)
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1200, "light")])
def test_every_page(screen: Screen, sandbox: Sandbox, axe: str, width: int, scheme: str) -> None:
    """Full and empty pages and rejected forms, in light and dark mode, small and large."""
    tasks = Caller(sandbox, sandbox.live_key).get("/tasks")["docs"]
    sandbox.faults.add("GET /v1/tasks 503 first 1")
    paths = ["/", *(f"/dashboard/{name}" for name in LISTS)]
    paths += ["/dashboard/projects/parcels", "/dashboard/batches/week_11"]
    paths += [f"/dashboard/tasks/{task['task_id']}" for task in (tasks[0], tasks[-1])]
    paths += ["/dashboard/tasks?mode=test", "/dashboard/tasks/none"]
    paths += [f"/dashboard/tasks/{task['task_id']}/label" for task in (tasks[0], tasks[-1])]
    screen.set(width, 900, scheme)
    for path in paths:
        screen.open(path)
        assert serious(screen, axe) == [], path
    screen.open("/dashboard/faults")
    screen.type("Method, path", "GET")
    screen.press("Add rule")
    screen.see("expected a method")
    assert serious(screen, axe) == []
    screen.open(f"/dashboard/tasks/{tasks[0]['task_id']}")
    screen.type("Response as JSON", "{")
    screen.press("Complete")
    screen.see("not valid JSON")
    assert serious(screen, axe) == []
    screen.type("Response as JSON", "{}")
    screen.press("Complete")
    screen.see("The task is completed.")
    assert serious(screen, axe) == []


def test_axe_reports_violations(screen: Screen, axe: str) -> None:
    """A page with an unlabeled field fails."""
    screen.open("/dashboard/clock")
    screen.run("document.querySelector('label').remove()")
    assert [found[0] for found in serious(screen, axe)] == ["label"]
