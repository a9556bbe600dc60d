"""Where scaleapi 2 had ``ModelParameters``."""

from __future__ import annotations

from . import ModelParameters

__all__ = ["ModelParameters"]
