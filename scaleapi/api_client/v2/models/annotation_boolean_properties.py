"""Where scaleapi 2 had ``AnnotationBooleanProperties``."""

from __future__ import annotations

from . import AnnotationBooleanProperties

__all__ = ["AnnotationBooleanProperties"]
