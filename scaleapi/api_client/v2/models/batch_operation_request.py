"""The location of ``BatchOperationRequest`` in scaleapi 2."""

from __future__ import annotations

from . import BatchOperationRequest

__all__ = ["BatchOperationRequest"]
