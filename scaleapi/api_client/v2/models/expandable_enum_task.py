"""The location of ``ExpandableEnumTask`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableEnumTask

__all__ = ["ExpandableEnumTask"]
