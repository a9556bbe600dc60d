"""Where scaleapi 2 had ``RubricEvaluation``."""

from __future__ import annotations

from . import RubricEvaluation

__all__ = ["RubricEvaluation"]
