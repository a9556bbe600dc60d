"""The location of ``GetDeliveriesResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetDeliveriesResponse

__all__ = ["GetDeliveriesResponse"]
