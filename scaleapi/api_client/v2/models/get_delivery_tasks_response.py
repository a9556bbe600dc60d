"""Where scaleapi 2 had ``GetDeliveryTasksResponse``."""

from __future__ import annotations

from . import GetDeliveryTasksResponse

__all__ = ["GetDeliveryTasksResponse"]
