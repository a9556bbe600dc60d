"""Where scaleapi 2 had ``ContentAndUrl``."""

from __future__ import annotations

from . import ContentAndUrl

__all__ = ["ContentAndUrl"]
