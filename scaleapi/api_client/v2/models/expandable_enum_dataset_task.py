"""The location of ``ExpandableEnumDatasetTask`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableEnumDatasetTask

__all__ = ["ExpandableEnumDatasetTask"]
