"""Where scaleapi 2 had ``AnnotationCategoryMultiple``."""

from __future__ import annotations

from . import AnnotationCategoryMultiple

__all__ = ["AnnotationCategoryMultiple"]
