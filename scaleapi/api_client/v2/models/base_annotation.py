"""Where scaleapi 2 had ``BaseAnnotation``."""

from __future__ import annotations

from . import BaseAnnotation

__all__ = ["BaseAnnotation"]
