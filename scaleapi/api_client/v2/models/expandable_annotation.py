"""Where scaleapi 2 had ``ExpandableAnnotation``."""

from __future__ import annotations

from . import ExpandableAnnotation

__all__ = ["ExpandableAnnotation"]
