"""Where scaleapi 2 had ``AnnotationBoolean``."""

from __future__ import annotations

from . import AnnotationBoolean

__all__ = ["AnnotationBoolean"]
