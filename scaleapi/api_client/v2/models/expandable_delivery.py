"""Where scaleapi 2 had ``ExpandableDelivery``."""

from __future__ import annotations

from . import ExpandableDelivery

__all__ = ["ExpandableDelivery"]
