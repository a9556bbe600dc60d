"""Where scaleapi 2 had ``AnnotationRubricRatingProperties``."""

from __future__ import annotations

from . import AnnotationRubricRatingProperties

__all__ = ["AnnotationRubricRatingProperties"]
