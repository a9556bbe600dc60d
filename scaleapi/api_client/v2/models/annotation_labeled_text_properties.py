"""The location of ``AnnotationLabeledTextProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationLabeledTextProperties

__all__ = ["AnnotationLabeledTextProperties"]
