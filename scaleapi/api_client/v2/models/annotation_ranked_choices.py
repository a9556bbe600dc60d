"""Where scaleapi 2 had ``AnnotationRankedChoices``."""

from __future__ import annotations

from . import AnnotationRankedChoices

__all__ = ["AnnotationRankedChoices"]
