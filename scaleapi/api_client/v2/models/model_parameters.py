"""The location of ``ModelParameters`` in scaleapi 2."""

from __future__ import annotations

from . import ModelParameters

__all__ = ["ModelParameters"]
