"""The location of ``ExpandableEnumDeliveries`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableEnumDeliveries

__all__ = ["ExpandableEnumDeliveries"]
