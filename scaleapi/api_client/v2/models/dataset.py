"""Where scaleapi 2 had ``Dataset``."""

from __future__ import annotations

from . import Dataset

__all__ = ["Dataset"]
