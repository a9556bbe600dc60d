"""Where scaleapi 2 had ``AnnotationRubricCriteriaProperties``."""

from __future__ import annotations

from . import AnnotationRubricCriteriaProperties

__all__ = ["AnnotationRubricCriteriaProperties"]
