"""The card of a batch."""

from __future__ import annotations

from collections.abc import Mapping

from .facts import object_card
from .html import Html
from .progress import progress_bar
from .values import plain

__all__ = ["batch_card"]


def batch_card(
    kind: str,
    identity: str | None,
    batch: Mapping[str, object],
    counts: Mapping[str, object] | None = None,
) -> Html:
    """Return the card of a batch: a bar and the number of its tasks in each state.

    Args:
        kind: The name of its class.
        identity: The key of its name.
        batch: The JSON of the batch.
        counts: The number of tasks in each state, if known.
    """
    numbers = {
        state: count
        for state, count in (counts or {}).items()
        if isinstance(count, int) and not isinstance(count, bool) and count >= 0
    }
    if not numbers:
        return object_card(kind, identity, batch)
    tasks = ", ".join(f"{plain(count)} {plain(state)}" for state, count in numbers.items())
    facts = {**batch, "tasks": tasks}
    return object_card(kind, identity, facts, progress_bar(numbers), first_body=True)
