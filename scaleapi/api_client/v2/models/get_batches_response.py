"""Where scaleapi 2 had ``GetBatchesResponse``."""

from __future__ import annotations

from . import GetBatchesResponse

__all__ = ["GetBatchesResponse"]
