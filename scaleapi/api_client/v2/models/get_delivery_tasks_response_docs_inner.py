"""The location of ``GetDeliveryTasksResponseDocsInner`` in scaleapi 2."""

from __future__ import annotations

from . import GetDeliveryTasksResponseDocsInner

__all__ = ["GetDeliveryTasksResponseDocsInner"]
