"""Where scaleapi 2 had ``ExpandableEnumTask``."""

from __future__ import annotations

from . import ExpandableEnumTask

__all__ = ["ExpandableEnumTask"]
