"""Where scaleapi 2 had ``AnnotationCategory``."""

from __future__ import annotations

from . import AnnotationCategory

__all__ = ["AnnotationCategory"]
