"""Where scaleapi 2 had ``GetDeliveryTasksResponseDocsInner``."""

from __future__ import annotations

from . import GetDeliveryTasksResponseDocsInner

__all__ = ["GetDeliveryTasksResponseDocsInner"]
