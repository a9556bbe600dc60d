"""The location of ``AnnotationTextProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationTextProperties

__all__ = ["AnnotationTextProperties"]
