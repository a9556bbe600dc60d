"""Every behavior of the sandbox, with its source and certainty.

There is one row per route and per rule. Each names the test that verifies it.
"""

from __future__ import annotations

from .behavior import Behavior
from .network import NETWORK_ROUTES, NETWORK_RULES
from .v1_routes import ROUTES as V1_ROUTES
from .v1_rules import OTHER_RULES
from .v1_task_rules import TASK_RULES
from .v2_routes import V2_ROUTES
from .v2_rules import V2_RULES

__all__ = ["ROUTES", "RULES", "Behavior", "table"]

ROUTES = (*V1_ROUTES, *V2_ROUTES, *NETWORK_ROUTES)
"""Every route."""

RULES = (*TASK_RULES, *OTHER_RULES, *V2_RULES, *NETWORK_RULES)
"""Every rule."""


def table() -> str:
    """Return all rows as text, in columns."""
    rows = [Behavior._fields, *ROUTES, *RULES]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
