"""Where scaleapi 2 had ``Option``."""

from __future__ import annotations

from . import Option

__all__ = ["Option"]
