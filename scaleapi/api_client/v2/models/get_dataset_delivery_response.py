"""Where scaleapi 2 had ``GetDatasetDeliveryResponse``."""

from __future__ import annotations

from . import GetDatasetDeliveryResponse

__all__ = ["GetDatasetDeliveryResponse"]
