"""The location of ``DatasetDelivery`` in scaleapi 2."""

from __future__ import annotations

from . import DatasetDelivery

__all__ = ["DatasetDelivery"]
