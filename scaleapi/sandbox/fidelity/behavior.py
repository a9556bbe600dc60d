"""One row of the table of behaviours, and how sure it may be."""

from __future__ import annotations

from typing import Literal, NamedTuple

Certainty = Literal["documented", "seen in the official client", "assumed"]

DOCUMENTED: Certainty = "documented"
SEEN: Certainty = "seen in the official client"
ASSUMED: Certainty = "assumed"

OWN = "the sandbox's own"
"""Source of what no service has but this one."""


class Behavior(NamedTuple):
    """One row of the table.

    Attributes:
        what: The route, or the rule in words.
        source: Where it is known from.
        certainty: How sure it is.
        test: The test that shows it: a file of ``tests/sandbox/rules``, or of ``v2`` beside it,
            and a function in it.
    """

    what: str
    source: str
    certainty: Certainty
    test: str
