"""Where scaleapi 2 had ``AnnotationFileProperties``."""

from __future__ import annotations

from . import AnnotationFileProperties

__all__ = ["AnnotationFileProperties"]
