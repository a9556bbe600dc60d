"""The location of ``AnnotationCategory`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationCategory

__all__ = ["AnnotationCategory"]
