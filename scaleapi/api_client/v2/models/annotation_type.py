"""Where scaleapi 2 had ``AnnotationType``."""

from __future__ import annotations

from . import AnnotationType

__all__ = ["AnnotationType"]
