"""The location of ``AnnotationCategoryMultipleProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationCategoryMultipleProperties

__all__ = ["AnnotationCategoryMultipleProperties"]
