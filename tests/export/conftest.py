"""Services, and a client of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleClient
from tests.wire.server import Reply, Request, Server

Connect = Callable[[Callable[[Request], Reply]], ScaleClient]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Start services, and return a client for each."""
    with ExitStack() as stack:

        def start(service: Callable[[Request], Reply]) -> ScaleClient:
            server = stack.enter_context(Server(service))
            client = ScaleClient("live_key", api_instance_url=server.url)
            return stack.enter_context(client)

        yield start


def exported(folder: Path) -> list[dict[str, Any]]:
    """Return the tasks of all files of JSON lines in a folder."""
    return [
        json.loads(line)
        for path in sorted(folder.glob("tasks-*.jsonl"))
        for line in path.read_text().splitlines()
    ]


def ids(tasks: list[dict[str, Any]]) -> list[str]:
    """Return the ids of tasks, sorted."""
    return sorted(task["task_id"] for task in tasks)
