"""The location of ``ExpandableProject`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableProject

__all__ = ["ExpandableProject"]
