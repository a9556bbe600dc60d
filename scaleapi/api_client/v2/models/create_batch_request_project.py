"""The location of ``CreateBatchRequestProject`` in scaleapi 2."""

from __future__ import annotations

from . import CreateBatchRequestProject

__all__ = ["CreateBatchRequestProject"]
