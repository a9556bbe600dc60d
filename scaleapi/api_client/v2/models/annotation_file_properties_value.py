"""Where scaleapi 2 had ``AnnotationFilePropertiesValue``."""

from __future__ import annotations

from . import AnnotationFilePropertiesValue

__all__ = ["AnnotationFilePropertiesValue"]
