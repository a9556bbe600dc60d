"""When pending tasks are completed."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_FORM = re.compile(r"after (?P<amount>\d+(?:\.\d+)?) ?(?P<unit>s|reads?)")


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
            return cls("seconds", float(match["amount"]))
        if match is not None and match["amount"].isdigit() and int(match["amount"]):
            return cls("reads", int(match["amount"]))
        raise ValueError(
            'transition must be "immediate", "manual", "after 2s" or "after 3 reads"'
            f" (with a number of your own), not {text!r}"
        )

    def __str__(self) -> str:
        if self.kind in ("immediate", "manual"):
            return self.kind
        unit = "s" if self.kind == "seconds" else " reads"
        return f"after {self.amount:g}{unit}"


DEFAULT_TRANSITIONS = {"test": Transition("immediate"), "live": Transition("seconds", 1)}
"""The transition of each mode if none is given."""
