"""The location of ``AnnotationRubricRatingProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationRubricRatingProperties

__all__ = ["AnnotationRubricRatingProperties"]
