"""The location of ``Rubric`` in scaleapi 2."""

from __future__ import annotations

from . import Rubric

__all__ = ["Rubric"]
