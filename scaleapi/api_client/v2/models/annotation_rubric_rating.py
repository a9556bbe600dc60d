"""Where scaleapi 2 had ``AnnotationRubricRating``."""

from __future__ import annotations

from . import AnnotationRubricRating

__all__ = ["AnnotationRubricRating"]
