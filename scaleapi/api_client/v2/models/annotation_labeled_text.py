"""The location of ``AnnotationLabeledText`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationLabeledText

__all__ = ["AnnotationLabeledText"]
