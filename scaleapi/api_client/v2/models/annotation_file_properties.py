"""The location of ``AnnotationFileProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationFileProperties

__all__ = ["AnnotationFileProperties"]
