"""Where scaleapi 2 had ``Project``."""

from __future__ import annotations

from . import Project

__all__ = ["Project"]
