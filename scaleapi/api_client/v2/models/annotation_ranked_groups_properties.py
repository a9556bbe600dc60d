"""Where scaleapi 2 had ``AnnotationRankedGroupsProperties``."""

from __future__ import annotations

from . import AnnotationRankedGroupsProperties

__all__ = ["AnnotationRankedGroupsProperties"]
