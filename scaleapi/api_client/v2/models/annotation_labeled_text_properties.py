"""Where scaleapi 2 had ``AnnotationLabeledTextProperties``."""

from __future__ import annotations

from . import AnnotationLabeledTextProperties

__all__ = ["AnnotationLabeledTextProperties"]
