"""Where scaleapi 2 had ``RubricCriteriaValue``."""

from __future__ import annotations

from . import RubricCriteriaValue

__all__ = ["RubricCriteriaValue"]
