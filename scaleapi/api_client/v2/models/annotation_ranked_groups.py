"""The location of ``AnnotationRankedGroups`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationRankedGroups

__all__ = ["AnnotationRankedGroups"]
