"""Where scaleapi 2 had ``ExpandableDataset``."""

from __future__ import annotations

from . import ExpandableDataset

__all__ = ["ExpandableDataset"]
