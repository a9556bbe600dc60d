"""Where scaleapi 2 had ``AnnotationRubricCriteria``."""

from __future__ import annotations

from . import AnnotationRubricCriteria

__all__ = ["AnnotationRubricCriteria"]
