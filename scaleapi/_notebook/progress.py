"""A bar that shows how far a batch is."""

from __future__ import annotations

from collections.abc import Mapping

from .facts import color_of
from .html import Html, element
from .values import counted

__all__ = ["progress_bar"]

_BAR = "display:flex;max-width:480px;height:12px;border-radius:6px;overflow:hidden;margin:6px 0"
_DONE = frozenset({"accepted", "completed", "fixed"})


def progress_bar(counts: Mapping[str, int]) -> Html:
    """Return a bar with a part for each state, those that are done first, and it in words.

    Args:
        counts: The number of tasks in each state.
    """
    total = sum(counts.values())
    if not total:
        return element("p", "No tasks yet", style="margin:4px 0")
    # A share, not a pixel: counts may have more digits than a browser calculates with.
    shares = {state: 100 * count // total for state, count in counts.items()}
    done = sum(count for state, count in counts.items() if state in _DONE)
    parts = [
        element("span", style=f"background:{color_of(state)};width:{max(shares[state], 1)}%")
        for state in sorted(counts, key=lambda state: state not in _DONE)
        if counts[state]
    ]
    words = f"{100 * done // total}% done: {counted(done)} of {counted(total)}"
    bar = element("div", *parts, role="img", title=words, style=_BAR, **{"aria-label": words})
    return element("div", bar, element("div", words), style="margin:4px 0")
