"""A sandbox whose tasks are done by hand, and its client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox

#: What every task of these tests has.
DEFAULTS: dict[str, Any] = {
    "project": "parcels",
    "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
}


@pytest.fixture(scope="session")
def _manual() -> Iterator[Sandbox]:
    with Sandbox(transition="manual") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_manual: Sandbox) -> Sandbox:
    """The sandbox, which has the projects ``parcels`` and ``dialogues``."""
    _manual.reset()
    return _manual


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ScaleClient]:
    with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as client:
        client.create_project("parcels", "imageannotation", rapid=True)
        client.create_project("plain", "imageannotation")
        client.create_project("dialogues", "chat")
        yield client


@pytest.fixture
def defaults(client: ScaleClient) -> dict[str, Any]:
    return {**DEFAULTS, "project": "plain"}


def images(count: int) -> list[dict[str, Any]]:
    """Return rows of different images."""
    return [{"id": n, "attachment": f"https://example.com/{n}.jpg"} for n in range(count)]
