"""The location of ``ExpandableDatasetDelivery`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableDatasetDelivery

__all__ = ["ExpandableDatasetDelivery"]
