"""The location of ``ExpandableEnumDelivery`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableEnumDelivery

__all__ = ["ExpandableEnumDelivery"]
