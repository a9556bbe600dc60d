"""The location of ``AnnotationRubricCriteria`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationRubricCriteria

__all__ = ["AnnotationRubricCriteria"]
