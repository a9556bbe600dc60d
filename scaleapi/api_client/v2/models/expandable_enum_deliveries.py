"""Where scaleapi 2 had ``ExpandableEnumDeliveries``."""

from __future__ import annotations

from . import ExpandableEnumDeliveries

__all__ = ["ExpandableEnumDeliveries"]
