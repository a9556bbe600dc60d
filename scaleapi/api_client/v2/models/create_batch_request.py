"""The location of ``CreateBatchRequest`` in scaleapi 2."""

from __future__ import annotations

from . import CreateBatchRequest

__all__ = ["CreateBatchRequest"]
