"""The location of ``AnnotationRankedGroupsProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationRankedGroupsProperties

__all__ = ["AnnotationRankedGroupsProperties"]
