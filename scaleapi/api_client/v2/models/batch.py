"""Where scaleapi 2 had ``Batch``."""

from __future__ import annotations

from . import Batch

__all__ = ["Batch"]
