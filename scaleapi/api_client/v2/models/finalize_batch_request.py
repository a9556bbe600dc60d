"""The location of ``FinalizeBatchRequest`` in scaleapi 2."""

from __future__ import annotations

from . import FinalizeBatchRequest

__all__ = ["FinalizeBatchRequest"]
