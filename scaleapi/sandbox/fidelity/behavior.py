"""A row of the table of behaviors."""

from __future__ import annotations

from typing import Literal, NamedTuple

Certainty = Literal["documented", "seen in the official client", "assumed"]

DOCUMENTED: Certainty = "documented"
SEEN: Certainty = "seen in the official client"
ASSUMED: Certainty = "assumed"

OWN = "sandbox only"
"""The source of behaviors that the real service does not have."""


class Behavior(NamedTuple):
    """A documented behavior of the sandbox.

    Attributes:
        what: The route, or a description of the rule.
        source: Its source.
        certainty: How certain it is.
        test: The test that verifies it: a file of ``tests/sandbox/rules``, or of ``v2`` beside it,
            and a function in it.
    """

    what: str
    source: str
    certainty: Certainty
    test: str
