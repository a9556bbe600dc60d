"""Where scaleapi 2 had ``AnnotationInteger``."""

from __future__ import annotations

from . import AnnotationInteger

__all__ = ["AnnotationInteger"]
