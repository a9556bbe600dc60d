"""The location of ``AnnotationFilePropertiesValue`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationFilePropertiesValue

__all__ = ["AnnotationFilePropertiesValue"]
