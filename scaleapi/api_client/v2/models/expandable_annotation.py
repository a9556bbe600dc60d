"""The location of ``ExpandableAnnotation`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableAnnotation

__all__ = ["ExpandableAnnotation"]
