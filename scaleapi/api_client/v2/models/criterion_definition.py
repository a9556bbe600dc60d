"""The location of ``CriterionDefinition`` in scaleapi 2."""

from __future__ import annotations

from . import CriterionDefinition

__all__ = ["CriterionDefinition"]
