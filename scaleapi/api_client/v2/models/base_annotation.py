"""The location of ``BaseAnnotation`` in scaleapi 2."""

from __future__ import annotations

from . import BaseAnnotation

__all__ = ["BaseAnnotation"]
