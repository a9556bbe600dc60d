"""Where scaleapi 2 had ``Task``."""

from __future__ import annotations

from . import Task

__all__ = ["Task"]
