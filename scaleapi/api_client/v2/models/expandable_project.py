"""Where scaleapi 2 had ``ExpandableProject``."""

from __future__ import annotations

from . import ExpandableProject

__all__ = ["ExpandableProject"]
