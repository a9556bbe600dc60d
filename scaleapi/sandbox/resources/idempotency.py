"""The ``Idempotency-Key`` header: a second request with the same key is a conflict."""

from __future__ import annotations

from datetime import timedelta

from ..base.clock import stamp
from ..base.errors import conflict
from .transaction import Transaction

LIFETIME = timedelta(hours=24)
"""Lifetime of a key on the sandbox's clock."""


def check(tx: Transaction, key: str | None) -> None:
    """Reject a key that has created a task within its lifetime."""
    if not key:
        return
    row = tx.db.execute(
        "SELECT task_id FROM idempotency_keys WHERE world = ? AND name = ? AND created_at > ?",
        (tx.mode, key, stamp(tx.time - LIFETIME)),
    ).fetchone()
    if row is not None:
        raise conflict(
            f'The idempotency key ("{key}") is in use for a different request ({row[0]}).'
        )


def remember(tx: Transaction, key: str | None, task_id: str) -> None:
    """Remember the key that created a task."""
    if key:
        tx.db.execute(
            "INSERT OR REPLACE INTO idempotency_keys VALUES (?, ?, ?, ?)",
            (tx.mode, key, task_id, tx.now),
        )
