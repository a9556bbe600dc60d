"""Where scaleapi 2 had ``DatasetDeliveryDataset``."""

from __future__ import annotations

from . import DatasetDeliveryDataset

__all__ = ["DatasetDeliveryDataset"]
