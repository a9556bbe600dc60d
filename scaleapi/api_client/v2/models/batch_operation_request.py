"""Where scaleapi 2 had ``BatchOperationRequest``."""

from __future__ import annotations

from . import BatchOperationRequest

__all__ = ["BatchOperationRequest"]
