"""The location of ``AnnotationRubricRating`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationRubricRating

__all__ = ["AnnotationRubricRating"]
