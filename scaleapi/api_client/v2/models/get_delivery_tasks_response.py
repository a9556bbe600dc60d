"""The location of ``GetDeliveryTasksResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetDeliveryTasksResponse

__all__ = ["GetDeliveryTasksResponse"]
