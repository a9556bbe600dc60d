"""Where scaleapi 2 had ``ExpandableEnumBatch``."""

from __future__ import annotations

from . import ExpandableEnumBatch

__all__ = ["ExpandableEnumBatch"]
