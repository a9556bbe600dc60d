"""The location of ``ExpandableEnumBatch`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableEnumBatch

__all__ = ["ExpandableEnumBatch"]
