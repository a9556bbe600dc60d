"""The location of ``CriterionEvaluation`` in scaleapi 2."""

from __future__ import annotations

from . import CriterionEvaluation

__all__ = ["CriterionEvaluation"]
