"""The location of ``ExpandableDataset`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableDataset

__all__ = ["ExpandableDataset"]
