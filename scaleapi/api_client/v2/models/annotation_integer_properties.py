"""Where scaleapi 2 had ``AnnotationIntegerProperties``."""

from __future__ import annotations

from . import AnnotationIntegerProperties

__all__ = ["AnnotationIntegerProperties"]
