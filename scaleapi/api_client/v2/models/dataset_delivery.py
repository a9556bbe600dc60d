"""Where scaleapi 2 had ``DatasetDelivery``."""

from __future__ import annotations

from . import DatasetDelivery

__all__ = ["DatasetDelivery"]
