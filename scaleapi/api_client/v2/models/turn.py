"""Where scaleapi 2 had ``Turn``."""

from __future__ import annotations

from . import Turn

__all__ = ["Turn"]
