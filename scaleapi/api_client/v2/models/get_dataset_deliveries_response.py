"""The location of ``GetDatasetDeliveriesResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetDatasetDeliveriesResponse

__all__ = ["GetDatasetDeliveriesResponse"]
