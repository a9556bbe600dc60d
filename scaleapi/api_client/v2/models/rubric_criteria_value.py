"""The location of ``RubricCriteriaValue`` in scaleapi 2."""

from __future__ import annotations

from . import RubricCriteriaValue

__all__ = ["RubricCriteriaValue"]
