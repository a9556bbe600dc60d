"""The location of ``AnnotationBoolean`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationBoolean

__all__ = ["AnnotationBoolean"]
