"""Where scaleapi 2 had ``Rubric``."""

from __future__ import annotations

from . import Rubric

__all__ = ["Rubric"]
