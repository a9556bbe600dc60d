"""The location of ``Dataset`` in scaleapi 2."""

from __future__ import annotations

from . import Dataset

__all__ = ["Dataset"]
