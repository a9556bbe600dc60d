"""The location of ``RubricEvaluation`` in scaleapi 2."""

from __future__ import annotations

from . import RubricEvaluation

__all__ = ["RubricEvaluation"]
