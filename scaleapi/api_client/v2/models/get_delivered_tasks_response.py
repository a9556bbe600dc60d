"""The location of ``GetDeliveredTasksResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetDeliveredTasksResponse

__all__ = ["GetDeliveredTasksResponse"]
