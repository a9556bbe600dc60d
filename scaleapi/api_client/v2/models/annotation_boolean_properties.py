"""The location of ``AnnotationBooleanProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationBooleanProperties

__all__ = ["AnnotationBooleanProperties"]
