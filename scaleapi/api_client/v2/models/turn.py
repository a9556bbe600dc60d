"""The location of ``Turn`` in scaleapi 2."""

from __future__ import annotations

from . import Turn

__all__ = ["Turn"]
