"""Where scaleapi 2 had ``AnnotationLabeledText``."""

from __future__ import annotations

from . import AnnotationLabeledText

__all__ = ["AnnotationLabeledText"]
