"""Where scaleapi 2 had ``ExpandableEnumDatasetTask``."""

from __future__ import annotations

from . import ExpandableEnumDatasetTask

__all__ = ["ExpandableEnumDatasetTask"]
