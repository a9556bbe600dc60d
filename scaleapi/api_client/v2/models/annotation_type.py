"""The location of ``AnnotationType`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationType

__all__ = ["AnnotationType"]
