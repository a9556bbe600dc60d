"""Where scaleapi 2 had ``FinalizeBatchRequest``."""

from __future__ import annotations

from . import FinalizeBatchRequest

__all__ = ["FinalizeBatchRequest"]
