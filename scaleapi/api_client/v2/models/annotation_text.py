"""The location of ``AnnotationText`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationText

__all__ = ["AnnotationText"]
