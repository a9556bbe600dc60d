"""Where scaleapi 2 had ``AnnotationText``."""

from __future__ import annotations

from . import AnnotationText

__all__ = ["AnnotationText"]
