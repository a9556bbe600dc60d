"""Where scaleapi 2 had ``BatchStatus``."""

from __future__ import annotations

from . import BatchStatus

__all__ = ["BatchStatus"]
