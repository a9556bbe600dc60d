"""Where scaleapi 2 had ``AnnotationRankedChoicesProperties``."""

from __future__ import annotations

from . import AnnotationRankedChoicesProperties

__all__ = ["AnnotationRankedChoicesProperties"]
