"""Where scaleapi 2 had ``AnnotationCategoryMultipleProperties``."""

from __future__ import annotations

from . import AnnotationCategoryMultipleProperties

__all__ = ["AnnotationCategoryMultipleProperties"]
