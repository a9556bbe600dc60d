"""Where scaleapi 2 had ``AnnotationTextProperties``."""

from __future__ import annotations

from . import AnnotationTextProperties

__all__ = ["AnnotationTextProperties"]
