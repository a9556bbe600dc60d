"""A client of the v2 API with seeded resources of every kind."""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox
from scaleapi.v2 import V2Api

CHAT = {"type": "chat", "project": "dialogues", "batch": "week_1"}
SOUND = {"id": "a_1", "mime_type": "audio/mpeg", "content": base64.b64encode(b"sound").decode()}
SEED: dict[str, Any] = {
    "projects": [{"name": "dialogues", "type": "chat"}, {"name": "empty", "type": "chat"}],
    "batches": [{"name": "week_1", "project": "dialogues"}],
    "tasks": [
        {**CHAT, "status": "completed", "count": 5, "metadata": {"row": 7}},
        {**CHAT, "status": "pending", "count": 2},
    ],
    "deliveries": [{"name": "first", "project": "dialogues", "delivered_at": "2026-01-02"}],
    "datasets": [
        {
            "name": "voices",
            "deliveries": [
                {
                    "name": "january",
                    "delivered_at": "2026-01-31",
                    "tasks": [
                        {"response": {"said": "Yes."}, "attachments": [SOUND]},
                        {"response": {"said": "No."}, "count": 4},
                    ],
                }
            ],
        }
    ],
}


@contextmanager
def connected(sandbox: Sandbox, key: str) -> Generator[V2Api]:
    with ScaleClient(key, api_instance_url=sandbox.url) as client:
        yield client.v2


@pytest.fixture
def v2(sandbox: Sandbox) -> Iterator[V2Api]:
    """The calls in test mode, which has been seeded."""
    sandbox.seed({"test": SEED})
    with connected(sandbox, sandbox.test_key) as v2:
        yield v2


@pytest.fixture
def live(sandbox: Sandbox) -> Iterator[V2Api]:
    """The calls in live mode, which is empty."""
    with connected(sandbox, sandbox.live_key) as v2:
        yield v2


@pytest.fixture
def by_hand(manual: Sandbox) -> Iterator[V2Api]:
    """The calls in a seeded sandbox whose tasks are completed manually."""
    manual.seed({"live": SEED})
    with connected(manual, manual.live_key) as v2:
        yield v2
