"""The location of ``AnnotationIntegerProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationIntegerProperties

__all__ = ["AnnotationIntegerProperties"]
