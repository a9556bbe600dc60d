"""The location of ``DatasetDeliveryMetadata`` in scaleapi 2."""

from __future__ import annotations

from . import DatasetDeliveryMetadata

__all__ = ["DatasetDeliveryMetadata"]
