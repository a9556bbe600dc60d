"""Where scaleapi 2 had ``AnnotationFile``."""

from __future__ import annotations

from . import AnnotationFile

__all__ = ["AnnotationFile"]
