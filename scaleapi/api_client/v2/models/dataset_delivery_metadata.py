"""Where scaleapi 2 had ``DatasetDeliveryMetadata``."""

from __future__ import annotations

from . import DatasetDeliveryMetadata

__all__ = ["DatasetDeliveryMetadata"]
