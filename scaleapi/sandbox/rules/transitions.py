"""When pending tasks are completed."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from ..base.documents import decimal

_FORM = re.compile(r"after (?P<amount>\d+(?:\.\d+)?) ?(?P<unit>s|reads?)")

_MOST_SECONDS = 10_000 * 86_400
_MOST_READS = 1_000_000_000


class Transition(NamedTuple):
    """The rule that decides when pending tasks are completed.

    Attributes:
        kind: ``immediate``, ``seconds``, ``reads`` or ``manual``.
        amount: Seconds on the sandbox's clock, or number of reads.
    """

    kind: Literal["immediate", "seconds", "reads", "manual"]
    amount: float = 0

    @classmethod
    def parse(cls, text: str) -> Transition:
        """Parse a setting such as ``"immediate"``, ``"after 2s"`` or ``"after 3 reads"``.

        Raises:
            ValueError: If ``text`` is not a transition.
        """
        if text == "immediate":
            return cls("immediate")
        if text == "manual":
            return cls("manual")
        match = _FORM.fullmatch(text)
        if match is not None and match["unit"] == "s":
            return cls("seconds", _within(float(match["amount"]), _MOST_SECONDS, "s"))
        if match is not None and match["amount"].isdigit() and float(match["amount"]):
            return cls("reads", int(_within(float(match["amount"]), _MOST_READS, " reads")))
        raise ValueError(
            'transition must be "immediate", "manual", "after 2s" or "after 3 reads"'
            f" (with a number of your own), not {text!r}"
        )

    def __str__(self) -> str:
        if self.kind in ("immediate", "manual"):
            return self.kind
        unit = "s" if self.kind == "seconds" else " reads"
        return f"after {decimal(self.amount)}{unit}"


def _within(amount: float, most: int, unit: str) -> float:
    if amount > most:
        raise ValueError(f"transition must be at most after {most}{unit}")
    return amount


DEFAULT_TRANSITIONS = {"test": Transition("immediate"), "live": Transition("seconds", 1)}
"""The transition of each mode if none is given."""
