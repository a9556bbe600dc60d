"""The location of ``AnnotationCategoryMultiple`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationCategoryMultiple

__all__ = ["AnnotationCategoryMultiple"]
