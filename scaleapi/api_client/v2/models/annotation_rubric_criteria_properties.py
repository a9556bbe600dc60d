"""The location of ``AnnotationRubricCriteriaProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationRubricCriteriaProperties

__all__ = ["AnnotationRubricCriteriaProperties"]
