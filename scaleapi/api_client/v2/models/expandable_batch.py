"""The location of ``ExpandableBatch`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableBatch

__all__ = ["ExpandableBatch"]
