"""Where scaleapi 2 had ``CriterionEvaluation``."""

from __future__ import annotations

from . import CriterionEvaluation

__all__ = ["CriterionEvaluation"]
