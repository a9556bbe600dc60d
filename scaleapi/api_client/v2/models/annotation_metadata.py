"""Where scaleapi 2 had ``AnnotationMetadata``."""

from __future__ import annotations

from . import AnnotationMetadata

__all__ = ["AnnotationMetadata"]
