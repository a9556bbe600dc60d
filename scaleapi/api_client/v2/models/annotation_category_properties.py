"""The location of ``AnnotationCategoryProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationCategoryProperties

__all__ = ["AnnotationCategoryProperties"]
