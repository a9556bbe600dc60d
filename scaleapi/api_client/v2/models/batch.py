"""The location of ``Batch`` in scaleapi 2."""

from __future__ import annotations

from . import Batch

__all__ = ["Batch"]
