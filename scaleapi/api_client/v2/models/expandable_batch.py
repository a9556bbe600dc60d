"""Where scaleapi 2 had ``ExpandableBatch``."""

from __future__ import annotations

from . import ExpandableBatch

__all__ = ["ExpandableBatch"]
