"""The location of ``BatchStatus`` in scaleapi 2."""

from __future__ import annotations

from . import BatchStatus

__all__ = ["BatchStatus"]
