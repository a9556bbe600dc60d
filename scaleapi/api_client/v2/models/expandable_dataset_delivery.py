"""Where scaleapi 2 had ``ExpandableDatasetDelivery``."""

from __future__ import annotations

from . import ExpandableDatasetDelivery

__all__ = ["ExpandableDatasetDelivery"]
