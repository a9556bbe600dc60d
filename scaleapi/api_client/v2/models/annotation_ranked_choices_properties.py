"""The location of ``AnnotationRankedChoicesProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationRankedChoicesProperties

__all__ = ["AnnotationRankedChoicesProperties"]
