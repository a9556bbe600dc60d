"""The ``Idempotency-Key`` header: a second request with the same key is refused."""

from __future__ import annotations

from datetime import timedelta

from ..base.clock import stamp
from ..base.errors import taken
from .transaction import World

LIFETIME = timedelta(hours=24)
"""How long a key is remembered, on the sandbox's clock."""


def check(world: World, key: str | None) -> None:
    """Refuse a key that has made a task within its lifetime."""
    if not key:
        return
    row = world.db.execute(
        "SELECT task_id FROM idempotency_keys WHERE world = ? AND name = ? AND created_at > ?",
        (world.name, key, stamp(world.time - LIFETIME)),
    ).fetchone()
    if row is not None:
        raise taken(f'The idempotency key ("{key}") is in use for a different request ({row[0]}).')


def remember(world: World, key: str | None, task_id: str) -> None:
    """Remember the key that has made a task."""
    if key:
        world.db.execute(
            "INSERT OR REPLACE INTO idempotency_keys VALUES (?, ?, ?, ?)",
            (world.name, key, task_id, world.now),
        )
