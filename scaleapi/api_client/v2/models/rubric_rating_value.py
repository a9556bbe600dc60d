"""Where scaleapi 2 had ``RubricRatingValue``."""

from __future__ import annotations

from . import RubricRatingValue

__all__ = ["RubricRatingValue"]
