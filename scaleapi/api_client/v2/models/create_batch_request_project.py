"""Where scaleapi 2 had ``CreateBatchRequestProject``."""

from __future__ import annotations

from . import CreateBatchRequestProject

__all__ = ["CreateBatchRequestProject"]
