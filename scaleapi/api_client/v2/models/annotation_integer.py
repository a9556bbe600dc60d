"""The location of ``AnnotationInteger`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationInteger

__all__ = ["AnnotationInteger"]
