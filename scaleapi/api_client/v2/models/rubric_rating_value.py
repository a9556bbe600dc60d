"""The location of ``RubricRatingValue`` in scaleapi 2."""

from __future__ import annotations

from . import RubricRatingValue

__all__ = ["RubricRatingValue"]
