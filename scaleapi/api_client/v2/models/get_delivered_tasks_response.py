"""Where scaleapi 2 had ``GetDeliveredTasksResponse``."""

from __future__ import annotations

from . import GetDeliveredTasksResponse

__all__ = ["GetDeliveredTasksResponse"]
