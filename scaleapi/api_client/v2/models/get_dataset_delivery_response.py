"""The location of ``GetDatasetDeliveryResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetDatasetDeliveryResponse

__all__ = ["GetDatasetDeliveryResponse"]
