"""Where scaleapi 2 had ``GetDeliveriesResponse``."""

from __future__ import annotations

from . import GetDeliveriesResponse

__all__ = ["GetDeliveriesResponse"]
