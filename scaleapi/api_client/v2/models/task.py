"""The location of ``Task`` in scaleapi 2."""

from __future__ import annotations

from . import Task

__all__ = ["Task"]
