"""Where scaleapi 2 had ``CriterionDefinition``."""

from __future__ import annotations

from . import CriterionDefinition

__all__ = ["CriterionDefinition"]
