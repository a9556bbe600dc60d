"""The location of ``GetBatchesResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetBatchesResponse

__all__ = ["GetBatchesResponse"]
