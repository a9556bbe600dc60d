"""The location of ``AnnotationMetadata`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationMetadata

__all__ = ["AnnotationMetadata"]
