"""Where scaleapi 2 had ``GetDatasetDeliveriesResponse``."""

from __future__ import annotations

from . import GetDatasetDeliveriesResponse

__all__ = ["GetDatasetDeliveriesResponse"]
