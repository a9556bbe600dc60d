"""Where scaleapi 2 had ``AnnotationRankedGroups``."""

from __future__ import annotations

from . import AnnotationRankedGroups

__all__ = ["AnnotationRankedGroups"]
