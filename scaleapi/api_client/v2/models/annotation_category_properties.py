"""Where scaleapi 2 had ``AnnotationCategoryProperties``."""

from __future__ import annotations

from . import AnnotationCategoryProperties

__all__ = ["AnnotationCategoryProperties"]
