"""The location of ``AnnotationFile`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationFile

__all__ = ["AnnotationFile"]
