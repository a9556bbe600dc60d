"""Where scaleapi 2 had ``ExpandableEnumDelivery``."""

from __future__ import annotations

from . import ExpandableEnumDelivery

__all__ = ["ExpandableEnumDelivery"]
