"""The location of ``AnnotationRankedChoices`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationRankedChoices

__all__ = ["AnnotationRankedChoices"]
