"""The location of ``ExpandableDelivery`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableDelivery

__all__ = ["ExpandableDelivery"]
