"""The location of ``DatasetDeliveryDataset`` in scaleapi 2."""

from __future__ import annotations

from . import DatasetDeliveryDataset

__all__ = ["DatasetDeliveryDataset"]
