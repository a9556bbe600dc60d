"""Where scaleapi 2 had ``CreateBatchRequest``."""

from __future__ import annotations

from . import CreateBatchRequest

__all__ = ["CreateBatchRequest"]
