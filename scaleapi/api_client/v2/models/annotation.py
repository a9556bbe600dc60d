"""The location of ``Annotation`` in scaleapi 2."""

from __future__ import annotations

from . import Annotation

__all__ = ["Annotation"]
