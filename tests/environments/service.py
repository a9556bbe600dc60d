"""What the service returns to the calls of ``programs/calls.py``."""

from __future__ import annotations

from typing import Any

from tests.wire.server import Reply, Request
from tests.wire.service import ANYTHING, ordinary
from tests.wire.test_paging import Pages

#: Requests that it takes to read the list of tasks.
PAGES = 3

TASK_IDS = [f"{page}-{index}" for page in range(PAGES) for index in range(2)]

#: What every call of ``programs/calls.py`` results in.
EXPECTED: dict[str, Any] = {
    "get": ANYTHING["task_id"],
    "post": ANYTHING["task_id"],
    "upload": ANYTHING["id"],
    "download": ANYTHING["task_id"],
    "pages": TASK_IDS,
    "v2": ANYTHING["task_id"],
}

#: How many requests they make together.
REQUESTS = len(EXPECTED) - 1 + PAGES

_pages = Pages(PAGES, size=2)


def service(request: Request) -> Reply:
    """Return three pages of tasks, and JSON of the right shape for other calls."""
    return _pages(request) if request.path == "/v1/tasks" else ordinary(request)
